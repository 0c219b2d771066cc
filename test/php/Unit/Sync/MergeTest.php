<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\Fate;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Mark;
use Tandem\Sync\Merge;
use Tandem\Sync\Record;
use Tandem\Sync\Stamp;

final class MergeTest extends TestCase {

	private const HERE  = '0b7e1111-1111-4111-8111-111111111111';
	private const THERE = 'ffff2222-2222-4222-8222-222222222222';

	private static function there( int $ms ): Stamp {
		return new Stamp( $ms, self::THERE );
	}

	/**
	 * @param array<string, int> $times Milliseconds by field.
	 */
	private static function record( array $times ): Record {
		return new Record( 41, 'u', array_map( static fn ( int $ms ): Mark => new Mark( 0 === $ms ? Stamp::zero() : self::there( $ms ), 'held' ), $times ), null, 1 );
	}

	private static function tombstone(): Record {
		return new Record( 0, 'u', array(), self::there( 9 ), 1 );
	}

	public function test_only_what_is_newer_is_wanted(): void {
		$here     = self::record( array( 'older' => 5, 'equal' => 5, 'newer' => 5 ) );
		$incoming = array( 'older' => self::there( 6 ), 'equal' => self::there( 5 ), 'newer' => self::there( 4 ), 'unknown' => self::there( 1 ), '5' => self::there( 1 ) );
		self::assertSame( array( 'older', 'unknown', '5' ), Merge::wanted( $here, $incoming ) );
		self::assertSame( array( 'newer' ), Merge::newer_here( $here, $incoming ) );
	}

	public function test_what_was_never_changed_is_wanted_only_for_a_new_person(): void {
		$incoming = array( 'first_name' => Stamp::zero() );
		self::assertSame( array( 'first_name' ), Merge::wanted( null, $incoming ) );
		self::assertSame( array(), Merge::wanted( self::record( array() ), $incoming ) );
		self::assertSame( array(), Merge::newer_here( null, $incoming ) );
	}

	public function test_nothing_is_wanted_for_somebody_who_was_deleted(): void {
		self::assertSame( array(), Merge::wanted( self::tombstone(), array( 'first_name' => self::there( 99 ) ) ) );
		self::assertSame( array(), Merge::newer_here( self::tombstone(), array( 'first_name' => self::there( 1 ) ) ) );
	}

	public function test_what_a_message_means_for_a_person(): void {
		$alive = self::record( array() );
		$gone  = self::tombstone();
		self::assertSame( Fate::Unknown, Merge::fate( null, null, false ) );
		self::assertSame( Fate::Known, Merge::fate( $alive, null, false ) );
		self::assertSame( Fate::Known, Merge::fate( null, $alive, false ) );
		self::assertSame( Fate::Gone, Merge::fate( null, $gone, false ) );
		self::assertSame( Fate::Gone, Merge::fate( null, null, true ) );
		self::assertSame( Fate::Remove, Merge::fate( $alive, null, true ) );
		self::assertSame( Fate::Remove, Merge::fate( $alive, $gone, false ), 'linked with somebody who was deleted under the uid that they have there' );
	}

	public function test_of_two_uids_the_smaller_stays(): void {
		self::assertSame( self::HERE, Merge::uid( self::HERE, self::THERE ) );
		self::assertSame( self::HERE, Merge::uid( self::THERE, self::HERE ) );
	}

	public function test_what_came_from_a_site_goes_to_the_others_and_what_is_newer_goes_back(): void {
		$onward = Merge::onward( 1, array( 1, 2, 3 ), array( 'roles' ), array( 'nickname' ), array( 'locale' ), true );
		self::assertSame( array( 'locale', 'nickname' ), $onward[1]->names );
		self::assertSame( array( 'nickname', 'roles', FieldSet::UID ), $onward[2]->names );
		self::assertEquals( $onward[2], $onward[3] );
		self::assertSame( array(), Merge::onward( 1, array( 1, 2 ), array(), array(), array(), false ) );
	}

	public function test_whoever_named_only_some_of_the_uids_of_somebody_who_was_deleted_hears_of_the_others(): void {
		self::assertSame( array( 2, 3 ), Merge::hear_of_deletion( 1, array( 1, 2, 3 ), array( 'a' ), array( 'a', 'b' ) ) );
		self::assertSame( array( 1, 2, 3 ), Merge::hear_of_deletion( 1, array( 1, 2, 3 ), array( 'a', 'b' ), array( 'b' ) ) );
	}

	/**
	 * Settles one field.
	 *
	 * @param Mark|null    $held    As last seen.
	 * @param string       $digest  Now.
	 * @param list<string> $touched What somebody says.
	 * @param string       $field   Which.
	 */
	private static function settle( ?Mark $held, string $digest, array $touched = array(), string $field = 'first_name' ): Mark {
		list( $marks, $renewed ) = Merge::settled( null === $held ? array() : array( $field => $held ), array( $field => $digest ), $touched, 100, self::HERE );
		$is_new                  = (string) $marks[ $field ]->stamp !== (string) ( $held->stamp ?? Stamp::zero() );
		self::assertSame( $is_new ? array( $field ) : array(), $renewed );
		self::assertSame( $digest, $marks[ $field ]->digest );
		return $marks[ $field ];
	}

	public function test_a_value_that_is_not_the_one_last_seen_is_a_change_even_if_nobody_says_so(): void {
		self::assertEquals( new Stamp( 100, self::HERE ), self::settle( new Mark( self::there( 5 ), 'a' ), 'b' )->stamp );
		self::assertEquals( new Stamp( 100, self::HERE ), self::settle( new Mark( Stamp::zero(), 'a' ), 'b' )->stamp );
		self::assertEquals( new Stamp( 6001, self::HERE ), self::settle( new Mark( self::there( 6000 ), 'a' ), 'b' )->stamp );
	}

