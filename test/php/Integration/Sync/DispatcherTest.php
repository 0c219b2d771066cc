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
use Tandem\Plugin;
use Tandem\Remote\BatchTransport;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteState;
use Tandem\Remote\Transports;
use Tandem\Sync\Budget;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Report;
use Tandem\Sync\Worker;
use Tandem\Tests\FixedClock;
use Tandem\Tests\RemoteWordPress;

final class DispatcherTest extends DeliveryTestCase {

	private function run_with( Budget $budget ): Report {
		$this->new_request();
		return $this->plugin->dispatcher()->run( $budget );
	}

	/**
	 * Another round of the same process.
	 */
	private function run_on( Budget $budget ): Report {
		$this->plugin->recorder()->flush();
		return $this->plugin->dispatcher()->run( $budget );
	}

	/**
	 * Makes the site a paired one that takes everybody.
	 *
	 * @param string $first PHP that runs before that; `$body` is the message.
	 */
	private function paired( string $first ): void {
		$this->remote->answer_as_peer(
			array(
				'accounts' => 'return array( "accounts" => array(), "total" => 0, "next" => null );',
				'users'    => $first . ' return array( "results" => array_map( static fn ( array $user ): array => array( "result" => "created", "id" => 1 + crc32( wp_json_encode( $user ) ), "uid" => $user["uid"], "login" => "x" ), $body["users"] ) );',
			)
		);
		$this->plugin->keys()->establish();
		$this->plugin->sites()->set_pairing( $this->site->id, RemoteWordPress::pairing() );
		$this->site = $this->plugin->sites()->get( $this->site->id );
		$this->new_request();
	}

	/**
	 * How many people went with each message.
	 *
	 * @return list<int>
	 */
	private function batches(): array {
		return array_map( static fn ( array $request ): int => count( json_decode( $request['body'], true )['users'] ), $this->remote->requests( '#peer/users#' ) );
	}

	private function due( int $people ): void {
		for ( $person = 1; $person <= $people; $person++ ) {
			$this->make_user( array( 'user_login' => "person$person" ) );
		}
		$this->plugin->recorder()->flush();
	}

