<?php
/**
 * What rules of paired sites have given to an account here, or taken from it, and what it had before: in user meta,
 * read with the account.
 *
 * A thing (a role, a tag, a course) that rules are about has one entry: whether the account has it by itself, and
 * what each site last said. Of several that hold the newest counts; when none does, the account has what it has by
 * itself. So two sites that give the same do not take it from each other.
 *
 * Roles that only rules have given are left out of what is synced and compared: they are this site's affair and the
 * other site's, and no third one's. `base_roles()` is what the account has by itself, `real_roles()` the way back.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Sync\Stamp;

/**
 * @phpstan-type Word array{stamp: string, holds: bool}
 * @phpstan-type Thing array{has: bool, words: array<string, Word>, open?: bool}
 */
final class Granted {

	/** Things that are remembered of one account: more is no owner's rules. */
	public const MOST = 1000;

	/** End of the meta key; before it stands the prefix of this site of the network. Never synced: `SiteSettings::is_meta_key_allowed()`. */
	private const KEY = 'tandem_grants';

	/**
	 * @param array<string, Thing> $things By kind and name: `role:vip`.
	 * @param mixed                $stored What was read, as it was.
	 */
	private function __construct( private readonly array $things, private readonly mixed $stored = null ) {
	}

	/**
	 * The meta key.
	 */
	public static function key(): string {
		return $GLOBALS['wpdb']->get_blog_prefix() . self::KEY;
	}

	/**
	 * What was given to an account.
	 *
	 * @param int $user_id User here.
	 */
	public static function of( int $user_id ): self {
		return self::from( get_user_meta( $user_id, self::key(), true ) );
	}

	/**
	 * The same from what lies in the user meta.
	 *
	 * @param mixed $stored What was read.
	 */
	public static function from( mixed $stored ): self {
		$things = array();
		foreach ( is_array( $stored ) ? $stored : array() as $name => $thing ) {
			if ( ! is_array( $thing ) ) {
				continue;
			}
			$words = array();
			foreach ( is_array( $thing['words'] ?? null ) ? $thing['words'] : array() as $from => $word ) {
				if ( is_array( $word ) ) {
					$words[ (string) $from ] = array(
						'stamp' => (string) ( $word['stamp'] ?? '' ),
						'holds' => ! empty( $word['holds'] ),
					);
				}
			}
			$things[ (string) $name ] = array(
				'has'   => ! empty( $thing['has'] ),
				'words' => $words,
			) + ( empty( $thing['open'] ) ? array() : array( 'open' => true ) );
		}
		return new self( $things, $stored );
	}

	/**
	 * Whether a site's word about something is news, or was taken down and may not have been carried out.
	 *
	 * @param Deed   $deed   What.
	 * @param string $target To what.
	 * @param string $from   UUID of the site.
	 * @param Stamp  $stamp  When it said so.
	 */
	public function wants( Deed $deed, string $target, string $from, Stamp $stamp ): bool {
		$thing = $this->things[ self::name( $deed->kind(), $target ) ] ?? null;
		$held  = $thing['words'][ self::word( $deed, $from ) ]['stamp'] ?? '';
		return strcmp( (string) $stamp, $held ) > 0 || ( (string) $stamp === $held && ! empty( $thing['open'] ) );
	}

	/**
	 * Whether no further thing is remembered.
	 */
	public function is_full(): bool {
		return count( $this->things ) >= self::MOST;
	}

	/**
	 * Whether something here is known of a thing already.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 */
	public function knows( Kind $kind, string $target ): bool {
		return isset( $this->things[ self::name( $kind, $target ) ] );
	}

	/**
	 * Whether the account should have a thing; null where nothing is known of it.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 */
	public function should_have( Kind $kind, string $target ): ?bool {
		$thing = $this->things[ self::name( $kind, $target ) ] ?? null;
		return null === $thing ? null : self::wanted( $thing ) ?? $thing['has'];
	}

	/**
	 * The same with a site's word, not carried out yet.
	 *
	 * @param Deed   $deed   What.
	 * @param string $target To what.
	 * @param string $from   UUID of the site.
	 * @param Stamp  $stamp  When it said so.
	 * @param bool   $holds  Whether it holds.
	 * @param bool   $has    Whether the account has the thing now; counts where nothing is known of it.
	 */
	public function told( Deed $deed, string $target, string $from, Stamp $stamp, bool $holds, bool $has ): self {
		$name  = self::name( $deed->kind(), $target );
		$thing = $this->things[ $name ] ?? array(
			'has'   => $has,
			'words' => array(),
		);
		$thing['words'][ self::word( $deed, $from ) ] = array(
			'stamp' => (string) $stamp,
			'holds' => $holds,
		);
		$thing['open']                                = true;
		return $this->with( $name, $thing );
	}

	/**
	 * The same after it was carried out. What holds no longer is kept with its stamp: an older word may still come.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 */
	public function done( Kind $kind, string $target ): self {
		$name  = self::name( $kind, $target );
		$thing = $this->things[ $name ] ?? null;
		if ( null === $thing ) {
			return $this;
		}
		unset( $thing['open'] );
		return $this->with( $name, $thing );
	}

