<?php
/**
 * Listens to the plugin's statements, and asks the database how it carries each of them out just before it does.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

use Tandem\Database\Connection;

final class Statements {

	/** @var array<string, Statement> */
	private array $found = array();

	/** @var array<int, true> Call sites that were reached. */
	private array $reached = array();

	private bool $asks = false;

	/**
	 * @param \wpdb                                                           $wpdb  Connection that runs them.
	 * @param list<array{file: string, from: int, to: int, method: string}> $sites See `CallSites::all()`.
	 */
	public function __construct( private \wpdb $wpdb, private readonly array $sites ) {
		add_filter( 'query', array( $this, 'see' ), PHP_INT_MAX );
	}

	/**
	 * Listens no longer.
	 */
	public function stop(): void {
		remove_filter( 'query', array( $this, 'see' ), PHP_INT_MAX );
	}

	/**
	 * Another connection runs them from now on.
	 *
	 * @param \wpdb $wpdb Connection.
	 */
	public function run_by( \wpdb $wpdb ): void {
		$this->wpdb = $wpdb;
	}

	/**
	 * What was seen, by method and statement.
	 *
	 * @return list<Statement>
	 */
	public function all(): array {
		ksort( $this->found );
		return array_values( $this->found );
	}

	/**
	 * Places in the source that nobody came by.
	 *
	 * @return list<string>
	 */
	public function missed(): array {
		$missed = array();
		foreach ( $this->sites as $index => $site ) {
			if ( ! isset( $this->reached[ $index ] ) ) {
				$missed[] = "{$site['method']} (line {$site['from']})";
			}
		}
		return $missed;
	}

	/**
	 * Filter `query`.
	 *
	 * @param string $sql SQL.
	 */
	public function see( string $sql ): string {
		$caller = $this->asks ? null : $this->caller();
		if ( null !== $caller && 1 === preg_match( '/^\s*(SELECT|INSERT|UPDATE|DELETE)\b/', $sql ) ) {
			$short = Statement::in_short( $sql, $this->wpdb->prefix );
			// The same statement with other values may be carried out in another way.
			$statement = new Statement( $caller, $short, $this->plan( $sql ) );
			$known     = $this->found[ "$caller $short" ] ?? null;
			if ( null === $known || array() !== $statement->scans() || array() === $known->keys() ) {
				$this->found[ "$caller $short" ] = $statement;
			}
		}
		return $sql;
	}

	/**
	 * Who runs a statement through the plugin's connection.
	 *
	 * @return string|null Method; null when it is WordPress.
	 */
	private function caller(): ?string {
		$found = null;
		foreach ( debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS, 12 ) as $frame ) {
			$is_connection = Connection::class === ( $frame['class'] ?? '' ) && in_array( $frame['function'], CallSites::METHODS, true );
			if ( null !== $found && ! $is_connection ) {
				break;
			}
			// `value()` asks `row()`, which asks `rows()`: the last one is who was called from outside.
			$found = $is_connection ? $frame : null;
		}
		if ( null === $found || ! isset( $found['file'], $found['line'] ) ) {
			return null;
		}
		foreach ( $this->sites as $index => $site ) {
			if ( realpath( $found['file'] ) === $site['file'] && $found['line'] >= $site['from'] && $found['line'] <= $site['to'] ) {
				$this->reached[ $index ] = true;
				return $site['method'];
			}
		}
		return basename( $found['file'], '.php' );
	}

	/**
	 * How the database would carry a statement out.
	 *
	 * @param string $sql SQL.
	 * @return list<array<string, string|null>>
	 */
	private function plan( string $sql ): array {
		if ( 1 === preg_match( '/^\s*INSERT\b(?!.*\bSELECT\b)/s', $sql ) ) {
			return array();
		}
		$this->asks = true;
		try {
			$plan = $this->wpdb->get_results( "EXPLAIN $sql", ARRAY_A );
			if ( '' !== $this->wpdb->last_error || ! is_array( $plan ) ) {
				throw new \RuntimeException( "{$this->wpdb->last_error}: $sql" );
			}
			return $plan;
		} finally {
			$this->asks = false;
		}
	}
}