	public function test_one_process_at_a_time_serves_a_plain_site_on_the_command_line_too(): void {
		$this->due( 1 );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'another worker', 60 ) );
		self::assertSame( 0, $this->run_with( Budget::worker( 5.0 ) )->delivered );
		self::assertSame( array(), $this->remote->requests() );
		$this->plugin->sites()->release( $this->site->id, 'another worker' );
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0 ) )->delivered );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'the next worker', 60 ), 'It was given back.' );
	}

	public function test_several_workers_serve_several_plain_sites_side_by_side(): void {
		$other = $this->connect( array() );
		$this->new_request();
		$this->due( 1 );
		self::assertTrue( $this->plugin->sites()->claim( $this->site->id, 'another worker', 60 ) );
		self::assertSame( 1, $this->run_with( Budget::worker( 5.0 ) )->delivered );
		self::assertSame( array( 1, 0 ), array( $this->plugin->outbox()->counts( $this->site->id )->waiting, $this->plugin->outbox()->counts( $other->id )->waiting ) );
	}

	public function test_in_the_web_one_process_at_a_time_serves_a_site_and_workers_on_the_command_line_serve_a_paired_one_beside_it(): void {
		$this->paired( '' );
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
		$this->paired( '' );
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

	public function test_messages_that_are_too_much_for_a_paired_site_are_halved_and_everybody_arrives(): void {
		$this->paired( 'if ( count( $body["users"] ) > 20 ) { status_header( 504 ); exit; }' );
		$this->due( 160 );
		$this->run_on( Budget::request( 20.0 ) );
		$sizes = $this->batches();
		self::assertSame( array( 10, 10, 10, 10 ), array_slice( $sizes, 0, 4 ) );
		self::assertSame( 40, max( $sizes ) );
		$failed = array_keys( array_filter( $sizes, static fn ( int $size ): bool => $size > 20 ) );
		self::assertSame( 20, max( array_slice( $sizes, end( $failed ) + 1 ) ), 'What was too much is not dared again.' );
		// No more than were under way when the first failed.
		self::assertLessThanOrEqual( 4, count( $failed ), implode( ', ', $sizes ) );
		// A time-out of one message burns nobody's tries: the site is asked how it is, and is well.
		self::assertSame( SiteState::Connected, $this->plugin->sites()->get( $this->site->id )->state );
		self::assertSame( 0, $this->plugin->outbox()->counts( $this->site->id )->waiting );
		self::assertSame( 160, $this->plugin->links()->count( $this->site->id ) );
	}

	public function test_four_messages_are_under_way_to_a_site_at_once(): void {
		$this->paired( '' );
		$this->due( 40 );
		$under_way = 0;
		$most      = 0;
		add_action(
			'tandem_delivering',
			static function () use ( &$under_way, &$most ): void {
				$most = max( $most, ++$under_way );
			}
		);
		add_action(
			'tandem_delivered',
			static function () use ( &$under_way ): void {
				--$under_way;
			}
		);
		$this->run_on( Budget::request( 20.0 ) );
		self::assertSame( array( 10, 10, 10, 10 ), $this->batches() );
		self::assertSame( array( 40, 0 ), array( $most, $under_way ) );
		self::assertSame( 40, $this->plugin->links()->count( $this->site->id ) );
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

	public function test_a_password_that_can_not_be_read_after_the_salts_changed_is_left_out_and_the_owner_reads_how_to_mend_that(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'secret',
			)
		);
		$this->plugin->recorder()->flush();
		add_filter( 'salt', static fn ( string $salt ): string => strrev( $salt ) );
		$this->deliver();
		self::assertSame( 'salts_changed', $this->plugin->sites()->get( $this->site->id )->problem_code );
		self::assertNull( $this->remote->user( 'ann' ), 'Nothing was sent.' );
		// The owner connects the site again: our log-in there can be read, the password that waits can not.
		$this->plugin->credentials()->store( $this->site->id, RemoteWordPress::ADMIN, 1, $this->remote->application_password );
		$this->clock->now += HOUR_IN_SECONDS;
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
		self::assertFalse( $this->remote->can_log_in( 'ann', 'secret' ) );
		self::assertSame( Result::Success, $this->last_of( $id )->entry->result );
		self::assertMatchesRegularExpression( '/salts in wp-config\.php have changed.*action=lostpassword/', implode( ' ', $this->last_of( $id )->entry->warnings ) );
		self::assertSame( 0, $this->plugin->outbox()->counts( $this->site->id )->waiting );
		// What they choose now is sealed with the new ones.
		wp_set_password( 'another secret', $id );
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'ann', 'another secret' ) );
	}

	public function test_somebody_who_never_gets_through_is_tried_for_a_week_and_then_a_person_is_asked(): void {
		$asked = array();
		add_action(
			'tandem_conflict',
			static function ( array $site, int $user_id, string $code ) use ( &$asked ): void {
				$asked[] = array( $site['name'], $user_id, $code );
			},
			10,
			3
		);
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		// The account of this person alone: the site itself is well.
		$this->remote->answer( 500, 'A plugin gave up', array(), null, '#/wp/v2/users#', '#POST#' );
		$began = $this->clock->now;
		$tries = 0;
		do {
			$this->deliver();
			++$tries;
			$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
			self::assertNotNull( $row );
			self::assertSame( $tries, $row->attempts );
			self::assertSame( SiteState::Connected, $this->plugin->sites()->get( $this->site->id )->state );
			if ( OutboxState::Attention === $row->state ) {
				break;
			}
			self::assertSame( array(), $asked );
			self::assertSame( array( OutboxState::Due, Result::Retrying ), array( $row->state, $this->last_of( $id )->entry->result ) );
			// Not a second before its time.
			$requests         = count( $this->remote->writes() );
			$due              = $row->due_at;
			$this->clock->now = $due - 1;
			$this->deliver();
			self::assertCount( $requests, $this->remote->writes() );
			$this->clock->now = $due;
		} while ( $tries < 40 );
		self::assertGreaterThanOrEqual( 12, $tries );
		self::assertGreaterThanOrEqual( WEEK_IN_SECONDS, $this->clock->now - $began );
		self::assertSame( array( array( 'B', $id, 'server_error' ) ), $asked );
		self::assertSame( array( Result::Attention, 'server_error' ), array( $this->last_of( $id )->entry->result, $this->last_of( $id )->entry->code ) );
		self::assertStringContainsString( 'A plugin gave up', $this->last_of( $id )->entry->message );
		self::assertSame( array( 0, 1 ), array( $this->plugin->outbox()->counts( $this->site->id )->waiting, $this->plugin->outbox()->counts( $this->site->id )->attention ) );
		// By itself nothing goes on from here, and the owner's word is enough.
		$this->remote->heal();
		$this->clock->now += WEEK_IN_SECONDS;
		$this->deliver();
		self::assertNull( $this->remote->user( 'ann' ) );
		$this->plugin->outbox()->retry( array( $this->plugin->outbox()->find_for( $this->site->id, $id )->id ?? 0 ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
	}

	public function test_a_site_that_answers_again_is_given_twice_as_many_people_every_ten_seconds(): void {
		$this->due( 45 );
		$this->plugin->sites()->unreachable( $this->site, 'timeout', 'It does not answer.', $this->clock->now );
		$this->new_request();
		// Each request takes five seconds by the plugin's clock.
		$site = new class( $this->clock ) implements BatchTransport {
			/** @var list<int> People in each request. */
			public array $requests = array();

			public function __construct( private readonly FixedClock $clock ) {
			}

			public function most( RemoteSite $site ): int {
				return 100;
			}

			public function deliver( Delivery $delivery ): Outcome {
				return $this->deliver_all( array( $delivery ) )[0];
			}

			public function deliver_all( array $deliveries, bool $searches = true, int &$too_many = 0 ): array {
				$this->requests[]  = count( $deliveries );
				$this->clock->now += 5;
				return array_map( static fn (): Outcome => new Outcome( OutcomeKind::Delivered, Action::Create ), $deliveries );
			}

			public function probe( RemoteSite $site ): Outcome {
				return new Outcome( OutcomeKind::Delivered, Action::Site );
			}
		};
		$made = new \ReflectionProperty( Plugin::class, 'made' );
		$made->setValue( $this->plugin, array( Transports::class => new Transports( $site, $site, $site ) ) );
		$this->plugin->dispatcher()->run( Budget::worker( 20.0 ) );
		self::assertSame( array( 2, 2, 4, 4, 8, 8, 10, 7 ), $site->requests );
	}
}
