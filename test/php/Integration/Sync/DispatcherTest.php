<?php
/**
 * Who may serve a site when others do, too.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Result;
use Tandem\Remote\SiteState;
use Tandem\Sync\Budget;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Report;
use Tandem\Sync\Worker;

final class DispatcherTest extends DeliveryTestCase {

	private function run_with( Budget $budget ): Report {
		$this->new_request();
		return $this->plugin->dispatcher()->run( $budget );
	}

	private function due( int $people ): void {
		for ( $person = 1; $person <= $people; $person++ ) {
			$this->make_user( array( 'user_login' => "person$person" ) );
		}
		$this->plugin->recorder()->flush();
	}

	public function test_in_the_web_one_process_at_a_time_serves_a_site_and_workers_on_the_command_line_do_so_beside_it(): void {
		$this->due( 1 );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'a visitor', 60 ) );
		self::assertSame( 0, $this->run_with( Budget::guest() )->delivered );
		self::assertSame( 0, $this->run_with( Budget::request( 5.0 ) )->delivered );
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0 ) )->delivered );
	}

	public function test_a_worker_serves_only_the_sites_that_it_was_told_to(): void {
		$this->due( 1 );
		self::assertSame( 0, $this->run_with( Budget::worker( 5.0, array( $this->site->id + 1 ) ) )->delivered );
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0, array( $this->site->id + 1, $this->site->id ) ) )->delivered );
	}

	public function test_one_alone_asks_a_site_that_is_in_trouble(): void {
		$this->due( 1 );
		$this->plugin->sites()->unreachable( $this->site, 'timeout', 'It does not answer.', $this->clock->now );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'another worker', 60 ) );
		$asked = count( $this->remote->requests() );
		self::assertSame( 0, $this->run_with( Budget::worker( 5.0 ) )->delivered );
		self::assertCount( $asked, $this->remote->requests() );
		$this->plugin->sites()->release( $this->site->id, 'another worker' );
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0 ) )->delivered );
	}

	public function test_a_site_that_answers_again_is_served_by_one_alone_for_a_minute(): void {
		$this->plugin->sites()->unreachable( $this->site, 'timeout', 'It does not answer.', $this->clock->now );
		$this->run_with( Budget::worker( 5.0 ) );
		self::assertSame( array( SiteState::Connected, $this->clock->now ), array( $this->plugin->sites()->get( $this->site->id )->state, $this->plugin->sites()->get( $this->site->id )->recovered_at ) );
		$this->due( 1 );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'another worker', 600 ) );
		self::assertSame( 0, $this->run_with( Budget::worker( 5.0 ) )->delivered );
		$this->clock->now += 60;
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0 ) )->delivered );
	}

	public function test_a_trouble_that_many_meet_at_once_is_counted_once(): void {
		$this->due( 8 );
		$this->remote->answer( 500, 'out of order', array(), null, '#/wp/v2/users#' );
		$this->run_with( Budget::worker( 5.0 ) );
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( array( SiteState::Unreachable, 1 ), array( $site->state, $site->failures ) );
		self::assertSame( 8, $this->plugin->outbox()->counts( $site->id )->waiting );
		self::assertLessThan( $this->clock->now + 10, $site->next_try_at );
	}

	public function test_what_failed_while_the_clock_was_ahead_does_not_wait_for_that_time_when_it_is_set_right(): void {
		$this->due( 2 );
		$now              = $this->clock->now;
		$this->clock->now = $now + 3 * HOUR_IN_SECONDS;
		$this->plugin->sites()->unreachable( $this->site, 'timeout', 'It does not answer.', $this->clock->now + 5 );
		$row = $this->plugin->outbox()->claim( $this->site->id, 1, 60 )[0];
		$this->plugin->outbox()->postpone( $row, $this->clock->now + 300, 'x', 'y' );
		update_option( Worker::LAST_RUN, $this->clock->now );
		$this->clock->now = $now;
		$this->new_request();
		$this->plugin->worker()->work( 20.0, null, true, static fn (): bool => true );
		self::assertSame( 0, $this->plugin->outbox()->counts( $this->site->id )->waiting );
		self::assertSame( SiteState::Connected, $this->plugin->sites()->get( $this->site->id )->state );
	}

	public function test_who_turns_out_to_be_right_after_a_try_that_failed_is_a_success_on_record(): void {
		$id  = $this->make_user();
		$row = new OutboxRow( 1, $this->site->id, $id, OutboxState::Due, new FieldSet( 'roles' ), 1, '', 0, 1, 0, 0, 'cut_short', 'It broke off.', array(), '' );
		$this->plugin->log()->add( new Entry( Action::Update, Result::Retrying, $this->site->id, $id, code: 'cut_short' ) );
		$this->plugin->settlement()->of_delivery( $this->site, $row, null, new Outcome( OutcomeKind::Skipped, Action::Update ), array() );
		self::assertSame( array( Result::Success, '' ), array( $this->last_of( $id )->entry->result, $this->last_of( $id )->entry->code ) );
	}

	public function test_everybody_who_waited_for_a_password_that_expired_arrives_without_it_and_the_owner_reads_how_to_mend_that(): void {
		$id = $this->make_user( array( 'user_login' => 'ann', 'user_pass' => 'secret' ) );
		$this->plugin->recorder()->flush();
		$this->clock->now += 8 * DAY_IN_SECONDS;
		$this->plugin->outbox()->wipe_expired_secrets();
		self::assertTrue( $this->plugin->outbox()->find_for( $this->site->id, $id )?->fields->has( FieldSet::PASSWORD ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
		self::assertFalse( $this->remote->can_log_in( 'ann', 'secret' ) );
		self::assertStringContainsString( 'action=lostpassword', implode( ' ', $this->last_of( $id )->entry->warnings ) );
	}
}
