<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Verify;

use Tandem\Activity\Action;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Remote\SiteState;
use Tandem\Sync\Stamp;
use Tandem\Tests\Integration\Peer\PeerTestCase;
use Tandem\Tests\RemoteWordPress;
use Tandem\Verify\Difference;
use Tandem\Verify\Findings;
use Tandem\Verify\Kind;
use Tandem\Verify\Mending;
use Tandem\Verify\Refused;
use Tandem\Verify\State;
use Tandem\Verify\Verification;
use Tandem\Verify\Verifications;
use Tandem\Verify\Wins;

/**
 * How a verification begins, goes on and ends. Nobody answers here: `test/paired/verify.test.ts` compares real sites.
 */
final class EngineTest extends PeerTestCase {

	private Verifications $verifications;
	private Findings $findings;

	protected function setUp(): void {
		parent::setUp();
		$db                  = new Connection( $GLOBALS['wpdb'] );
		$this->verifications = new Verifications( $db, $this->clock );
		$this->findings      = new Findings( $db );
		$this->plugin->keys()->establish();
		foreach ( array( $this->site, $this->other ) as $site ) {
			// Nobody listens there.
			$this->plugin->sites()->set_address( $site->id, 'http://127.0.0.1:9', 'http://127.0.0.1:9/wp-json/' );
			$this->plugin->sites()->set_pairing( $site->id, new Pairing( self::B, $this->plugin->keys()->public_keys() ) );
		}
	}

	private function step(): bool {
		return $this->plugin->verification()->step( 0.0 );
	}

	private function minute_passes(): void {
		foreach ( array( $this->site, $this->other ) as $site ) {
			// Nobody answers there, which a step before has found out.
			$this->plugin->sites()->recovered( $this->plugin->sites()->get( $site->id ) );
		}
		// Somebody works.
		$this->clock->now += MINUTE_IN_SECONDS;
		$this->plugin->worker()->work( 0.1, null, true, static fn (): bool => false );
	}

	private function newest(): Verification {
		$newest = $this->verifications->newest( $this->site->id );
		self::assertNotNull( $newest );
		return $newest;
	}

	/**
	 * A verification that has found somebody.
	 *
	 * @param list<Difference> $found Who.
	 */
	private function done( array $found ): Verification {
		$verification = $this->plugin->verification()->start( $this->site->id );
		$this->findings->add( $verification->id, $found, false );
		$this->verifications->advance( $verification, State::Done );
		return $this->newest();
	}

	/**
	 * A user who differs.
	 *
	 * @param int         $user_id User here.
	 * @param array<string, Wins> $fields Whose value is newer.
	 */
	private function differs( int $user_id, array $fields ): Difference {
		return new Difference( $user_id, 41, Kind::Differs, $fields, array_map( fn (): Stamp => $this->stamp(), $fields ) );
	}

	public function test_a_plain_site_is_told_plainly_that_it_needs_tandem(): void {
		$plain = $this->plugin->sites()->add( 'Shop', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'x', 1, false, SiteSettings::defaults() );
		try {
			$this->plugin->verification()->start( $plain->id );
			self::fail( 'It was begun.' );
		} catch ( Refused $refused ) {
			self::assertSame( 'verify_needs_tandem', $refused->reason );
			self::assertStringContainsString( 'Shop', $refused->getMessage() );
		}
	}

	public function test_one_at_a_time_and_a_new_one_forgets_what_the_last_one_found(): void {
		$first = $this->plugin->verification()->start( $this->site->id );
		$this->findings->add( $first->id, array( new Difference( 5, 6, Kind::MissingThere ) ), false );
		try {
			$this->plugin->verification()->start( $this->site->id );
			self::fail( 'A second one was begun.' );
		} catch ( Refused $refused ) {
			self::assertSame( 'verification_under_way', $refused->reason );
		}
		self::assertSame( State::Cancelled, $this->plugin->verification()->cancel( $first->id )->state );
		$this->plugin->verification()->start( $this->site->id );
		self::assertSame( array(), $this->findings->page( $first->id, 1, 10 ) );
	}

