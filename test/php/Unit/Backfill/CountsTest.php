<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Backfill;

use PHPUnit\Framework\TestCase;
use Tandem\Backfill\Counts;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Options;
use Tandem\Backfill\Progress;

final class CountsTest extends TestCase {

	public function test_people_are_counted_by_finding_and_by_progress(): void {
		$counts = new Counts(
			array(
				''         => array( '' => 100 ),
				'already'  => array( '' => 7 ),
				'link'     => array( '' => 1, 'done' => 2 ),
				'create'   => array( '' => 4, 'queued' => 8, 'done' => 16, 'failed' => 32 ),
				'conflict' => array( '' => 64, 'queued' => 128, 'ignored' => 256 ),
			)
		);
		self::assertSame( array( 3, 60, 448, 0 ), array( $counts->of( Finding::Link ), $counts->of( Finding::Create ), $counts->of( Finding::Conflict ), $counts->of( Finding::Left ) ) );
		self::assertSame( 64, $counts->of( Finding::Conflict, Progress::Open ) );
		self::assertSame( array( 5, 136, 306, 32 ), array( $counts->to_do( new Options() ), $counts->queued(), $counts->ended(), $counts->failed() ) );
	}
}
