<?php
/**
 * Reads the JSON of an answer, also where a plugin has printed something before it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Json {

	/** How many places are tried as the beginning of the JSON. */
	private const TRIES = 50;

	/**
	 * @param mixed  $value What it says; null when there is none.
	 * @param string $noise What stood before it.
	 */
	private function __construct( public readonly mixed $value, public readonly string $noise = '' ) {
	}

	/**
	 * Reads a body. Text before the JSON is passed over only if there is one way to do so: the rest must be
	 * one whole value, and what was printed before must not hold another.
	 *
	 * @param string $body Body of an answer.
	 */
	public static function read( string $body ): self {
		$body  = str_starts_with( $body, "\xEF\xBB\xBF" ) ? substr( $body, 3 ) : $body;
		$value = json_decode( $body, true );
		if ( null !== $value ) {
			return new self( $value );
		}
		$from = 0;
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$from += strcspn( $body, '[{', $from );
			if ( $from >= strlen( $body ) ) {
				break;
			}
			$value = json_decode( substr( $body, $from ), true );
			if ( is_array( $value ) ) {
				$noise = substr( $body, 0, $from );
				return preg_match( '/[{\[]\s*"/', $noise ) ? new self( null ) : new self( $value, $noise );
			}
			++$from;
		}
		return new self( null );
	}
}
