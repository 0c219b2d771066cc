<?php
/**
 * Checks a value against a type of admin-src/types.ts, so that PHP answers what the page expects.
 *
 * Knows as much TypeScript as that file uses: interfaces, unions, literals,
 * lists, nested objects, `Partial<>`, `Record<>` and `Type[ 'key' ]`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use RuntimeException;

final class TypeScriptContract {

	/** @var array<string, string> Type expressions by name. */
	private array $types = array();

	public function __construct() {
		$source = (string) file_get_contents( dirname( __DIR__, 4 ) . '/admin-src/types.ts' );
		$source = (string) preg_replace( array( '#/\*.*?\*/#s', '#//[^\n]*#' ), '', $source );
		preg_match_all( '/export (?:interface (\w+) (?=\{)|type (\w+) =)/', $source, $found, PREG_OFFSET_CAPTURE | PREG_SET_ORDER );
		foreach ( $found as $match ) {
			$name                 = '' === $match[1][0] ? $match[2][0] : $match[1][0];
			$start                = $match[0][1] + strlen( $match[0][0] );
			$this->types[ $name ] = '' === $match[1][0] ? $this->until( $source, $start, ';' ) : $this->until( $source, $start, '}' ) . '}';
		}
	}

	/**
	 * What is wrong with a value, a sentence each.
	 *
	 * @param string $type  Type expression: `Site`, `Site[]`…
	 * @param mixed  $value The value, as JSON carries it.
	 * @param string $path  Where it is.
	 * @return list<string>
	 */
	public function problems( string $type, mixed $value, string $path = 'answer' ): array {
		$best = null;
		foreach ( $this->split( $type, '|' ) as $alternative ) {
			$problems = $this->problems_with_one( $alternative, $value, $path );
			if ( null === $best || count( $problems ) < count( $best ) ) {
				$best = $problems;
			}
		}
		return $best ?? array( "$path: no type" );
	}

	/**
	 * @param string $type A type without `|`.
	 * @return list<string>
	 */
	private function problems_with_one( string $type, mixed $value, string $path ): array {
		if ( 1 === preg_match( "/^'([^']*)'$/", $type, $literal ) ) {
			return $literal[1] === $value ? array() : array( "$path: " . wp_json_encode( $value ) . " is no $type" );
		}
		$fits = match ( true ) {
			'string' === $type                              => is_string( $value ),
			'number' === $type                              => is_int( $value ) || is_float( $value ),
			'boolean' === $type                             => is_bool( $value ),
			'null' === $type                                => null === $value,
			default                                         => null,
		};
		if ( null !== $fits ) {
			return $fits ? array() : array( "$path: " . wp_json_encode( $value ) . " is no $type" );
		}
		if ( str_ends_with( $type, '[]' ) ) {
			return $this->problems_with_list( substr( $type, 0, -2 ), $value, $path );
		}
		if ( str_starts_with( $type, '{' ) ) {
			return $this->problems_with_object( $type, $value, $path );
		}
		if ( 1 === preg_match( "/^(\w+)\[ '(\w+)' \]$/", $type, $of ) ) {
			return $this->problems( $this->members( $this->types[ $of[1] ] )[ $of[2] ]['type'], $value, $path );
		}
		if ( isset( $this->types[ $type ] ) ) {
			return $this->problems( $this->types[ $type ], $value, $path );
		}
		throw new RuntimeException( "types.ts has no type $type" );
	}

	/**
	 * @return list<string>
	 */
	private function problems_with_list( string $type, mixed $value, string $path ): array {
		if ( ! is_array( $value ) || ! array_is_list( $value ) ) {
			return array( "$path: is no list" );
		}
		$problems = array();
		foreach ( $value as $index => $item ) {
			$problems = array( ...$problems, ...$this->problems( $type, $item, "{$path}[$index]" ) );
		}
		return $problems;
	}

	/**
	 * @return list<string>
	 */
	private function problems_with_object( string $type, mixed $value, string $path ): array {
		if ( ! is_array( $value ) || ( array() !== $value && array_is_list( $value ) ) ) {
			return array( "$path: is no object" );
		}
		$members  = $this->members( $type );
		$problems = array_map( static fn ( string|int $key ): string => "$path.$key: types.ts does not know it", array_keys( array_diff_key( $value, $members ) ) );
		foreach ( $members as $name => $member ) {
			if ( array_key_exists( $name, $value ) ) {
				$problems = array( ...$problems, ...$this->problems( $member['type'], $value[ $name ], "$path.$name" ) );
			} elseif ( ! $member['optional'] ) {
				$problems[] = "$path.$name: is missing";
			}
		}
		return array_values( $problems );
	}

	/**
	 * The members of an object type.
	 *
	 * @return array<string, array{type: string, optional: bool}>
	 */
	private function members( string $type ): array {
		$members = array();
		foreach ( $this->split( trim( substr( trim( $type ), 1, -1 ) ), ';' ) as $text ) {
			if ( 1 !== preg_match( '/^(\w+)(\??):\s*(.+)$/s', $text, $match ) ) {
				throw new RuntimeException( "types.ts: what is \"$text\"?" );
			}
			$members[ $match[1] ] = array(
				'type'     => trim( $match[3] ),
				'optional' => '?' === $match[2],
			);
		}
		return $members;
	}

	/**
	 * The text up to a sign that is not within brackets.
	 */
	private function until( string $source, int $start, string $end ): string {
		$depth  = 0;
		$length = strlen( $source );
		for ( $at = $start; $at < $length; $at++ ) {
			$depth += match ( $source[ $at ] ) {
				'{', '<', '[', '(' => 1,
				'}', '>', ']', ')' => -1,
				default            => 0,
			};
			if ( 0 === $depth && $source[ $at ] === $end ) {
				return trim( substr( $source, $start, $at - $start ) );
			}
		}
		throw new RuntimeException( 'types.ts ends too early.' );
	}

	/**
	 * The parts of a text between signs that are not within brackets.
	 *
	 * @return list<string>
	 */
	private function split( string $text, string $sign ): array {
		$parts = array();
		$rest  = ltrim( $text, "| \n\t" ) . $sign;
		while ( '' !== trim( $rest ) ) {
			$part  = $this->until( $rest, 0, $sign );
			$start = strpos( $rest, $part );
			$rest  = substr( $rest, (int) $start + strlen( $part ) );
			$rest  = substr( $rest, (int) strpos( $rest, $sign ) + 1 );
			if ( '' !== $part ) {
				$parts[] = $part;
			}
		}
		return $parts;
	}
}
