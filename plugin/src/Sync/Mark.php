<?php
/**
 * What is known of one field of one person: when it was changed, and a digest of the value that it had then.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Mark {

	/** In place of a digest: the value has not been seen. */
	public const UNKNOWN = '';

	/** Hex digits of a digest. */
	private const DIGITS = 16;

	/**
	 * @param Stamp  $stamp  When and where the value was set.
	 * @param string $digest As `digest()` made it of the value held here, or UNKNOWN.
	 */
	public function __construct( public readonly Stamp $stamp, public readonly string $digest ) {
	}

	/**
	 * The digest of a value: the first 16 hex digits of SHA-256 of its canonical JSON. It only has to tell one value of
	 * a field from the next; that two sites have the same digest is nowhere relied on.
	 *
	 * @param mixed $value The value.
	 */
	public static function digest( mixed $value ): string {
		return substr( hash( 'sha256', self::text( $value ) ), 0, self::DIGITS );
	}

	/**
	 * A value as canonical JSON: equal values give the same text on every site.
	 *
	 * @param mixed $value The value.
	 */
	public static function text( mixed $value ): string {
		return (string) wp_json_encode( self::canonical( $value ) );
	}

	/**
	 * A value in the one form that all equal values share: keys in order, and nothing that JSON can't hold.
	 *
	 * @param mixed $value The value.
	 */
	private static function canonical( mixed $value ): mixed {
		if ( is_array( $value ) ) {
			if ( ! array_is_list( $value ) ) {
				ksort( $value, SORT_STRING );
			}
			return array_map( array( self::class, 'canonical' ), $value );
		}
		if ( is_string( $value ) ) {
			return mb_check_encoding( $value, 'UTF-8' ) ? $value : array( 'bytes' => bin2hex( $value ) );
		}
		if ( is_float( $value ) && ! is_finite( $value ) ) {
			return (string) $value;
		}
		// What a plugin has put into a user's meta is never sent; it only counts as changed when it reads differently.
		return is_object( $value ) ? array( 'object' => bin2hex( maybe_serialize( $value ) ) ) : $value;
	}
}
