<?php
/**
 * A user of this site as they are now: what a delivery sends.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Rules\Granted;

final class UserState {

	/**
	 * @param int                   $id            User id here.
	 * @param string                $login         Username.
	 * @param int                   $registered_at Unix seconds.
	 * @param array<string, string> $fields        Core fields by name, without roles and password.
	 * @param list<string>          $roles         Role slugs, without those that rules of other sites have given here.
	 * @param array<string, mixed>  $meta          Values of the meta keys that were asked for; null where the user has none.
	 * @param bool                  $is_active     Whether they may use this site: neither waiting for approval nor suspended.
	 * @param bool                  $has_roles     Whether their roles are sent.
	 * @param list<string>          $tags          Their tags, as `Tags\Tag` writes them.
	 * @param bool                  $is_to_be_made Whether there is to be an account for them: not for a guest of whom only what rules give is brought.
	 */
	public function __construct(
		public readonly int $id,
		public readonly string $login,
		public readonly int $registered_at,
		public readonly array $fields,
		public readonly array $roles,
		public readonly array $meta,
		public readonly bool $is_active = true,
		public readonly bool $has_roles = true,
		public readonly array $tags = array(),
		public readonly bool $is_to_be_made = true,
	) {
	}

	/**
	 * A user as they are; `UserReader` makes it.
	 *
	 * @param \WP_User             $user The user.
	 * @param array<string, mixed> $meta Values of the meta keys that were asked for.
	 * @param list<string>         $tags Their tags.
	 */
	public static function of( \WP_User $user, array $meta = array(), array $tags = array() ): self {
		return new self(
			$user->ID,
			$user->user_login,
			(int) strtotime( $user->user_registered . ' UTC' ),
			array(
				'user_email'   => $user->user_email,
				'first_name'   => (string) $user->get( 'first_name' ),
				'last_name'    => (string) $user->get( 'last_name' ),
				'display_name' => $user->display_name,
				'nickname'     => (string) $user->get( 'nickname' ),
				'user_url'     => $user->user_url,
				'description'  => (string) $user->get( 'description' ),
				'locale'       => (string) $user->get( 'locale' ),
			),
			Granted::of( $user->ID )->base_roles( array_values( $user->roles ) ),
			$meta,
			Standing::is_active( $user ),
			tags: $tags
		);
	}

	/**
	 * The same as `of()`, from rows that were read in bulk. Whether the account is active is not known then: plugins that
	 * decide it want a whole user.
	 *
	 * @param int                        $id   User id here.
	 * @param array<string, string|null> $row  Columns of WordPress's table of users.
	 * @param array<string, string>      $meta First stored value of each of `profile_meta_keys()`.
	 * @param array<string, mixed>       $own  Values of the meta keys that were asked for.
	 * @param list<string>               $tags Their tags.
	 */
	public static function of_rows( int $id, array $row, array $meta, array $own, array $tags = array() ): self {
		$capabilities = maybe_unserialize( $meta[ self::capabilities_key() ] ?? '' );
		$fields       = array();
		foreach ( array_diff( FieldSet::CORE, array( FieldSet::ROLES, FieldSet::PASSWORD ) ) as $name ) {
			$fields[ $name ] = (string) ( $row[ $name ] ?? $meta[ $name ] ?? '' );
		}
		return new self(
			$id,
			(string) $row['user_login'],
			(int) strtotime( $row['user_registered'] . ' UTC' ),
			$fields,
			// As `WP_User::get_role_caps()` has them.
			Granted::from( maybe_unserialize( $meta[ Granted::key() ] ?? '' ) )->base_roles( array_values( array_filter( array_map( 'strval', array_keys( is_array( $capabilities ) ? $capabilities : array() ) ), array( wp_roles(), 'is_role' ) ) ) ),
			$own,
			tags: $tags
		);
	}

	/**
	 * Meta keys in which WordPress keeps parts of a profile.
	 *
	 * @return list<string>
	 */
	public static function profile_meta_keys(): array {
		return array( 'first_name', 'last_name', 'nickname', 'description', 'locale', self::capabilities_key(), Granted::key() );
	}

	/**
	 * Meta key of the roles on this site.
	 */
	private static function capabilities_key(): string {
		return $GLOBALS['wpdb']->get_blog_prefix() . 'capabilities';
	}

	/**
	 * The e-mail address.
	 */
	public function email(): string {
		return $this->fields['user_email'];
	}

	/**
	 * The same user as they are sent to a site, or null where the values are of no use. The e-mail address stays.
	 *
	 * @param array<string, mixed>    $offered Values that may be changed, by the name of their field.
	 * @param array<array-key, mixed> $answer  Those values as they are to be sent; what is missing is not sent.
	 */
	public function sent_as( array $offered, array $answer ): ?self {
		$fields = $this->fields;
		$meta   = $this->meta;
		$roles  = $this->roles;
		$tags   = $this->tags;
		foreach ( array_keys( $offered ) as $name ) {
			$value = $answer[ $name ] ?? null;
			if ( FieldSet::EMAIL === $name ) {
				continue;
			}
			if ( FieldSet::is_tag( $name ) ) {
				// A tag has no other value: it is sent, or it is not.
				$tags = null === $value ? array_values( array_diff( $tags, array( substr( $name, strlen( FieldSet::TAG ) ) ) ) ) : $tags;
				continue;
			}
			if ( FieldSet::ROLES === $name ) {
				if ( null !== $value && ( ! is_array( $value ) || array() !== array_filter( $value, static fn ( mixed $role ): bool => ! is_string( $role ) ) ) ) {
					return null;
				}
				$roles = null === $value ? $roles : array_values( $value );
			} elseif ( str_starts_with( $name, FieldSet::META ) ) {
				$key = substr( $name, strlen( FieldSet::META ) );
				unset( $meta[ $key ] );
				// Null is "has none", which is sent.
				$meta += array_key_exists( $name, $answer ) ? array( $key => $value ) : array();
			} elseif ( null === $value ) {
				unset( $fields[ $name ] );
			} elseif ( is_scalar( $value ) ) {
				$fields[ $name ] = (string) $value;
			} else {
				return null;
			}
		}
		$keeps_roles = isset( $offered[ FieldSet::ROLES ] ) && ! isset( $answer[ FieldSet::ROLES ] );
		return new self( $this->id, $this->login, $this->registered_at, $fields, $roles, $meta, $this->is_active, ! $keeps_roles, $tags, $this->is_to_be_made );
	}

	/**
	 * Every value that can be synced by the name of its field, without the password. Roles are sorted: their order says nothing.
	 *
	 * @return array<string, mixed>
	 */
	public function values(): array {
		$values = $this->fields;
		$roles  = $this->roles;
		sort( $roles );
		$values[ FieldSet::ROLES ] = $roles;
		foreach ( $this->meta as $key => $value ) {
			$values[ FieldSet::META . $key ] = $value;
		}
		foreach ( $this->tags as $tag ) {
			$values[ FieldSet::TAG . $tag ] = '1';
		}
		return $values;
	}
}
