<?php
/**
 * Whom a site receives.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\SiteSettings;
use Tandem\Tests\TestCase;

final class SiteSettingsTest extends TestCase {

	public function test_everyone_but_administrators_leaves_out_whoever_has_an_administrators_power(): void {
		add_role( 'keeper', 'Keeper', array( 'manage_options' => true ) );
		add_role( 'promoter', 'Promoter', array( 'promote_users' => true ) );
		add_role( 'former', 'Former', array( 'manage_options' => false ) );
		add_role( 'shop_manager', 'Shop manager', array( 'edit_users' => true ) );
		try {
			$settings = SiteSettings::defaults();
			foreach ( array( 'administrator', 'keeper', 'promoter' ) as $role ) {
				self::assertFalse( $settings->covers( array( 'subscriber', $role ) ), $role );
			}
			foreach ( array( 'subscriber', 'editor', 'shop_manager', 'former', 'a role of a plugin that is off' ) as $role ) {
				self::assertTrue( $settings->covers( array( $role ) ), $role );
			}
			self::assertTrue( $settings->covers( array() ), 'Who lost all roles.' );
			self::assertFalse( $settings->covers( array( 'subscriber' ), true ), 'A super administrator of a network may be a subscriber here.' );
		} finally {
			array_map( 'remove_role', array( 'keeper', 'promoter', 'former', 'shop_manager' ) );
		}
	}

	public function test_a_role_that_the_owner_named_is_their_word(): void {
		$users    = array(
			'mode'  => 'roles',
			'roles' => array( 'author', 'administrator' ),
		);
		$settings = SiteSettings::from_array( array( 'users' => $users ) );
		self::assertTrue( $settings->covers( array( 'administrator' ) ) );
		self::assertTrue( $settings->covers( array( 'author' ) ) );
		self::assertFalse( $settings->covers( array( 'editor' ) ) );
		self::assertFalse( $settings->covers( array() ) );
		self::assertFalse( $settings->covers( array( 'author' ), true ), 'Nobody named the administrators of the network.' );
	}

	public function test_what_rights_and_sessions_hang_on_is_no_meta_key_to_send(): void {
		foreach ( array( 'wp_capabilities', 'wp_7_capabilities', 'shopcapabilities', 'WP_Capabilities', 'wp_user_level', 'session_tokens', 'Session_Tokens', '_application_passwords', '_two_factor_totp_key', 'tandem_x', '_tandem_email_changed_at', '' ) as $key ) {
			self::assertFalse( SiteSettings::is_meta_key_allowed( $key ), $key );
		}
		foreach ( array( 'billing_phone', 'capability', 'level', 'my_sessions' ) as $key ) {
			self::assertTrue( SiteSettings::is_meta_key_allowed( $key ), $key );
		}
	}
}
