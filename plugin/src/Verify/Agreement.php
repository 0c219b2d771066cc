<?php
/**
 * What two paired sites keep equal: the fields that one sends and the other accepts, in each direction, and the roles
 * that are compared. Nothing else is told to the other site, not even as a digest.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Hooks\FilterFailed;
use Tandem\Peer\Policy;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\FieldSet;

final class Agreement {

	/**
	 * @param list<string> $out   Fields that travel from the site that asks to the one that answers.
	 * @param list<string> $in    Fields that travel the other way.
	 * @param list<string> $roles Roles that are compared; others are each site's own.
	 */
	private function __construct(
		public readonly array $out,
		public readonly array $in,
		public readonly array $roles,
	) {
	}

	/**
	 * What this site sends to another one and accepts from it: the asking site's part of the agreement.
	 *
	 * @param RemoteSite $site The other site.
	 * @return array{sends: list<string>, accepts: list<string>, gives: list<string>, takes: list<string>}
	 */
	public static function offer( RemoteSite $site ): array {
		$policy = Policy::from_array( $site->policy );
		$meta   = static fn ( string $key ): string => FieldSet::META . $key;
		$fields = $policy->update ? array( ...array_diff( FieldSet::CORE, array( FieldSet::ROLES, FieldSet::PASSWORD ) ), ...array_map( $meta, array_filter( $policy->meta_list, $policy->lets_write( ... ) ) ) ) : array();
		return array(
			'sends'   => array_values( array_filter( array( ...$site->settings->fields, ...array_map( $meta, $site->settings->meta ) ), self::surely_sends( $site ) ) ),
			'accepts' => array( ...array_values( $fields ), ...( $policy->roles ? array( FieldSet::ROLES ) : array() ), ...( $policy->password ? array( FieldSet::PASSWORD ) : array() ), ...( $policy->tags ? array( FieldSet::TAGS ) : array() ) ),
			'gives'   => $site->settings->grant_roles,
			'takes'   => array_values( array_filter( $policy->role_list, $policy->lets_give( ... ) ) ),
		);
	}

	/**
	 * Whether a field is sent to a site; where a filter can't tell, no.
	 *
	 * @param RemoteSite $site The site.
	 * @return \Closure( string ): bool
	 */
	private static function surely_sends( RemoteSite $site ): \Closure {
		return static function ( string $field ) use ( $site ): bool {
			try {
				return $site->sends( $field );
			} catch ( FilterFailed ) {
				return false;
			}
		};
	}

	/**
	 * What the asking site's part and ours come to.
	 *
	 * @param mixed      $offer The asking site's `offer()`.
	 * @param RemoteSite $from  The asking site.
	 */
	public static function between( mixed $offer, RemoteSite $from ): self {
		$offer  = is_array( $offer ) ? $offer : array();
		$ours   = self::offer( $from );
		$common = static fn ( string $theirs, string $ours_name ): array => array_values( array_intersect( self::strings( $offer[ $theirs ] ?? null ), $ours[ $ours_name ] ) );
		$out    = $common( 'sends', 'accepts' );
		$in     = $common( 'accepts', 'sends' );
		$given  = in_array( FieldSet::ROLES, $out, true ) ? $common( 'gives', 'takes' ) : null;
		$taken  = in_array( FieldSet::ROLES, $in, true ) ? $common( 'takes', 'gives' ) : null;
		// A role that travels one way only may well be there on one side only.
		return new self( $out, $in, null === $given || null === $taken ? $given ?? $taken ?? array() : array_values( array_intersect( $given, $taken ) ) );
	}

	/**
	 * Reads the agreement that another site gave as its answer. It may leave out some of what we offered and name nothing else.
	 *
	 * @param mixed      $data As `to_array()` gave it there.
	 * @param RemoteSite $site That site.
	 */
	public static function answered( mixed $data, RemoteSite $site ): self {
		$data  = is_array( $data ) ? $data : array();
		$offer = self::offer( $site );
		$named = static fn ( string $name, array $allowed ): array => array_values( array_intersect( self::strings( $data[ $name ] ?? null ), $allowed ) );
		return new self( $named( 'out', $offer['sends'] ), $named( 'in', $offer['accepts'] ), $named( 'roles', array( ...$offer['gives'], ...$offer['takes'] ) ) );
	}

	/**
	 * All fields that are compared: those that the answering site sends to the asking one. Of a field that travels the
	 * other way only it tells nothing, not even a digest: who knows the rest of a person could guess it from that. The
	 * site that receives such a field compares it, when it asks itself.
	 *
	 * @return list<string>
	 */
	public function fields(): array {
		return ( new FieldSet( ...$this->in ) )->names;
	}

	/**
	 * Meta keys that are compared.
	 *
	 * @return list<string>
	 */
	public function meta_keys(): array {
		return array_values( array_map( static fn ( string $field ): string => substr( $field, strlen( FieldSet::META ) ), array_filter( $this->fields(), static fn ( string $field ): bool => str_starts_with( $field, FieldSet::META ) ) ) );
	}

	/**
	 * As it travels.
	 *
	 * @return array{out: list<string>, in: list<string>, roles: list<string>}
	 */
	public function to_array(): array {
		return array(
			'out'   => $this->out,
			'in'    => $this->in,
			'roles' => $this->roles,
		);
	}

	/**
	 * A list of different strings from whatever came.
	 *
	 * @param mixed $value Anything.
	 * @return list<string>
	 */
	private static function strings( mixed $value ): array {
		return is_array( $value ) ? array_values( array_unique( array_filter( array_slice( $value, 0, 1000 ), 'is_string' ) ) ) : array();
	}
}