	public function test_it_begins_by_itself_each_week_unless_it_is_off(): void {
		$this->plugin->sites()->set_settings( $this->other->id, SiteSettings::from_array( array( 'verify' => 'off' ), $this->other->settings ) );
		$this->minute_passes();
		self::assertNull( $this->verifications->newest( $this->site->id ), 'It was connected an hour ago.' );
		$this->clock->now += WEEK_IN_SECONDS;
		$this->step();
		self::assertNull( $this->verifications->newest( $this->site->id ), 'A step does not look for what is due.' );
		$this->minute_passes();
		self::assertFalse( $this->newest()->repairs );
		self::assertNull( $this->verifications->newest( $this->other->id ) );
		$first = $this->newest();
		$this->verifications->advance( $first, State::Done );
		$this->clock->now = $first->started_at + WEEK_IN_SECONDS - MINUTE_IN_SECONDS - 10;
		$this->minute_passes();
		self::assertSame( $first->id, $this->newest()->id );
		$this->decide( array( 'verify' => 'repair' ) );
		$this->minute_passes();
		self::assertNotSame( $first->id, $this->newest()->id );
		self::assertTrue( $this->newest()->repairs );
	}

	public function test_a_copy_of_a_site_begins_none(): void {
		$this->clock->now += WEEK_IN_SECONDS;
		$moved             = static fn (): string => 'https://copy.test';
		add_filter( 'home_url', $moved );
		$this->minute_passes();
		self::assertNull( $this->verifications->newest( $this->site->id ) );
		remove_filter( 'home_url', $moved );
		$this->minute_passes();
		self::assertNotNull( $this->verifications->newest( $this->site->id ) );
	}

	public function test_a_site_that_is_away_is_waited_for_a_day(): void {
		$this->plugin->verification()->start( $this->site->id );
		self::assertFalse( $this->step() );
		self::assertSame( array( State::Comparing, 'refused' ), array( $this->newest()->state, $this->newest()->problem_code ) );
		self::assertNotSame( '', $this->newest()->problem );
		$this->clock->now += DAY_IN_SECONDS + 1;
		$this->step();
		self::assertSame( State::Failed, $this->newest()->state );
		self::assertSame( 'refused', $this->newest()->problem_code );
	}

	public function test_a_site_that_asks_to_wait_is_asked_nothing_before_that(): void {
		$remote = RemoteWordPress::clean();
		$this->plugin->sites()->set_address( $this->site->id, $remote->url, $remote->rest_url() );
		$remote->answer( 503, '', array( 'Retry-After' => '600' ) );
		$this->plugin->verification()->start( $this->site->id );
		$this->step();
		$asked = count( $remote->requests() );
		self::assertGreaterThan( 0, $asked );
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( array( SiteState::Unreachable, 'maintenance', true ), array( $site->state, $site->problem_code, $site->next_try_at >= $this->clock->now + 600 ) );
		for ( $round = 0; $round < 5; $round++ ) {
			self::assertFalse( $this->step() );
			$this->clock->now += 100;
		}
		self::assertCount( $asked, $remote->requests() );
		self::assertSame( array( State::Comparing, 'maintenance' ), array( $this->newest()->state, $this->newest()->problem_code ) );
		$this->clock->now += DAY_IN_SECONDS;
		$this->step();
		self::assertSame( array( State::Failed, 'maintenance' ), array( $this->newest()->state, $this->newest()->problem_code ), 'Time goes on all the same.' );
		$remote->heal();
	}

	public function test_a_worker_that_was_killed_leaves_it_to_the_next_one_and_nobody_is_found_twice(): void {
		$verification = $this->plugin->verification()->start( $this->site->id );
		$found        = array( new Difference( 5, 6, Kind::MissingThere ) );
		// It has written down whom it found, and died.
		self::assertTrue( $this->verifications->claim( $verification->id, 'dead', 95 ) );
		$this->findings->add( $verification->id, $found, false );
		$this->step();
		self::assertSame( '', $this->newest()->problem_code, 'Another process has it.' );
		$this->clock->now += 96;
		$this->step();
		self::assertSame( 'refused', $this->newest()->problem_code, 'It went on.' );
		$this->findings->add( $verification->id, $found, false );
		self::assertSame( 1, array_sum( $this->findings->counts( $verification->id ) ) );
		// Two processes that have done the same batch.
		$this->verifications->moved( $verification, 500, 500, 1, 2 );
		$this->verifications->moved( $verification, 500, 500, 1, 2 );
		self::assertSame( array( 500, 500, 1, 2 ), array( $this->newest()->position, $this->newest()->compared, $this->newest()->waiting, $this->newest()->requests ) );
	}

	public function test_nothing_is_repaired_before_it_is_done(): void {
		$verification = $this->plugin->verification()->start( $this->site->id );
		$this->expectException( Refused::class );
		$this->plugin->verification()->repair( $verification->id, null, false );
	}

