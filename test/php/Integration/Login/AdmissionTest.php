<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use Tandem\Login\Admission;
use Tandem\Login\LoginRefused;
use Tandem\Login\Refusal;
use Tandem\Peer\Policy;
use Tandem\Peer\Suspension;
use Tandem\Security\ProtectedAccounts;

/**
 * Another site has named somebody: this one decides whether they get in.
 */
final class AdmissionTest extends LoginTestCase {

	private function admit( int $user_id, bool $second_factor = false ): ?Refusal {
		try {
			$admission = new Admission( $this->plugin->links(), new ProtectedAccounts(), new Suspension( new ProtectedAccounts(), $this->clock ) );
			self::assertSame( $user_id, $admission->account( $this->plugin->sites()->get( $this->site->id ), 5000 + $user_id, $second_factor )->ID );
			return null;
		} catch ( LoginRefused $refused ) {
			return $refused->reason;
		}
	}

	public function test_who_is_linked_gets_in(): void {
		self::assertNull( $this->admit( $this->linked() ) );
	}

	public function test_who_is_not_linked_does_not_whatever_their_address(): void {
		self::assertSame( Refusal::NotLinked, $this->admit( $this->make_known_user() ) );
	}

	public function test_a_link_whose_account_is_gone_leads_nowhere(): void {
		$user = $this->linked();
		wp_delete_user( $user );
		self::assertSame( Refusal::NotLinked, $this->admit( $user ) );
	}

	public function test_a_protected_account_only_where_the_owner_lets_it(): void {
		$user = $this->linked();
		get_userdata( $user )->set_role( 'administrator' );
		self::assertSame( Refusal::Protected, $this->admit( $user ) );
		$this->allow( array( 'loginProtected' => true ) );
		self::assertNull( $this->admit( $user ) );
	}

	public function test_who_is_suspended_does_not(): void {
		$user = $this->linked();
		( new Suspension( new ProtectedAccounts(), $this->clock ) )->suspend( $user );
		self::assertSame( Refusal::Suspended, $this->admit( $user ) );
	}

	public function test_who_waits_for_approval_or_is_blocked_does_not(): void {
		$user = $this->linked();
		add_filter( 'tandem_user_is_active', '__return_false' );
		self::assertSame( Refusal::Pending, $this->admit( $user ) );
	}

	public function test_the_owner_may_say_no(): void {
		$user = $this->linked();
		$this->allow( array( 'login' => false ) );
		self::assertSame( Refusal::NotOffered, $this->admit( $user ) );
	}

	public function test_whoever_may_not_set_passwords_may_not_log_in_until_the_owner_says_so(): void {
		self::assertTrue( Policy::from_array( array() )->login );
		self::assertFalse( Policy::from_array( array( 'password' => false ) )->login, 'Decided before there was one log-in.' );
		self::assertTrue( Policy::from_array( array( 'password' => false, 'login' => true ) )->login );
		self::assertFalse( Policy::from_array( array( 'password' => true ), Policy::from_array( array( 'login' => false ) ) )->login );
	}

	public function test_the_owner_may_want_a_second_factor(): void {
		$user = $this->linked();
		$this->allow( array( 'loginSecondFactor' => true ) );
		self::assertSame( Refusal::SecondFactor, $this->admit( $user ) );
		self::assertNull( $this->admit( $user, true ) );
	}

	public function test_a_plugin_may_say_no_as_after_a_password(): void {
		$user = $this->linked();
		add_filter( 'wp_authenticate_user', static fn (): \WP_Error => new \WP_Error( 'locked', 'Locked.' ) );
		self::assertSame( Refusal::Declined, $this->admit( $user ) );
	}

	public function test_no_plugin_puts_another_person_in_their_place(): void {
		$user = $this->linked();
		add_filter( 'wp_authenticate_user', static fn (): \WP_User|false => get_userdata( 1 ) );
		self::assertSame( Refusal::Declined, $this->admit( $user ) );
	}

	public function test_another_sites_number_is_nobody_here(): void {
		$user = $this->linked();
		$this->expectException( LoginRefused::class );
		( new Admission( $this->plugin->links(), new ProtectedAccounts(), new Suspension( new ProtectedAccounts(), $this->clock ) ) )->account( $this->other, 5000 + $user, true );
	}
}
