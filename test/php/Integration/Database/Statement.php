<?php
/**
 * A statement of the plugin, and how the database carries it out.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

final class Statement {

	/**
	 * @param string                           $method Where it comes from, as `Sync\Outbox::claim`.
	 * @param string                           $sql    In short: no values, no lists of columns, tables by their short names.
	 * @param list<array<string, string|null>> $plan   Rows of EXPLAIN; none for an INSERT of values.
	 */
	public function __construct( public readonly string $method, public readonly string $sql, public readonly array $plan ) {
	}

	/**
	 * Puts a statement in short.
	 *
	 * @param string $sql    As it was run.
	 * @param string $prefix Prefix of the tables.
	 */
	public static function in_short( string $sql, string $prefix ): string {
		$steps = array(
			"/'(?:[^'\\\\]|\\\\.|'')*'/"                   => '?',
			"/`{$prefix}tandem_(\\w+)`/"                   => '$1',
			"/`{$prefix}(\\w+)`/"                          => 'wp_$1',
			'/\s+/'                                        => ' ',
			'/\b\d+\b/'                                    => '?',
			'/(\( ?\?(, \?)+ ?\))(, ?\( ?\?(, \?)+ ?\))*/' => '(…)',
			'/\( \? \)/'                                   => '(…)',
			'/(INTO \w+) \([^)]*\)/'                       => '$1 (…)',
			'/SELECT (?!DISTINCT|COUNT|MAX|MIN|\?)[^()]{30,}? FROM/' => 'SELECT … FROM',
			'/SET (?:(?! WHERE ).){50,} WHERE/'            => 'SET … WHERE',
			'/\|/'                                         => '\\|',
		);
		return trim( (string) preg_replace( array_keys( $steps ), array_values( $steps ), $sql ) );
	}

	/**
	 * The tables that are read from one end to the other.
	 *
	 * @return list<string>
	 */
	public function scans(): array {
		$scans = array();
		foreach ( $this->plan as $step ) {
			// What is in <angle brackets> is the result of another step.
			if ( ! str_starts_with( (string) $step['table'], '<' ) && ( 'ALL' === $step['type'] || ( 'index' === $step['type'] && ! $this->ends_early( $step ) ) ) ) {
				$scans[] = "{$step['table']} ({$step['type']}, {$step['rows']} rows)";
			}
		}
		return $scans;
	}

	/**
	 * Whether a walk along an index ends after the rows that are asked for: there is a LIMIT, and it counts each row, or
	 * the index is one that finds the rows (`possible_keys`). A LIMIT after a condition on another column ends nothing:
	 * where no row fits, all are read. In a statement within a statement the walk is done for each row, or for all; only
	 * the page of a list that others are joined to (`FROM ( SELECT … LIMIT … )`, "derived") ends as one alone does.
	 *
	 * @param array<string, string|null> $step Step of the plan.
	 */
	private function ends_early( array $step ): bool {
		$is_bounded  = ! str_contains( (string) $step['Extra'], 'Using where' ) || in_array( $step['key'], explode( ',', (string) $step['possible_keys'] ), true );
		$is_one_walk = 'DERIVED' === $step['select_type'] || 1 >= substr_count( $this->sql, 'SELECT ' );
		return str_contains( $this->sql, ' LIMIT ' ) && $is_one_walk && $is_bounded;
	}

	/**
	 * The indexes that serve it, with the table's alias where there are several.
	 *
	 * @return list<string>
	 */
	public function keys(): array {
		return self::named( array_filter( $this->plan, static fn ( array $step ): bool => null !== $step['key'] && ! str_starts_with( (string) $step['table'], '<' ) ), static fn ( array $step ): array => explode( ',', (string) $step['key'] ) );
	}

	/**
	 * The indexes that could serve it: which of them is quickest is for the database to say, and may be another one tomorrow.
	 *
	 * @return list<string>
	 */
	public function possible_keys(): array {
		return self::named( $this->plan, static fn ( array $step ): array => array_values( array_filter( explode( ',', $step['possible_keys'] . ',' . $step['key'] ) ) ) );
	}

	/**
	 * Names of indexes.
	 *
	 * @param array<array<string, string|null>>                   $steps Steps of the plan.
	 * @param \Closure( array<string, string|null> ): list<string> $of    Indexes of a step.
	 * @return list<string>
	 */
	private static function named( array $steps, \Closure $of ): array {
		$names = array();
		foreach ( $steps as $step ) {
			foreach ( $of( $step ) as $key ) {
				// Tables have long names where the statement gives them no short one.
				$names[] = 1 === preg_match( '/^[a-z]$/', (string) $step['table'] ) ? "{$step['table']}.$key" : $key;
			}
		}
		return array_values( array_unique( $names ) );
	}
}
