<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Webhook;

use Tandem\Activity\Result;
use Tandem\Settings;
use Tandem\Webhook\FieldMap;

/**
 * Somebody has a webhook's secret, or types into the form whose contents it brings, and wants more than an account.
 */
final class AttackTest extends HookTestCase {

	public function test_nobody_becomes_an_administrator(): void {
		// Whatever the database says that this webhook may give.
		$this->decide( settings: array( 'existing' => 'profile', 'roles' => array( 'administrator', 'subscriber' ) ) );
		add_role( 'shop_boss', 'Boss', array( 'edit_users' => true ) );
		foreach ( array( 'administrator', 'shop_boss', 'no_such_role', 'Administrator ', 'administrator,subscriber' ) as $number => $role ) {
			$response = $this->send( array( 'email' => "mallory$number@evil.test", 'role' => $role ) );
			$user     = self::assertTaken( 'created', $response );
			self::assertSame( array( 'subscriber' ), array_values( $user->roles ), $role );
			self::assertNotSame( array(), ( (array) $response->get_data() )['warnings'], $role );
		}
		$old = $this->make_user( array( 'user_email' => 'old@evil.test' ) );
		$this->send( array( 'email' => 'old@evil.test', 'role' => 'administrator' ) );
		self::assertSame( array( 'subscriber' ), array_values( get_userdata( $old )->roles ?? array() ) );
		remove_role( 'shop_boss' );
	}