	/**
	 * The same with another entry, in its place: what is equal is to look equal, or the database is asked to write what is
	 * there already, and says that it wrote nothing.
	 *
	 * @param string $name  Name of the thing.
	 * @param Thing  $thing Its entry.
	 */
	private function with( string $name, array $thing ): self {
		return new self( array_replace( $this->things, array( $name => $thing ) ) );
	}

	/**
	 * Whether a word about a thing was taken down that may not have been carried out.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 */
	public function is_open( Kind $kind, string $target ): bool {
		return ! empty( $this->things[ self::name( $kind, $target ) ]['open'] );
	}

	/**
	 * The same without a site's word, which could not be carried out.
	 *
	 * @param Deed   $deed   What.
	 * @param string $target To what.
	 * @param string $from   UUID of the site.
	 */
	public function untold( Deed $deed, string $target, string $from ): self {
		$name   = self::name( $deed->kind(), $target );
		$things = $this->things;
		unset( $things[ $name ]['words'][ self::word( $deed, $from ) ], $things[ $name ]['open'] );
		if ( array() === ( $things[ $name ]['words'] ?? array() ) ) {
			unset( $things[ $name ] );
		}
		return new self( $things );
	}

	/**
	 * The roles that an account has by itself.
	 *
	 * @param list<string> $roles The roles that it has.
	 * @return list<string>
	 */
	public function base_roles( array $roles ): array {
		foreach ( $this->roles() as $role => $thing ) {
			$wanted = self::wanted( $thing );
			if ( true === $wanted && ! $thing['has'] ) {
				$roles = array_diff( $roles, array( $role ) );
			} elseif ( false === $wanted && $thing['has'] ) {
				$roles[] = $role;
			}
		}
		return array_values( array_unique( $roles ) );
	}

	/**
	 * The roles that an account should have, by itself and by rules.
	 *
	 * @param list<string> $roles The roles that it has by itself.
	 * @return list<string>
	 */
	public function real_roles( array $roles ): array {
		foreach ( $this->roles() as $role => $thing ) {
			$wanted = self::wanted( $thing );
			if ( true === $wanted ) {
				$roles[] = $role;
			} elseif ( false === $wanted ) {
				$roles = array_diff( $roles, array( $role ) );
			}
		}
		return array_values( array_unique( $roles ) );
	}

	/**
	 * The same after the account has got other roles of its own.
	 *
	 * @param list<string> $roles The roles that it has by itself now.
	 */
	public function with_base_roles( array $roles ): self {
		$things = $this->things;
		foreach ( $this->roles() as $role => $thing ) {
			$things[ self::name( Kind::Role, $role ) ] = array( 'has' => in_array( $role, $roles, true ) ) + $thing;
		}
		return new self( $things );
	}

	/**
	 * What holds, for people: name of the thing, and whether it was given or taken.
	 *
	 * @return array<string, bool> By kind and name.
	 */
	public function in_force(): array {
		return array_filter( array_map( self::wanted( ... ), $this->things ), static fn ( ?bool $wanted ): bool => null !== $wanted );
	}

	/**
	 * Stores it in the place of what was read.
	 *
	 * @param int  $user_id User here.
	 * @param self $before  What was read.
	 * @return bool Whether nobody has written something else meanwhile.
	 */
	public function store( int $user_id, self $before ): bool {
		if ( $this->things === $before->things ) {
			return true;
		}
		if ( array() === $this->things ) {
			return delete_user_meta( $user_id, self::key(), wp_slash( $before->stored ) );
		}
		// Written only over what was read: of two processes the second one reads again.
		$stored = array() === $before->things
			? add_user_meta( $user_id, self::key(), wp_slash( $this->things ), true )
			: update_user_meta( $user_id, self::key(), wp_slash( $this->things ), $before->stored );
		if ( false === $stored ) {
			wp_cache_delete( $user_id, 'user_meta' );
		}
		return false !== $stored;
	}

	/**
	 * The things that are roles.
	 *
	 * @return array<string, Thing> By role.
	 */
	private function roles(): array {
		$start = Kind::Role->value . ':';
		$roles = array();
		foreach ( $this->things as $name => $thing ) {
			if ( str_starts_with( $name, $start ) ) {
				$roles[ substr( $name, strlen( $start ) ) ] = $thing;
			}
		}
		return $roles;
	}

	/**
	 * What the newest word that holds says, or null.
	 *
	 * @param Thing $thing The thing.
	 */
	private static function wanted( array $thing ): ?bool {
		$newest = '';
		$wanted = null;
		foreach ( $thing['words'] as $from => $word ) {
			if ( $word['holds'] && strcmp( $word['stamp'], $newest ) > 0 ) {
				$newest = $word['stamp'];
				$wanted = str_starts_with( $from, 'give:' );
			}
		}
		return $wanted;
	}

	/**
	 * Name of a thing.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 */
	private static function name( Kind $kind, string $target ): string {
		return $kind->value . ':' . $target;
	}

	/**
	 * Name of what a site says of a thing: it may say of one that it is to be given and that it is to be taken.
	 *
	 * @param Deed   $deed What.
	 * @param string $from UUID of the site.
	 */
	private static function word( Deed $deed, string $from ): string {
		return ( $deed->gives() ? 'give:' : 'take:' ) . $from;
	}
}
