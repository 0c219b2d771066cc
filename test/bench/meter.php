<?php
/**
 * Must-use plugin of the benchmark's sites: counts the plugin's queries, takes the time of a request, and writes down
 * how much memory it took. It knows nothing of the plugin but the beginning of its classes' names.
 *
 * What a request is asked for stands in its header `X-Bench`: `count` and `time`; `without` leaves the plugin out.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Bench;

defined( 'ABSPATH' ) || exit;

final class Meter {

	/** @var list<array{by: string, when: string, sql: string}> */
	private array $queries = array();

	private float $cpu;

	/**
	 * @param list<string> $asked What the request is asked for.
	 * @param float        $start When it began, Unix seconds.
	 */
	public function __construct( private readonly array $asked, private readonly float $start ) {
		$this->cpu = self::cpu();
	}

	public function attach(): void {
		if ( in_array( 'without', $this->asked, true ) ) {
			add_filter( 'option_active_plugins', static fn ( array $plugins ): array => array_values( array_filter( $plugins, static fn ( string $file ): bool => ! str_starts_with( $file, 'tandem-user-sync/' ) ) ) );
		}
		if ( in_array( 'count', $this->asked, true ) ) {
			add_filter( 'query', array( $this, 'see' ), PHP_INT_MAX );
			add_action( 'shutdown', array( $this, 'write_queries' ), PHP_INT_MAX );
		}
		if ( in_array( 'time', $this->asked, true ) ) {
			// Before the plugin sends the answer on its way and begins to deliver.
			add_action( 'shutdown', array( $this, 'write_time' ), 999 );
		}
		if ( defined( 'SAVEQUERIES' ) && SAVEQUERIES ) {
			add_action( 'shutdown', array( $this, 'write_slowest' ), PHP_INT_MAX );
		}
		if ( defined( 'TANDEM_BENCH_MEMORY' ) ) {
			add_action( 'shutdown', array( $this, 'write_memory' ), PHP_INT_MAX );
		}
	}

	/**
	 * Filter `query`: whether the plugin is behind it. Deliveries after the answer are not counted.
	 *
	 * @param string $sql SQL.
	 */
	public function see( string $sql ): string {
		$by   = '';
		$when = 'before';
		foreach ( debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS ) as $frame ) {
			$class = $frame['class'] ?? '';
			if ( ! self::is_plugin( $class ) ) {
				continue;
			}
			if ( '' === $by && 'Tandem\Database\Connection' !== $class ) {
				$by = substr( $class, strlen( 'Tandem\\' ) ) . '::' . $frame['function'];
			}
			if ( 'Tandem\Sync\Dispatcher' === $class ) {
				$when = 'delivery';
			} elseif ( 'Tandem\Sync\Worker' === $class && 'after_response' === $frame['function'] && 'before' === $when ) {
				$when = 'after';
			}
		}
		if ( 'delivery' !== $when ) {
			// Also those that WordPress sends without the plugin: what it sends only earlier is nothing that is added.
			$this->queries[] = array(
				'by'   => $by,
				'when' => $when,
				'sql'  => trim( (string) preg_replace( array( "/'(?:[^'\\\\]|\\\\.)*'/", '/\s+/' ), array( '?', ' ' ), $sql ) ),
			);
		}
		return $sql;
	}

	public function write_queries(): void {
		$this->write( array( 'queries' => $this->queries ) );
	}

	public function write_time(): void {
		$this->write(
			array(
				'wall' => ( microtime( true ) - $this->start ) * 1000,
				'cpu'  => ( self::cpu() - $this->cpu ) * 1000,
			)
		);
	}

	/**
	 * The plugin's slowest query, by WordPress's own record of them.
	 */
	public function write_slowest(): void {
		$slowest = array( '', 0.0 );
		$count   = 0;
		foreach ( $GLOBALS['wpdb']->queries as $query ) {
			if ( str_contains( (string) $query[2], 'Tandem\\' ) ) {
				++$count;
				$slowest = $query[1] > $slowest[1] ? $query : $slowest;
			}
		}
		$this->write(
			array(
				'queries' => $count,
				'slowest' => $slowest[1] * 1000,
				'sql'     => trim( (string) preg_replace( '/\s+/', ' ', $slowest[0] ) ),
			)
		);
	}

	public function write_memory(): void {
		$this->write( array( 'memory' => memory_get_peak_usage() ) );
	}

	/**
	 * Processor time of this process so far, seconds.
	 */
	private static function cpu(): float {
		$used = (array) getrusage();
		return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] + ( $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'] ) / 1_000_000;
	}

	private static function is_plugin( string $name ): bool {
		return str_starts_with( $name, 'Tandem\\' ) && ! str_starts_with( $name, 'Tandem\Bench\\' ) && ! str_starts_with( $name, 'Tandem\Tests\\' );
	}

	/**
	 * Writes a line down.
	 *
	 * @param array<string, mixed> $what What was measured.
	 */
	private function write( array $what ): void {
		$line = array(
			'uri'   => 'cli' === PHP_SAPI ? 'cli' : (string) ( $_SERVER['REQUEST_URI'] ?? '' ),
			'asked' => implode( ' ', $this->asked ),
		);
		file_put_contents( WP_CONTENT_DIR . '/bench.jsonl', wp_json_encode( $line + $what ) . "\n", FILE_APPEND | LOCK_EX );
	}
}

( new Meter( array_values( array_filter( explode( ' ', (string) ( $_SERVER['HTTP_X_BENCH'] ?? '' ) ) ) ), (float) ( $_SERVER['REQUEST_TIME_FLOAT'] ?? microtime( true ) ) ) )->attach();
