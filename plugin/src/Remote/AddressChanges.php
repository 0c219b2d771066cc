<?php
/**
 * When people's e-mail addresses were last changed here.
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

	/**
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Clock $clock ) {
	}

	/**
	 * Notes a change. For the action `profile_update`, before anything is sent.
	 *
	 * @param int      $user_id User here.
	 * @param \WP_User $old     As they were.
	 */
	public function note( int $user_id, \WP_User $old ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user && 0 !== strcasecmp( $user->user_email, $old->user_email ) ) {
			update_user_meta( $user_id, self::META, (string) $this->clock->now() );
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
}
