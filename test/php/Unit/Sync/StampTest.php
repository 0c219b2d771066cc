<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\Stamp;

final class StampTest extends TestCase {

	private const A = '0b7e1111-1111-4111-8111-111111111111';
	private const B = 'ffff2222-2222-4222-8222-222222222222';

	public function test_it_travels_as_thirteen_digits_and_the_site(): void {
		self::assertSame( '0000000000042-' . self::A, (string) new Stamp( 42, self::A ) );
		self::assertEquals( new Stamp( 42, self::A ), Stamp::from_string( '0000000000042-' . self::A ) );
		self::assertSame( '0000000000000-00000000-0000-0000-0000-000000000000', (string) Stamp::zero() );
	}

	/**
	 * @dataProvider malformed
	 */
	public function test_what_is_no_stamp_is_refused( string $text ): void {
		self::assertNull( Stamp::from_string( $text ) );
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function malformed(): array {
		return array(
			'nothing'            => array( '' ),
			'too few digits'     => array( '42-' . self::A ),
			'too many digits'    => array( '01800000000000-' . self::A ),
			'no site'            => array( '1800000000000-' ),
			'capital letters'    => array( '1800000000000-' . strtoupper( self::A ) ),
			'a line feed'        => array( '1800000000000-' . self::A . "\n" ),
			'after 2100'         => array( '4102444800001-' . self::A ),
			'the end of time'    => array( '9999999999999-' . self::A ),
			'something in front' => array( ' 1800000000000-' . self::A ),
		);
	}

	public function test_2100_is_still_believed(): void {
		self::assertNotNull( Stamp::from_string( '4102444800000-' . self::A ) );
	}

	public function test_a_change_is_newer_than_what_it_replaces_whatever_the_clock_says(): void {
		$first = Stamp::next( null, 1_800_000_000_000, self::B );
		self::assertSame( 1_800_000_000_000, $first->ms );
		foreach ( array( 1_800_000_000_000, 1_700_000_000_000, 0 ) as $now ) {
			$next = Stamp::next( $first, $now, self::A );
			self::assertTrue( $next->is_newer_than( $first ), "at $now" );
			self::assertSame( self::A, $next->site );
		}
		self::assertSame( 1_900_000_000_000, Stamp::next( $first, 1_900_000_000_000, self::A )->ms );
	}

	public function test_two_sites_in_the_same_millisecond_agree_who_was_later(): void {
		$a = new Stamp( 5, self::A );
		$b = new Stamp( 5, self::B );
		self::assertTrue( $b->is_newer_than( $a ) );
		self::assertFalse( $a->is_newer_than( $b ) );
	}

	public function test_a_stamp_is_not_newer_than_itself(): void {
		self::assertFalse( ( new Stamp( 5, self::A ) )->is_newer_than( new Stamp( 5, self::A ) ) );
		self::assertFalse( Stamp::zero()->is_newer_than( Stamp::zero() ) );
	}

	public function test_anything_is_newer_than_nothing_and_any_change_than_never(): void {
		self::assertTrue( Stamp::zero()->is_newer_than( null ) );
		self::assertTrue( Stamp::next( Stamp::zero(), 0, self::A )->is_newer_than( Stamp::zero() ) );
	}
}
