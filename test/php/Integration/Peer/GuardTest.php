<?php
/**
 * The account-takeover guard: an account that exists here meets a person of a paired site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Result;
use Tandem\Confirm\Form;
use Tandem\Confirm\Refused;
use Tandem\Confirm\Screen;
use Tandem\Names;
use Tandem\Peer\UserResult;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxState;

final class GuardTest extends PeerTestCase {

	private int $ann;

	protected function setUp(): void {
		parent::setUp();
		$this->ann = $this->make_known_user( array( 'user_login' => 'ann', 'user_email' => 'ann@a.test', 'user_registered' => gmdate( 'Y-m-d H:i:s', $this->clock->now ) ) );
	}

	/**
	 * B sends a person with Ann's address.
	 *
	 * @param array<string, mixed> $override Other parts of the message.
	 * @param string               $email    Address.
	 * @return array<string, mixed>
	 */
	private function ann_there( array $override = array(), string $email = 'ann@a.test' ): array {
		return $override + $this->password( 'plain', 'from there', $this->stamp( 9 ) ) + $this->newcomer( array( 'user_email' => $email ), array( 'login' => 'ann.there' ), $this->stamp( 9 ) );
	}

	/**
	 * Ann's account is older than the connection, address and all.
	 */
	private function make_ann_older(): void {
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->users, array( 'user_registered' => gmdate( 'Y-m-d H:i:s', $this->site->connected_at - 60 ) ), array( 'ID' => $this->ann ) );
		clean_user_cache( $this->ann );
	}

	/**
	 * The query of the link in the newest mail.
	 *
	 * @return array<string, string>
	 */
	private function mailed(): array {
		$mails = $this->mails();
		self::assertNotSame( array(), $mails );
		self::assertSame( 1, preg_match( '#^' . preg_quote( wp_login_url(), '#' ) . '\?(\S+)$#m', $mails[ count( $mails ) - 1 ]['body'], $found ) );
		parse_str( $found[1] ?? '', $query );
		return array_map( 'strval', $query );
	}

	/**
	 * Opens the page behind a link.
	 *
	 * @param array<string, string> $query  Query of the link.
	 * @param bool                  $button Whether its button is pressed, too.
	 * @return array{title: string, text: string, note: string, tone: string, button: bool, row: int, token: string}
	 */
	private function open( array $query, bool $button = false ): array {
		$_SERVER['REQUEST_METHOD'] = $button ? 'POST' : 'GET';
		// phpcs:disable WordPress.Security.NonceVerification -- what a request would hold.
		$_GET     = $query;
		$_POST    = $button ? array( 'tandem_yes' => '1' ) + $query : array();
		$_REQUEST = $_GET + $_POST;
		// phpcs:enable
		try {
			$this->applier();
			return ( new Screen( Names::APPROVE, $this->guard ) )->answer();
		} finally {
			$_SERVER['REQUEST_METHOD'] = 'GET';
		}
	}

	/**
	 * A link is refused, and nothing comes of it.
	 *
	 * @param array<string, string> $query Query of the link.
	 * @param string                $says  Part of the sentence.
	 */
	private function assert_link_refused( array $query, string $says ): void {
		$before = $this->approved;
		foreach ( array( false, true ) as $button ) {
			$page = $this->open( $query, $button );
			self::assertStringContainsString( $says, $page['text'] );
			self::assertFalse( $page['button'] );
		}
		self::assertSame( $before, $this->approved );
	}

	private function is_linked(): bool {
		return null !== $this->plugin->links()->find( $this->site->id, $this->ann );
	}

	public function test_the_holder_is_asked_and_nothing_is_touched_until_they_said_yes(): void {
		$result = $this->assert_untouched( $this->ann, $this->ann_there() );
		self::assertSame( array( UserResult::WAITING, 'confirm_needed', 0, '' ), array( $result->result, $result->code, $result->id, $result->uid ) );
		self::assertSame( array( 'ann', 'ann@a.test' ), array( $result->there['username'] ?? '', $result->there['email'] ?? '' ) );
		self::assertSame( Result::Skipped, $this->last_in()->entry->result );
		self::assertSame( array( array( 'ann@a.test' ) ), array_column( $this->mails(), 'to' ) );
		self::assertStringContainsString( 'https://b.test', $this->mails()[0]['body'] );
		self::assertFalse( $this->is_linked() );

		self::assertFalse( $this->open( $this->mailed(), true )['button'] );
		self::assertSame( array( array( $this->site->id, 41 ) ), $this->approved, 'The other site is told to send them again.' );
		$result = $this->receive( $this->ann_there() );
		self::assertSame( array( UserResult::UPDATED, $this->ann ), array( $result->result, $result->id ) );
		self::assertTrue( wp_check_password( 'from there', $this->account( $this->ann )->user_pass ) );
		self::assertSame( 'Maria', $this->account( $this->ann )->first_name );
		self::assertNull( $this->approvals->find( $this->site->id, 41 ), 'A yes is good for one link.' );
	}

	public function test_a_site_whose_addresses_are_trusted_is_linked_at_once(): void {
		$this->decide_policy( array( 'existing' => 'trust' ) );
		self::assertSame( UserResult::UPDATED, $this->receive( $this->ann_there() )->result );
		self::assertTrue( $this->is_linked() );
		self::assertSame( array(), $this->mails() );
	}

	public function test_where_no_existing_accounts_are_wanted_none_is_linked_whatever_is_claimed(): void {
		$this->decide_policy( array( 'existing' => 'never' ) );
		$this->make_ann_older();
		$this->link( $this->ann, 3, $this->other );
		$uid = $this->plugin->records()->find( $this->ann )->uid ?? '';
		foreach ( array( 'registered', 'backfill', 'older' ) as $claim ) {
			self::assert_refused( 'account_exists', $this->assert_untouched( $this->ann, $this->ann_there( array( 'claim' => $claim, 'registered_at' => 1, 'link_with' => $this->ann ) ) ) );
			self::assert_refused( 'account_exists', $this->assert_untouched( $this->ann, $this->ann_there( array( 'claim' => $claim, 'uid' => $uid ) ) ) );
		}
		self::assertSame( array(), $this->mails() );
	}

	public function test_a_change_that_waited_for_the_holder_there_goes_when_the_owners_backfill_links(): void {
		$outbox = $this->plugin->outbox();
		$outbox->enqueue( $this->site->id, $this->ann, new FieldSet( 'first_name' ) );
		$row = $outbox->find_for( $this->site->id, $this->ann );
		self::assertNotNull( $row );
		$outbox->hold( $row, OutboxState::Confirm, 'confirm_needed', 'Asked there.', array() );
		$this->receive( $this->ann_there( array( 'claim' => 'backfill' ) ) );
		$row = $outbox->find_for( $this->site->id, $this->ann );
		self::assertSame( OutboxState::Due, $row?->state );
		self::assertTrue( $row->fields->has( 'first_name' ) );
	}

	public function test_the_owners_backfill_links_at_once(): void {
		self::assertSame( UserResult::UPDATED, $this->receive( $this->ann_there( array( 'claim' => 'backfill' ) ) )->result );
		self::assertSame( array(), $this->mails() );
	}

	public function test_two_accounts_that_are_older_than_the_connection_are_linked_at_once(): void {
		$this->make_ann_older();
		self::assertSame( UserResult::UPDATED, $this->receive( $this->ann_there( array( 'claim' => 'older', 'registered_at' => $this->site->connected_at - 1 ) ) )->result );
	}

	public function test_older_is_measured_by_our_own_record_of_the_connection(): void {
		$this->make_ann_older();
		foreach ( array( $this->site->connected_at, $this->site->connected_at + 1, $this->clock->now, 0 ) as $registered_at ) {
			$result = $this->assert_untouched( $this->ann, $this->ann_there( array( 'claim' => 'older', 'registered_at' => $registered_at ) ) );
			self::assertSame( UserResult::WAITING, $result->result );
		}
	}

	public function test_an_account_here_that_is_younger_than_the_connection_is_asked(): void {
		// Somebody registered here with the address of a customer over there, and waits for that customer's next change.
		$result = $this->assert_untouched( $this->ann, $this->ann_there( array( 'claim' => 'older', 'registered_at' => 1 ) ) );
		self::assertSame( UserResult::WAITING, $result->result );
	}

	public function test_an_account_here_whose_address_is_younger_than_the_connection_is_asked(): void {
		$this->make_ann_older();
		wp_update_user( array( 'ID' => $this->ann, 'user_email' => 'customer@b.test' ) );
		$this->end_request();
		$result = $this->assert_untouched( $this->ann, $this->ann_there( array( 'claim' => 'older', 'registered_at' => 1 ), 'customer@b.test' ) );
		self::assertSame( UserResult::WAITING, $result->result );
	}

	public function test_a_yes_is_one_to_the_address_that_the_account_there_had(): void {
		// The thief registers there with Ann's address, and changes it to their own when the mail is out.
		$this->receive( $this->ann_there() );
		$this->open( $this->mailed(), true );
		$named = $this->assert_untouched( $this->ann, $this->ann_there( array( 'link_with' => $this->ann ), 'thief@b.test' ) );
		self::assertSame( UserResult::WAITING, $named->result );
		$before = $this->everything( $this->ann );
		$result = $this->receive( $this->ann_there( array(), 'thief@b.test' ) );
		self::assertSame( UserResult::CREATED, $result->result, 'The thief is somebody else here.' );
		self::assertNotSame( $this->ann, $result->id );
		self::assertSame( $before, $this->everything( $this->ann ) );
		self::assertFalse( $this->is_linked() );
	}

	public function test_a_yes_is_one_for_this_account_there(): void {
		$this->receive( $this->ann_there() );
		$this->open( $this->mailed(), true );
		$result = $this->assert_untouched( $this->ann, $this->ann_there( array( 'ref' => 42, 'uid' => $this->uid( 42 ) ) ) );
		self::assertSame( UserResult::WAITING, $result->result );
		$result = $this->assert_untouched( $this->ann, $this->ann_there( array( 'uid' => $this->uid( 43 ) ) ), $this->other );
		self::assertSame( UserResult::WAITING, $result->result, 'And for this site.' );
	}

	public function test_a_yes_does_not_outlive_the_month_nor_the_policy(): void {
		$this->receive( $this->ann_there() );
		$this->open( $this->mailed(), true );
		$this->decide_policy( array( 'existing' => 'never' ) );
		self::assert_refused( 'account_exists', $this->assert_untouched( $this->ann, $this->ann_there() ) );
		$this->decide_policy( array() );
		$this->clock->now += MONTH_IN_SECONDS;
		self::assertSame( UserResult::WAITING, $this->assert_untouched( $this->ann, $this->ann_there() )->result );
	}

	public function test_a_yes_does_not_reach_an_account_that_became_protected(): void {
		$this->receive( $this->ann_there() );
		$link = $this->mailed();
		$this->account( $this->ann )->set_role( 'administrator' );
		$this->assert_link_refused( $link, 'administrator' );
		$this->account( $this->ann )->set_role( 'subscriber' );
		$this->open( $link, true );
		$this->account( $this->ann )->set_role( 'administrator' );
		self::assert_refused( 'protected_account', $this->assert_untouched( $this->ann, $this->ann_there() ) );
	}

	public function test_opening_the_link_says_nothing_but_its_button_does(): void {
		$this->receive( $this->ann_there() );
		self::assertTrue( $this->open( $this->mailed() )['button'] );
		self::assertTrue( $this->open( $this->mailed() )['button'], 'A mail scanner may have opened it before.' );
		self::assertSame( array(), $this->approved );
		self::assertSame( UserResult::WAITING, $this->assert_untouched( $this->ann, $this->ann_there() )->result );
	}

	public function test_a_link_is_good_once(): void {
		$this->receive( $this->ann_there() );
		$link = $this->mailed();
		$this->open( $link, true );
		$this->assert_link_refused( $link, 'used already' );
		self::assertCount( 1, $this->approved );
	}

	public function test_a_link_is_good_for_a_week(): void {
		$this->receive( $this->ann_there() );
		$link              = $this->mailed();
		$this->clock->now += WEEK_IN_SECONDS;
		self::assertTrue( $this->open( $link )['button'] );
		++$this->clock->now;
		$this->assert_link_refused( $link, 'more than a week old' );
	}

	public function test_a_link_is_not_good_for_an_address_that_was_entered_later(): void {
		$this->receive( $this->ann_there() );
		wp_update_user( array( 'ID' => $this->ann, 'user_email' => 'new@a.test' ) );
		$this->assert_link_refused( array( 'action' => Names::APPROVE ) + $this->link_of( $this->mails() ), 'has changed' );
	}

	/**
	 * The link of the first mail: WordPress has sent one of its own after it.
	 *
	 * @param list<array{to: list<string>, subject: string, body: string}> $mails Mails.
	 * @return array<string, string>
	 */
	private function link_of( array $mails ): array {
		self::assertSame( 1, preg_match( '#wp-login\.php\?(\S+)#', $mails[0]['body'], $found ) );
		parse_str( $found[1] ?? '', $query );
		return array_map( 'strval', $query );
	}

	public function test_another_token_is_refused(): void {
		$this->receive( $this->ann_there() );
		$link = $this->mailed();
		$this->assert_link_refused( array( 'token' => str_repeat( 'a', 64 ) ) + $link, 'not valid' );
		$this->assert_link_refused( array( 'token' => '' ) + $link, 'not valid' );
		$this->assert_link_refused( array( 'row' => '999999' ) + $link, 'not valid' );
		// One that is good for another question.
		$bob = $this->make_known_user( array( 'user_email' => 'bob@a.test' ) );
		$this->receive( $this->ann_there( array( 'ref' => 42, 'uid' => $this->uid( 42 ) ), 'bob@a.test' ) );
		$this->assert_link_refused( array( 'row' => (string) $this->approvals->find( $this->site->id, 42 )?->id ) + $link, 'not valid' );
		self::assertGreaterThan( 0, $bob );
	}

	public function test_an_answered_question_has_no_empty_token(): void {
		$this->receive( $this->ann_there() );
		$link = $this->mailed();
		$this->open( $link, true );
		$this->assert_link_refused( array( 'token' => '' ) + $link, 'not valid' );
	}

	public function test_a_link_is_void_when_the_site_was_removed(): void {
		$this->receive( $this->ann_there() );
		$link = $this->mailed();
		$this->plugin->sites()->remove( $this->site->id );
		$this->assert_link_refused( $link, 'not valid' );
	}

	public function test_a_person_gets_one_mail_a_day_whatever_comes(): void {
		$this->receive( $this->ann_there() );
		foreach ( range( 42, 46 ) as $ref ) {
			$this->receive( $this->ann_there( array( 'ref' => $ref, 'uid' => $this->uid( $ref ) ) ) );
			$this->receive( $this->ann_there( array( 'link_with' => $this->ann, 'ref' => $ref, 'uid' => $this->uid( $ref ) ), 'other@b.test' ) );
		}
		$link              = $this->mailed();
		$this->clock->now += DAY_IN_SECONDS - 1;
		$this->receive( $this->ann_there() );
		self::assertCount( 1, $this->mails() );
		self::assertTrue( $this->open( $link )['button'], 'The link of the one mail stays good.' );
		++$this->clock->now;
		$this->receive( $this->ann_there() );
		self::assertCount( 2, $this->mails() );
	}

	public function test_a_mail_that_can_not_be_sent_is_said_and_tried_again(): void {
		add_filter( 'pre_wp_mail', '__return_false' );
		$result = $this->assert_untouched( $this->ann, $this->ann_there() );
		self::assertSame( array( UserResult::REFUSED, 'account_exists' ), array( $result->result, $result->code ) );
		self::assertStringContainsString( 'mail', $result->message );
		remove_filter( 'pre_wp_mail', '__return_false' );
		self::assertSame( UserResult::WAITING, $this->receive( $this->ann_there() )->result );
		self::assertCount( 1, $this->mails() );
	}

	public function test_the_mail_of_the_owners_word_names_another_address_and_links_after_a_yes(): void {
		$message = $this->ann_there( array( 'link_with' => $this->ann ), 'ann@b.test' );
		self::assertSame( UserResult::WAITING, $this->assert_untouched( $this->ann, $message )->result );
		self::assertStringContainsString( 'another address', $this->mails()[0]['body'] );
		self::assertStringNotContainsString( 'ann@b.test', $this->mails()[0]['body'] );
		$this->open( $this->mailed(), true );
		$result = $this->receive( $message );
		self::assertSame( array( UserResult::UPDATED, $this->ann ), array( $result->result, $result->id ) );
		self::assertSame( 'ann@b.test', $this->account( $this->ann )->user_email );
	}

	public function test_what_lies_in_the_database_opens_nothing(): void {
		$this->receive( $this->ann_there() );
		$this->assert_nowhere_in_database( $this->mailed()['token'], 'ann@a.test' );
		$approval = $this->approvals->find( $this->site->id, 41 );
		self::assertStringNotContainsString( 'ann', (string) wp_json_encode( $approval ) );
	}

	public function test_the_page_logs_nobody_in_and_asks_nobody_who_they_are(): void {
		$this->receive( $this->ann_there() );
		$cookies = $this->calls( 'set_auth_cookie' );
		$logins  = $this->calls( 'wp_login' );
		$thief   = $this->make_known_user();
		wp_set_current_user( $thief );
		$page = $this->open( $this->mailed(), true );
		self::assertSame( $thief, get_current_user_id() );
		self::assertCount( 0, $cookies );
		self::assertCount( 0, $logins );
		self::assertStringNotContainsString( 'ann', strtolower( implode( ' ', array( $page['title'], $page['text'] ) ) ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $thief ), 'It concerns the account that was asked, whoever opens it.' );
		$this->receive( $this->ann_there() );
		self::assertTrue( $this->is_linked() );
	}

	#[DataProvider( 'odd_requests' )]
	public function test_odd_requests_are_refused_in_words( array $request ): void {
		$_REQUEST = $request;
		$this->applier();
		$page = ( new Screen( Names::APPROVE, $this->guard ) )->answer();
		self::assertStringContainsString( 'not valid', $page['text'] );
		self::assertFalse( $page['button'] );
	}

	/**
	 * @return list<array{array<string, mixed>}>
	 */
	public static function odd_requests(): array {
		return array( array( array() ), array( array( 'row' => array( '1' ), 'token' => array( 'x' ) ) ), array( array( 'row' => '-1', 'token' => "\0" ) ), array( array( 'row' => '1e99' ) ) );
	}

	public function test_the_link_leads_to_the_page_also_where_a_shop_has_a_log_in_of_its_own(): void {
		add_filter( 'login_url', static fn (): string => home_url( '/my-account/' ) );
		$this->receive( $this->ann_there() );
		self::assertStringContainsString( site_url( 'wp-login.php' ) . '?action=' . Names::APPROVE, $this->mails()[0]['body'] );
	}

	public function test_the_page_names_both_sites_and_asks_before_it_thanks(): void {
		$this->receive( $this->ann_there() );
		$page = $this->open( $this->link_of( $this->mails() ) );
		foreach ( array( get_bloginfo( 'name' ), $this->site->name, $this->site->url ) as $name ) {
			self::assertStringContainsString( $name, $page['text'] );
		}
		self::assertSame( array( Form::QUESTION, true ), array( $page['tone'], $page['button'] ) );
		self::assertStringContainsString( 'Nothing changes', $page['note'] );
		self::assertSame( Form::SUCCESS, $this->open( $this->link_of( $this->mails() ), true )['tone'] );
		self::assertSame( Form::ERROR, $this->open( $this->link_of( $this->mails() ) )['tone'] );
	}

	public function test_a_refusal_is_an_exception_for_code(): void {
		$this->applier();
		$this->expectException( Refused::class );
		$this->guard->answer( 1, 'x', false );
	}

	public function test_a_question_is_forgotten_with_its_site_or_its_account(): void {
		$this->receive( $this->ann_there() );
		self::assertSame( 1, $this->approvals->forget_user( $this->ann ) );
		$this->clock->now += DAY_IN_SECONDS;
		$this->receive( $this->ann_there() );
		$this->plugin->sites()->remove( $this->site->id );
		self::assertNull( $this->approvals->find( $this->site->id, 41 ) );
	}
}
