<?php
/**
 * WordPress's database connection with values prepared and failures thrown.
 *
 * Only repositories use it. A failed query is neither printed into the page nor
 * written to the log with its values: they may be somebody's data.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Database;

final class Connection {

	/** Transactions, and parts of them, that are open. */
	private int $depth = 0;

	/** Whether a transaction can see what others commit; null while nobody has asked. */
	private ?bool $reads_committed = null;

	/**
	 * @param \wpdb $wpdb WordPress's connection.
	 */
	public function __construct( private readonly \wpdb $wpdb ) {
	}

	/**
	 * The full name of one of the plugin's tables.
	 *
	 * @param string $name Short name: `sites`, `links`, `outbox`…
	 */
	public function table( string $name ): string {
		return $this->wpdb->prefix . 'tandem_' . $name;
	}

	/**
	 * The name of WordPress's user table.
	 */
	public function users(): string {
		return $this->wpdb->users;
	}

	/**
	 * The name of WordPress's table of options.
	 */
	public function options(): string {
		return $this->wpdb->options;
	}

	/**
	 * What stands before the names of this site's own keys in user meta.
	 */
	public function blog_prefix(): string {
		return $this->wpdb->get_blog_prefix();
	}

	/**
	 * The name of WordPress's user meta table.
	 */
	public function usermeta(): string {
		return $this->wpdb->usermeta;
	}

	/**
	 * Runs a statement that changes something.
	 *
	 * @param string                $sql    Statement with `%d`, `%s`, `%f` and `%i`.
	 * @param int|float|string|null ...$values Values in their order; null becomes NULL.
	 * @return int Number of rows that it touched.
	 * @throws Failure When the database refuses it.
	 */
	public function execute( string $sql, int|float|string|null ...$values ): int {
		return (int) $this->guarded( fn (): int|bool => $this->wpdb->query( $this->prepare( $sql, array_values( $values ) ) ) );
	}

	/**
	 * The id that the last INSERT was given.
	 */
	public function insert_id(): int {
		return (int) $this->wpdb->insert_id;
	}

	/**
	 * Reads rows.
	 *
	 * @param string                $sql    Query.
	 * @param int|float|string|null ...$values Values in their order.
	 * @return list<array<string, string|null>>
	 * @throws Failure When the database refuses it.
	 */
	public function rows( string $sql, int|float|string|null ...$values ): array {
		/** @var list<array<string, string|null>> $rows */
		$rows = $this->guarded( fn (): ?array => $this->wpdb->get_results( $this->prepare( $sql, array_values( $values ) ), ARRAY_A ) );
		return $rows;
	}

	/**
	 * Reads one row, or null.
	 *
	 * @param string                $sql    Query.
	 * @param int|float|string|null ...$values Values in their order.
	 * @return array<string, string|null>|null
	 * @throws Failure When the database refuses it.
	 */
	public function row( string $sql, int|float|string|null ...$values ): ?array {
		return $this->rows( $sql, ...$values )[0] ?? null;
	}

	/**
	 * Reads the first column of the first row, or null.
	 *
	 * @param string                $sql    Query.
	 * @param int|float|string|null ...$values Values in their order.
	 * @throws Failure When the database refuses it.
	 */
	public function value( string $sql, int|float|string|null ...$values ): ?string {
		$row = $this->row( $sql, ...$values );
		return null === $row ? null : array_values( $row )[0];
	}

	/**
	 * Whether the server knows `SKIP LOCKED`: MariaDB from 10.6, MySQL from 8.0.1. SQLite locks the whole file anyway.
	 *
	 * @link https://mariadb.com/kb/en/select/#skip-locked
	 * @link https://dev.mysql.com/doc/refman/8.0/en/innodb-locking-reads.html
	 */
	public function passes_over_locked(): bool {
		// Some servers put "5.5.5-" before MariaDB's version, for the sake of old clients.
		$version = (string) preg_replace( '/^5\.5\.5-/', '', $this->wpdb->db_server_info() );
		return version_compare( $version, str_contains( $version, 'MariaDB' ) ? '10.6' : '8.0.1', '>=' );
	}

	/**
	 * Begins a transaction; within one, a part of it that can be taken back by itself.
	 *
	 * @throws Failure When the database refuses it.
	 */
	public function begin(): void {
		$this->execute( 0 === $this->depth ? 'START TRANSACTION' : 'SAVEPOINT tandem_' . $this->depth );
		++$this->depth;
	}

	/**
	 * Ends what was begun last, and keeps what it wrote. What can't be ended so is still to be rolled back.
	 *
	 * @throws Failure When the database refuses it: also where it has ended the transaction by itself (a deadlock, a
	 *                 statement that commits), so that nobody knows what of it was kept.
	 */
	public function commit(): void {
		$this->execute( 1 === $this->depth ? 'COMMIT' : 'RELEASE SAVEPOINT tandem_' . ( $this->depth - 1 ) );
		--$this->depth;
	}

	/**
	 * Ends what was begun last, and takes back what it wrote.
	 *
	 * @throws Failure When the database refuses it.
	 */
	public function roll_back(): void {
		--$this->depth;
		$this->execute( 0 === $this->depth ? 'ROLLBACK' : 'ROLLBACK TO SAVEPOINT tandem_' . $this->depth );
	}

	/**
	 * Takes back all that was begun since, also where the database knows nothing of it any more.
	 *
	 * @param int $depth How much was open then.
	 */
	private function roll_back_to( int $depth ): void {
		while ( $this->depth > $depth ) {
			try {
				$this->roll_back();
			} catch ( Failure ) {
				continue;
			}
		}
	}

	/**
	 * Runs something in one transaction: it is written as a whole or not at all, and with one wait for the disk. Where
	 * the database or somebody else has ended that transaction early, it fails.
	 *
	 * @template T
	 * @param callable(): T $writes What is written.
	 * @return T
	 * @throws Failure When the database refuses it.
	 */
	public function together( callable $writes ): mixed {
		$depth = $this->depth;
		try {
			$this->begin();
			// Only within the same transaction can this be ended.
			$this->begin();
			$result = $writes();
			$this->commit();
			$this->commit();
			return $result;
		} catch ( \Throwable $failure ) {
			$this->roll_back_to( $depth );
			throw $failure;
		}
	}

	/**
	 * Lets the next transaction see what others commit while it runs, as everything outside of transactions does.
	 *
	 * @return bool Whether this server can: where it writes statements into its log for replicas, it refuses to write
	 *              under this isolation, and SQLite has no such thing.
	 * @link https://mariadb.com/kb/en/set-transaction/
	 */
	public function next_reads_committed(): bool {
		if ( $this->depth > 0 ) {
			return false;
		}
		try {
			$this->reads_committed ??= '0' === $this->value( 'SELECT @@log_bin' ) || 'STATEMENT' !== $this->value( 'SELECT @@binlog_format' );
			if ( $this->reads_committed ) {
				$this->execute( 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED' );
			}
		} catch ( Failure ) {
			$this->reads_committed = false;
		}
		return $this->reads_committed;
	}

	/**
	 * Escapes the wildcards of a LIKE pattern.
	 *
	 * @param string $text What is looked for, literally.
	 */
	public function like( string $text ): string {
		return $this->wpdb->esc_like( $text );
	}

	/**
	 * Fills the values in. `wpdb::prepare()` knows no NULL, so those places are written out first.
	 *
	 * @param string                            $sql    Statement.
	 * @param array<int, int|float|string|null> $values Values.
	 */
	private function prepare( string $sql, array $values ): string {
		if ( in_array( null, $values, true ) ) {
			$position = 0;
			$sql      = (string) preg_replace_callback(
				'/%[dsfi]/',
				static function ( array $match ) use ( $values, &$position ): string {
					return array_key_exists( $position, $values ) && null === $values[ $position++ ] ? 'NULL' : $match[0];
				},
				$sql
			);
			$values   = array_values( array_filter( $values, static fn ( int|float|string|null $value ): bool => null !== $value ) );
		}
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- this is the one place where statements are prepared.
		return array() === $values ? $sql : (string) $this->wpdb->prepare( $sql, $values ); // @phpstan-ignore argument.type (repositories put statements together from constants)
	}

	/**
	 * Runs a query without printing or logging its error, and throws it instead.
	 *
	 * @template T
	 * @param callable(): T $query The query.
	 * @return T
	 * @throws Failure When the database refuses it.
	 */
	private function guarded( callable $query ): mixed {
		$shown = $this->wpdb->suppress_errors( true );
		try {
			$result = $query();
		} finally {
			$this->wpdb->suppress_errors( $shown );
		}
		if ( false === $result || null === $result || '' !== $this->wpdb->last_error ) {
			throw new Failure( 'The database refused a query of Tandem User Sync: ' . self::without_values( $this->wpdb->last_error ) );
		}
		return $result;
	}

	/**
	 * An error message of the database without the values that it quotes.
	 *
	 * @param string $message As the database gave it.
	 */
	private static function without_values( string $message ): string {
		return (string) preg_replace( "/'[^']*'/", "'…'", $message );
	}
}
