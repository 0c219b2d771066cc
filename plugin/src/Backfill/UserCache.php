<?php
/**
 * WordPress's users by the hundred: primed with two queries, and let go of again.
 *
 * Each user that is read stays in the object cache in five groups; over 100,000 users that is all the memory there is.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class UserCache {

	/**
	 * Reads users. Those that don't exist are left out.
	 *
	 * @param list<int> $ids Ids.
	 * @return array<int, \WP_User> By id, in the given order.
	 */
	public function read( array $ids ): array {
		cache_users( $ids );
		$users = array();
		foreach ( $ids as $id ) {
			$user = get_userdata( $id );
			if ( false !== $user ) {
				$users[ $id ] = $user;
			}
		}
		return $users;
	}

	/**
	 * Lets go of users. Not by `clean_user_cache()`: that tells everybody that the users have changed, and the
	 * caches of all queries for users are thrown away with each call.
	 *
	 * @param array<int, \WP_User> $users Users.
	 */
	public function forget( array $users ): void {
		$ids = array_keys( $users );
		wp_cache_delete_multiple( $ids, 'users' );
		wp_cache_delete_multiple( $ids, 'user_meta' );
		// The groups of update_user_caches().
		foreach ( array(
			'userlogins' => 'user_login',
			'useremail'  => 'user_email',
			'userslugs'  => 'user_nicename',
		) as $group => $field ) {
			wp_cache_delete_multiple( array_values( array_diff( array_map( static fn ( \WP_User $user ): string => (string) $user->get( $field ), $users ), array( '' ) ) ), $group );
		}
	}
}
