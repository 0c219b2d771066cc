<?php
/**
 * A new account and the note of whose it is come into the world together.
 *
 * `wp_insert_user()` writes the account's row, then its meta, then tells other plugins; any of that may fail or the
 * process may die. A row without a link would look like a stranger's account with the same address when the person
 * comes again. So the link is written in one transaction with the row, at the first filter after it
 * (`insert_user_meta`); whatever fails later, the next message finds the account by its link and completes it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;

final class FirstWords {

	private const BEFORE = 0;
	private const OPEN   = 1;
	private const DONE   = 2;

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Runs `wp_insert_user()` for one account.
	 *
	 * @param string                       $login  Its username.
	 * @param string|null                  $hash   Password hash to store in place of the one that WordPress made.
	 * @param \Closure( int ): void        $linked Writes down whose account this is.
	 * @param \Closure(): (int|\WP_Error)  $insert Calls `wp_insert_user()`.
	 * @return int|\WP_Error What that gave.
	 */
	public function around( string $login, #[\SensitiveParameter] ?string $hash, \Closure $linked, \Closure $insert ): int|\WP_Error {
		$state   = self::BEFORE;
		$made    = null;
		$running = $GLOBALS['wp_current_filter'] ?? array();

		// The password that is hashed on the way is thrown away: cheap, where that can be said.
		$cheap = static fn ( mixed $options, mixed $algorithm = '' ): mixed => is_array( $options ) && PASSWORD_BCRYPT === $algorithm ? array( 'cost' => 4 ) + $options : $options;
		$begin = function ( mixed $data, mixed $update = true ) use ( $login, $hash, $cheap, &$state ): mixed {
			if ( ! is_array( $data ) || $update || self::BEFORE !== $state || ( $data['user_login'] ?? '' ) !== $login ) {
				return $data;
			}
			remove_filter( 'wp_hash_password_options', $cheap, PHP_INT_MAX );
			$this->db->begin();
			$state = self::OPEN;
			return ( null === $hash ? array() : array( 'user_pass' => $hash ) ) + $data;
		};
		$end   = function ( mixed $meta, mixed $user = null ) use ( $login, $linked, &$state, &$made ): mixed {
			if ( self::OPEN === $state ) {
				$made = $user;
				if ( ! $user instanceof \WP_User || $user->ID < 1 || $user->user_login !== $login ) {
					// wp_insert_user() does not look whether its INSERT went through.
					throw new Declined( UserCode::Failed );
				}
				$linked( $user->ID );
				$this->db->commit();
				$state = self::DONE;
			}
			return $meta;
		};
		if ( null !== $hash ) {
			add_filter( 'wp_hash_password_options', $cheap, PHP_INT_MAX, 2 );
		}
		add_filter( 'wp_pre_insert_user_data', $begin, PHP_INT_MAX, 2 );
		add_filter( 'insert_user_meta', $end, PHP_INT_MIN, 2 );
		try {
			return $insert();
		} catch ( \Throwable $failure ) {
			// WordPress does not take a hook that threw off its list of running ones.
			$GLOBALS['wp_current_filter'] = $running; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was.
			throw $failure;
		} finally {
			if ( self::OPEN === $state ) {
				$this->db->roll_back();
				if ( $made instanceof \WP_User ) {
					// WordPress has read the row: who asks its cache would find somebody who is not there.
					clean_user_cache( $made );
				}
			}
			remove_filter( 'wp_hash_password_options', $cheap, PHP_INT_MAX );
			remove_filter( 'wp_pre_insert_user_data', $begin, PHP_INT_MAX );
			remove_filter( 'insert_user_meta', $end, PHP_INT_MIN );
		}
	}
}
