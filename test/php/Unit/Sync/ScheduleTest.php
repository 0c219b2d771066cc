<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\Schedule;

final class ScheduleTest extends TestCase {

	public function test_at_least_twelve_tries_over_at_least_a_week(): void {
		for ( $run = 0; $run < 200; $run++ ) {
			$schedule = new Schedule();
			$waited   = 0;
			$tries    = 1;
			while ( null !== ( $delay = $schedule->delay( $tries, $waited ) ) ) { // phpcs:ignore Generic.CodeAnalysis.AssignmentInCondition
				$waited += $delay;
				++$tries;
			}
			self::assertGreaterThanOrEqual( 12, $tries );
			self::assertLessThan( 40, $tries );
			self::assertGreaterThanOrEqual( 7 * 86400, $waited );
		}
	}

	public function test_waits_are_about_as_long_as_planned_and_spread_over_the_whole_of_it(): void {
		foreach ( array( 5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400 ) as $tries => $planned ) {
			$waits = array_map( static fn (): int => (int) ( new Schedule() )->delay( $tries + 1, 0 ), range( 1, 2000 ) );
			self::assertEqualsWithDelta( $planned, array_sum( $waits ) / 2000, 0.1 * $planned, "After try $tries." );
			self::assertLessThan( 0.25 * $planned + 1, min( $waits ) );
			self::assertGreaterThan( 1.75 * $planned - 2, max( $waits ) );
			self::assertGreaterThanOrEqual( 1, min( $waits ) );
		}
	}

	public function test_what_the_remote_asks_for_is_obeyed(): void {
		self::assertSame( 900, ( new Schedule() )->delay( 1, 0, 900 ) );
		self::assertSame( 9000, ( new Schedule() )->site_delay( 1, 9000 ) );
	}

	public function test_a_site_that_is_away_is_looked_at_at_least_every_half_hour(): void {
		for ( $failures = 1; $failures < 50; $failures++ ) {
			self::assertLessThanOrEqual( 1800, ( new Schedule() )->site_delay( $failures ) );
		}
	}
}
