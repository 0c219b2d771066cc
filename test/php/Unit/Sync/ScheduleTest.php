<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\Schedule;

final class ScheduleTest extends TestCase {

	public function test_at_least_twelve_tries_over_at_least_a_week(): void {
		$schedule = new Schedule();
		$shortest = 0;
		$tries    = 1;
		while ( null !== $schedule->delay( $tries ) ) {
			$delays    = array_map( static fn (): int => (int) $schedule->delay( $tries ), range( 1, 200 ) );
			$shortest += min( $delays );
			++$tries;
		}
		self::assertGreaterThanOrEqual( 12, $tries );
		self::assertGreaterThan( 7 * 86400, $shortest, 'Even when jitter makes every wait its shortest.' );
	}

	public function test_the_first_retry_is_a_matter_of_seconds(): void {
		for ( $i = 0; $i < 100; $i++ ) {
			self::assertLessThanOrEqual( 5, ( new Schedule() )->delay( 1 ) );
			self::assertGreaterThanOrEqual( 1, ( new Schedule() )->delay( 1 ) );
		}
	}

	public function test_what_the_remote_asks_for_is_obeyed(): void {
		self::assertSame( 900, ( new Schedule() )->delay( 1, 900 ) );
		self::assertSame( 900, ( new Schedule() )->site_delay( 1, 900 ) );
	}

	public function test_a_site_that_is_away_is_looked_at_at_least_every_half_hour(): void {
		for ( $failures = 1; $failures < 50; $failures++ ) {
			self::assertLessThanOrEqual( 1800, ( new Schedule() )->site_delay( $failures ) );
		}
	}
}