	public function test_a_role_that_has_power_by_a_filter_is_taken_back(): void {
		add_filter( 'user_has_cap', static fn ( array $all, array $caps, array $args, \WP_User $user ): array => in_array( 'contributor', $user->roles, true ) ? array( 'manage_options' => true ) + $all : $all, 10, 4 );
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'filter@evil.test', 'role' => 'contributor' ) ) );
		self::assertNotContains( 'contributor', get_userdata( $user->ID )->roles ?? array() );
	}

	public function test_protected_accounts_are_out_of_reach(): void {
		$admin = $this->make_user( array( 'user_login' => 'chief', 'user_email' => 'chief@shop.test', 'role' => 'administrator' ) );
		$named = $this->make_user( array( 'user_login' => 'named', 'user_email' => 'named@shop.test' ) );
		( new Settings() )->update( array( 'protectedAccounts' => array( $named ) ) );
		$made = new \ReflectionProperty( $this->plugin::class, 'made' );
		$made->setValue( $this->plugin, array() );
		$this->decide( settings: array( 'existing' => 'profile' ) );
		$before = self::everybody();
		foreach ( array( 'chief@shop.test', 'CHIEF@shop.test', 'named@shop.test' ) as $email ) {
			self::assertRefused( 422, 'protected_account', $this->send( array( 'email' => $email, 'first' => 'Mallory', 'role' => 'contributor', 'tags' => 'x', 'phone' => '1' ) ) );
			self::assertSame( Result::Refused, $this->last()->entry->result );
		}
		self::assertSame( $before, self::everybody() );
		self::assertSame( array(), $this->mails() );
		self::assertGreaterThan( 0, $admin );
	}

	public function test_an_administrators_username_with_another_address_opens_nothing(): void {
		$this->make_user( array( 'user_login' => 'chief', 'user_email' => 'chief@shop.test', 'role' => 'administrator' ) );
		$this->decide(
			array(
				'user_email' => '{email}',
				'user_login' => '{login}',
			)
		);
		$before = self::everybody();
		self::assertRefused( 422, 'username_taken', $this->send( array( 'email' => 'mallory@evil.test', 'login' => 'chief' ) ) );
		self::assertRefused( 422, 'username_taken', $this->send( array( 'email' => 'mallory@evil.test', 'login' => 'CHIEF' ) ) );
		self::assertRefused( 422, 'username_invalid', $this->send( array( 'email' => 'mallory@evil.test', 'login' => 'chief<script>' ) ) );
		self::assertSame( $before, self::everybody() );
	}

	public function test_rights_and_sessions_are_not_written_even_if_the_database_says_they_are_mapped(): void {
		global $wpdb;
		$this->decide( settings: array( 'existing' => 'profile' ) );
		foreach ( array_unique( array( 'wp_capabilities', $wpdb->get_blog_prefix() . 'capabilities', 'session_tokens', 'wp_user_level' ) ) as $key ) {
			$stored = wp_json_encode( array( 'map' => array( array( 'field' => 'user_email', 'from' => '{email}' ), array( 'field' => "meta:$key", 'from' => '{x}' ) ) ) );
			$wpdb->update( $wpdb->prefix . 'tandem_hooks', array( 'settings' => $stored ), array( 'id' => $this->hook->id ) );
			$user = self::assertTaken( 'created', $this->send( array( 'email' => "meta-$key@evil.test", 'x' => 'a:1:{s:13:"administrator";b:1;}' ) ) );
			self::assertSame( array( 'subscriber' ), array_values( ( new \WP_User( $user->ID ) )->roles ) );
			self::assertStringNotContainsString( 'a:1:{s:13:"administrator"', (string) wp_json_encode( get_user_meta( $user->ID ) ) );
		}
	}

	public function test_objects_of_php_and_markup_are_not_stored(): void {
		$this->decide( settings: array( 'existing' => 'profile' ) );
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'object@evil.test', 'phone' => 'O:8:"stdClass":0:{}', 'first' => '<script>x</script>Mallory' ) ) );
		self::assertSame( '', get_user_meta( $user->ID, 'phone', true ) );
		self::assertSame( 'Mallory', get_userdata( $user->ID )->first_name ?? '' );
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'markup@evil.test', 'phone' => "<img src=x onerror=alert(1)>+49\n1" ) ) );
		self::assertSame( "+49\n1", get_user_meta( $user->ID, 'phone', true ) );
	}

	public function test_lists_and_objects_in_the_place_of_texts(): void {
		$before = self::everybody();
		foreach ( array( array( 'a@a.test', 'b@b.test' ), array( 'x' => 'a@a.test' ), true, 12, null, '', 'no address', "a@a.test\nBcc: b@b.test", str_repeat( 'a', 100 ) . '@mail.test' ) as $email ) {
			$response = $this->send( array( 'email' => $email ) );
			self::assertSame( 422, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
		}
		self::assertSame( $before, self::everybody() );
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'lists@mail.test', 'first' => array( 'a' => array( 'b' ) ), 'tags' => array( array( 'administrator' ) ), 'role' => array( array( 'administrator' ) ) ) ) );
		self::assertSame( array( '', array( 'subscriber' ), array() ), array( $user->first_name, array_values( $user->roles ), get_user_meta( $user->ID, 'tandem_tag' ) ) );
	}

	public function test_an_address_that_only_looks_like_somebodys_is_nobodys(): void {
		$id     = $this->make_user( array( 'user_email' => 'berta@shop.test' ) );
		$before = self::everybody();
		foreach ( array( 'bérta@shop.test', 'berta@shöp.test', 'berta@shop.test ', "berta@shop.test\0x" ) as $email ) {
			$response = $this->send( array( 'email' => $email, 'tags' => 'x' ) );
			// A blank at the end is taken off: that is the same address.
			'berta@shop.test' === trim( $email, ' ' ) ? self::assertTaken( 'updated', $response ) : self::assertRefused( 422, 'email_invalid', $response );
			delete_user_meta( $id, 'tandem_tag' );
		}
		self::assertSame( $before, self::everybody() );
	}

	public function test_no_password_can_be_mapped(): void {
		wp_set_current_user( 1 );
		foreach ( array( 'password', 'user_pass', 'meta:user_pass', 'meta:wp_capabilities' ) as $field ) {
			$request = new \WP_REST_Request( 'PATCH', "/tandem/v1/webhooks/in/{$this->hook->id}" );
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) wp_json_encode( array( 'settings' => array( 'map' => array( array( 'field' => $field, 'from' => '{x}' ) ) ) ) ) );
			self::assertRefused( 400, 'tandem_field_not_mappable', rest_do_request( $request ) );
		}
		self::assertNotContains( 'password', FieldMap::FIELDS );
	}

	public function test_somebody_who_was_made_does_not_know_the_password_and_nobody_else_does(): void {
		$user = self::assertTaken( 'created', $this->send( array( 'email' => 'pass@mail.test', 'password' => 'chosen by me', 'user_pass' => 'chosen by me' ) ) );
		self::assertFalse( wp_check_password( 'chosen by me', $user->user_pass, $user->ID ) );
		self::assertFalse( wp_check_password( '', $user->user_pass, $user->ID ) );
	}
}
