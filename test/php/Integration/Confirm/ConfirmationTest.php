<?php
/**
 * The guard against taking over an account on another site by registering its address here.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Confirm;

use Tandem\Confirm\Refused;
use Tandem\Confirm\Screen;
use Tandem\Names;
use Tandem\Remote\ProblemCode;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\UserState;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

final class ConfirmationTest extends CaptureTestCase {

	private int $user_id;

	protected function setUp(): void {
		parent::setUp();
		$this->user_id = $this->make_known_user(
			array(
				'user_login' => 'ann',
				'user_email' => 'ann@a.test',
			)
		);
		$this->plugin->outbox()->enqueue( $this->site->id, $this->user_id, new FieldSet( FieldSet::ALL ) );
		$this->hold();
	}

	/**
	 * A delivery has found an account with the same address there.
	 */
	private function hold(): void {
		$claimed = $this->plugin->outbox()->claim( $this->site->id, 10, 30 );
		self::assertCount( 1, $claimed );
		$this->plugin->outbox()->hold( $claimed[0], OutboxState::Confirm, ProblemCode::ConfirmNeeded->value, 'Their holder is asked.', array( 'there' => array( 'id' => 9 ) ) );
	}

	private function waiting(): OutboxRow {
		$row = $this->row( $this->user_id );
		self::assertNotNull( $row );
		return $row;
	}

	/**
	 * What the dispatcher does next.
	 */
	private function ask(): void {
		$user = get_userdata( $this->user_id );
		self::assertNotFalse( $user );
		$this->plugin->confirmation()->ask( $this->waiting(), UserState::of( $user ), $this->site );
	}

	/**
	 * The mails of ours: WordPress tells people of changes, too.
	 *
	 * @return list<array{to: list<string>, subject: string, body: string}>
	 */
	private function asked(): array {
		return array_values( array_filter( $this->mails(), static fn ( array $mail ): bool => str_contains( $mail['body'], Names::CONFIRM ) ) );
	}

	/**
	 * The query of the link in the newest mail.
	 *
	 * @return array<string, string>
	 */
	private function link(): array {
		$asked = $this->asked();
		self::assertNotSame( array(), $asked );
		self::assertSame( 1, preg_match( '#^' . preg_quote( wp_login_url(), '#' ) . '\?(\S+)$#m', $asked[ count( $asked ) - 1 ]['body'], $found ) );
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
			return ( new Screen( Names::CONFIRM, $this->plugin->confirmation() ) )->answer();
		} finally {
			$_SERVER['REQUEST_METHOD'] = 'GET';
		}
	}

	/**
	 * A link is refused, and nothing is decided.
	 *
	 * @param array<string, string> $query Query of the link.
	 * @param string                $says  Part of the sentence.
	 */
	private function assert_refused( array $query, string $says ): void {
		$before = $this->row( $this->user_id );
		foreach ( array( false, true ) as $button ) {
			$page = $this->open( $query, $button );
			self::assertStringContainsString( $says, $page['text'] );
			self::assertFalse( $page['button'] );
		}
		self::assertEquals( $before, $this->row( $this->user_id ) );
	}

	public function test_the_mail_goes_to_the_persons_address_and_names_both_sites(): void {
		$this->ask();
		$mails = $this->mails();
		self::assertCount( 1, $mails );
		self::assertSame( array( 'ann@a.test' ), $mails[0]['to'] );
		self::assertStringContainsString( get_bloginfo( 'name' ), $mails[0]['body'] );
		self::assertStringContainsString( 'https://b.test', $mails[0]['body'] );
	}

	public function test_the_link_holds_nothing_of_the_person_and_nothing_that_wordpress_takes_for_its_own(): void {
		$this->ask();
		$query = $this->link();
		self::assertSame( array( 'action', 'row', 'token' ), array_keys( $query ) );
		// wp-login.php turns any address with "key" into a reset link and with "checkemail" into a notice.
		self::assertSame( Names::CONFIRM, $query['action'] );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{64}$/', $query['token'] );
		self::assertNotFalse( has_action( 'login_form_' . $query['action'] ) );
	}

	public function test_the_link_leads_to_wordpress_although_the_log_in_of_visitors_is_elsewhere(): void {
		add_filter( 'login_url', static fn (): string => home_url( '/my-account/' ) );
		// As plugins do that hide wp-login.php.
		add_filter( 'site_url', static fn ( string $url ): string => str_replace( 'wp-login.php', 'secret-door', $url ) );
		$this->ask();
		self::assertStringContainsString( "\n" . site_url( 'secret-door?action=' . Names::CONFIRM ), $this->asked()[0]['body'] );
	}

	public function test_what_lies_in_the_database_opens_nothing(): void {
		$this->ask();
		$this->assert_nowhere_in_database( $this->link()['token'], 'ann@a.test' );
		self::assertStringNotContainsString( 'ann@a.test', (string) wp_json_encode( $this->waiting()->details ) );
	}

	public function test_opening_the_link_decides_nothing_but_its_button_does(): void {
		$this->ask();
		$query = $this->link();
		self::assertTrue( $this->open( $query )['button'] );
		self::assertTrue( $this->open( $query )['button'], 'A mail scanner may have opened it before.' );
		self::assertSame( OutboxState::Confirm, $this->waiting()->state );
		self::assertFalse( $this->waiting()->decision()->trusted );

		self::assertFalse( $this->open( $query, true )['button'] );
		$row = $this->waiting();
		self::assertSame( OutboxState::Due, $row->state );
		self::assertTrue( $row->decision()->trusted );
		self::assertSame( 'ann@a.test', $row->decision()->email, 'It holds for this address only.' );
		self::assertCount( 1, $this->plugin->outbox()->claim( $this->site->id, 10, 30 ) );
	}

	public function test_a_link_is_good_once(): void {
		$this->ask();
		$query = $this->link();
		$this->open( $query, true );
		$this->assert_refused( $query, 'used already' );
	}

	public function test_a_link_of_a_row_that_has_gone_says_so(): void {
		$this->ask();
		$this->plugin->outbox()->discard( $this->waiting()->id );
		$this->assert_refused( $this->link(), 'used already' );
	}

	public function test_another_token_is_refused(): void {
		$this->ask();
		$query = $this->link();
		$this->assert_refused( array( 'token' => str_repeat( 'a', 64 ) ) + $query, 'not valid' );
		$this->assert_refused( array( 'token' => '' ) + $query, 'not valid' );
		$this->assert_refused( array( 'row' => '999999' ) + $query, 'not valid' );
	}

	public function test_a_row_that_nobody_was_asked_about_has_no_link(): void {
		$this->assert_refused(
			array(
				'row'   => (string) $this->waiting()->id,
				'token' => '',
			),
			'not valid'
		);
	}

	public function test_a_token_is_good_for_its_own_row_only(): void {
		$this->ask();
		$query = $this->link();
		$first = $this->user_id;
		// A thief whose own row waits, too.
		$this->user_id = $this->make_known_user( array( 'user_email' => 'thief@a.test' ) );
		$this->plugin->outbox()->enqueue( $this->site->id, $this->user_id, new FieldSet( FieldSet::ALL ) );
		$this->hold();
		$this->ask();
		$this->assert_refused( array( 'row' => (string) $this->waiting()->id ) + $query, 'not valid' );
		$this->user_id = $first;
		self::assertTrue( $this->open( $query )['button'] );
	}

	public function test_a_link_is_good_for_a_week(): void {
		$this->ask();
		$this->clock->now += WEEK_IN_SECONDS;
		self::assertTrue( $this->open( $this->link() )['button'] );
		++$this->clock->now;
		$this->assert_refused( $this->link(), 'more than a week old' );
	}

	public function test_a_link_is_not_good_for_an_address_that_was_entered_later(): void {
		$this->ask();
		$query = $this->link();
		wp_update_user(
			array(
				'ID'         => $this->user_id,
				'user_email' => 'victim@a.test',
			)
		);
		$this->end_request();
		$this->assert_refused( $query, 'address of this account has changed' );
	}

	public function test_another_address_is_asked_anew_and_the_first_link_stays_refused(): void {
		$this->ask();
		$query = $this->link();
		wp_update_user(
			array(
				'ID'         => $this->user_id,
				'user_email' => 'new@a.test',
			)
		);
		$this->end_request();
		$this->hold();
		$this->ask();
		$asked = $this->asked();
		self::assertCount( 2, $asked );
		self::assertSame( array( 'new@a.test' ), $asked[1]['to'] );
		$this->assert_refused( $query, 'not valid' );
		self::assertTrue( $this->open( $this->link() )['button'] );
	}

	public function test_the_same_address_in_other_letters_is_the_same(): void {
		$this->ask();
		$query = $this->link();
		wp_update_user(
			array(
				'ID'         => $this->user_id,
				'user_email' => 'Ann@A.test',
			)
		);
		$this->plugin->confirmation()->answer( (int) $query['row'], $query['token'], false );
		self::assertSame( OutboxState::Confirm, $this->waiting()->state );
	}

	public function test_a_person_gets_one_mail_a_day(): void {
		$this->ask();
		$query = $this->link();
		$this->ask();
		$this->clock->now += DAY_IN_SECONDS - 1;
		$this->ask();
		self::assertCount( 1, $this->mails() );
		self::assertTrue( $this->open( $query )['button'], 'The link of the one mail stays good.' );
		++$this->clock->now;
		$this->ask();
		self::assertCount( 2, $this->mails() );
	}

	public function test_a_deleted_account_is_said_to_be_gone(): void {
		$this->ask();
		$query = $this->link();
		wp_delete_user( $this->user_id );
		$this->end_request();
		$this->assert_refused( $query, 'has been deleted' );
	}

	public function test_nothing_is_decided_for_a_row_that_waits_for_nobody(): void {
		$this->ask();
		$this->plugin->outbox()->retry( array( $this->waiting()->id ) );
		$this->assert_refused( $this->link(), 'Nobody waits' );
	}

	public function test_other_changes_meanwhile_ask_nobody_twice_and_keep_the_link(): void {
		$this->ask();
		wp_update_user(
			array(
				'ID'         => $this->user_id,
				'first_name' => 'Ann',
				'user_pass'  => 'another secret',
			)
		);
		$this->end_request();
		self::assertSame( OutboxState::Confirm, $this->waiting()->state );
		self::assertCount( 1, $this->asked() );
		self::assertTrue( $this->open( $this->link() )['button'] );
	}

	public function test_a_mail_that_can_not_be_sent_is_left_to_the_owner(): void {
		add_filter( 'pre_wp_mail', '__return_false' );
		$this->ask();
		$row = $this->waiting();
		self::assertSame( array( OutboxState::Attention, ProblemCode::AccountExists->value ), array( $row->state, $row->code ) );
		self::assertStringContainsString( 'could not be sent', $row->message );
		self::assertSame( 9, $row->details['there']['id'] ?? null, 'With what is needed to decide.' );
		self::assertArrayNotHasKey( 'confirm', $row->details );
	}

	public function test_the_text_can_be_changed(): void {
		add_filter(
			'tandem_confirmation_mail',
			static fn ( array $mail, int $user_id, array $there, string $link ): array => array(
				'subject' => "Ours, {$there['name']}",
				'message' => "Number $user_id: \n$link\n",
			),
			10,
			4
		);
		$this->ask();
		self::assertSame( 'Ours, B', $this->mails()[0]['subject'] );
		self::assertTrue( $this->open( $this->link() )['button'] );
	}

	public function test_what_a_filter_breaks_is_sent_as_it_was(): void {
		add_filter( 'tandem_confirmation_mail', static fn (): object => new \stdClass() );
		$this->ask();
		self::assertTrue( $this->open( $this->link() )['button'] );
	}

	public function test_odd_requests_are_refused_in_words(): void {
		$_REQUEST = array(
			'row'   => array( '1' ),
			'token' => array( 'x' ),
		);
		$page     = ( new Screen( Names::CONFIRM, $this->plugin->confirmation() ) )->answer();
		self::assertStringContainsString( 'not valid', $page['text'] );
		self::assertFalse( $page['button'] );
	}

	public function test_a_refusal_is_an_exception_for_code(): void {
		$this->expectException( Refused::class );
		$this->plugin->confirmation()->answer( $this->waiting()->id, 'x', false );
	}
}
