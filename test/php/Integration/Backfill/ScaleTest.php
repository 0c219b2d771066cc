<?php
/**
 * What a backfill of very many people costs: each piece the same, however many there are.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\CsvReport;
use Tandem\Backfill\Finding;
use Tandem\Backfill\State;

final class ScaleTest extends BackfillTestCase {

	private const PEOPLE = 4000;

	public function test_comparing_needs_the_same_memory_and_queries_for_each_piece(): void {
		$ids      = $this->crowd( self::PEOPLE );
		$backfill = $this->compared_with( 'crowd', self::PEOPLE );
		$memory   = array();
		$queries  = array();
		while ( State::Matching === $this->backfills->get( $backfill )->state ) {
			$before = $GLOBALS['wpdb']->num_queries;
			$this->plugin->backfill()->step( 0.0 );
			$queries[] = $GLOBALS['wpdb']->num_queries - $before;
			gc_collect_cycles();
			$memory[] = memory_get_usage();
		}
		self::assertSame( self::PEOPLE / 2, $this->findings( $this->backfills->get( $backfill ) )['link'] );
		self::assertSame( self::PEOPLE / 2, $this->findings( $this->backfills->get( $backfill ) )['create'] );
		self::assertCount( self::PEOPLE, $ids );

		// The first pieces load classes and options, the last one is short.
		$whole = array_slice( $queries, 2, 16 );
		self::assertLessThanOrEqual( 5 * 200 + 30, max( $whole ), 'Queries for a piece of 200 people.' );
		self::assertLessThanOrEqual( 5, max( $whole ) - min( $whole ), 'Later pieces need as many queries as early ones.' );
		self::assertLessThan( 300_000, $memory[17] - $memory[2], 'Memory that 3,000 people have left behind.' );
	}

	public function test_the_report_of_many_people_is_read_in_pieces(): void {
		$this->crowd( self::PEOPLE );
		$backfill = $this->compared_with( 'crowd', self::PEOPLE );
		$this->steps();
		$rows  = 0;
		$early = 0;
		foreach ( ( new CsvReport( $this->items ) )->rows( $backfill ) as $row ) {
			++$rows;
			if ( 1000 === $rows ) {
				$early = memory_get_usage();
			}
		}
		self::assertGreaterThan( self::PEOPLE, $rows );
		self::assertLessThan( 300_000, memory_get_usage() - $early, 'Memory that 3,000 rows have left behind.' );
	}

	public function test_carrying_out_needs_the_same_memory_for_each_piece(): void {
		$this->crowd( self::PEOPLE );
		$backfill = $this->compared_with( 'crowd', self::PEOPLE );
		$this->steps();
		$this->plugin->backfill()->run( $backfill );
		$memory  = array();
		$queries = array();
		for ( $piece = 0; $piece < 18; $piece++ ) {
			$before = $GLOBALS['wpdb']->num_queries;
			$this->plugin->backfill()->step( 0.0 );
			$queries[] = $GLOBALS['wpdb']->num_queries - $before;
			gc_collect_cycles();
			$memory[] = memory_get_usage();
		}
		self::assertSame( 1800, $this->counts( $this->backfills->get( $backfill ) )->of( Finding::Link, \Tandem\Backfill\Progress::Done ) );
		self::assertLessThanOrEqual( 5, max( array_slice( $queries, 2 ) ) - min( array_slice( $queries, 2 ) ) );
		self::assertLessThan( 300_000, $memory[17] - $memory[2], 'Memory that 1,500 people have left behind.' );
	}

	/**
	 * A backfill whose index is read: accounts of a crowd, every other one with the address of somebody here.
	 *
	 * @param string $prefix Beginning of the usernames here.
	 * @param int    $count  How many accounts.
	 * @return int Its id.
	 */
	private function compared_with( string $prefix, int $count ): int {
		global $wpdb;
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		foreach ( array_chunk( range( 1, $count ), 500 ) as $numbers ) {
			$rows = implode( ',', array_map( static fn ( int $n ): string => sprintf( "(%d,0,%d,'%s@a.test','there%d','','[]','')", $id, 100_000 + $n, 0 === $n % 2 ? "$prefix$n" : "stranger$n", $n ), $numbers ) );
			$wpdb->query( "INSERT INTO {$wpdb->prefix}tandem_backfill_items (backfill_id,user_id,remote_id,email,username,name,roles,message) VALUES $rows" );
		}
		$wpdb->update( $wpdb->prefix . 'tandem_backfills', array( 'state' => 'matching', 'position' => 0, 'total' => $count ), array( 'id' => $id ) );
		return $id;
	}
}
