<?php
/**
 * The record is kept for as long as the owner wants.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Activity;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Item;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class LogTest extends TestCase {

	public function test_the_oldest_thousand_of_those_that_are_too_old_go_at_a_time(): void {
		$clock = new FixedClock();
		$log   = new Log( new Connection( $GLOBALS['wpdb'] ), $clock );
		foreach ( array( 50 => 1, 30 => 1, 10 => 999, 100 => 1 ) as $at => $count ) {
			$clock->now = 1_700_000_000 + $at;
			for ( $row = 0; $row < $count; $row++ ) {
				$log->add( new Entry( Action::Update, Result::Success, 1, 41, message: "at $at" ) );
			}
		}
		$left = static fn (): array => array_map( static fn ( Item $item ): string => $item->entry->message, $log->search( new Query() ) );

		self::assertSame( 1000, $log->purge( 1_700_000_100 ) );
		self::assertSame( array( 'at 100', 'at 50' ), $left() );
		self::assertSame( 1, $log->purge( 1_700_000_100 ) );
		self::assertSame( 0, $log->purge( 1_700_000_100 ) );
		self::assertSame( array( 'at 100' ), $left() );
	}

	public function test_each_page_is_the_same_from_either_end(): void {
		$log = new Log( new Connection( $GLOBALS['wpdb'] ), new FixedClock() );
		for ( $row = 1; $row <= 23; $row++ ) {
			$log->add( new Entry( Action::Update, 0 === $row % 2 ? Result::Success : Result::Refused, 1, 41, message: "row $row" ) );
		}
		$messages = static fn ( array $items ): array => array_map( static fn ( Item $item ): string => $item->entry->message, $items );
		foreach ( array( array(), array( Result::Success ) ) as $results ) {
			$total = $log->count( new Query( results: $results ) );
			for ( $page = 1; $page <= 7; $page++ ) {
				$query = new Query( $page, 5, results: $results );
				self::assertSame( $messages( $log->search( $query ) ), $messages( $log->search( $query, $total ) ), "page $page of $total" );
			}
		}
		self::assertSame( array( 'row 3', 'row 2', 'row 1' ), $messages( $log->search( new Query( 5, 5 ), 23 ) ) );
	}
}
