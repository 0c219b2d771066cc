<?php
/**
 * Makes accounts by two statements and without WordPress's hooks, for a backfill into a site whose owner knows that
 * nothing listens to new users. What `wp_insert_user()` writes is written (wp-includes/user.php), each value cleaned by
 * the same filters (`pre_user_…`); what other plugins do for a new user is not done.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;

final class BareAccounts {

	/** Fields that WordPress keeps in user meta, with what a new account has. One that is absent and means the same then is left out. */
	private const META = array(
		'nickname'             => '',
		'first_name'           => '',
		'last_name'            => '',
		'description'          => '',
		'rich_editing'         => 'true',
		'syntax_highlighting'  => 'true',
		'comment_shortcuts'    => 'false',
		'use_ssl'              => '0',
		'show_admin_bar_front' => 'true',
		'locale'               => '',
	);

	/** In place of a hash where none came: no password fits. */
	private const NO_PASSWORD = '*';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Makes an account.
	 *
	 * @param string                $login  Username that is free and that WordPress would take.
	 * @param string|null           $hash   Password as it is stored; null for none.
	 * @param array<string, string> $fields Values by the names of `wp_insert_user()`.
	 * @param list<string>          $roles  Role slugs.
	 * @param array<string, mixed>  $meta   Further user meta.
	 * @param \Closure( int ): void $linked Writes down whose account this is, in the same transaction as the account.
	 * @return int Its id.
	 * @throws \Tandem\Database\Failure When the database refuses it.
	 */
	public function make( string $login, #[\SensitiveParameter] ?string $hash, array $fields, array $roles, array $meta, \Closure $linked ): int {
		// The filters expect slashes, as they come from a form.
		$clean = array_map( static fn ( string $name, string $value ): string => wp_unslash( (string) sanitize_user_field( $name, wp_slash( $value ), 0, 'db' ) ), array_keys( $fields ), $fields );
		$clean = array_combine( array_keys( $fields ), $clean );
		$row   = array(
			$login,
			$hash ?? self::NO_PASSWORD,
			$this->free_nicename( $login ),
			$clean['user_email'] ?? '',
			esc_url_raw( $clean['user_url'] ?? '' ),
			gmdate( 'Y-m-d H:i:s' ),
			mb_substr( '' === ( $clean['display_name'] ?? '' ) ? $login : $clean['display_name'], 0, 250 ),
		);
		$own   = array_merge( self::META, array( 'nickname' => $login ), array_intersect_key( array_filter( $clean, static fn ( string $value ): bool => '' !== $value ), self::META ) );
		$own  += array(
			$this->db->blog_prefix() . 'capabilities' => array_fill_keys( $roles, true ),
			$this->db->blog_prefix() . 'user_level'   => (string) self::level( $roles ),
		);
		$own  += $meta;
		// In the order of the keys' index: nothing is added before a row that somebody who saves a profile may wait for.
		ksort( $own );
		return $this->db->together(
			function () use ( $row, $own, $linked ): int {
				$this->db->execute( "INSERT INTO %i (user_login, user_pass, user_nicename, user_email, user_url, user_registered, user_activation_key, display_name) VALUES (%s, %s, %s, %s, %s, %s, '', %s)", $this->db->users(), ...$row );
				$id     = $this->db->insert_id();
				$values = array();
				foreach ( $own as $key => $value ) {
					array_push( $values, $id, (string) $key, (string) maybe_serialize( $value ) );
				}
				$this->db->execute( 'INSERT INTO %i (user_id, meta_key, meta_value) VALUES ' . implode( ', ', array_fill( 0, count( $own ), '(%d, %s, %s)' ) ), $this->db->usermeta(), ...$values );
				$linked( $id );
				return $id;
			}
		);
	}

	/**
	 * A name for addresses that nobody has.
	 *
	 * @param string $login Username.
	 */
	private function free_nicename( string $login ): string {
		$wanted = sanitize_title( mb_substr( sanitize_user( $login, true ), 0, 50 ) );
		$name   = $wanted;
		$number = 1;
		while ( null !== $this->db->value( 'SELECT ID FROM %i WHERE user_nicename = %s LIMIT 1', $this->db->users(), $name ) ) {
			++$number;
			$name = mb_substr( $wanted, 0, 49 - strlen( (string) $number ) ) . '-' . $number;
		}
		return $name;
	}

	/**
	 * The level of roles, which old plugins ask for.
	 *
	 * @param list<string> $roles Role slugs.
	 */
	private static function level( array $roles ): int {
		$levels = array( 0 );
		foreach ( $roles as $role ) {
			foreach ( wp_roles()->roles[ $role ]['capabilities'] ?? array() as $capability => $has ) {
				$levels[] = $has && 1 === preg_match( '/^level_(10|[0-9])$/D', (string) $capability, $found ) ? (int) $found[1] : 0;
			}
		}
		return max( $levels );
	}
}
