<?php
/**
 * The property that everything rests on: whatever is edited where, and whatever is lost, repeated, late or reordered on
 * the way, the traffic ends and all sites hold the same.
 *
 * `TANDEM_PROPERTY_RUNS` (300) says how many networks are tried, `TANDEM_PROPERTY_SEED` which one comes first. A failure
 * names its seed, whatever went wrong: with that and one run it comes again. What was tried is said at the end.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\AssertionFailedError;
use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Records;
use Tandem\Tests\TestCase;
use Tandem\Tests\Unit\Sync\Network\Account;
use Tandem\Tests\Unit\Sync\Network\Book;
use Tandem\Tests\Unit\Sync\Network\Dice;
use Tandem\Tests\Unit\Sync\Network\MemoryBook;
use Tandem\Tests\Unit\Sync\Network\Network;
use Tandem\Tests\Unit\Sync\Network\Site;
use Tandem\Tests\Unit\Sync\Network\SiteClock;
use Tandem\Tests\Unit\Sync\Network\TableBook;
use Tandem\Tests\Unit\Sync\Network\Watch;

final class ConvergenceTest extends TestCase {

	/** Seconds after which no new network is begun, unless a number of runs was asked for. */
	private const SECONDS = 5.0;

	/** Networks on real tables: each of their steps is some queries. */
	private const TABLE_RUNS = 2;

	public function test_all_sites_end_in_the_same_state_and_the_traffic_ends(): void {
		$asked = (int) getenv( 'TANDEM_PROPERTY_RUNS' );
		$first = (int) getenv( 'TANDEM_PROPERTY_SEED' ) ?: random_int( 1, 1_000_000_000 );
		$until = microtime( true ) + self::SECONDS;
		$runs  = 0;
		while ( $runs < ( $asked ?: 300 ) && ( $asked > 0 || $runs < 100 || microtime( true ) < $until ) ) {
			$dice = new Dice( $first + $runs );
			$this->run_network( $first + $runs, $dice, static fn ( SiteClock $clock, string $uuid ): Book => new MemoryBook( $clock, $uuid, $dice ) );
			++$runs;
		}
		self::assertGreaterThanOrEqual( min( 100, $asked ?: 100 ), $runs );
		$this->say( "$runs networks, from seed $first" );
	}

	public function test_the_same_with_the_real_tables(): void {
		$first = (int) getenv( 'TANDEM_PROPERTY_SEED' ) ?: random_int( 1, 1_000_000_000 );
		// A change of tables ends a transaction on MariaDB: these are its own, and go again.
		$this->commit();
		$version = get_option( Schema::OPTION );
		for ( $run = 0; $run < self::TABLE_RUNS; $run++ ) {
			$made = array();
			try {
				$this->run_network(
					$first + $run,
					new Dice( $first + $run ),
					static function ( SiteClock $clock, string $uuid ) use ( &$made ): Book {
						// Two copies of one result would both be freed.
						$GLOBALS['wpdb']->flush();
						$wpdb         = clone $GLOBALS['wpdb'];
						$wpdb->prefix = 'site' . count( $made ) . '_';
						$db           = new Connection( $wpdb );
						$made[]       = new Schema( $db, $wpdb );
						update_option( Schema::OPTION, 0 );
						end( $made )->migrate();
						return new TableBook( new Records( $db, $clock, $uuid ) );
					}
				);
				$this->say( 'a network on real tables, seed ' . ( $first + $run ) );
			} finally {
				array_walk( $made, static fn ( Schema $schema ) => $schema->drop() );
				update_option( Schema::OPTION, $version );
			}
		}
	}

	/**
	 * Says which networks were tried, also when all went well: what was not found today can be tried again.
	 */
	private function say( string $what ): void {
		fwrite( STDERR, "\nConvergence: $what.\n" );
	}

	/**
	 * @param int                                 $seed Which network.
	 * @param Dice                                $dice Chance.
	 * @param \Closure( SiteClock, string ): Book $book Makes the records of a site.
	 */
	private function run_network( int $seed, Dice $dice, \Closure $book ): void {
		try {
			$this->happens( $seed, $dice, $book );
		} catch ( AssertionFailedError $failure ) {
			// It names its seed.
			throw $failure;
		} catch ( \Throwable $broken ) {
			throw new \RuntimeException( "seed $seed: " . $broken::class . ': ' . $broken->getMessage(), 0, $broken );
		}
	}

	/**
	 * @param int                                 $seed Which network.
	 * @param Dice                                $dice Chance.
	 * @param \Closure( SiteClock, string ): Book $book Makes the records of a site.
	 */
	private function happens( int $seed, Dice $dice, \Closure $book ): void {
		$shape   = $dice->pick( array( 'pair', 'hub', 'ring', 'mesh' ) );
		$count   = 'pair' === $shape ? 2 : 3 + $dice->below( 3 );
		$name    = "seed $seed, $shape of $count";
		$watch   = new Watch();
		$network = new Network( $dice, $count, Network::shape( $shape, $count ), $watch, $book );
		if ( $dice->says( 50 ) ) {
			$network->populate();
		}
		$network->connect( $dice->pick( array( 50, 100 ) ) );
		for ( $left = 30 + $dice->below( 200 ); $left > 0; $left-- ) {
			$network->happen();
		}
		$network->heal();
		$this->assert_quiet( $network, $name );
		$network->backfill();
		$this->assert_quiet( $network, $name );
		$this->assert_same_everywhere( $network, $name );
		$this->assert_an_edit_wins( $network, $dice, $name );
		$this->assert_a_hook_is_told_on( $network, $dice, $name );
		$this->assert_rehashes_say_nothing( $network, $name );
		self::assertSame( array(), $watch->wrong, "$name: one stamp for two values" );
	}

	/**
	 * The traffic ends, and before long: with four people, at most about ten letters went over a connection in 10,000 tries.
	 */
	private function assert_quiet( Network $network, string $name ): void {
		$network->delivered = 0;
		if ( ! $network->settle_down( 20_000 ) ) {
			self::fail( "$name: no end; still to be delivered:\n" . implode( "\n", $network->left() ) );
		}
		self::assertLessThanOrEqual( 20 * $network->connections() + 20, $network->delivered, "$name: letters until it is quiet" );
	}

	/**
	 * What another plugin's hook makes of somebody while a change of another site is applied arrives everywhere too.
	 */
	private function assert_a_hook_is_told_on( Network $network, Dice $dice, string $name ): void {
		$site = $dice->pick( $network->sites );
		if ( array() === $site->accounts ) {
			return;
		}
		$login   = $dice->pick( $site->accounts )->login;
		$changed = $network->sites[ $dice->pick( $site->peers ) ];
		$account = $changed->by_login( $login );
		self::assertNotNull( $account, $name );
		$changed->edit( $account, array( 'first_name' => 'hooked' ) );
		$site->hooks = 100;
		$this->assert_quiet( $network, $name );
		$site->hooks = 0;
		self::assertStringStartsWith( 'hook ', (string) $site->by_login( $login )?->values['nickname'], "$name: the hook has not run" );
		$this->assert_same_everywhere( $network, $name );
	}

	/**
	 * Core hashes every password anew at log-in on every site: that is no change, and nobody hears of it.
	 */
	private function assert_rehashes_say_nothing( Network $network, string $name ): void {
		$network->delivered = 0;
		foreach ( $network->sites as $site ) {
			foreach ( $site->accounts as $account ) {
				$account->values['password'] = $account->meaning( 'password' ) . "#anew on $site->number";
				$site->look( $account );
			}
		}
		self::assertTrue( $network->settle_down( 2_000 ), "$name: no end after rehashes" );
		self::assertSame( 0, $network->delivered, "$name: letters after rehashes" );
	}

	/**
	 * All sites hold the same people, values, stamps and uids, and nobody who was deleted.
	 */
	private function assert_same_everywhere( Network $network, string $name ): void {
		$dead   = array_merge( ...array_map( static fn ( Site $site ): array => $site->deleted_here, array_values( $network->sites ) ) );
		$states = array();
		foreach ( $network->sites as $site ) {
			$state = array();
			foreach ( $site->accounts as $account ) {
				$record = $site->book->find( $account->id );
				self::assertNotNull( $record, $name );
				foreach ( $site->book->all_uids( $record->uid ) as $uid ) {
					self::assertNotContains( $uid, $dead, "$name: $account->login is back on site $site->number" );
				}
				$fields = array();
				foreach ( Account::FIELDS as $field ) {
					$fields[ $field ] = array( $account->meaning( $field ), (string) $record->stamp( $field ) );
				}
				$state[ $account->login ] = array( 'uid' => $record->uid, 'fields' => $fields );
			}
			ksort( $state );
			$states[ $site->number ] = $state;
		}
		foreach ( $states as $number => $state ) {
			self::assertSame( $states[1], $state, "$name: sites 1 and $number differ" );
		}
		foreach ( $network->sites as $site ) {
			foreach ( $site->peers as $peer ) {
				foreach ( $site->accounts as $account ) {
					$there = $network->sites[ $peer ]->by_login( $account->login );
					self::assertSame( $there?->id, $site->links[ $peer ][ $account->id ] ?? null, "$name: link of $account->login from $site->number to $peer" );
				}
			}
		}
	}

	/**
	 * A change that was made after all others, on a site whose clock may be hours behind, is what all sites hold then.
	 */
	private function assert_an_edit_wins( Network $network, Dice $dice, string $name ): void {
		$site = $dice->pick( $network->sites );
		if ( array() === $site->accounts ) {
			return;
		}
		$account = $dice->pick( $site->accounts );
		$values  = array( 'first_name' => 'the last', 'roles' => array( 'last' ), 'password' => 'the last#1', 'tag:gold' => null, 'tag:vip' => '1' );
		$site->edit( $account, $values );
		$network->delivered = 0;
		self::assertTrue( $network->settle_down( 2_000 ), "$name: no end after the last edit" );
		foreach ( $network->sites as $other ) {
			$there = $other->by_login( $account->login );
			self::assertEquals( $values, array_intersect_key( $there->values ?? array(), $values ), "$name: the last edit is not on site $other->number" );
		}
		// Each site tells each of its own once at most, and nobody says anything twice.
		self::assertLessThanOrEqual( $network->connections(), $network->delivered, "$name: letters for one edit" );
		$this->assert_same_everywhere( $network, $name );
	}
}
