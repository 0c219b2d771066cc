<?php
/**
 * People of one message in one transaction, and what other plugins' hooks do within it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Batch;
use Tandem\Peer\UserResult;

final class BatchTest extends PeerTestCase {

	/** @var list<string> What was said to the database of transactions. */
	private array $said = array();

	protected function setUp(): void {
		parent::setUp();
		// The test is in a transaction of its own, in which the isolation can't be chosen any more.
		add_filter(
			'query',
			function ( string $query ): string {
				if ( str_starts_with( $query, 'SET TRANSACTION' ) ) {
					return 'SELECT 1';
				}
				if ( 1 === preg_match( '/^(START|COMMIT|ROLLBACK$)/', $query ) ) {
					$this->said[] = $query;
				}
				return $query;
			},
			1
		);
		if ( ! $this->db->next_reads_committed() ) {
			self::markTestSkipped( 'This database writes one after the other.' );
		}
	}

	/**
	 * Six people come in one message.
	 *
	 * @param Batch|null $batch What writes them; as it is made for messages when null.
	 * @return list<UserResult>
	 */
	private function come( ?Batch $batch = null ): array {
		$people = array();
		foreach ( range( 1, 6 ) as $n ) {
			$person   = $this->newcomer(
				array( 'user_email' => "many$n@b.test" ),
				array(
					'ref'   => 500 + $n,
					'uid'   => $this->uid( 500 + $n ),
					'login' => "many$n",
				)
			);
			$people[] = fn (): UserResult => $this->receive( $person );
		}
		return ( $batch ?? new Batch( $this->db, many: 1 ) )->apply( $people );
	}

	/**
	 * Everybody is here once, linked, and has a record.
	 *
	 * @param list<UserResult> $results What came of it.
	 */
	private function assert_all_are_here( array $results ): void {
		self::assertCount( 6, $results );
		wp_cache_flush();
		foreach ( $results as $place => $result ) {
			$n = $place + 1;
			self::assertSame( '', $result->code, $result->message );
			$found = get_users( array( 'search' => "many$n@b.test" ) );
			self::assertCount( 1, $found );
			self::assertSame( $result->id, $found[0]->ID );
			self::assertSame( array( "many$n", 'Maria', array( 'subscriber' ) ), array( $found[0]->user_login, $found[0]->first_name, $found[0]->roles ) );
			self::assertSame( 500 + $n, $this->plugin->links()->find( $this->site->id, $result->id )?->remote_id );
			self::assertSame( $this->uid( 500 + $n ), $this->plugin->records()->find( $result->id )?->uid );
		}
	}

	public function test_where_there_are_few_users_nobody_is_kept_from_saving_by_one_transaction_for_all(): void {
		$begun = fn (): int => count( array_keys( $this->said, 'START TRANSACTION', true ) );
		$this->assert_all_are_here( $this->come( new Batch( $this->db, 60.0, 60.0 ) ) );
		self::assertSame( 6, $begun(), 'For the row of each account and whose it is, not for their meta.' );
		$users = count( get_users( array( 'fields' => 'ID' ) ) );
		foreach ( array( array( $users + 1, 0 ), array( $users, 1 ) ) as list( $many, $expected ) ) {
			$this->said = array();
			$this->come( new Batch( $this->db, 60.0, 60.0, $many ) );
			self::assertSame( $expected, $begun() );
		}
	}

	public function test_they_are_written_in_one_transaction_and_counted_once(): void {
		$counted = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$counted ): string {
				$counted += (int) str_contains( $query, 'COUNT(ID) as c' );
				return $query;
			}
		);
		$hooks = $this->calls( 'user_register' );
		// With time enough, however busy this machine is.
		$results = $this->come( new Batch( $this->db, 60.0, 60.0, 1 ) );
		$this->assert_all_are_here( $results );
		self::assertSame( array( 'created' ), array_values( array_unique( array_map( static fn ( UserResult $result ): string => $result->result, $results ) ) ) );
		self::assertSame( array( 'START TRANSACTION', 'COMMIT' ), $this->said );
		self::assertCount( 6, $hooks );
		self::assertSame( 1, $counted );
		self::assertSame( 10, has_action( 'user_register', 'wp_maybe_update_user_counts' ) );
	}

	/**
	 * @dataProvider ends
	 * @param string $statement What a plugin's hook says to the database.
	 */
	public function test_a_hook_that_ends_the_transaction_loses_and_doubles_nobody( string $statement ): void {
		$calls = 0;
		add_action(
			'user_register',
			static function () use ( &$calls, $statement ): void {
				if ( 3 === ++$calls ) {
					$GLOBALS['wpdb']->query( $statement );
				}
			}
		);
		$this->assert_all_are_here( $this->come() );
		$this->said = array();
		$this->db->together( static fn (): bool => true );
		self::assertSame( array( 'START TRANSACTION', 'COMMIT' ), $this->said, 'None is left open.' );
	}

	/** @return array<string, list<string>> */
	public static function ends(): array {
		return array(
			'it commits'                              => array( 'COMMIT' ),
			'it takes everything back, as a deadlock' => array( 'ROLLBACK' ),
		);
	}

	public function test_whom_it_fails_for_is_done_alone(): void {
		$calls = 0;
		add_action(
			'user_register',
			static function () use ( &$calls ): void {
				if ( 2 === ++$calls ) {
					throw new \RuntimeException( 'A listener fails.' );
				}
			}
		);
		$this->assert_all_are_here( $this->come() );
	}

	public function test_a_slow_hook_runs_in_no_transaction_from_the_second_person_on(): void {
		$waited = false;
		add_action(
			'user_register',
			static function () use ( &$waited ): void {
				if ( ! $waited ) {
					$waited = true;
					usleep( 300_000 );
				}
			}
		);
		$this->assert_all_are_here( $this->come() );
		// Each account and its link are one transaction still; here only the first had one around it.
		self::assertSame( array( 'START TRANSACTION', 'COMMIT', ...array_merge( ...array_fill( 0, 5, array( 'START TRANSACTION', 'COMMIT' ) ) ) ), $this->said );
	}

	public function test_it_can_be_switched_off(): void {
		add_filter( 'tandem_apply_together', '__return_false' );
		$this->assert_all_are_here( $this->come() );
		self::assertCount( 12, $this->said );
	}
}
