<?php
/**
 * What the owner decided for one incoming webhook.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Peer\Policy;
use Tandem\Peer\Removal;
use Tandem\Remote\ExistingPolicy;
use Tandem\Security\ProtectedAccounts;

final class HookSettings {

	/** What `perMinute` may be. */
	public const PER_MINUTE = array(
		'minimum' => 1,
		'default' => 60,
		'maximum' => 1000,
	);

	/**
	 * @param FieldMap     $map               What becomes what.
	 * @param list<string> $roles             Roles that may be given. One that gives power never is.
	 * @param Existing     $existing          What is done to an account that is here already.
	 * @param bool         $mail              Whether a new person gets WordPress's mail to set a password.
	 * @param bool         $secret_in_address Whether the secret may stand in the address, where logs keep it.
	 * @param int          $per_minute        Requests in a minute.
	 */
	public function __construct(
		public readonly FieldMap $map,
		public readonly array $roles,
		public readonly Existing $existing,
		public readonly bool $mail,
		public readonly bool $secret_in_address,
		public readonly int $per_minute,
	) {
	}

	/**
	 * What a new one starts with: nothing mapped, this site's own default role, accounts that exist get roles and tags.
	 */
	public static function defaults(): self {
		$role = (string) get_option( 'default_role', '' );
		return new self( new FieldMap(), self::harmless( array( $role ) ), Existing::Add, true, false, self::PER_MINUTE['default'] );
	}

	/**
	 * Reads settings as they lie in the database or come from the page. What is absent, or of another kind than it
	 * should be, is taken from `$base`.
	 *
	 * @param array<string, mixed> $data Shape of `HookSettings` in admin-src/types.ts.
	 * @param self|null            $base What to start from; the defaults when null.
	 */
	public static function from_array( array $data, ?self $base = null ): self {
		$base ??= self::defaults();
		$flag   = static fn ( string $name, bool $otherwise ): bool => is_bool( $data[ $name ] ?? null ) ? $data[ $name ] : $otherwise;
		$limit  = $data['perMinute'] ?? null;
		$choice = $data['existing'] ?? null;
		$roles  = $data['roles'] ?? null;
		return new self(
			isset( $data['map'] ) ? FieldMap::from_array( $data['map'] ) : $base->map,
			is_array( $roles ) ? array_values( array_unique( array_filter( $roles, 'is_string' ) ) ) : $base->roles,
			( is_string( $choice ) ? Existing::tryFrom( $choice ) : null ) ?? $base->existing,
			$flag( 'mail', $base->mail ),
			$flag( 'secretInAddress', $base->secret_in_address ),
			is_int( $limit ) ? max( self::PER_MINUTE['minimum'], min( self::PER_MINUTE['maximum'], $limit ) ) : $base->per_minute
		);
	}

	/**
	 * The settings as REST and the database know them.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'map'             => $this->map->to_array(),
			'roles'           => $this->roles,
			'existing'        => $this->existing->value,
			'mail'            => $this->mail,
			'secretInAddress' => $this->secret_in_address,
			'perMinute'       => $this->per_minute,
		);
	}

	/**
	 * What a person who is asked for with these roles may get: the rules of a paired site (`Peer\Sieve`), so that there
	 * is one set of them. A role that is not asked for is not on the list, so that none is taken away.
	 *
	 * @param list<string> $asked Roles that are asked for.
	 */
	public function policy( array $asked ): Policy {
		$roles = array_values( array_intersect( self::harmless( $this->roles ), $asked ) );
		return new Policy( true, Existing::Profile === $this->existing, false, true, Removal::Ignore, false, $roles, $this->map->meta_keys(), ExistingPolicy::Never, 0, true );
	}

	/**
	 * Roles that there are and that give no power.
	 *
	 * @param list<string> $roles Role slugs.
	 * @return list<string>
	 */
	private static function harmless( array $roles ): array {
		return array_values( array_filter( $roles, static fn ( string $role ): bool => wp_roles()->is_role( $role ) && ! ProtectedAccounts::is_powerful_role( $role ) ) );
	}
}
