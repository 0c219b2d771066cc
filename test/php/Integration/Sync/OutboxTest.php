<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Database\Connection;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class OutboxTest extends TestCase {

	private FixedClock $clock;
	private Outbox $outbox;

	protected function setUp(): void {
		parent::setUp();
		$this->clock  = new FixedClock();
		$this->outbox = new Outbox( new Connection( $GLOBALS['wpdb'] ), $this->clock );
	}

	private function change( string ...$fields ): void {
		$this->outbox->open( 1, 41 );
		$this->outbox->complete( 1, 41, new FieldSet( ...$fields ), null, 0 );
	}

	public function test_any_number_of_changes_are_one_row(): void {
		$this->change( 'first_name' );
		$this->change( 'last_name' );
		$this->change( 'first_name', 'roles' );
		$rows = $this->outbox->claim( 1, 10, 30 );
		self::assertCount( 1, $rows );
		self::assertSame( array( 'first_name', 'last_name', 'roles' ), $rows[0]->fields->names );
	}

	public function test_a_request_that_changed_nothing_for_the_site_leaves_no_row(): void {
		$this->change();
		self::assertNull( $this->outbox->find_for( 1, 41 ) );
	}

	public function test_a_request_that_changed_nothing_leaves_what_waited_before(): void {
		$this->change( 'roles' );
		$this->change();
		self::assertSame( array( 'roles' ), $this->outbox->find_for( 1, 41 )?->fields->names );
	}

	public function test_a_row_that_is_being_changed_is_not_delivered_yet(): void {
		$this->outbox->open( 1, 41 );
		self::assertSame( array(), $this->outbox->claim( 1, 10, 30 ) );
	}

	public function test_a_row_left_open_by_a_process_that_died_means_everything_a_minute_later(): void {
		$this->outbox->open( 1, 41 );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$rows              = $this->outbox->claim( 1, 10, 30 );
		self::assertCount( 1, $rows );
		self::assertTrue( $rows[0]->fields->includes( 'description' ) );
		$this->outbox->finish( $rows[0] );
		self::assertNull( $this->outbox->find_for( 1, 41 ) );
	}

	public function test_a_request_that_ends_after_its_row_was_delivered_as_abandoned_is_not_lost(): void {
		$this->outbox->open( 1, 41 );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$this->outbox->finish( $this->outbox->claim( 1, 10, 30 )[0] );
		$this->outbox->complete( 1, 41, new FieldSet( 'roles' ), 'sealed', $this->clock->now + 100 );
		$row = $this->outbox->claim( 1, 10, 30 )[0];
		self::assertSame( array( 'roles' ), $row->fields->names );
		self::assertSame( 'sealed', $row->secret );
	}

	public function test_one_of_two_requests_that_dies_does_not_take_the_other_along(): void {
		$this->outbox->open( 1, 41 );
		$this->change( 'roles' );
		self::assertSame( array(), $this->outbox->claim( 1, 10, 30 ) );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		self::assertTrue( $this->outbox->claim( 1, 10, 30 )[0]->fields->has( FieldSet::ALL ) );
	}

	public function test_a_row_goes_to_one_process_at_a_time_and_to_the_next_when_that_dies(): void {
		$this->change( 'roles' );
		self::assertCount( 1, $this->outbox->claim( 1, 10, 30 ) );
		self::assertCount( 0, $this->outbox->claim( 1, 10, 30 ) );
		$this->clock->now += 30;
		self::assertCount( 1, $this->outbox->claim( 1, 10, 30 ) );
	}

	public function test_many_that_claim_at_once_share_what_is_due_and_the_oldest_goes_first(): void {
		foreach ( range( 1, 7 ) as $user ) {
			$this->outbox->enqueue( 1, $user, new FieldSet( 'roles' ) );
			++$this->clock->now;
		}
		$this->outbox->enqueue( 2, 1, new FieldSet( 'roles' ) );
		$taken = array();
		while ( array() !== ( $rows = $this->outbox->claim( 1, 3, 30 ) ) ) { // phpcs:ignore Generic.CodeAnalysis.AssignmentInCondition
			self::assertCount( 1, array_unique( array_map( static fn ( OutboxRow $row ): string => $row->claim, $rows ) ) );
			$taken[] = array_map( static fn ( OutboxRow $row ): int => $row->user_id, $rows );
		}
		self::assertSame( array( array( 1, 2, 3 ), array( 4, 5, 6 ), array( 7 ) ), $taken );
	}

	/** @return array<string, array{\Closure( Outbox, OutboxRow ): void}> */
	public static function last_words(): array {
		return array(
			'it arrived'        => array( static fn ( Outbox $outbox, OutboxRow $row ) => $outbox->finish( $row ) ),
			'it comes later'    => array( static fn ( Outbox $outbox, OutboxRow $row ) => $outbox->postpone( $row, PHP_INT_MAX >> 32, 'late', 'Late.' ) ),
			'the site is away'  => array( static fn ( Outbox $outbox, OutboxRow $row ) => $outbox->unclaim( $row, 'late', 'Late.' ) ),
			'a person is asked' => array( static fn ( Outbox $outbox, OutboxRow $row ) => $outbox->hold( $row, OutboxState::Attention, 'late', 'Late.', array() ) ),
		);
	}

	/** @param \Closure( Outbox, OutboxRow ): void $word What it says. */
	#[DataProvider( 'last_words' )]
	public function test_a_process_that_comes_to_itself_after_its_claim_is_over_has_nothing_to_say( \Closure $word ): void {
		$this->change( 'roles' );
		$late              = $this->outbox->claim( 1, 10, 30 )[0];
		$this->clock->now += 30;
		$now               = $this->outbox->claim( 1, 10, 30 )[0];
		$word( $this->outbox, $late );
		$row = $this->outbox->find( $now->id );
		self::assertSame( array( OutboxState::Due, '', $now->claim ), array( $row?->state, $row?->code, $row?->claim ) );
		self::assertSame( array(), $this->outbox->claim( 1, 10, 30 ), 'It is the other one\'s still.' );
		$this->outbox->finish( $now );
		self::assertNull( $this->outbox->find( $now->id ) );
	}

	public function test_a_change_during_the_delivery_is_delivered_too(): void {
		$this->change( 'roles' );
		$row = $this->outbox->claim( 1, 10, 30 )[0];
		$this->change( 'first_name' );
		$this->outbox->finish( $row );
		self::assertSame( array( 'first_name', 'roles' ), $this->outbox->claim( 1, 10, 30 )[0]->fields->names );
	}

	public function test_a_change_during_the_delivery_is_not_held_with_the_old_reason(): void {
		$this->change( 'roles' );
		$row = $this->outbox->claim( 1, 10, 30 )[0];
		$this->change( 'first_name' );
		$this->outbox->hold( $row, OutboxState::Attention, 'x', 'y', array() );
		self::assertSame( OutboxState::Due, $this->outbox->find( $row->id )?->state );
	}

	public function test_the_newest_password_wins_and_stays_when_other_things_change(): void {
		$this->outbox->open( 1, 41 );
		$this->outbox->complete( 1, 41, new FieldSet( 'password' ), 'old', 10 );
		$this->outbox->open( 1, 41 );
		$this->outbox->complete( 1, 41, new FieldSet( 'password' ), 'new', 20 );
		$this->change( 'roles' );
		$row = $this->outbox->find_for( 1, 41 );
		self::assertSame( array( 'new', 20 ), array( $row?->secret, $row?->secret_expires_at ) );
	}

	public function test_a_password_is_wiped_when_its_time_is_over(): void {
		$this->outbox->open( 1, 41 );
		$this->outbox->complete( 1, 41, new FieldSet( 'password' ), 'sealed', $this->clock->now + 10 );
		self::assertSame( 0, $this->outbox->wipe_expired_secrets() );
		$this->clock->now += 10;
		self::assertSame( 1, $this->outbox->wipe_expired_secrets() );
		self::assertSame( '', $this->outbox->find_for( 1, 41 )?->secret );
		self::assertSame( 0, $this->outbox->wipe_expired_secrets() );
	}

	public function test_what_waits_for_the_owner_is_tried_again_when_the_user_changes(): void {
		$this->change( 'user_email' );
		$this->outbox->hold( $this->outbox->claim( 1, 1, 30 )[0], OutboxState::Attention, 'email_refused', 'No.', array() );
		self::assertSame( 1, $this->outbox->count_attention( 1 ) );
		self::assertSame( array(), $this->outbox->claim( 1, 1, 30 ) );
		$this->change( 'user_email' );
		self::assertCount( 1, $this->outbox->claim( 1, 1, 30 ) );
	}

	public function test_a_mail_for_confirmation_is_not_asked_for_again_by_any_small_change(): void {
		$this->change( FieldSet::ALL );
		$this->outbox->hold( $this->outbox->claim( 1, 1, 30 )[0], OutboxState::Confirm, 'confirm', '', array() );
		$this->change( 'first_name' );
		self::assertSame( OutboxState::Confirm, $this->outbox->find_for( 1, 41 )?->state );
		$this->change( 'user_email' );
		self::assertSame( OutboxState::Due, $this->outbox->find_for( 1, 41 )?->state );
	}

	public function test_a_postponed_row_comes_back_at_its_time(): void {
		$this->change( 'roles' );
		$this->outbox->postpone( $this->outbox->claim( 1, 1, 30 )[0], $this->clock->now + 300, 'x', 'y' );
		self::assertSame( array(), $this->outbox->claim( 1, 1, 30 ) );
		$this->clock->now += 300;
		self::assertSame( 1, $this->outbox->claim( 1, 1, 30 )[0]->attempts );
	}

	public function test_a_decision_an_intent_and_the_owner_of_a_deleted_account_are_kept(): void {
		$this->outbox->enqueue( 1, 41, new FieldSet( FieldSet::ALL ), new Decision( trusted: true ) );
		$row = $this->outbox->claim( 1, 1, 30 )[0];
		self::assertTrue( $row->decision()->trusted );
		$this->outbox->remember_intent( $row, new CreateIntent( 'ann', 'ann@a.test', 99 ) );
		$this->outbox->open( 1, 41 );
		$this->outbox->complete( 1, 41, new FieldSet( FieldSet::DELETED ), null, 0, array( 'login' => 'ann' ) );
		$row = $this->outbox->find( $row->id );
		self::assertSame( 99, $row?->intent()?->remote_at );
		self::assertTrue( $row->decision()->trusted );
		self::assertSame( 'ann', $row->details['login'] );
	}

	public function test_counts_tell_waiting_attention_and_the_oldest(): void {
		$this->change( 'roles' );
		$this->clock->now += 5;
		$this->outbox->enqueue( 1, 42, new FieldSet( 'roles' ) );
		$began             = $this->clock->now;
		$this->clock->now += 100;
		$this->outbox->hold( $this->outbox->claim( 1, 1, 30 )[0], OutboxState::Attention, 'x', '', array() );
		$counts = $this->outbox->counts( 1 );
		self::assertSame( array( 1, 1, $began ), array( $counts->waiting, $counts->attention, $counts->oldest_at ) );
		self::assertSame( $this->clock->now, $counts->asked_at, 'Whoever has waited for long has a decision to make since now.' );
		$this->outbox->hold( $this->outbox->claim( 1, 1, 30 )[0], OutboxState::Confirm, 'x', '', array() );
		$this->outbox->retry( array( (int) $this->outbox->find_for( 1, 41 )?->id ) );
		self::assertNull( $this->outbox->counts( 1 )->asked_at, 'Whose mail is to be answered is not a decision of the owner.' );
	}

	public function test_retry_of_one_and_of_all_of_a_cause(): void {
		foreach ( array( 41, 42, 43 ) as $user ) {
			$this->outbox->enqueue( 1, $user, new FieldSet( 'roles' ) );
		}
		foreach ( $this->outbox->claim( 1, 3, 30 ) as $row ) {
			$this->outbox->hold(
				$row,
				OutboxState::Attention,
				array(
					41 => 'first',
					42 => 'cause',
					43 => 'other',
				)[ $row->user_id ],
				'',
				array()
			);
		}
		self::assertSame( 1, $this->outbox->retry( array( (int) $this->outbox->find_for( 1, 41 )?->id ) ) );
		self::assertSame(
			array(
				'cause' => 1,
				'first' => 1,
				'other' => 1,
			),
			$this->outbox->causes( 1 )
		);
		self::assertSame( array(), $this->outbox->causes( 2 ) );
		self::assertSame( 1, $this->outbox->retry_all( 1, 'cause' ) );
		self::assertSame( OutboxState::Due, $this->outbox->find_for( 1, 42 )?->state );
		self::assertSame( OutboxState::Attention, $this->outbox->find_for( 1, 43 )?->state );
	}

	public function test_retry_of_a_span_of_time_leaves_what_is_fresh_alone(): void {
		$start = $this->clock->now;
		foreach ( array( 41, 42, 43 ) as $user ) {
			$this->outbox->enqueue( 1, $user, new FieldSet( 'roles' ) );
			$this->outbox->postpone( $this->outbox->claim( 1, 1, 30 )[0], $this->clock->now + 9000, 'cause', '' );
			$this->clock->now += 100;
		}
		$this->outbox->enqueue( 1, 44, new FieldSet( 'roles' ) );
		$fresh = $this->outbox->claim( 1, 1, 30 )[0];
		self::assertSame( 2, $this->outbox->retry_all( null, null, $start + 50, null ) );
		self::assertSame( 1, $this->outbox->retry_all( null, null, $start + 50, $start + 150 ) );
		self::assertSame( 3, $this->outbox->retry_all( null, null ) );
		$this->outbox->finish( $fresh );
		self::assertNull( $this->outbox->find_for( 1, 44 ), 'What has not failed is not asked for twice.' );
	}

	public function test_causes_are_counted_on_an_index_past_those_who_have_not_failed(): void {
		global $wpdb;
		if ( '' === (string) getenv( 'TANDEM_TEST_SOCKET' ) ) {
			self::markTestSkipped( 'EXPLAIN tells the keys on MariaDB; the SQLite integration has its own form of it.' );
		}
		for ( $user = 100; $user < 160; $user++ ) {
			$this->outbox->enqueue( 1, $user, new FieldSet( 'roles' ) );
		}
		$this->outbox->postpone( $this->outbox->claim( 1, 1, 30 )[0], $this->clock->now + 9000, 'cause', '' );
		foreach ( array( null, 1 ) as $site ) {
			self::assertSame( array( 'cause' => 1 ), $this->outbox->causes( $site, 1 ) );
			$step = $wpdb->get_row( 'EXPLAIN ' . $wpdb->last_query, ARRAY_A );
			self::assertSame( array( 'range', 'failed' ), array( $step['type'], $step['key'] ), $wpdb->last_query );
			self::assertStringContainsString( 'Using index', $step['Extra'] );
			self::assertLessThan( 10, (int) $step['rows'] );
		}
	}
}
