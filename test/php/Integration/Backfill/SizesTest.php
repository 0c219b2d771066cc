<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Bring;
use Tandem\Backfill\Options;
use Tandem\Backfill\State;

/**
 * How many people a backfill asks a paired site about with one message.
 */
final class SizesTest extends BackfillTestCase {

	/** Accounts that the other site lists, by pages as they are asked for. */
	private const ACCOUNTS = '$ids = array_slice( range( 1001, 1300 ), max( 0, ( $body["after"] ?? 0 ) - 1000 ), $body["limit"] ?? 500 ); return array( "accounts" => array_map( fn ( $id ) => array( "id" => $id, "login" => "crowd" . ( $id - 1000 ), "email" => "crowd" . ( $id - 1000 ) . "@a.test" ), $ids ), "total" => 300, "next" => count( $ids ) < ( $body["limit"] ?? 500 ) ? null : end( $ids ) );';

	private const LINKS = 'if ( count( $body["people"] ) > 20 ) { status_header( 504 ); exit; } return array( "results" => array_fill( 0, count( $body["people"] ), "linked" ) );';

	/** It tells of no field when it is asked whether people are equal, and takes too long when it is asked of each. */
	private const DIGESTS = 'if ( isset( $body["ranges"] ) ) { return array( "agreement" => array(), "ranges" => array() ); } status_header( 504 ); exit;';

	public function test_what_is_read_begins_small_and_grows_while_the_site_is_quick(): void {
		$this->paired( array( 'accounts' => self::ACCOUNTS ) );
		$this->preview();
		self::assertSame( array( 50, 100, 200 ), $this->sizes( 'accounts', static fn ( array $body ): int => $body['limit'] ?? 0 ) );
	}

	public function test_what_is_read_is_halved_where_the_site_takes_too_long(): void {
		$this->paired( array( 'accounts' => 'if ( ( $body["limit"] ?? 500 ) > 20 ) { status_header( 504 ); exit; } ' . self::ACCOUNTS ) );
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		$this->patiently( $id, State::Ready );
		$sizes = array_values( array_filter( $this->sizes( 'accounts', static fn ( array $body ): int => $body['limit'] ?? 0 ), static fn ( int $size ): bool => 1 !== $size ) );
		self::assertSame( array( 50, 25, 12, 12 ), array_slice( $sizes, 0, 4 ) );
	}

	public function test_people_are_linked_in_messages_that_a_slow_site_can_take(): void {
		$ids = $this->crowd_on_both( 120 );
		$this->patiently( $ids['backfill'], State::Done );
		$sizes = $this->sizes( 'links', static fn ( array $body ): int => count( $body['people'] ) );
		self::assertSame( array( 50, 25, 12, 12 ), array_slice( $sizes, 0, 4 ) );
		self::assertSame( 120, $this->plugin->links()->count( $this->site->id ) );
	}

	public function test_another_process_begins_carefully_where_the_last_one_failed(): void {
		$ids = $this->crowd_on_both( 40 );
		for ( $round = 0; $round < 6; $round++ ) {
			// Each request of the web is a process of its own.
			$this->new_request();
			$this->plugin->dispatcher()->run( \Tandem\Sync\Budget::request( 5.0 ) );
			$this->plugin->backfill()->step( 1.0 );
			$this->clock->now += 120;
		}
		self::assertSame( array( 40, 5, 10, 20 ), array_slice( $this->sizes( 'links', static fn ( array $body ): int => count( $body['people'] ) ), 0, 4 ) );
		self::assertSame( 40, $this->plugin->links()->count( $this->site->id ) );
	}

	public function test_what_differs_is_asked_of_fewer_where_the_site_takes_too_long(): void {
		$this->crowd( 120 );
		$this->paired( array( 'accounts' => self::ACCOUNTS, 'links' => 'return array( "results" => array_fill( 0, count( $body["people"] ), "linked" ) );', 'digests' => self::DIGESTS ) );
		$backfill = $this->preview( new Options( bring: Bring::Here ) );
		$this->plugin->backfill()->run( $backfill->id );
		for ( $round = 0; $round < 4; $round++ ) {
			$this->plugin->dispatcher()->run( \Tandem\Sync\Budget::request( 5.0 ) );
			$this->plugin->backfill()->step( 1.0 );
			$this->clock->now += 7200;
		}
		self::assertSame( array( 50, 25, 12, 6 ), array_values( array_filter( $this->sizes( 'digests', static fn ( array $body ): int => count( $body['refs'] ?? array() ) ) ) ) );
	}

	/**
	 * People on both sites, and a backfill that is about to link them.
	 *
	 * @return array{backfill: int}
	 */
	private function crowd_on_both( int $people ): array {
		$this->crowd( $people );
		$this->paired( array( 'accounts' => self::ACCOUNTS, 'links' => self::LINKS ) );
		$backfill = $this->preview( new Options( create: false ) );
		$this->plugin->backfill()->run( $backfill->id );
		return array( 'backfill' => $backfill->id );
	}

	/**
	 * Works until a backfill is in a state, however often the site is away for a while.
	 */
	private function patiently( int $id, State $state ): void {
		for ( $round = 0; $round < 30; $round++ ) {
			if ( $state === $this->backfills->get( $id )->state ) {
				break;
			}
			$this->plugin->dispatcher()->run( \Tandem\Sync\Budget::request( 5.0 ) );
			$this->plugin->backfill()->step( 1.0 );
			$this->clock->now += 120;
		}
		self::assertSame( $state, $this->backfills->get( $id )->state );
	}

	/**
	 * How many people each message to a route was about.
	 *
	 * @param callable(array<string, mixed>): int $count Counts them.
	 * @return list<int>
	 */
	private function sizes( string $route, callable $count ): array {
		return array_map( static fn ( array $request ): int => $count( json_decode( $request['body'], true ) ), $this->remote->requests( "#peer/$route#" ) );
	}
}
