<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Bring;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Options;
use Tandem\Backfill\Progress;
use Tandem\Backfill\Refused;
use Tandem\Backfill\State;

/**
 * What the owner chose, to a plain site: creating, bringing fields, the rate. To a paired one: `test/paired/backfill.test.ts`.
 */
final class OptionsTest extends BackfillTestCase {

	public function test_who_is_missing_there_is_not_created_where_the_owner_does_not_want_it(): void {
		$there    = $this->account( 'same', 'same@a.test' );
		$same     = $this->person( 'same', 'same@a.test' );
		$new      = $this->person( 'new', 'new@a.test' );
		$backfill = $this->run_to_the_end( $this->preview( new Options( create: false ) ) );
		self::assertSame( array( State::Done, 'create', '' ), array( $backfill->state, $this->found( $backfill, $new ), $this->became( $backfill, $new ) ) );
		self::assertSame( array( $there, 0 ), array( $this->linked( $same ), $this->linked( $new ) ) );
		self::assertSame( array(), $this->remote->writes() );
		self::assertSame( array( 0, $backfill->total ), array( $this->queued(), $backfill->done() ) );
	}

	public function test_by_default_the_fields_of_those_who_are_on_both_sites_stay(): void {
		list( $new, $known ) = $this->two_who_differ();
		$backfill            = $this->run_to_the_end( $this->preview() );
		self::assertSame( array( 'done', '' ), array( $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		self::assertSame( array(), $this->remote->writes() );
	}

	public function test_this_site_s_values_reach_those_who_are_linked_now_and_those_who_were(): void {
		list( $new, $known ) = $this->two_who_differ();
		$equal               = $this->person( 'equal', 'equal@a.test', array( 'first_name' => 'Same', 'display_name' => 'equal' ) );
		$this->link( $equal, $this->remote->make_user( array( 'user_login' => 'equal', 'user_email' => 'equal@a.test', 'user_pass' => 'x', 'first_name' => 'Same', 'display_name' => 'equal', 'role' => 'subscriber' ) ), 'equal' );
		$hash     = $this->remote->user( 'new' )['hash'];
		$backfill = $this->run_to_the_end( $this->preview( new Options( bring: Bring::Here ) ) );
		self::assertSame( array( 'done', 'done', 'done' ), array_map( fn ( int $id ): string => $this->became( $backfill, $id ), array( $new, $known, $equal ) ) );
		foreach ( array( 'new', 'known' ) as $login ) {
			$there = $this->remote->user( $login );
			self::assertSame( array( 'Here', 'Here too', array( 'author' ) ), array( $there['first_name'], $there['last_name'], $there['roles'] ) );
		}
		self::assertSame( $hash, $this->remote->user( 'new' )['hash'], 'The password is theirs.' );
		self::assertCount( 2, $this->remote->writes(), 'Who is equal costs no write.' );
		self::assertSame( 0, $this->queued() );
	}

	public function test_only_what_is_empty_there_is_filled_and_neither_roles_nor_passwords(): void {
		list( $new, $known ) = $this->two_who_differ();
		$hash                = $this->remote->user( 'known' )['hash'];
		$backfill            = $this->run_to_the_end( $this->preview( new Options( bring: Bring::Fill ) ) );
		self::assertSame( array( 'done', 'done' ), array( $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		foreach ( array( 'new', 'known' ) as $login ) {
			$there = $this->remote->user( $login );
			self::assertSame( array( 'There', 'Here too', array( 'subscriber' ) ), array( $there['first_name'], $there['last_name'], $there['roles'] ) );
		}
		self::assertSame( $hash, $this->remote->user( 'known' )['hash'] );
	}

	public function test_what_somebody_changes_meanwhile_is_brought_although_it_is_not_empty_there(): void {
		list( , $known ) = $this->two_who_differ();
		$backfill        = $this->preview( new Options( bring: Bring::Fill ) );
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		wp_update_user( array( 'ID' => $known, 'first_name' => 'Changed' ) );
		$this->plugin->recorder()->flush();
		$this->new_request();
		$this->work();
		$there = $this->remote->user( 'known' );
		self::assertSame( array( 'Changed', 'Here too' ), array( $there['first_name'], $there['last_name'] ) );
	}

	public function test_who_is_to_be_created_and_was_linked_meanwhile_gets_their_fields_too(): void {
		$id       = $this->person( 'late', 'late@a.test', array( 'first_name' => 'Late' ) );
		$backfill = $this->preview( new Options( bring: Bring::Here ) );
		// By a backfill from there, say.
		$this->link( $id, $this->account( 'late-there', 'late@a.test' ), 'late-there' );
		$backfill = $this->run_to_the_end( $backfill );
		self::assertSame( array( 'done', 'Late' ), array( $this->became( $backfill, $id ), $this->remote->user( 'late-there' )['first_name'] ) );
	}

	public function test_who_is_no_longer_sent_there_is_left_alone(): void {
		list( , $known ) = $this->two_who_differ();
		$backfill        = $this->preview( new Options( bring: Bring::Here ) );
		$this->decide( array( 'users' => array( 'mode' => 'roles', 'roles' => array( 'editor' ) ) ) );
		$backfill = $this->run_to_the_end( $backfill );
		self::assertSame( array( State::Done, 'ignored:out_of_scope' ), array( $backfill->state, $this->became( $backfill, $known ) ) );
		self::assertSame( array(), $this->remote->writes() );
	}

	public function test_pausing_takes_fields_back_that_were_not_sent_and_resuming_goes_on(): void {
		list( $new, $known ) = $this->two_who_differ();
		$backfill            = $this->preview( new Options( bring: Bring::Here ) );
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		self::assertSame( array( 2, 'bringing', 'bringing' ), array( $this->queued(), $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		$this->plugin->backfill()->pause( $backfill->id );
		self::assertSame( array( 0, 'linked', '' ), array( $this->queued(), $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		$this->plugin->backfill()->resume( $backfill->id );
		$this->work();
		self::assertSame( array( 'done', 'done' ), array( $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		self::assertSame( 'Here', $this->remote->user( 'known' )['first_name'] );
	}

	public function test_a_worker_that_dies_while_it_brings_fields_loses_nobody(): void {
		list( $new, $known ) = $this->two_who_differ();
		$backfill            = $this->preview( new Options( bring: Bring::Here ) );
		$this->plugin->backfill()->run( $backfill->id );
		foreach ( array( '/INSERT INTO .*tandem_outbox/s', '/UPDATE .*tandem_backfill_items.*bringing/s' ) as $pattern ) {
			$this->dying_at( $pattern, fn () => $this->plugin->backfill()->step( 1.0 ) );
			$this->clock->now += 120;
		}
		$this->work();
		self::assertSame( array( State::Done, 'done', 'done' ), array( $this->backfills->get( $backfill->id )->state, $this->became( $backfill, $new ), $this->became( $backfill, $known ) ) );
		self::assertSame( array( 'Here', 'Here' ), array( $this->remote->user( 'new' )['first_name'], $this->remote->user( 'known' )['first_name'] ) );
		self::assertCount( 2, $this->remote->writes() );
	}

	public function test_the_rate_holds_across_steps_and_workers_and_is_changed_while_it_runs(): void {
		$this->crowd( 60 );
		$backfill = $this->preview( new Options( rate: 4 ) );
		$this->plugin->backfill()->run( $backfill->id );
		self::assertSame( 4, $this->begun_in( $backfill->id, 3 ), 'Three workers in one second.' );
		$this->clock->ms = 500;
		self::assertSame( 6, $this->begun_in( $backfill->id, 2 ), 'Half a second.' );
		$this->clock->now += 10;
		self::assertSame( 10, $this->begun_in( $backfill->id, 2 ), 'What was missed is not made up for by a rush.' );
		$this->plugin->backfill()->choose( $backfill->id, array( 'rate' => 20 ) );
		$this->clock->now += 1;
		self::assertSame( 30, $this->begun_in( $backfill->id, 2 ) );
		$this->plugin->backfill()->choose( $backfill->id, array( 'rate' => null ) );
		self::assertSame( 60, $this->begun_in( $backfill->id, 2 ) );
	}

	public function test_a_clock_that_is_set_back_does_not_stop_a_backfill_that_keeps_a_rate(): void {
		$this->crowd( 30 );
		$backfill = $this->preview( new Options( rate: 4 ) );
		$this->plugin->backfill()->run( $backfill->id );
		self::assertSame( 4, $this->begun_in( $backfill->id, 1 ) );
		$this->clock->now -= 7200;
		self::assertSame( 8, $this->begun_in( $backfill->id, 1 ) );
	}

	public function test_a_step_that_only_the_rate_holds_up_says_that_there_is_more_and_one_whose_queue_is_full_does_not(): void {
		$this->crowd( 30 );
		$backfill = $this->preview( new Options( rate: 1 ) );
		$this->plugin->backfill()->run( $backfill->id );
		self::assertTrue( $this->plugin->backfill()->step( 0.0 ) );
		self::assertTrue( $this->plugin->backfill()->step( 0.0 ) );
		self::assertSame( 1, $this->queued() );
		for ( $second = 0; $second < 10; $second++ ) {
			++$this->clock->now;
			$goes_on = $this->plugin->backfill()->step( 0.0 );
		}
		self::assertSame( array( 5, false ), array( $this->queued(), $goes_on ), 'Nobody delivers: five seconds of them wait, not more.' );
	}

	public function test_what_is_done_is_chosen_before_it_runs(): void {
		$this->person( 'new', 'new@a.test' );
		$backfill = $this->preview();
		$engine   = $this->plugin->backfill();
		self::assertSame( Bring::Fill, $engine->choose( $backfill->id, array( 'bring' => 'fill' ) )->options->bring );
		self::assertFalse( $engine->choose( $backfill->id, array( 'create' => false ) )->options->create );
		$this->refuses( 'backfill_chosen', fn () => $engine->choose( $backfill->id, array( 'byName' => true ) ) );
		$engine->run( $backfill->id );
		$this->refuses( 'backfill_chosen', fn () => $engine->choose( $backfill->id, array( 'create' => true ) ) );
		self::assertSame( 7, $engine->choose( $backfill->id, array( 'rate' => 7 ) )->options->rate );
		$engine->pause( $backfill->id );
		$this->refuses( 'backfill_chosen', fn () => $engine->choose( $backfill->id, array( 'bring' => 'here' ) ) );
		$engine->cancel( $backfill->id );
		$this->refuses( 'backfill_over', fn () => $engine->choose( $backfill->id, array( 'rate' => 8 ) ) );
		self::assertSame( array( Bring::Fill, false, 7 ), array( $this->backfills->get( $backfill->id )->options->bring, $this->backfills->get( $backfill->id )->options->create, $this->backfills->get( $backfill->id )->options->rate ) );
	}

	public function test_while_it_waits_for_the_site_the_rate_is_what_was_measured_before(): void {
		$this->crowd( 250 );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->plugin->backfill()->step( 0.0 );
		$this->clock->now += 10;
		foreach ( array_slice( $this->review->people( $backfill->id, Finding::Create, 1, 500 ), 0, 50 ) as $item ) {
			$this->items->became( $item->id, Progress::Failed );
		}
		$this->plugin->backfill()->step( 0.0 );
		self::assertSame( 5.0, $this->backfills->get( $backfill->id )->rate( $this->clock->now() ) );
		$this->plugin->sites()->unreachable( $this->site, 'no_answer', 'B does not answer.', $this->clock->now() + 600 );
		$this->clock->now += 300;
		$this->plugin->backfill()->step( 0.0 );
		$waits = $this->backfills->get( $backfill->id );
		self::assertSame( array( 'B does not answer.', 5.0 ), array( $waits->problem, $waits->rate( $this->clock->now() ) ) );
	}

	/**
	 * Two people who have another name and role there, and no last name: one to be linked, one who is.
	 *
	 * @return array{int, int} Their ids here.
	 */
	private function two_who_differ(): array {
		$ids = array();
		foreach ( array( 'new', 'known' ) as $login ) {
			$there         = $this->remote->make_user( array( 'user_login' => $login, 'user_email' => "$login@a.test", 'user_pass' => 'theirs', 'role' => 'subscriber', 'first_name' => 'There' ) );
			$ids[ $login ] = $this->person( $login, "$login@a.test", array( 'first_name' => 'Here', 'last_name' => 'Here too', 'role' => 'author' ) );
		}
		$this->link( $ids['known'], $there ?? 0, 'known' );
		return array_values( $ids );
	}

	/**
	 * How many people are begun in all after several workers had a go.
	 *
	 * @param int $id      Backfill.
	 * @param int $workers How many.
	 */
	private function begun_in( int $id, int $workers ): int {
		for ( ; $workers > 0; $workers-- ) {
			$this->new_request();
			$this->plugin->backfill()->step( 0.0 );
			// As if they had been delivered, so that none wait.
			$GLOBALS['wpdb']->query( "DELETE FROM {$GLOBALS['wpdb']->prefix}tandem_outbox" );
		}
		$counts = $this->items->counts( $id )['create'];
		return array_sum( $counts ) - ( $counts[''] ?? 0 );
	}

	/**
	 * Asserts that something is refused.
	 *
	 * @param string            $reason Code.
	 * @param callable(): mixed $what   What.
	 */
	private function refuses( string $reason, callable $what ): void {
		try {
			$what();
			self::fail( 'It was done.' );
		} catch ( Refused $refused ) {
			self::assertSame( $reason, $refused->reason );
		}
	}
}
