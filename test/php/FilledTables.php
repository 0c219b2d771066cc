<?php
/**
 * Many people and everything that the plugin keeps of them, written by SQL: 100,000 rows of each table in seconds.
 *
 * For questions of size (is there an index, does anything grow) in PHPUnit and in the benchmark's lab. MariaDB only:
 * the rows come from its sequences.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests;

use Tandem\Database\Connection;
use Tandem\Database\Schema;

final class FilledTables {

	/** The site that everybody is linked with, and that half of the queue and of the record is about. */
	public const BUSY_SITE = 1;

	/** Of this backfill and this verification there are people. */
	public const JOB = 1;

	/**
	 * @param \wpdb $wpdb  Its prefix says which tables.
	 * @param int   $rows  How many users, links, rows of the outbox, of the activity and of a backfill.
	 * @param int   $sites How many remote sites.
	 * @param int   $now   The time now, Unix seconds.
	 */
	public function __construct( private readonly \wpdb $wpdb, private readonly int $rows, private readonly int $sites, private readonly int $now ) {
	}

	/**
	 * Makes empty tables of WordPress and of the plugin under a prefix of their own, with the options of the site.
	 *
	 * @param string $from Prefix of the tables that are there.
	 */
	public function make( string $from ): void {
		foreach ( $this->wpdb->tables( 'all', false ) as $table ) {
			$this->run( "CREATE TABLE {$this->wpdb->prefix}$table LIKE $from$table" );
		}
		$this->run( "INSERT INTO {$this->wpdb->options} SELECT * FROM {$from}options" );
		$this->run( "UPDATE {$this->wpdb->options} SET option_name = '{$this->wpdb->prefix}user_roles' WHERE option_name = '{$from}user_roles'" );
		$this->run( "INSERT INTO {$this->wpdb->users} SELECT * FROM {$from}users" );
		wp_cache_flush();
		( new Schema( new Connection( $this->wpdb ), $this->wpdb ) )->make();
	}

	/**
	 * Removes what `make()` made.
	 */
	public function drop(): void {
		foreach ( $this->wpdb->get_col( "SHOW TABLES LIKE '{$this->wpdb->prefix}%'" ) as $table ) {
			$this->run( "DROP TABLE `$table`" );
		}
		wp_cache_flush();
	}

	/**
	 * The user in the middle: linked, due, on record.
	 */
	public function somebody(): int {
		return $this->first_user() + intdiv( $this->rows, 2 );
	}

	/**
	 * Writes the rows, and lets the database learn how many there are.
	 */
	public function fill(): void {
		$first = (int) $this->wpdb->get_var( "SELECT MAX(ID) FROM {$this->wpdb->users}" );
		$this->run( 'SET @tandem_first = ' . $first );
		foreach ( array( $this->people(), $this->peers(), $this->traffic(), $this->jobs() ) as $statements ) {
			$this->run( 'START TRANSACTION' );
			foreach ( $statements as $statement ) {
				$this->run( $statement );
			}
			$this->run( 'COMMIT' );
		}
		foreach ( $this->wpdb->get_col( "SHOW TABLES LIKE '{$this->wpdb->prefix}%'" ) as $table ) {
			$this->wpdb->get_results( "ANALYZE TABLE `$table`" );
		}
		wp_cache_flush();
	}

	/**
	 * Accounts, as an import leaves them.
	 *
	 * @return list<string>
	 */
	private function people(): array {
		$role       = serialize( array( 'subscriber' => true ) );
		$statements = array(
			"INSERT INTO {$this->wpdb->users} (ID, user_login, user_pass, user_nicename, user_email, user_registered, display_name)
				SELECT @tandem_first + seq, CONCAT( 'crowd', seq ), '\$wp\$2y\$10\$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345', CONCAT( 'crowd', seq ), CONCAT( 'crowd', seq, '@crowd.test' ), FROM_UNIXTIME( 1577836800 + seq ), CONCAT( 'Person ', seq ) FROM {$this->sequence()}",
		);
		foreach ( array( $this->wpdb->prefix . 'capabilities' => $role, 'first_name' => 'First', 'last_name' => 'Last', 'nickname' => 'nick', 'description' => '' ) as $key => $value ) {
			$statements[] = "INSERT INTO {$this->wpdb->usermeta} (user_id, meta_key, meta_value) SELECT @tandem_first + seq, '$key', '$value' FROM {$this->sequence()}";
		}
		$statements[] = "INSERT INTO {$this->table( 'users' )} (user_id, uid, marks)
			SELECT @tandem_first + seq, {$this->uid( '1111' )}, CONCAT( '{\"first_name\":[\"1700000000000-aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa\",\"', MD5( seq ), '\"]}' ) FROM {$this->sequence()}";
		$statements[] = "INSERT INTO {$this->table( 'users' )} (uid, same_as, marks) SELECT {$this->uid( '2222' )}, {$this->uid( '1111' )}, '{}' FROM {$this->sequence( 10 )}";
		$statements[] = "INSERT INTO {$this->table( 'users' )} (uid, marks, deleted, deleted_at) SELECT {$this->uid( '3333' )}, '{}', '1700000000000-aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', $this->now - seq FROM {$this->sequence( 10 )}";
		return $statements;
	}

	/**
	 * Sites, links, and what paired sites left.
	 *
	 * @return list<string>
	 */
	private function peers(): array {
		return array(
			"INSERT INTO {$this->table( 'sites' )} (id, name, url, rest_url, credential, settings, problem, connected_at, uuid, pairing, policy)
				SELECT seq, CONCAT( 'Site ', seq ), CONCAT( 'https://site', seq, '.test' ), CONCAT( 'https://site', seq, '.test/wp-json/' ), '', '{}', '', $this->now - 864000, CONCAT( LPAD( HEX( seq ), 8, '0' ), '-4444-4111-8111-111111111111' ), '', '' FROM seq_1_to_$this->sites",
			"INSERT INTO {$this->table( 'links' )} (site_id, user_id, remote_id, remote_login, linked_at) SELECT " . self::BUSY_SITE . ", @tandem_first + seq, 1000000 + seq, CONCAT( 'crowd', seq ), $this->now - 864000 FROM {$this->sequence()}",
			"INSERT INTO {$this->table( 'links' )} (site_id, user_id, remote_id, remote_login, linked_at) SELECT {$this->other_site()}, @tandem_first + seq, 2000000 + seq, CONCAT( 'crowd', seq ), $this->now - 864000 FROM {$this->sequence( 4 )}",
			"INSERT INTO {$this->table( 'messages' )} (site_id, message, at) SELECT {$this->site()}, MD5( seq ), $this->now - seq MOD 1200 FROM {$this->sequence()}",
			"INSERT INTO {$this->table( 'hooks' )} (slug, name, secret, access_key, settings, last_request, last_at) SELECT MD5( seq ), CONCAT( 'Hook ', seq ), '', CASE WHEN seq MOD 5 THEN '' ELSE SHA2( seq, 256 ) END, '{}', '', $this->now - seq * 3600 FROM seq_1_to_$this->sites",
			"INSERT INTO {$this->table( 'hook_answers' )} (hook_id, message, at, answer) SELECT {$this->site()}, SHA2( seq, 256 ), $this->now - seq MOD 86400, '{}' FROM {$this->sequence()}",
			"INSERT INTO {$this->table( 'approvals' )} (site_id, ref, user_id, token, email, asked_at) SELECT {$this->site()}, 1000000 + seq, @tandem_first + seq, '', CONCAT( 'crowd', seq, '@crowd.test' ), $this->now - seq FROM {$this->sequence( 4 )}",
			"INSERT INTO {$this->table( 'removals' )} (site_id, user_id, at) SELECT {$this->site()}, @tandem_first + seq, $this->now - seq MOD 3600 FROM {$this->sequence( 4 )}",
		);
	}

	/**
	 * The queue and the record.
	 *
	 * @return list<string>
	 */
	private function traffic(): array {
		return array(
			// Of a hundred, 90 are due (half of them later, as after a failure), 8 wait for a decision and 2 for an answer by mail.
			"INSERT INTO {$this->table( 'outbox' )} (site_id, user_id, state, fields, secret, secret_expires_at, due_at, first_at, code, message, details)
				SELECT {$this->site()}, @tandem_first + seq, CASE WHEN seq MOD 100 < 90 THEN 'due' WHEN seq MOD 100 < 98 THEN 'attention' ELSE 'confirm' END, '[\"first_name\"]', '', CASE WHEN seq MOD 50 = 0 THEN $this->now + seq ELSE 0 END,
				CASE WHEN seq MOD 2 THEN $this->now - seq ELSE $this->now + seq END, $this->now - 86400 - seq, CASE WHEN seq MOD 100 < 50 THEN '' ELSE 'timeout' END, '', '{}' FROM {$this->sequence()}",
			// Guests of two months.
			"INSERT INTO {$this->table( 'guests' )} (email, order_id, ordered_at) SELECT CONCAT( 'crowd', seq, '@guests.test' ), seq, $this->now - seq * " . 120 * DAY_IN_SECONDS . " DIV $this->rows FROM {$this->sequence( 2 )}",
			// Codes of a minute in which everybody logs in.
			"INSERT INTO {$this->table( 'logins' )} (code, site_id, user_id, state, good_until) SELECT SHA2( seq, 256 ), {$this->site()}, @tandem_first + seq, SHA2( - seq, 256 ), $this->now + seq MOD 60 FROM {$this->sequence()}",
			// What rules have given, two things to each of a quarter of the people.
			"INSERT INTO {$this->table( 'grants' )} (site_id, user_id, thing, deed, target, reasons, stamp) SELECT {$this->site()}, @tandem_first + 1 + seq DIV 2, MD5( seq MOD 2 ), 'enrol', CONCAT( 'learndash/course:', seq MOD 2 ), CONCAT( '{\"1|order:', seq, ':item:1\":1700000000}' ), '1700000000000-aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' FROM {$this->sequence( 2 )}",
			// The record of a month.
			"INSERT INTO {$this->table( 'activity' )} (at, site_id, user_id, username, email, direction, action, result, fields, attempts, took, message, warnings)
				SELECT $this->now - ( $this->rows - seq ) * " . 30 * DAY_IN_SECONDS . " DIV $this->rows, {$this->site()}, @tandem_first + 1 + ( seq * 7919 ) MOD $this->rows, CONCAT( 'crowd', 1 + ( seq * 7919 ) MOD $this->rows ), CONCAT( 'crowd', 1 + ( seq * 7919 ) MOD $this->rows, '@crowd.test' ), CASE WHEN seq MOD 5 THEN 'out' ELSE 'in' END,
				ELT( 1 + seq MOD 7, 'create', 'update', 'update', 'update', 'delete', 'link', 'update' ), CASE WHEN seq MOD 100 < 90 THEN 'success' WHEN seq MOD 100 < 95 THEN 'retrying' WHEN seq MOD 100 < 98 THEN 'attention' ELSE 'refused' END, '[\"first_name\"]', 1, 200 + seq MOD 1000, '', '[]' FROM {$this->sequence()}",
		);
	}

	/**
	 * Backfills and verifications: as many old ones as are kept, and one with people.
	 *
	 * @return list<string>
	 */
	private function jobs(): array {
		$jobs = 'seq_1_to_' . 20 * $this->sites;
		return array(
			"INSERT INTO {$this->table( 'backfills' )} (id, site_id, state, problem, rates, options) SELECT seq, 1 + ( seq - 1 ) MOD $this->sites, CASE seq WHEN 1 THEN 'running' ELSE 'done' END, '', '[]', '{}' FROM $jobs",
			// Of a hundred, 20 are on record, and of the rest some wait for a decision and some are on their way.
			"INSERT INTO {$this->table( 'backfill_items' )} (backfill_id, user_id, remote_id, email, username, roles, outcome, decision, result, message, mailbox, remark)
				SELECT " . self::JOB . ", @tandem_first + seq, 1000000 + seq, CONCAT( 'crowd', seq, '@crowd.test' ), CONCAT( 'crowd', seq ), '[]', CASE WHEN seq MOD 100 < 60 THEN 'create' WHEN seq MOD 100 < 90 THEN 'link' ELSE 'conflict' END, '', CASE WHEN seq MOD 100 < 20 THEN 'done' WHEN seq MOD 500 = 50 THEN 'queued' ELSE '' END, '', CONCAT( 'crowd', seq, '@crowd.test' ), '' FROM {$this->sequence()}",
			"INSERT INTO {$this->table( 'backfill_items' )} (backfill_id, remote_id, email, username, roles, message, remark) SELECT 2, 1000000 + seq, CONCAT( 'crowd', seq, '@crowd.test' ), CONCAT( 'crowd', seq ), '[]', '', '' FROM {$this->sequence( 2 )}",
			"INSERT INTO {$this->table( 'verifications' )} (id, site_id, state, problem) SELECT seq, 1 + ( seq - 1 ) MOD $this->sites, CASE seq WHEN 1 THEN 'repairing' ELSE 'done' END, '' FROM $jobs",
			"INSERT INTO {$this->table( 'verify_findings' )} (verification_id, user_id, remote_id, kind, fields, mending) SELECT 1 + seq MOD 20, @tandem_first + seq, 1000000 + seq, 'differs', '{}', CASE WHEN seq MOD 3 THEN 'open' ELSE 'wanted' END FROM {$this->sequence( 2 )}",
		);
	}

	/**
	 * A table of numbers.
	 *
	 * @param int $part One for so many people.
	 */
	private function sequence( int $part = 1 ): string {
		return 'seq_1_to_' . max( 1, intdiv( $this->rows, $part ) );
	}

	/**
	 * SQL for the site of a row: half of them are about the busy one.
	 */
	private function site(): string {
		return 'CASE WHEN seq MOD 2 THEN ' . self::BUSY_SITE . " ELSE {$this->other_site()} END";
	}

	/**
	 * SQL for one of the other sites.
	 */
	private function other_site(): string {
		return '2 + ( seq DIV 2 ) MOD ' . ( $this->sites - 1 );
	}

	/**
	 * SQL for a uid.
	 *
	 * @param string $kind Four digits.
	 */
	private function uid( string $kind ): string {
		return "CONCAT( LPAD( LOWER( HEX( seq ) ), 8, '0' ), '-$kind-4111-8111-111111111111' )";
	}

	/**
	 * The name of one of the plugin's tables.
	 *
	 * @param string $name Short name.
	 */
	private function table( string $name ): string {
		return $this->wpdb->prefix . 'tandem_' . $name;
	}

	/**
	 * The id of the first of them.
	 */
	private function first_user(): int {
		return (int) $this->wpdb->get_var( "SELECT MIN(user_id) FROM {$this->table( 'users' )}" );
	}

	/**
	 * Runs a statement.
	 *
	 * @param string $sql Statement.
	 */
	private function run( string $sql ): void {
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- put together from constants and numbers.
		if ( false === $this->wpdb->query( $sql ) ) {
			throw new \RuntimeException( "{$this->wpdb->last_error}: $sql" );
		}
	}
}
