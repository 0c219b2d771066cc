<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\BatchSize;

final class BatchSizeTest extends TestCase {

	public function test_it_grows_while_the_site_is_quick_up_to_what_the_site_takes(): void {
		$size = new BatchSize();
		$sent = array();
		for ( $i = 0; $i < 6; $i++ ) {
			$sent[] = $size->next( 200 );
			$size->answered( $size->next( 200 ), 0.5 );
		}
		self::assertSame( array( 10, 20, 40, 80, 160, 200 ), $sent );
	}

	public function test_few_people_say_nothing_about_more(): void {
		$size = new BatchSize();
		$size->answered( 3, 0.1 );
		self::assertSame( 10, $size->next( 200 ) );
	}

	public function test_it_is_halved_where_it_takes_long_or_fails(): void {
		$size = new BatchSize();
		$size->answered( 10, 0.5 );
		$size->answered( 20, 6.0 );
		self::assertSame( 10, $size->next( 200 ) );
		$size->answered( 10, 3.0 );
		self::assertSame( 10, $size->next( 200 ) );
		$size->failed( 10 );
		self::assertSame( 5, $size->next( 200 ) );
		$size->failed( 1 );
		self::assertSame( 1, $size->next( 200 ) );
		$size->answered( 1, 0.5 );
		self::assertSame( 2, $size->next( 200 ) );
	}

	public function test_what_was_too_much_is_not_dared_again_soon(): void {
		$size = new BatchSize( 20 );
		$size->answered( 20, 0.5 );
		self::assertSame( 40, $size->next( 200 ) );
		$size->failed( 40 );
		for ( $quick = 1; $quick < 20; $quick++ ) {
			$size->answered( 20, 0.5 );
			self::assertSame( 20, $size->next( 200 ) );
		}
		$size->answered( 20, 0.5 );
		self::assertSame( 40, $size->next( 200 ) );
	}

	public function test_a_lane_that_comes_late_does_not_undo_what_another_has_learned(): void {
		$size = new BatchSize();
		$size->failed( 4 );
		$size->failed( 10 );
		self::assertSame( 2, $size->next( 200 ) );
	}
}