	public function test_what_is_newer_here_is_brought_by_the_outbox_and_the_end_is_on_record(): void {
		$id           = $this->linked( array( 'first_name' => 'Maria' ) );
		$verification = $this->done( array( $this->differs( $id, array( 'first_name' => Wins::Here, 'last_name' => Wins::Nobody ) ) ) );
		self::assertSame( 1, $this->plugin->verification()->repair( $verification->id, null, false ) );
		$this->step();
		self::assertSame( array( 'first_name' ), $this->row( $id )->fields->names ?? array() );
		self::assertSame( State::Done, $this->newest()->state );
		self::assertSame( 1, $this->findings->counts( $verification->id )[ Mending::Sent->value ] );
		$record = $this->plugin->log()->search( new Query( actions: array( Action::Verify ) ) );
		self::assertSame( array( Result::Success, $this->site->id ), array( $record[0]->entry->result, $record[0]->entry->site_id ) );
	}

	public function test_this_sites_values_win_when_the_owner_says_so(): void {
		$id     = $this->linked( array( 'first_name' => 'Maria' ) );
		$future = new Stamp( $this->clock->now_ms() + 1_000_000, self::B );
		$found  = new Difference( $id, 41, Kind::Differs, array( 'first_name' => Wins::There ), array( 'first_name' => $future ) );

		$verification = $this->done( array( $found ) );
		$this->plugin->verification()->repair( $verification->id, array( $this->findings->page( $verification->id, 1, 1 )[0]->id ), true );
		$this->step();
		$record = $this->plugin->records()->find( $id );
		self::assertNotNull( $record );
		self::assertTrue( $record->stamp( 'first_name' )->is_newer_than( $future ), 'Also newer than what a clock ahead of ours has given.' );
		self::assertSame( array( 'first_name' ), $this->row( $id )->fields->names ?? array() );
	}

	public function test_accounts_of_different_people_are_never_repaired(): void {
		$id           = $this->linked();
		$verification = $this->done( array( new Difference( $id, 41, Kind::SomebodyElse ) ) );
		foreach ( array( null, array( $this->findings->page( $verification->id, 1, 1 )[0]->id ) ) as $ids ) {
			self::assertSame( 0, $this->plugin->verification()->repair( $verification->id, $ids, true ) );
		}
		$this->step();
		self::assertNull( $this->row( $id ) );
	}

	public function test_somebody_whose_link_is_lost_there_goes_whole_and_a_persons_word_counts_for_the_address_of_then(): void {
		$old = $this->linked();
		$new = $this->make_known_user();
		$this->link( $new, 42 );
		$this->plugin->links()->save( new Link( $this->site->id, $old, 41, 'there', false, $this->clock->now ) );
		update_user_meta( $new, '_tandem_email_changed_at', (string) $this->clock->now );
		$verification = $this->done( array( new Difference( $old, 41, Kind::MissingThere ), new Difference( $new, 42, Kind::MissingThere ) ) );
		$this->plugin->verification()->repair( $verification->id, null, false );
		$this->step();
		self::assertNull( $this->plugin->links()->find( $this->site->id, $old ) );
		self::assertSame( array( '*', 'password' ), $this->row( $old )->fields->names ?? array() );
		self::assertTrue( $this->row( $old )?->decision()->trusted );
		self::assertFalse( $this->row( $new )?->decision()->trusted, 'The address was changed since they were linked: it may be somebody else’s there.' );
	}

	public function test_what_repairs_by_itself_gives_nobodys_word_and_leaves_alone_what_nobody_wins(): void {
		$id      = $this->linked();
		$neither = $this->make_known_user();
		$this->link( $neither, 42 );
		$verification = $this->plugin->verification()->start( $this->site->id, true );
		$this->findings->add( $verification->id, array( new Difference( $id, 41, Kind::MissingThere ), $this->differs( $neither, array( 'first_name' => Wins::Nobody ) ) ), true );
		$this->verifications->advance( $verification, State::Repairing );
		$this->step();
		self::assertFalse( $this->row( $id )?->decision()->trusted );
		self::assertNull( $this->row( $neither ) );
		self::assertSame( 1, $this->findings->counts( $verification->id )[ Mending::Open->value ] );
	}

	public function test_a_removed_site_takes_its_verifications_along(): void {
		$verification = $this->done( array( new Difference( 5, 6, Kind::MissingThere ) ) );
		$this->plugin->sites()->remove( $this->site->id );
		self::assertNull( $this->verifications->find( $verification->id ) );
		self::assertSame( 0, array_sum( $this->findings->counts( $verification->id ) ) );
	}
}
