<?php
/**
 * Remembers of an account here that it was made for a guest of another site: that site wants none for them, so it gets
 * none from here either, until the person has one there and the two are linked.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

final class GuestMark {

	/** User meta: ids of the remote sites, one row for each. */
	public const KEY = '_tandem_guest_of';

	/**
	 * An account was made for a guest.
	 *
	 * @param int $user_id The account.
	 * @param int $site_id The site on which they have ordered.
	 */
	public static function set( int $user_id, int $site_id ): void {
		add_user_meta( $user_id, self::KEY, (string) $site_id );
	}

	/**
	 * Whether somebody is no more than a guest on a site.
	 *
	 * @param int $user_id The account.
	 * @param int $site_id The site.
	 */
	public static function is_set( int $user_id, int $site_id ): bool {
		return in_array( (string) $site_id, get_user_meta( $user_id, self::KEY ), true );
	}

	/**
	 * The person has an account there, too, and the two are linked.
	 *
	 * @param int $user_id The account.
	 * @param int $site_id The site.
	 */
	public static function drop( int $user_id, int $site_id ): void {
		if ( self::is_set( $user_id, $site_id ) ) {
			delete_user_meta( $user_id, self::KEY, (string) $site_id );
		}
	}
}
