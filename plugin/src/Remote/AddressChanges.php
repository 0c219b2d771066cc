<?php
/**
 * When people's e-mail addresses were last changed or, where their date of registration says otherwise, first entered here.
 *
 * An account that is older than the connection is linked by its address without a
 * question. That must not hold for an address which was entered later: whoever
 * enters somebody else's would get their account on the other site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Time\Clock;

final class AddressChanges {

	/** Where it is kept, Unix seconds. Never synced: `SiteSettings::is_meta_key_allowed()`. */
	public const META = '_tandem_email_changed_at';

	/** Seconds that WordPress may take from the date it gives an account to telling of it. */
	private const HONEST_SECONDS = 60;

	/**
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Clock $clock ) {
	}

	/**
	 * Notes a change, and an account that is made older than it was. For the action `profile_update`, before
	 * anything is sent.
	 *
	 * @param int      $user_id User here.
	 * @param \WP_User $old     As they were.
	 */
	public function note( int $user_id, \WP_User $old ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user && ( 0 !== strcasecmp( $user->user_email, $old->user_email ) || self::registered_at( $user ) < self::registered_at( $old ) ) ) {
			$this->is_new( $user_id );
		}
	}

	/**
	 * Notes an account that claims to be older than it is: an import with the dates of another site, or code that
	 * hands a form to WordPress as it comes. For the action `user_register`, before anything is sent.
	 *
	 * @param int $user_id User here.
	 */
	public function note_new_account( int $user_id ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user && self::registered_at( $user ) < $this->clock->now() - self::HONEST_SECONDS ) {
			$this->is_new( $user_id );
		}
	}

	/**
	 * When the address was last changed, Unix seconds; 0 when never.
	 *
	 * @param int $user_id User here.
	 */
	public function last( int $user_id ): int {
		return (int) get_user_meta( $user_id, self::META, true );
	}

	/**
	 * The address counts as entered now.
	 *
	 * @param int $user_id User here.
	 */
	private function is_new( int $user_id ): void {
		update_user_meta( $user_id, self::META, (string) $this->clock->now() );
	}

	/**
	 * When an account says that it was made, Unix seconds.
	 *
	 * @param \WP_User $user The user.
	 */
	private static function registered_at( \WP_User $user ): int {
		return (int) strtotime( $user->user_registered . ' UTC' );
	}
}
