<?php
/**
 * What is captured when somebody logs in: nothing, or their password once where the owner wants it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use Tandem\Remote\Link;

final class LogInTest extends CaptureTestCase {

	/**
	 * Somebody whose hash core renews at log-in.
	 *
	 * @param string $hash Their hash of "secret".
	 */
	private function user_with_hash( string $hash ): int {
		global $wpdb;
		$id = $this->make_known_user( array( 'user_login' => 'ann' ) );
		$wpdb->update( $wpdb->users, array( 'user_pass' => $hash ), array( 'ID' => $id ) );
		clean_user_cache( $id );
		return $id;
	}

	/**
	 * A real log-in.
	 *
	 * @param string $password As it was typed.
	 */
	private function log_in( string $password = 'secret' ): \WP_User|\WP_Error {
		return wp_signon(
			array(
				'user_login'    => 'ann',
				'user_password' => $password,
				'remember'      => false,
			)
		);
	}

	/**
	 * Links the person with an account on the first site.
	 *
	 * @param int $user_id     User here.
	 * @param int $password_at When a password arrived there.
	 */
	private function link( int $user_id, int $password_at ): void {
		$this->plugin->links()->save( new Link( $this->site->id, $user_id, 700, 'ann', false, 1, $password_at ) );
	}

	public function test_a_log_in_that_renews_an_old_hash_sends_nothing(): void {
		require_once ABSPATH . WPINC . '/class-phpass.php';
		$id = $this->user_with_hash( ( new \PasswordHash( 8, true ) )->HashPassword( 'secret' ) );
		self::assertInstanceOf( \WP_User::class, $this->log_in() );
		self::assertStringStartsWith( '$wp', get_userdata( $id )->user_pass ?? '', 'Core has renewed it.' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_a_log_in_that_renews_a_cheaper_hash_sends_nothing(): void {
		$id     = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$before = get_userdata( $id )->user_pass ?? '';
		add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 5 ), 20 );
		self::assertInstanceOf( \WP_User::class, $this->log_in() );
		self::assertNotSame( $before, get_userdata( $id )->user_pass ?? '', 'Core has renewed it.' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_a_renewed_hash_is_not_confirmed_by_a_later_save_in_the_same_request(): void {
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 5 ), 20 );
		$this->log_in();
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Ann',
			)
		);
		self::assertNull( $this->captured_password( $id ) );
		self::assertSame( array( 'first_name' ), $this->captured( $id ) );
	}

	public function test_where_no_site_wants_it_a_log_in_asks_nothing_of_our_tables(): void {
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 0 );
		self::assertSame( array(), $this->own_queries( fn () => $this->log_in() ) );
		self::assertFalse( $this->end_request() );
	}

	public function test_the_first_log_in_of_somebody_who_existed_before_brings_their_password_where_the_owner_wants_it(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 0 );
		self::assertInstanceOf( \WP_User::class, $this->log_in() );
		$this->assert_captured_password( $id, 'secret' );
		self::assertSame( array( 'password' ), $this->captured( $id ) );
	}

	public function test_a_password_that_has_arrived_is_not_sent_again(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 5 );
		$this->log_in();
		self::assertFalse( $this->end_request() );
	}

	public function test_somebody_who_is_not_linked_is_left_alone(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->log_in();
		self::assertFalse( $this->end_request() );
	}

	public function test_a_wrong_password_is_not_sent_whoever_lets_them_in(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 0 );
		self::assertInstanceOf( \WP_Error::class, $this->log_in( 'wrong' ) );
		// Single sign-on lets people in whatever they typed.
		add_filter( 'authenticate', static fn () => get_userdata( $id ), 50 );
		self::assertInstanceOf( \WP_User::class, $this->log_in( 'wrong' ) );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_an_application_password_is_not_sent_and_costs_no_comparison(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 0 );
		add_filter( 'application_password_is_api_request', '__return_true' );
		add_filter( 'wp_is_application_passwords_available', '__return_true' );
		$made = \WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'Phone' ) );
		self::assertIsArray( $made );
		$hash     = get_userdata( $id )->user_pass ?? '';
		$compared = 0;
		add_filter(
			'check_password',
			static function ( bool $good, string $password, string $against ) use ( $hash, &$compared ): bool {
				$compared += (int) ( $against === $hash );
				return $good;
			},
			10,
			3
		);
		self::assertInstanceOf( \WP_User::class, wp_authenticate( 'ann', $made[0] ) );
		self::assertSame( 1, $compared, 'Core alone compares it with the log-in password.' );
		self::assertFalse( $this->end_request() );
	}

	public function test_once_the_switch_is_off_again_nothing_is_asked(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$this->decide( array( 'catchUpAtLogin' => false ) );
		$id = $this->user_with_hash( wp_hash_password( 'secret' ) );
		$this->link( $id, 0 );
		self::assertSame( array(), $this->own_queries( fn () => $this->log_in() ) );
	}
}
