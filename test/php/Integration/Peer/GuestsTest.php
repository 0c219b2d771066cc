<?php
/**
 * Guests of a paired site: accounts are made for them, and nothing of anybody's account is touched.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Activity\Action;
use Tandem\Peer\UserResult;

final class GuestsTest extends PeerTestCase {

	/**
	 * A guest as B sends them.
	 *
	 * @param array<string, mixed> $fields   Values in place of the made-up ones.
	 * @param array<string, mixed> $override Other parts of the message.
	 * @return array<string, mixed>
	 */
	private function guest( array $fields = array(), array $override = array() ): array {
		return $this->newcomer( $fields, $override + array( 'guest' => array( 'create' => true ) ) + array( 'ref' => 1_000_000_000_007 ) );
	}

	public function test_a_guest_gets_an_account_without_a_link(): void {
		$result = $this->receive( $this->guest() );
		self::assertSame( array( UserResult::CREATED, 0, '' ), array( $result->result, $result->id, $result->uid ), $result->message );
		$user = get_user_by( 'email', 'maria@b.test' );
		self::assertNotFalse( $user );
		self::assertSame( array( 'maria', 'Maria', array( 'subscriber' ) ), array( $user->user_login, $user->first_name, $user->roles ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $user->ID ) );
		self::assertSame( array( Action::Create, $user->ID ), array( $this->last_in()->entry->action, $this->last_in()->entry->user_id ) );
	}

	public function test_the_account_goes_to_other_sites_and_never_to_the_one_where_they_are_a_guest(): void {
		$this->receive( $this->guest() );
		$id = (int) email_exists( 'maria@b.test' );
		self::assertSame( array( '*' ), $this->due( $id, $this->other ) );
		self::assertSame( array(), $this->due( $id ) );
		update_user_meta( $id, 'first_name', 'Mary' );
		wp_set_password( 'her own', $id );
		self::assertSame( array(), $this->due( $id ) );
	}

	public function test_what_a_guest_says_changes_nobodys_account(): void {
		$id     = $this->make_known_user(
			array(
				'user_login' => 'holder',
				'user_email' => 'maria@b.test',
			)
		);
		$result = $this->assert_untouched( $id, $this->guest() );
		self::assertSame( array( UserResult::EQUAL, 0, '' ), array( $result->result, $result->id, $result->login ) );
		$admin = $this->make_known_user(
			array(
				'user_email' => 'boss@b.test',
				'role'       => 'administrator',
			)
		);
		self::assertSame( UserResult::EQUAL, $this->assert_untouched( $admin, $this->guest( array( 'user_email' => 'BOSS@b.test' ) ) )->result );
	}

	public function test_a_guest_message_under_a_linked_number_is_no_way_to_that_account(): void {
		$id = $this->linked();
		$this->assert_untouched( $id, $this->guest( array( 'first_name' => 'Mallory' ), array( 'ref' => 41 ) ) );
	}

	public function test_a_guest_brings_no_password_and_no_power(): void {
		$this->receive( $this->guest( array( 'roles' => array( 'administrator' ) ), $this->password( 'plain', 'known to them' ) ) );
		$user = get_user_by( 'email', 'maria@b.test' );
		self::assertNotFalse( $user );
		self::assertFalse( wp_check_password( 'known to them', $user->user_pass, $user->ID ) );
		self::assertNotContains( 'administrator', $user->roles );
	}

	public function test_a_username_that_somebody_has_gets_a_number(): void {
		$this->make_known_user( array( 'user_login' => 'maria' ) );
		$this->receive( $this->guest() );
		self::assertSame( 'maria-2', get_user_by( 'email', 'maria@b.test' )->user_login ?? '' );
	}

	public function test_a_site_that_may_not_make_accounts_makes_none_for_guests(): void {
		$this->decide_policy( array( 'create' => false ) );
		$users = count_users()['total_users'];
		self::assert_refused( 'not_accepted', $this->receive( $this->guest() ) );
		self::assertSame( $users, count_users()['total_users'] );
	}

	public function test_whoever_registers_there_later_is_asked_and_then_gets_what_is_new_here(): void {
		$this->receive( $this->guest() );
		$id    = (int) email_exists( 'maria@b.test' );
		$asked = $this->receive( $this->newcomer( array( 'first_name' => 'Mallory' ) ) );
		self::assertSame( array( UserResult::WAITING, 'confirm_needed' ), array( $asked->result, $asked->code ) );
		self::assertSame( 'Maria', $this->account( $id )->first_name );
		$this->decide_policy( array( 'existing' => 'trust' ) );
		self::assertSame( $id, $this->receive( $this->newcomer() )->id );
		update_user_meta( $id, 'last_name', 'Bee' );
		self::assertContains( 'last_name', $this->due( $id ) );
	}

	public function test_the_mail_with_which_they_set_a_password_goes_out_once_the_account_lasts(): void {
		$result = $this->receive( $this->guest() );
		self::assertSame( array(), $this->mails() );
		self::assertSame( array(), $this->guest_accounts->greeted( $result )->warnings );
		self::assertSame( array( 'maria@b.test' ), $this->mails()[0]['to'] );
		self::assertStringContainsString( 'action=rp', $this->mails()[0]['body'] );
		$this->guest_accounts->greeted( $result );
		self::assertCount( 1, $this->mails() );
	}

	public function test_a_mail_that_can_not_be_sent_is_said(): void {
		add_filter(
			'pre_wp_mail',
			static function (): bool {
				do_action( 'wp_mail_failed', new \WP_Error( 'wp_mail_failed', 'no server' ) );
				return false;
			}
		);
		$result = $this->receive( $this->guest() );
		self::assertCount( 1, $this->guest_accounts->greeted( $result )->warnings );
	}
}
