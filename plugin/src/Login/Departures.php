<?php
/**
 * When people logged out of everything, and what that ends: their sessions here that are older.
 *
 * State, not an event: the time is kept with the person and travels with them, so that it survives an outage, and
 * coming twice or late it ends nothing that began after it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Security\ProtectedAccounts;
use Tandem\Time\Clock;

final class Departures {

	/** Where it is kept, Unix seconds. Never synced as meta: `SiteSettings::is_meta_key_allowed()`. */
	public const META = '_tandem_logged_out_at';

	/**
	 * @param ProtectedAccounts $protected_accounts Accounts whose sessions no other site ends.
	 * @param Clock             $clock              Time.
	 */
	public function __construct( private readonly ProtectedAccounts $protected_accounts, private readonly Clock $clock ) {
	}

	/**
	 * Somebody has logged out here, or lost the right to be logged in: that is to hold on other sites too.
	 *
	 * @param int $user_id User here.
	 */
	public function note( int $user_id ): void {
		update_user_meta( $user_id, self::META, (string) $this->clock->now() );
	}

	/**
	 * When that was, Unix seconds; 0 when never.
	 *
	 * @param int $user_id User here.
	 */
	public static function last( int $user_id ): int {
		return (int) get_user_meta( $user_id, self::META, true );
	}

	/**
	 * Another site says that somebody has logged out there: ends what they have opened here before that.
	 *
	 * @param \WP_User $user The account here.
	 * @param int      $at   Unix seconds by this site's clock. The future counts as now.
	 * @return bool Whether that is news.
	 */
	public function happened( \WP_User $user, int $at ): bool {
		$at = min( $at, $this->clock->now() );
		if ( $at <= self::last( $user->ID ) || $this->protected_accounts->covers( $user ) ) {
			return false;
		}
		update_user_meta( $user->ID, self::META, (string) $at );
		self::end_sessions( $user->ID, $at );
		return true;
	}

	/**
	 * Ends the sessions that began at a time or before. WordPress can end one or all; which one is which, only its own
	 * store tells. Of another store all are ended as soon as one is that old.
	 *
	 * @param int $user_id User here.
	 * @param int $at      Unix seconds.
	 */
	private static function end_sessions( int $user_id, int $at ): void {
		$manager = \WP_Session_Tokens::get_instance( $user_id );
		$is_old  = static fn ( mixed $session ): bool => ! is_array( $session ) || (int) ( $session['login'] ?? 0 ) <= $at;
		$all     = $manager->get_all();
		$old     = array_filter( $all, $is_old );
		if ( array() === $old ) {
			return;
		}
		if ( count( $old ) === count( $all ) || ! $manager instanceof \WP_User_Meta_Session_Tokens ) {
			$manager->destroy_all();
			return;
		}
		$stored = get_user_meta( $user_id, 'session_tokens', true );
		update_user_meta( $user_id, 'session_tokens', array_filter( is_array( $stored ) ? $stored : array(), static fn ( mixed $session ): bool => ! $is_old( $session ) ) );
	}
}
