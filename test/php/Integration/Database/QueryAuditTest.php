<?php
/**
 * No statement of the plugin reads a whole table, and docs/architecture.md names the index of each.
 *
 * `TANDEM_WRITE_DOCS=1 npx tsx test/php/run.ts --db=mariadb --filter=QueryAudit` writes the table there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

use Tandem\Database\Connection;
use Tandem\Plugin;
use Tandem\Tests\FilledTables;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class QueryAuditTest extends TestCase {

	/** Enough that a scan is never the quickest way. */
	private const ROWS = 3_000;

	private const PAGE  = __DIR__ . '/../../../../docs/architecture.md';
	private const BEGIN = '<!-- statements -->';
	private const END   = '<!-- /statements -->';

	/** Statements that may read a whole table: method, what it contains, and why. */
	private const ALLOWED = array(
		array( 'Activity\Log::count', 'FROM activity a', 'a person looks at all of the record' ),
		array( 'Backfill\Matcher::total', 'FROM wp_users', 'once for a backfill' ),
		array( 'Capture\FirstLooks::at', 'FROM sites s LEFT JOIN links l', 'all of a table of some hundred rows at most, the others by their keys' ),
		array( 'Peer\Accounts::page', 'FROM wp_users', 'only while a backfill reads who is there' ),
		array( 'Remote\Links::all_counts', 'FROM links', 'a person looks at all sites' ),
		array( 'Remote\Sites::all', 'FROM sites ORDER BY id', 'all of a table of some hundred rows at most' ),
		array( 'Remote\Sites::clock_was_set_back', 'UPDATE sites', 'all of a table of some hundred rows at most' ),
		array( 'Webhook\Hooks::all', 'FROM hooks ORDER BY id', 'all of a table of some hundred rows at most' ),
		array( 'Webhook\Hooks::switch_off', 'UPDATE hooks', 'all of a table of some hundred rows at most' ),
		array( 'Sync\Outbox::all_counts', 'FROM outbox', 'a person looks at all sites' ),
		array( 'Sync\Outbox::clock_was_set_back', 'UPDATE outbox', 'once, after the clock was set back; most rows are concerned' ),
		array( 'Sync\Outbox::retry_all', 'WHERE code > ? AND state IN (…)', 'a person retries all; most rows are concerned' ),
	);

	private FixedClock $clock;
	private FilledTables $tables;
	private string $prefix = '';

	protected function setUp(): void {
		parent::setUp();
		if ( '' === (string) getenv( 'TANDEM_TEST_SOCKET' ) ) {
			self::markTestSkipped( 'EXPLAIN tells the keys on MariaDB; the SQLite integration has its own form of it.' );
		}
		global $wpdb;
		$this->commit();
		$this->prefix = $wpdb->prefix;
		$wpdb->set_prefix( 'audit_' );
		$this->clock  = new FixedClock( time() );
		$this->tables = new FilledTables( $wpdb, self::ROWS, 50, $this->clock->now );
		$this->tables->drop();
		$this->tables->make( $this->prefix );
		$this->tables->fill();
	}

	protected function tearDown(): void {
		global $wpdb;
		if ( '' !== $this->prefix ) {
			$this->tables->drop();
			$wpdb->set_prefix( $this->prefix );
		}
		parent::tearDown();
	}

	public function test_every_statement_is_on_an_index_and_listed_with_it(): void {
		global $wpdb;
		$statements = new Statements( $wpdb, CallSites::all() );
		( new Walk( new Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $wpdb, $this->clock ), $wpdb, $this->clock, $this->tables->somebody() ) )->all();

		self::assertSame( array(), $statements->missed(), 'Add these to test/php/Integration/Database/Walk.php.' );
		self::assertSame( array(), self::problems( $statements->all() ) );
		self::assertSame( array(), self::unused_permissions( $statements->all() ), 'These no longer read a whole table.' );
		if ( '1' === getenv( 'TANDEM_WRITE_DOCS' ) ) {
			self::write( $statements->all() );
		}
		$this->compare_with_page( $statements->all() );
	}

	public function test_a_statement_that_reads_a_whole_table_is_found(): void {
		global $wpdb;
		$statements = new Statements( $wpdb, array() );
		$db         = new Connection( $wpdb );
		$db->value( 'SELECT COUNT(*) FROM %i WHERE message = %s', $db->table( 'activity' ), 'x' );
		$db->execute( 'UPDATE %i SET attempts = 0 WHERE opened_at > %d', $db->table( 'outbox' ), 1 );
		$db->rows( 'SELECT id FROM %i WHERE user_id = %d AND site_id = %d', $db->table( 'links' ), $this->tables->somebody(), 1 );

		$problems = self::problems( $statements->all() );
		self::assertCount( 2, $problems, implode( "\n", $problems ) );
		self::assertStringContainsString( 'SELECT COUNT(*) FROM activity WHERE message = ?', $problems[0] );
		self::assertStringContainsString( 'UPDATE outbox SET attempts = ? WHERE opened_at > ?', $problems[1] );
	}

	public function test_a_walk_along_an_index_in_search_of_something_else_is_found(): void {
		global $wpdb;
		$statements = new Statements( $wpdb, array() );
		$db         = new Connection( $wpdb );
		$db->value( 'SELECT id FROM %i WHERE message = %s ORDER BY id LIMIT 1', $db->table( 'activity' ), 'x' );
		$db->rows( 'SELECT g.id FROM %i g WHERE NOT EXISTS ( SELECT 1 FROM %i o WHERE o.user_id = g.id + %d ) ORDER BY g.id LIMIT 10', $db->table( 'guests' ), $db->table( 'outbox' ), 5 );
		$db->rows( 'SELECT id FROM %i ORDER BY id LIMIT 20', $db->table( 'activity' ) );
		$db->rows( 'SELECT id FROM %i WHERE id > %d ORDER BY id LIMIT 20', $db->table( 'activity' ), 1 );

		$problems = self::problems( $statements->all() );
		self::assertCount( 2, $problems, implode( "\n", $problems ) );
		self::assertStringContainsString( 'SELECT id FROM activity WHERE message = ?', implode( "\n", $problems ) );
		self::assertStringContainsString( 'FROM guests g WHERE NOT EXISTS', implode( "\n", $problems ) );
	}

	/**
	 * Statements that read a whole table and may not.
	 *
	 * @param list<Statement> $statements Statements.
	 * @return list<string>
	 */
	private static function problems( array $statements ): array {
		$problems = array();
		foreach ( $statements as $statement ) {
			if ( array() !== $statement->scans() && null === self::reason( $statement ) ) {
				$problems[] = "$statement->method: $statement->sql reads all of " . implode( ', ', $statement->scans() );
			}
		}
		return $problems;
	}

	/**
	 * Why a statement may read a whole table, or null.
	 *
	 * @param Statement $statement Statement.
	 */
	private static function reason( Statement $statement ): ?string {
		foreach ( self::ALLOWED as list( $method, $part, $why ) ) {
			if ( $method === $statement->method && str_contains( $statement->sql, $part ) ) {
				return $why;
			}
		}
		return null;
	}

	/**
	 * Permissions that nobody needs.
	 *
	 * @param list<Statement> $statements Statements.
	 * @return list<string>
	 */
	private static function unused_permissions( array $statements ): array {
		$used = array();
		foreach ( $statements as $statement ) {
			if ( array() !== $statement->scans() ) {
				foreach ( self::ALLOWED as list( $method, $part ) ) {
					if ( $method === $statement->method && str_contains( $statement->sql, $part ) ) {
						$used[] = "$method $part";
					}
				}
			}
		}
		return array_values( array_diff( array_map( static fn ( array $allowed ): string => "$allowed[0] $allowed[1]", self::ALLOWED ), $used ) );
	}

	/**
	 * The cell that says what serves a statement.
	 *
	 * @param Statement $statement Statement.
	 */
	private static function served_by( Statement $statement ): string {
		$keys = implode( ', ', array_map( static fn ( string $key ): string => "`$key`", $statement->keys() ) );
		if ( array() !== $statement->scans() ) {
			return 'reads all: ' . self::reason( $statement );
		}
		return match ( true ) {
			'' !== $keys                               => $keys,
			str_starts_with( $statement->sql, 'INSERT' ) => 'adds',
			default                                    => 'the end of an index',
		};
	}

	/**
	 * Puts the table into the page.
	 *
	 * @param list<Statement> $statements Statements.
	 */
	private static function write( array $statements ): void {
		$rows = array_map( static fn ( Statement $statement ): string => "| `$statement->method` | `$statement->sql` | " . self::served_by( $statement ) . ' |', $statements );
		$text = self::BEGIN . "\n| where | statement | served by |\n|---|---|---|\n" . implode( "\n", $rows ) . "\n" . self::END;
		$page = (string) file_get_contents( self::PAGE );
		file_put_contents( self::PAGE, preg_replace_callback( '/' . preg_quote( self::BEGIN, '/' ) . '.*' . preg_quote( self::END, '/' ) . '/s', static fn (): string => $text, $page ) );
	}

	/**
	 * The page lists these statements and no others, each with an index that can serve it.
	 *
	 * @param list<Statement> $statements Statements.
	 */
	private function compare_with_page( array $statements ): void {
		$page = (string) file_get_contents( self::PAGE );
		self::assertSame( 1, preg_match( '/' . preg_quote( self::BEGIN, '/' ) . '(.*)' . preg_quote( self::END, '/' ) . '/s', $page, $part ) );
		preg_match_all( '/^\| `([^`]+)` \| `([^`]+)` \| (.+) \|$/m', $part[1], $rows, PREG_SET_ORDER );
		$listed = array();
		foreach ( $rows as list( , $method, $sql, $served ) ) {
			$listed[ "$method: $sql" ] = $served;
		}
		$is = array_map( static fn ( Statement $statement ): string => "$statement->method: $statement->sql", $statements );
		self::assertSame( array( 'not on the page' => array(), 'no longer in the code' => array() ), array( 'not on the page' => array_values( array_diff( $is, array_keys( $listed ) ) ), 'no longer in the code' => array_values( array_diff( array_keys( $listed ), $is ) ) ), 'TANDEM_WRITE_DOCS=1 npx tsx test/php/run.ts --db=mariadb --filter=QueryAudit' );
		foreach ( $statements as $statement ) {
			$served = $listed[ "$statement->method: $statement->sql" ];
			preg_match_all( '/`([^`]+)`/', $served, $keys );
			if ( array() === $keys[1] ) {
				self::assertSame( self::served_by( $statement ), $served, $statement->sql );
			}
			self::assertSame( array(), array_values( array_diff( $keys[1], $statement->possible_keys() ) ), "$statement->sql can't use what docs/architecture.md says." );
		}
	}
}
