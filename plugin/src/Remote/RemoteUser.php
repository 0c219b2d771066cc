<?php
/**
 * An account on a plain site, as `wp/v2/users` shows it with `context=edit`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\ProtectedAccounts;

final class RemoteUser {

	/** What is asked for: neither avatars nor links, whose making costs the other site time. */
	public const REST_FIELDS = 'id,username,name,first_name,last_name,email,url,description,locale,nickname,roles,registered_date,capabilities,extra_capabilities,meta';

	/** Names of the fields there, by their names here. */
	public const NAMES = array(
		'user_email'   => 'email',
		'first_name'   => 'first_name',
		'last_name'    => 'last_name',
		'display_name' => 'name',
		'nickname'     => 'nickname',
		'user_url'     => 'url',
		'description'  => 'description',
		'locale'       => 'locale',
		'roles'        => 'roles',
		'password'     => 'password',
	);

	/**
	 * @param int                   $id            Id there.
	 * @param string                $login         Username there.
	 * @param string                $email         E-mail address there.
	 * @param array<string, string> $fields        Core fields by their names here, without roles and password.
	 * @param list<string>          $roles         Role slugs.
	 * @param list<string>          $capabilities  What they may do.
	 * @param list<string>          $own_powers    What they may do beyond their roles.
	 * @param int                   $registered_at Unix seconds, 0 when not told.
	 * @param array<string, mixed>  $meta          Meta values that are registered for REST there.
	 */
	private function __construct(
		public readonly int $id,
		public readonly string $login,
		public readonly string $email,
		public readonly array $fields,
		public readonly array $roles,
		public readonly array $capabilities,
		private readonly array $own_powers,
		public readonly int $registered_at,
		public readonly array $meta,
	) {
	}

	/**
	 * Reads an account from REST's JSON; null when it is not one that was asked for with `context=edit`.
	 * Without roles and capabilities nobody could tell whether it is an administrator's: that is none either.
	 *
	 * @param mixed $data Decoded JSON.
	 */
	public static function from( mixed $data ): ?self {
		if ( ! is_array( $data ) || ! is_int( $data['id'] ?? null ) || $data['id'] <= 0 || ! is_string( $data['username'] ?? null ) || ! is_string( $data['email'] ?? null )
			|| ! is_array( $data['roles'] ?? null ) || ! is_array( $data['capabilities'] ?? null ) ) {
			return null;
		}
		$fields = array();
		foreach ( self::NAMES as $here => $there ) {
			if ( is_string( $data[ $there ] ?? null ) ) {
				$fields[ $here ] = $data[ $there ];
			}
		}
		$roles = self::strings( $data['roles'] ?? array() );
		$own   = self::granted( $data['extra_capabilities'] ?? array() );
		return new self(
			$data['id'],
			$data['username'],
			$data['email'],
			$fields,
			$roles,
			self::granted( $data['capabilities'] ?? array() ),
			array_values( array_diff( $own, $roles ) ),
			max( 0, (int) strtotime( is_string( $data['registered_date'] ?? null ) ? $data['registered_date'] : '' ) ),
			is_array( $data['meta'] ?? null ) ? $data['meta'] : array()
		);
	}

	/**
	 * Reads an account of a paired site's list; null when it is none (docs/protocol.md, `POST peer/accounts`).
	 *
	 * @param mixed $data Decoded JSON.
	 */
	public static function of_peer( mixed $data ): ?self {
		if ( ! is_array( $data ) || ! is_int( $data['id'] ?? null ) || $data['id'] <= 0 || ! is_string( $data['login'] ?? null ) || ! is_string( $data['email'] ?? null ) ) {
			return null;
		}
		return new self(
			$data['id'],
			$data['login'],
			$data['email'],
			array( 'display_name' => is_string( $data['name'] ?? null ) ? $data['name'] : '' ),
			self::strings( $data['roles'] ?? array() ),
			// What makes it one is that site's own business.
			empty( $data['protected'] ) ? array() : array( ProtectedAccounts::POWERS[0] ),
			array(),
			is_int( $data['registered_at'] ?? null ) ? max( 0, $data['registered_at'] ) : 0,
			array()
		);
	}

	/**
	 * Whether they are an administrator or can become one.
	 */
	public function is_privileged(): bool {
		return in_array( 'administrator', $this->roles, true ) || array() !== array_intersect( ProtectedAccounts::POWERS, $this->capabilities );
	}

	/**
	 * Whether they have their power from these roles alone.
	 *
	 * @param list<string> $roles Role slugs.
	 */
	public function is_privileged_by( array $roles ): bool {
		return array() === array_diff( $this->roles, $roles ) && array() === array_intersect( ProtectedAccounts::POWERS, $this->own_powers );
	}

	/**
	 * Whether they may do something.
	 *
	 * @param string $capability Name of a right.
	 */
	public function can( string $capability ): bool {
		return in_array( $capability, $this->capabilities, true );
	}

	/**
	 * Whether an e-mail address is theirs: the whole of it, and only the case of ASCII letters does not count.
	 * Anything cleverer makes one address out of two (a Kelvin sign is no k).
	 *
	 * @param string $email Address.
	 */
	public function has_email( string $email ): bool {
		return '' !== $email && 0 === strcasecmp( $this->email, $email );
	}

	/**
	 * Whether a username is theirs: usernames that differ only in case are one to WordPress.
	 *
	 * @param string $login Username.
	 */
	public function has_login( string $login ): bool {
		return '' !== $login && 0 === strcasecmp( $this->login, $login );
	}

	/**
	 * As the page sees it: `RemoteAccount` in admin-src/types.ts.
	 *
	 * @param bool $is_protected Whether it is out of reach.
	 * @return array{id: int, username: string, name: string, email: string, roles: list<string>, protected: bool}
	 */
	public function to_account( bool $is_protected ): array {
		return array(
			'id'        => $this->id,
			'username'  => $this->login,
			'name'      => $this->fields['display_name'] ?? '',
			'email'     => $this->email,
			'roles'     => $this->roles,
			'protected' => $is_protected,
		);
	}

	/**
	 * Names of the capabilities that are granted.
	 *
	 * @param mixed $value Capabilities by name.
	 * @return list<string>
	 */
	private static function granted( mixed $value ): array {
		return is_array( $value ) ? array_map( 'strval', array_keys( array_filter( $value, static fn ( mixed $granted ): bool => (bool) $granted ) ) ) : array();
	}

	/**
	 * A list of strings from whatever came.
	 *
	 * @param mixed $value Anything.
	 * @return list<string>
	 */
	private static function strings( mixed $value ): array {
		return is_array( $value ) ? array_values( array_filter( $value, 'is_string' ) ) : array();
	}
}
