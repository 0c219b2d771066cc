<?php
/**
 * Whether somebody may use this site at all. Who waits here for approval, or was suspended, must not come in
 * through another site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Standing {

	/**
	 * Whether an account is active: neither marked as spam or deleted in a network, nor as spam or not activated in
	 * `user_status` (BuddyPress and others use that column, core itself doesn't).
	 *
	 * @param \WP_User $user The user.
	 */
	public static function is_active( \WP_User $user ): bool {
		$is_active = true;
		foreach ( array( 'user_status', 'spam', 'deleted' ) as $column ) {
			$is_active = $is_active && 0 === (int) ( $user->data->$column ?? 0 );
		}
		/**
		 * Filters whether an account is active. Of one that is not, nothing is sent, and what has changed waits until it is.
		 * For plugins that let people wait for approval or suspend them.
		 *
		 * @param bool     $is_active Whether it is.
		 * @param \WP_User $user      The user.
		 */
		return (bool) apply_filters( 'tandem_user_is_active', $is_active, $user );
	}
}
