<?php
/**
 * Fetching those who are only on a paired site. What that site answers is made here; two real sites are in
 * test/paired/fetch.test.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Backfill;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\Counts;
use Tandem\Backfill\CsvReport;
use Tandem\Backfill\Fetcher;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Item;
use Tandem\Backfill\Items;
use Tandem\Backfill\OnlyThere;
use Tandem\Backfill\Options;
use Tandem\Backfill\Progress;
use Tandem\Backfill\Refused;
use Tandem\Backfill\Review;
use Tandem\Backfill\State;
use Tandem\Peer\Policy;
use Tandem\Remote\Pairing;
use Tandem\Remote\Problem;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\RemoteUser;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\OutcomeKind;
use Tandem\Tests\Integration\Peer\PeerTestCase;

final class FetchTest extends PeerTestCase {

	private Items $items;
	private Backfills $backfills;

	/** @var list<list<array{id: int, again?: true}>> Whom B was asked for. */
	private array $asked = array();

	/** @var \Closure( list<array{id: int, again?: true}> ): array<array-key, mixed> What B answers. */
	private \Closure $answer;

	protected function setUp(): void {
		parent::setUp();
		$this->items     = new Items( $this->db );
		$this->backfills = new Backfills( $this->db, $this->clock );
		$this->answer    = static fn ( array $people ): array => array( 'results' => array_fill( 0, count( $people ), 'queued' ) );
		$this->plugin->keys()->establish();
		$this->understands( array( 'users', 'bring' ) );
	}

	/**
	 * @param list<string> $features What B understands.
	 */
	private function understands( array $features ): void {
		$this->plugin->sites()->set_pairing( $this->site->id, new Pairing( self::B, $this->plugin->keys()->public_keys(), features: $features ) );
	}

	private function b(): RemoteSite {
		return $this->plugin->sites()->get( $this->site->id );
	}

	private function fetcher(): Fetcher {
		return new Fetcher(
			new OnlyThere( $this->db ),
			$this->items,
			$this->plugin->links(),
			function ( RemoteSite $site, array $people ): array {
				$this->asked[] = $people;
				return ( $this->answer )( $people );
			},
			$this->db,
			$this->clock
		);
	}

	/**
	 * A preview of which all was read.
	 *
	 * @param list<array<string, mixed>> $accounts Accounts of B: `id`, and what differs from an ordinary one.
	 * @param Options                    $options  What it is to do.
	 */
	private function preview( array $accounts, Options $options = new Options( fetch: true ) ): Backfill {
		$backfill = $this->backfills->add( $this->site->id, $options );
		$read     = array_map(
			static fn ( array $account ): ?RemoteUser => RemoteUser::of_peer(
				$account + array(
					'login' => 'there' . $account['id'],
					'email' => "there{$account['id']}@b.test",
					'name'  => "There {$account['id']}",
					'roles' => array( 'subscriber' ),
				)
			),
			$accounts
		);
		$this->items->index( $backfill->id, array_values( array_filter( $read ) ) );
		$this->backfills->advance( $backfill, State::Matching );
		while ( $this->plugin->backfill()->step( 1.0 ) ) {
			continue;
		}
		$backfill = $this->backfills->get( $backfill->id );
		self::assertSame( 'ready', $backfill->state->value, $backfill->problem );
		return $backfill;
	}

	/**
	 * A preview of so many people who are only there.
	 */
	private function crowd( int $count, Options $options = new Options( fetch: true ) ): Backfill {
		return $this->preview( array_map( static fn ( int $id ): array => array( 'id' => $id ), range( 1001, 1000 + $count ) ), $options );
	}

	private function people( Backfill $backfill, ?Progress $progress = null ): int {
		return ( new Counts( $this->items->counts( $backfill->id ) ) )->of( Finding::MissingHere, $progress );
	}

	/**
	 * @return array<string, string> Progress and code by username there.
	 */
	private function fates( Backfill $backfill ): array {
		$fates = array();
		foreach ( ( new Review( $this->db ) )->people( $backfill->id, Finding::MissingHere, 1, 1000 ) as $item ) {
			$fates[ $item->username ] = rtrim( $item->progress->value . ':' . $item->code, ':' );
		}
		ksort( $fates );
		return $fates;
	}

	private function message( Backfill $backfill ): string {
		return ( new Review( $this->db ) )->people( $backfill->id, Finding::MissingHere, 1, 1 )[0]->message;
	}

	/**
	 * Somebody has come: they are here and linked with the account there.
	 */
	private function comes( int $remote_id ): int {
		$id = $this->make_known_user( array( 'user_login' => "there$remote_id", 'user_email' => "there$remote_id@b.test" ) );
		$this->link( $id, $remote_id );
		return $id;
	}

	/**
	 * A step of the fetching alone.
	 */
	private function step( Backfill $backfill, int $most = PHP_INT_MAX ): int {
		$this->fetcher()->collect( $backfill->id, $this->site->id );
		return $this->fetcher()->chunk( $backfill, $this->b(), $most );
	}

	public function test_only_accounts_that_match_nobody_here_are_counted(): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( array( 'users' => array( 'mode' => 'roles', 'roles' => array( 'subscriber' ) ) ), $this->site->settings ) );
		$linked = $this->make_known_user();
		$this->link( $linked, 11 );
		$this->make_known_user( array( 'user_login' => 'maria', 'user_email' => 'maria@b.test' ) );
		$this->make_known_user( array( 'user_login' => 'namesake', 'user_email' => 'other@a.test' ) );
		// Not one of those whom B receives.
		$this->make_known_user( array( 'user_login' => 'editor', 'user_email' => 'Editor@b.test', 'role' => 'editor' ) );
		$boss     = $this->make_known_user( array( 'user_login' => 'boss', 'user_email' => 'boss@b.test' ) );
		$backfill = $this->preview(
			array(
				array( 'id' => 11 ),
				array( 'id' => 12, 'email' => 'maria@b.test' ),
				array( 'id' => 13, 'login' => 'Namesake', 'email' => 'namesake@b.test' ),
				array( 'id' => 14, 'email' => 'editor@b.test' ),
				array( 'id' => 15, 'email' => 'boss@b.test', 'protected' => true ),
				array( 'id' => 16, 'protected' => true ),
				array( 'id' => 17, 'email' => '' ),
				array( 'id' => 18 ),
				array( 'id' => 19, 'email' => 'Only.There@b.test' ),
			)
		);
		self::assertSame( array( 'there18' => '', 'there19' => '' ), $this->fates( $backfill ) );
		self::assertSame( 1, ( new Counts( $this->items->counts( $backfill->id ) ) )->of( Finding::Link ) );
		self::assertSame( array( $boss ), array_values( array_intersect( array( $boss ), array_map( static fn ( Item $item ): int => $item->user_id, ( new Review( $this->db ) )->conflicts( $backfill->id, 'protected_account', 1, 10 ) ) ) ) );
		self::assertSame( array(), $this->asked, 'A preview asks for nobody.' );
	}

	public function test_nobody_is_counted_where_nobody_can_be_fetched(): void {
		$this->understands( array( 'users' ) );
		self::assertSame( 0, $this->people( $this->crowd( 3, new Options() ) ) );
	}

	public function test_a_site_that_cannot_be_asked_is_refused_with_a_sentence(): void {
		$plain = $this->plugin->sites()->add( 'Shop', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'x', 1, false, SiteSettings::defaults() );
		$this->understands( array( 'users' ) );
		$backfill = $this->crowd( 1, new Options() );
		foreach ( array( fn () => $this->plugin->backfill()->start( $plain->id, new Options( fetch: true ) ), fn () => $this->plugin->backfill()->start( $this->site->id, new Options( fetch: true ) ), fn () => $this->plugin->backfill()->choose( $backfill->id, array( 'fetch' => true ) ) ) as $try ) {
			try {
				$try();
				self::fail( 'It was begun.' );
			} catch ( Refused $refused ) {
				self::assertSame( 'backfill_cannot_fetch', $refused->reason );
				self::assertStringContainsString( 'Update it there', $refused->getMessage() );
			}
		}
		$this->understands( array( 'bring' ) );
		self::assertTrue( $this->plugin->backfill()->choose( $backfill->id, array( 'fetch' => true ) )->options->fetch );
	}

	public function test_nobody_is_fetched_unless_the_owner_wants_it(): void {
		$backfill = $this->crowd( 3, new Options() );
		self::assertSame( 3, $this->people( $backfill ) );
		self::assertSame( 0, $this->step( $backfill ) );
		self::assertSame( array(), $this->asked );
		self::assertSame( 0, ( new Counts( $this->items->counts( $backfill->id ) ) )->to_do( $backfill->options ) );
		self::assertSame( 3, ( new Counts( $this->items->counts( $backfill->id ) ) )->to_do( new Options( fetch: true ) ) );
	}

	public function test_they_are_asked_for_200_at_a_time_and_never_more_than_400_are_on_their_way(): void {
		$backfill = $this->crowd( 450 );
		self::assertSame( array( 200, 200, 0, 0 ), array( $this->step( $backfill ), $this->step( $backfill ), $this->step( $backfill ), $this->step( $backfill ) ) );
		self::assertSame( array( 200, 200 ), array_map( 'count', $this->asked ) );
		self::assertSame( array( 'id' => 1001 ), $this->asked[0][0] );
		foreach ( range( 1001, 1030 ) as $remote_id ) {
			$this->comes( $remote_id );
		}
		self::assertSame( 30, $this->step( $backfill ) );
		self::assertSame( array( 30, 400, 20 ), array( $this->people( $backfill, Progress::Done ), $this->people( $backfill, Progress::Queued ), $this->people( $backfill, Progress::Open ) ) );
	}

	public function test_a_rate_holds_for_them_too(): void {
		$backfill = $this->crowd( 30, new Options( rate: 2, fetch: true ) );
		self::assertSame( array( 2, 2, 6, 0 ), array( $this->step( $backfill, 2 ), $this->step( $backfill, 2 ), $this->step( $backfill, 20 ), $this->step( $backfill, 20 ) ), 'No more are on their way than come in five seconds.' );
	}

	public function test_who_has_come_is_seen_by_the_link_and_is_in_the_report(): void {
		$backfill = $this->crowd( 2 );
		$this->step( $backfill );
		$id = $this->comes( 1001 );
		$this->step( $backfill );
		self::assertSame( array( 'there1001' => 'done', 'there1002' => 'queued' ), $this->fates( $backfill ) );
		$rows = array_map( static fn ( array $row ): string => implode( ',', array_slice( $row, 0, 8 ) ), array_values( array_filter( iterator_to_array( ( new CsvReport( $this->items ) )->rows( $backfill->id ), false ), static fn ( array $row ): bool => 'missing_here' === $row[5] ) ) );
		self::assertSame( array( "$id,there1001,there1001@b.test,1001,there1001,missing_here,,done", ',,there1002@b.test,1002,there1002,missing_here,,queued' ), $rows );
	}

	public function test_who_is_here_by_the_time_is_not_asked_for(): void {
		$backfill = $this->crowd( 2 );
		$this->comes( 1001 );
		self::assertSame( 2, $this->step( $backfill ) );
		self::assertSame( array( array( array( 'id' => 1002 ) ) ), $this->asked );
		self::assertSame( array( 'there1001' => 'done', 'there1002' => 'queued' ), $this->fates( $backfill ) );
	}

	public function test_a_backfill_ends_when_all_have_come_and_not_before(): void {
		$backfill = $this->crowd( 3 );
		$this->plugin->backfill()->run( $backfill->id );
		$state = function () use ( $backfill ): string {
			$this->plugin->backfill()->step( 0.0 );
			return $this->backfills->get( $backfill->id )->state->value;
		};
		// Nobody listens there: this is what the engine itself comes to.
		$this->plugin->sites()->set_address( $this->site->id, 'http://127.0.0.1:9', 'http://127.0.0.1:9/wp-json/' );
		self::assertSame( 'running', $state(), 'All are still to be asked for.' );
		self::assertNotSame( '', $this->backfills->get( $backfill->id )->problem );
		// The site is well again.
		$this->plugin->sites()->resume( $this->site->id );
		$this->step( $backfill );
		self::assertSame( 'running', $state(), 'All are on their way.' );
		$this->comes( 1001 );
		$this->comes( 1002 );
		self::assertSame( 'running', $state(), 'One is missing.' );
		$this->comes( 1003 );
		self::assertSame( 'done', $state() );
		self::assertSame( 3, $this->people( $backfill, Progress::Done ) );
	}

	public function test_who_has_not_come_after_a_minute_is_asked_for_again_and_after_ten_times_has_failed(): void {
		$backfill = $this->crowd( 1 );
		$this->step( $backfill );
		self::assertTrue( $this->fetcher()->expects_somebody( $backfill ) );
		$this->clock->now += 59;
		$this->step( $backfill );
		self::assertCount( 1, $this->asked );
		$this->clock->now += 1;
		self::assertFalse( $this->fetcher()->expects_somebody( $backfill ), 'No process stays for somebody who is late.' );
		for ( $minute = 1; $minute < 20; $minute++ ) {
			$this->step( $backfill );
			$this->clock->now += 60;
		}
		self::assertSame( array( array( 'id' => 1001 ) ), $this->asked[0] );
		self::assertSame( array( array( array( 'id' => 1001, 'again' => true ) ) ), array_values( array_unique( array_slice( $this->asked, 1 ), SORT_REGULAR ) ) );
		self::assertCount( 10, $this->asked );
		self::assertSame( array( 'there1001' => 'failed:did_not_come' ), $this->fates( $backfill ) );
		self::assertStringContainsString( 'asked for this person 10 times', $this->message( $backfill ) );
	}

	public function test_what_b_says_of_each_is_in_the_report(): void {
		$this->answer = static fn (): array => array(
			'results' => array( 'queued', 'equal', 'refused', 'refused', 'refused', 'refused', 'nonsense' ),
			'reasons' => array( '', '', '', 'username_taken', 'gone_there', '<b>5</b>', 5 ),
		);
		$backfill     = $this->crowd( 8 );
		self::assertSame( 8, $this->step( $backfill ) );
		self::assertSame( array( 'queued', 'queued', 'failed:not_sent_there', 'failed:username_taken', 'failed:gone_there', 'failed:not_sent_there', 'failed:not_sent_there', 'failed:not_sent_there' ), array_values( $this->fates( $backfill ) ) );
		$messages = implode( "\n", array_map( static fn ( Item $item ): string => $item->message, ( new Review( $this->db ) )->people( $backfill->id, Finding::MissingHere, 1, 20 ) ) );
		self::assertStringContainsString( 'The username belongs to somebody with another e-mail address.', $messages );
		self::assertStringContainsString( 'they were deleted here', $messages );
		self::assertStringNotContainsString( '<b>', $messages );
	}

	public function test_where_b_does_not_let_this_site_ask_all_have_failed_with_what_to_tick_after_one_message(): void {
		$this->answer = static fn ( array $people ): array => array(
			'results' => array_fill( 0, count( $people ), 'refused' ),
			'reasons' => array_fill( 0, count( $people ), 'bring_not_allowed' ),
			'message' => 'In the words of B.',
		);
		$backfill     = $this->crowd( 450 );
		$this->step( $backfill );
		self::assertCount( 1, $this->asked );
		self::assertSame( 450, $this->people( $backfill, Progress::Failed ) );
		self::assertStringContainsString( 'Ask for the people who were here before the connection', $this->message( $backfill ) );
		self::assertStringContainsString( 'What may that site do here?', $this->message( $backfill ) );
	}

	public function test_where_this_site_lets_b_make_no_accounts_nobody_is_asked_for(): void {
		$this->plugin->sites()->set_policy( $this->site->id, array( 'create' => false ) + Policy::defaults()->to_array() );
		$backfill = $this->crowd( 3 );
		$this->step( $backfill );
		self::assertSame( array(), $this->asked );
		self::assertSame( 3, $this->people( $backfill, Progress::Failed ) );
		self::assertStringContainsString( 'Create users', $this->message( $backfill ) );
	}

	public function test_a_site_that_is_busy_is_asked_again_after_a_minute_and_ten_minutes_later_no_more(): void {
		$this->answer = static fn ( array $people ): array => array( 'results' => array( 'queued', ...array_fill( 0, count( $people ), 'later' ) ) );
		$backfill     = $this->crowd( 300 );
		$this->step( $backfill );
		$this->step( $backfill );
		self::assertCount( 1, $this->asked, 'Not even for others.' );
		$this->clock->now += 60;
		$this->answer      = static fn ( array $people ): array => array( 'results' => array_fill( 0, count( $people ), 'later' ) );
		for ( $minute = 1; $minute < 20; $minute++ ) {
			$this->step( $backfill );
			$this->clock->now += 60;
		}
		self::assertEquals( array( 'failed:busy_there' => 299, 'failed:did_not_come' => 1 ), array_count_values( $this->fates( $backfill ) ) );
		self::assertSame( 0, $this->step( $backfill ) );
	}

	public function test_a_site_that_is_away_costs_nobody_a_try(): void {
		$this->answer = static fn (): array => throw new RemoteFailure( new Problem( ProblemCode::Timeout, OutcomeKind::Unreachable, 'Away.' ) );
		$backfill     = $this->crowd( 2 );
		for ( $try = 0; $try < 20; $try++ ) {
			try {
				$this->step( $backfill );
				self::fail( 'That is for the engine to know.' );
			} catch ( RemoteFailure $failure ) {
				self::assertSame( ProblemCode::Timeout, $failure->problem->code );
			}
			$this->clock->now += 60;
		}
		self::assertSame( 2, $this->people( $backfill, Progress::Open ) );
	}

	public function test_a_site_that_has_forgotten_how_ends_it(): void {
		$this->answer = static fn (): array => throw new RemoteFailure( new Problem( ProblemCode::RestMissing, OutcomeKind::Held, 'No such route.' ) );
		$backfill     = $this->crowd( 2 );
		$this->step( $backfill );
		self::assertSame( array( 'failed:cannot_be_asked', 'failed:cannot_be_asked' ), array_values( $this->fates( $backfill ) ) );
	}

	public function test_after_a_pause_who_has_come_is_seen_and_the_others_are_asked_for_again(): void {
		$backfill = $this->crowd( 3 );
		$this->step( $backfill );
		$this->comes( 1001 );
		$this->fetcher()->withdraw( $backfill->id, $this->site->id );
		self::assertSame( array( 'done', '', '' ), array_values( $this->fates( $backfill ) ) );
		$this->comes( 1002 );
		$this->asked = array();
		$this->step( $backfill );
		self::assertSame( array( array( array( 'id' => 1003 ) ) ), $this->asked );
		self::assertSame( array( 'done', 'done', 'queued' ), array_values( $this->fates( $backfill ) ) );
	}

	public function test_a_process_that_dies_after_asking_asks_once_more(): void {
		$backfill     = $this->crowd( 1 );
		$this->answer = static fn (): array => throw new \Error( 'The process dies here.' );
		try {
			$this->step( $backfill );
			self::fail( 'It lives.' );
		} catch ( \Error $death ) {
			self::assertSame( 'The process dies here.', $death->getMessage() );
		}
		$this->answer = static fn (): array => array( 'results' => array( 'queued' ) );
		self::assertSame( 1, $this->step( $backfill ) );
		self::assertSame( array( 'there1001' => 'queued' ), $this->fates( $backfill ) );
	}
}
