<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Backfill;

use PHPUnit\Framework\TestCase;
use Tandem\Backfill\Backfill;
use Tandem\Backfill\State;

final class BackfillTest extends TestCase {

	public function test_the_rate_is_what_the_last_minute_brought(): void {
		self::assertSame( 20.0, $this->backfill( State::Matching, array( 1000 => 0, 1010 => 200 ) )->rate( 1010 ) );
	}

	public function test_the_rate_falls_while_nothing_moves_and_is_zero_after_a_minute(): void {
		$backfill = $this->backfill( State::Running, array( 1000 => 0, 1010 => 200 ) );
		self::assertSame( 10.0, $backfill->rate( 1020 ) );
		self::assertSame( 0.0, $backfill->rate( 1080 ) );
	}

	public function test_what_is_older_than_a_minute_does_not_count(): void {
		self::assertSame( 1.0, $this->backfill( State::Running, array( 100 => 0, 1000 => 5000, 1010 => 5010 ) )->rate( 1010 ) );
	}

	public function test_one_sample_is_no_rate(): void {
		self::assertSame( 0.0, $this->backfill( State::Running, array( 1000 => 200 ) )->rate( 1000 ) );
	}

	/**
	 * @testWith ["paused"]
	 *           ["ready"]
	 *           ["done"]
	 */
	public function test_what_does_not_run_has_no_rate( string $state ): void {
		self::assertSame( 0.0, $this->backfill( State::from( $state ), array( 1000 => 0, 1010 => 200 ) )->rate( 1010 ) );
	}

	public function test_done_is_the_last_sample(): void {
		self::assertSame( 200, $this->backfill( State::Paused, array( 1000 => 0, 1010 => 200 ) )->done() );
		self::assertSame( 0, $this->backfill( State::Indexing, array() )->done() );
	}

	/**
	 * A backfill.
	 *
	 * @param State           $state   Its state.
	 * @param array<int, int> $samples Steps done by second.
	 */
	private function backfill( State $state, array $samples ): Backfill {
		return new Backfill( 1, 2, $state, null, '', '', 900, 0, 0, 0, $samples );
	}
}