	public function test_a_value_that_is_the_one_last_seen_keeps_its_stamp_even_if_somebody_touched_it(): void {
		$held = new Mark( self::there( 5 ), 'a' );
		self::assertEquals( $held, self::settle( $held, 'a' ) );
		self::assertEquals( $held, self::settle( $held, 'a', array( FieldSet::ALL ) ) );
		self::assertEquals( $held, self::settle( $held, 'a', array( FieldSet::PASSWORD ), FieldSet::PASSWORD ) );
	}

	public function test_what_was_never_changed_gets_a_stamp_when_it_is_touched(): void {
		$now = new Stamp( 100, self::HERE );
		self::assertTrue( self::settle( null, 'a' )->stamp->is_zero() );
		self::assertEquals( $now, self::settle( null, 'a', array( 'first_name' ) )->stamp );
		self::assertEquals( $now, self::settle( null, 'a', array( FieldSet::ALL ) )->stamp );
		self::assertEquals( $now, self::settle( new Mark( Stamp::zero(), 'a' ), 'a', array( FieldSet::ALL ) )->stamp );
		self::assertTrue( self::settle( null, 'a', array( 'last_name' ) )->stamp->is_zero() );
	}

	public function test_another_hash_is_no_change_of_the_password_unless_somebody_says_so(): void {
		foreach ( array( new Mark( self::there( 5 ), 'a' ), new Mark( Stamp::zero(), 'a' ), new Mark( self::there( 5 ), Mark::UNKNOWN ) ) as $held ) {
			$marks = array( FieldSet::PASSWORD => $held );
			// Also the digest stays: the process that has changed the password may be about to say so.
			self::assertEquals( array( $marks, array() ), Merge::settled( $marks, array( FieldSet::PASSWORD => 'b' ), array( FieldSet::ALL ), 100, self::HERE ) );
			self::assertEquals( new Stamp( 100, self::HERE ), self::settle( $held, 'b', array( FieldSet::PASSWORD ), FieldSet::PASSWORD )->stamp );
		}
	}

	public function test_a_value_that_was_not_seen_when_it_was_stamped_is_no_change_when_it_is(): void {
		$held = new Mark( self::there( 5 ), Mark::UNKNOWN );
		self::assertEquals( $held->stamp, self::settle( $held, 'a' )->stamp );
		self::assertEquals( new Stamp( 100, self::HERE ), self::settle( $held, 'a', array( 'first_name' ) )->stamp );
	}

	public function test_a_field_that_was_not_read_stays_as_it_is(): void {
		$held = array( 'meta:phone' => new Mark( self::there( 5 ), 'a' ) );
		self::assertEquals( array( $held, array() ), Merge::settled( $held, array(), array( FieldSet::ALL ), 100, self::HERE ) );
	}

	public function test_applying_keeps_the_stamp_and_takes_the_digest_of_what_is_held(): void {
		list( $marks, $changed ) = Merge::applied( array( 'first_name' => new Mark( self::there( 5 ), 'a' ) ), array( 'first_name' => 'sanitized' ), array( 'first_name' => self::there( 6 ) ), 100, self::HERE );
		self::assertEquals( new Mark( self::there( 6 ), 'sanitized' ), $marks['first_name'] );
		self::assertSame( array(), $changed );
	}

	public function test_what_a_hook_of_another_plugin_changes_while_applying_is_a_change_of_this_site(): void {
		$held                    = array( 'display_name' => new Mark( self::there( 5 ), 'a' ), 'nickname' => new Mark( self::there( 5 ), 'n' ) );
		list( $marks, $changed ) = Merge::applied( $held, array( 'first_name' => 'f', 'display_name' => 'b', 'nickname' => 'n' ), array( 'first_name' => self::there( 6 ) ), 100, self::HERE );
		self::assertSame( array( 'display_name' ), $changed );
		self::assertEquals( new Stamp( 100, self::HERE ), $marks['display_name']->stamp );
		self::assertEquals( $held['nickname'], $marks['nickname'] );
		self::assertEquals( self::there( 6 ), $marks['first_name']->stamp );
	}

	public function test_a_process_that_writes_an_older_value_over_a_newer_one_has_made_a_change(): void {
		foreach ( array( 'first_name', FieldSet::PASSWORD ) as $field ) {
			$held                    = array( $field => new Mark( self::there( 9 ), 'newer' ) );
			list( $marks, $changed ) = Merge::applied( $held, array( $field => 'older' ), array( $field => self::there( 6 ) ), 1, self::HERE );
			self::assertSame( array( $field ), $changed );
			self::assertEquals( new Mark( new Stamp( 10, self::HERE ), 'older' ), $marks[ $field ] );
			self::assertEquals( array( $held, array() ), Merge::applied( $held, array( $field => 'newer' ), array( $field => self::there( 6 ) ), 1, self::HERE ) );
		}
	}

	public function test_a_digest_does_not_depend_on_the_order_of_keys_but_on_everything_else(): void {
		self::assertSame( Mark::digest( array( 'a' => 1, 'b' => array( 'c' => 2, 'd' => 3 ) ) ), Mark::digest( array( 'b' => array( 'd' => 3, 'c' => 2 ), 'a' => 1 ) ) );
		$values = array( null, '', '0', 0, false, array(), array( '' ), 'é', "\xE9", "\xE8", array( 1, 2 ), array( 2, 1 ), 1.5, NAN, new \ArrayObject( array( 1 ) ), new \ArrayObject( array( 2 ) ) );
		self::assertCount( count( $values ), array_unique( array_map( array( Mark::class, 'digest' ), $values ) ) );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{16}$/D', Mark::digest( 'x' ) );
	}
}
