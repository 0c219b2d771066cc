<?php
/**
 * Listens to what WordPress says of accounts and their meta.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;

final class Accounts {

	/** Columns of the user table that are synced. */
	private const COLUMNS = array( 'user_email', 'user_url', 'display_name' );

	/** Meta keys that are fields of their own. */
	private const META_FIELDS = array( 'first_name', 'last_name', 'nickname', 'description', 'locale' );

	/**
	 * @param Recorder $recorder Takes the edits.
	 */
	public function __construct( private readonly Recorder $recorder ) {
	}

	/**
	 * Action `profile_update`: a row of the user table was written, which does not mean that it changed.
	 *
	 * @param int           $user_id User here.
	 * @param \WP_User|null $old     As they were; null when a plugin fires the action without: then nothing is known to have changed.
	 */
	public function updated( int $user_id, ?\WP_User $old ): void {
		$user = get_userdata( $user_id );
		if ( false === $user || null === $old ) {
			return;
		}
		$changed = array_filter( self::COLUMNS, static fn ( string $column ): bool => $user->get( $column ) !== $old->get( $column ) );
		if ( array() !== $changed ) {
			$this->recorder->touch( $user_id, ...array_values( $changed ) );
		}
	}

	/**
	 * Actions `added_user_meta`, `updated_user_meta` and `deleted_user_meta`. Core fires them for real changes only.
	 *
	 * @param int    $user_id User here.
	 * @param string $key     Meta key.
	 */
	public function meta_changed( int $user_id, string $key ): void {
		$field = match ( true ) {
			in_array( $key, self::META_FIELDS, true )                 => $key,
			$GLOBALS['wpdb']->get_blog_prefix() . 'capabilities' === $key => FieldSet::ROLES,
			SiteSettings::is_meta_key_allowed( $key )                 => FieldSet::META . $key,
			default                                                   => null,
		};
		if ( null !== $field ) {
			$this->recorder->touch( $user_id, $field );
		}
	}

	/**
	 * Actions `delete_user` and `wpmu_delete_user`: an account is about to go.
	 *
	 * @param int $user_id User here.
	 */
	public function deleting( int $user_id ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user ) {
			$this->recorder->deleted( $user );
		}
	}

	/**
	 * Action `deleted_user`: an account is gone. Says it once more, should the first word have been completed and
	 * delivered meanwhile, when the account still existed.
	 *
	 * @param \WP_User|null $user As they were.
	 */
	public function deleted( ?\WP_User $user ): void {
		if ( null !== $user && $user->ID > 0 ) {
			$this->recorder->deleted( $user );
			$this->recorder->gone( $user->ID );
		}
	}
}
