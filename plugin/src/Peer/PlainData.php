<?php
/**
 * What may be a value of a field: text, numbers and lists of them, of a bearable size. Nothing that PHP would turn
 * into an object, however often a plugin unserializes it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class PlainData {

	/** Bytes of all of a value. */
	private const MOST_BYTES = 65_535;

	/** Lists in lists. */
	private const MOST_LEVELS = 4;

	/**
	 * A text, or null when it is none. "Has none" is an empty one.
	 *
	 * @param mixed $value   Decoded JSON.
	 * @param int   $longest Characters at most.
	 */
	public static function text( mixed $value, int $longest ): ?string {
		$value ??= '';
		return is_string( $value ) && mb_strlen( $value ) <= $longest && self::is_harmless( $value ) ? $value : null;
	}

	/**
	 * Whether a value may be written as it is.
	 *
	 * @param mixed $value Decoded JSON.
	 */
	public static function is( mixed $value ): bool {
		return self::is_of_level( $value, 0 ) && strlen( (string) wp_json_encode( $value ) ) <= self::MOST_BYTES;
	}

	/**
	 * A list of texts, or null when it is none.
	 *
	 * @param mixed $value   Decoded JSON.
	 * @param int   $most    Texts at most.
	 * @param int   $longest Characters of each at most.
	 * @return list<string>|null
	 */
	public static function texts( mixed $value, int $most, int $longest ): ?array {
		$value ??= array();
		if ( ! is_array( $value ) || count( $value ) > $most ) {
			return null;
		}
		foreach ( $value as $text ) {
			if ( ! is_string( $text ) || null === self::text( $text, $longest ) ) {
				return null;
			}
		}
		return array_values( array_unique( $value ) );
	}

	/**
	 * Whether a value is plain, from a level on.
	 *
	 * @param mixed $value Decoded JSON.
	 * @param int   $level How deep it lies.
	 */
	private static function is_of_level( mixed $value, int $level ): bool {
		if ( ! is_array( $value ) ) {
			return null === $value || is_bool( $value ) || is_int( $value ) || ( is_float( $value ) && is_finite( $value ) ) || ( is_string( $value ) && self::is_harmless( $value ) );
		}
		if ( $level >= self::MOST_LEVELS ) {
			return false;
		}
		foreach ( $value as $key => $inner ) {
			if ( ! self::is_harmless( (string) $key ) || ! self::is_of_level( $inner, $level + 1 ) ) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a text is UTF-8 without NUL, and not what PHP serializes. WordPress packs such a text once more, but a
	 * plugin that reads it may unpack it twice.
	 *
	 * @param string $text Text.
	 */
	private static function is_harmless( string $text ): bool {
		return ! str_contains( $text, "\0" )
			&& mb_check_encoding( $text, 'UTF-8' )
			&& ! is_serialized( $text, false )
			&& 1 !== preg_match( '/(?:^|[;{])\s*[OCE]:\+?\d+:"/', $text );
	}
}
