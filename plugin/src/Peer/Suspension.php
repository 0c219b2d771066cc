<?php
/**
 * An account without roles and without log-in, until the owner takes that back: what may be done in place of
 * deleting it. The roles and rights that it had are remembered.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Names;
use Tandem\Security\ProtectedAccounts;
use Tandem\Time\Clock;

final class Suspension {

	/**
	 * @param ProtectedAccounts $protected_accounts Accounts that are never suspended.
	 * @param Clock             $clock              Time.
	 */
	public function __construct( private readonly ProtectedAccounts $protected_accounts, private readonly Clock $clock ) {
	}

	/**
	 * Suspends an account. Once more does no harm.
	 *
	 * @param int $user_id User here.
	 * @return bool Whether it is suspended now: not where there is no such account, or it is a protected one.
	 */
	public function suspend( int $user_id ): bool {
		$user = get_userdata( $user_id );
		if ( false === $user || $this->protected_accounts->covers( $user ) ) {
			return false;
		}
		if ( ! $this->is_suspended( $user ) ) {
			// What they had is written down before it is taken: should this die in between, nothing is lost.
			$this->remember( $user_id, array_values( $user->roles ), array_diff_key( $user->caps, array_flip( $user->roles ) ) );
		}
		$user->set_role( '' );
		foreach ( array_keys( $user->caps ) as $capability ) {
			$user->remove_cap( (string) $capability );
		}
		\WP_Session_Tokens::get_instance( $user_id )->destroy_all();
		return true;
	}

	/**
	 * Takes a suspension back: roles, rights and log-in are as they were. Roles that no longer exist are left out.
	 *
	 * @param int $user_id User here.
	 * @return bool Whether it was suspended.
	 */
	public function restore( int $user_id ): bool {
		$user = get_userdata( $user_id );
		if ( false === $user || ! $this->is_suspended( $user ) ) {
			return false;
		}
		$had = $this->remembered( $user_id );
		foreach ( $had['roles'] as $role ) {
			if ( wp_roles()->is_role( $role ) ) {
				$user->add_role( $role );
			}
		}
		foreach ( $had['caps'] as $capability => $granted ) {
			$user->add_cap( (string) $capability, $granted );
		}
		delete_user_option( $user_id, Names::SUSPENDED_META );
		return true;
	}

	/**
	 * Whether an account is suspended.
	 *
	 * @param \WP_User $user The account.
	 */
	public function is_suspended( \WP_User $user ): bool {
		return is_array( get_user_option( Names::SUSPENDED_META, $user->ID ) );
	}

	/**
	 * The roles that a suspended account gets back.
	 *
	 * @param int $user_id User here.
	 * @return list<string>
	 */
	public function roles( int $user_id ): array {
		return $this->remembered( $user_id )['roles'];
	}

	/**
	 * A suspended account's roles were changed on another site: it gets these back, when it gets any.
	 *
	 * @param int          $user_id User here.
	 * @param list<string> $roles   Role slugs.
	 */
	public function set_roles( int $user_id, array $roles ): void {
		$this->remember( $user_id, $roles, $this->remembered( $user_id )['caps'] );
	}

	/**
	 * Since when an account is suspended, Unix seconds; 0 when it is not.
	 *
	 * @param int $user_id User here.
	 */
	public function since( int $user_id ): int {
		return $this->remembered( $user_id )['at'];
	}

	/**
	 * Filter `authenticate`, after WordPress has checked the password: who is suspended does not get in. Whoever has
	 * the wrong password does not learn of it.
	 *
	 * @param mixed $user WP_User when somebody would get in.
	 * @return mixed The first argument, or the refusal.
	 */
	public function refuse( mixed $user ): mixed {
		return $user instanceof \WP_User && $this->is_suspended( $user ) ? $this->error() : $user;
	}

	/**
	 * Action `wp_authenticate_application_password_errors`: nor by an application password.
	 *
	 * @param \WP_Error $error Gets the refusal.
	 * @param \WP_User  $user  Whose application password it is.
	 */
	public function refuse_application_password( \WP_Error $error, \WP_User $user ): void {
		if ( $this->is_suspended( $user ) ) {
			$error->merge_from( $this->error() );
		}
	}

	/**
	 * Filter `allow_password_reset`: a reset link is of no use to them.
	 *
	 * @param mixed $allowed Whether it is allowed.
	 * @param int   $user_id User here.
	 * @return mixed The first argument, or false.
	 */
	public function refuse_reset( mixed $allowed, int $user_id ): mixed {
		return is_array( get_user_option( Names::SUSPENDED_META, $user_id ) ) ? false : $allowed;
	}

	/**
	 * What who is suspended reads.
	 */
	private function error(): \WP_Error {
		return new \WP_Error( 'tandem_suspended', __( 'This account is suspended, because it was removed on a connected site. Please ask the owner of this site.', 'tandem-user-sync' ) );
	}

	/**
	 * Writes down what an account gets back.
	 *
	 * @param int                 $user_id User here.
	 * @param list<string>        $roles   Role slugs.
	 * @param array<string, bool> $caps    Rights of its own.
	 */
	private function remember( int $user_id, array $roles, array $caps ): void {
		$at = $this->since( $user_id );
		update_user_option(
			$user_id,
			Names::SUSPENDED_META,
			array(
				'roles' => $roles,
				'caps'  => $caps,
				'at'    => 0 === $at ? $this->clock->now() : $at,
			)
		);
	}

	/**
	 * What an account gets back.
	 *
	 * @param int $user_id User here.
	 * @return array{roles: list<string>, caps: array<string, bool>, at: int}
	 */
	private function remembered( int $user_id ): array {
		$stored = get_user_option( Names::SUSPENDED_META, $user_id );
		$stored = is_array( $stored ) ? $stored : array();
		return array(
			'roles' => is_array( $stored['roles'] ?? null ) ? array_values( array_filter( $stored['roles'], 'is_string' ) ) : array(),
			'caps'  => is_array( $stored['caps'] ?? null ) ? array_map( 'boolval', $stored['caps'] ) : array(),
			'at'    => (int) ( $stored['at'] ?? 0 ),
		);
	}
}
