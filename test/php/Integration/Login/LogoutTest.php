<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use Tandem\Login\Departures;
use Tandem\Peer\Suspension;
use Tandem\Security\ProtectedAccounts;

/**
 * Who logs out here is logged out elsewhere, where the owner wants it; and sessions here end on another site's word.
 */
final class LogoutTest extends LoginTestCase {

	/**
	 * A session that began at a time.
	 *
	 * @param int $at Unix seconds.
	 */
	private static function session( int $user_id, int $at ): string {
		$change = static fn ( array $session ): array => array( 'login' => $at ) + $session;
		add_filter( 'attach_session_information', $change );
		$token  = \WP_Session_Tokens::get_instance( $user_id )->create( time() + 3600 );
		remove_filter( 'attach_session_information', $change );
		$stored                                      = get_user_meta( $user_id, 'session_tokens', true );
		$stored[ hash( 'sha256', $token ) ]['login'] = $at;
		update_user_meta( $user_id, 'session_tokens', $stored );
		return $token;
	}

	private function departures( array $protected_accounts = array() ): Departures {
		return new Departures( new ProtectedAccounts( $protected_accounts ), $this->clock );
	}

	public function test_a_log_out_stays_here_unless_the_owner_wants_otherwise(): void {
		$user = $this->linked();
		do_action( 'wp_logout', $user );
		self::assertSame( array(), $this->captured( $user ) );
		self::assertSame( 0, Departures::last( $user ) );
		$this->decide( array( 'login' => array( 'logOut' => true ) ) );
		do_action( 'wp_logout', $user );
		self::assertSame( array( 'logout' ), $this->captured( $user ) );
		self::assertSame( $this->clock->now, Departures::last( $user ) );
		self::assertNull( $this->row( $user, $this->other ) );
	}

	public function test_nobody_hears_of_people_they_do_not_know(): void {
		$this->decide( array( 'login' => array( 'logOut' => true ) ) );
		$user = $this->make_known_user();
		do_action( 'wp_logout', $user );
		self::assertSame( array(), $this->captured( $user ) );
	}

	public function test_a_suspension_is_told_everywhere(): void {
		$user = $this->linked();
		( new Suspension( new ProtectedAccounts(), $this->clock ) )->suspend( $user );
		self::assertSame( array( 'logout', 'roles' ), $this->captured( $user ) );
	}

	public function test_sessions_that_are_older_end_and_younger_ones_stay(): void {
		$user    = $this->linked();
		$now     = $this->clock->now;
		$old     = self::session( $user, $now - 100 );
		$same    = self::session( $user, $now - 50 );
		$new     = self::session( $user, $now - 49 );
		$manager = \WP_Session_Tokens::get_instance( $user );
		self::assertTrue( $this->departures()->happened( get_userdata( $user ), $now - 50 ) );
		self::assertSame( array( false, false, true ), array( $manager->verify( $old ), $manager->verify( $same ), $manager->verify( $new ) ) );
		self::assertFalse( $this->departures()->happened( get_userdata( $user ), $now - 50 ), 'It comes again.' );
		self::assertFalse( $this->departures()->happened( get_userdata( $user ), $now - 60 ), 'An older one comes late.' );
		self::assertTrue( $manager->verify( $new ) );
	}

	public function test_the_future_counts_as_now(): void {
		$user = $this->linked();
		self::assertTrue( $this->departures()->happened( get_userdata( $user ), $this->clock->now + YEAR_IN_SECONDS ) );
		self::assertSame( $this->clock->now, Departures::last( $user ) );
	}

	public function test_a_protected_account_stays_logged_in(): void {
		$user  = $this->linked();
		$token = self::session( $user, $this->clock->now - 100 );
		self::assertFalse( $this->departures( array( $user ) )->happened( get_userdata( $user ), $this->clock->now ) );
		self::assertTrue( \WP_Session_Tokens::get_instance( $user )->verify( $token ) );
	}
}
