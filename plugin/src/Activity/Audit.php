<?php
/**
 * Who changed which setting, from what to what.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

final class Audit {

	/** Characters of a value that are shown. */
	private const LONGEST = 120;

	/**
	 * Who is at work: an administrator, or whoever sits at the command line.
	 */
	public static function who(): string {
		$login = wp_get_current_user()->user_login;
		return '' === (string) $login ? 'WP-CLI' : (string) $login;
	}

	/**
	 * What differs, as a list for a sentence: `deletions.enabled: false → true`. No setting is a secret.
	 *
	 * @param array<string, mixed> $before As they were.
	 * @param array<string, mixed> $after  As they are.
	 */
	public static function changes( array $before, array $after ): string {
		$old   = self::flat( $before );
		$new   = self::flat( $after );
		$parts = array();
		foreach ( array_unique( array( ...array_keys( $old ), ...array_keys( $new ) ) ) as $name ) {
			$from = $old[ $name ] ?? null;
			$to   = $new[ $name ] ?? null;
			// Compared whole: what is cut for people may be what changed.
			if ( self::json( $from ) !== self::json( $to ) ) {
				$parts[] = "$name: " . self::difference( $from, $to );
			}
		}
		return implode( '; ', $parts );
	}

	/**
	 * From what to what; of lists that are too long to be read, what came and what went.
	 *
	 * @param mixed $from As it was.
	 * @param mixed $to   As it is.
	 */
	private static function difference( mixed $from, mixed $to ): string {
		if ( is_array( $from ) && is_array( $to ) && max( mb_strlen( self::json( $from ) ), mb_strlen( self::json( $to ) ) ) > self::LONGEST ) {
			$texts = static fn ( array $values ): array => array_map( self::json( ... ), $values );
			$came  = array_values( array_diff_key( $to, array_intersect( $texts( $to ), $texts( $from ) ) ) );
			$went  = array_values( array_diff_key( $from, array_intersect( $texts( $from ), $texts( $to ) ) ) );
			$parts = array_keys(
				array_filter(
					array(
						'+ ' . self::short( $came ) => array() !== $came,
						'- ' . self::short( $went ) => array() !== $went,
					)
				)
			);
			if ( array() !== $parts ) {
				return implode( ', ', $parts );
			}
		}
		return self::short( $from ) . ' → ' . self::short( $to );
	}

	/**
	 * Settings by their path.
	 *
	 * @param array<string, mixed> $settings Settings.
	 * @param string               $path     Where.
	 * @return array<string, mixed>
	 */
	private static function flat( array $settings, string $path = '' ): array {
		$flat = array();
		foreach ( $settings as $name => $value ) {
			$at    = $path . $name;
			$flat += is_array( $value ) && ! array_is_list( $value ) ? self::flat( $value, "$at." ) : array( $at => $value );
		}
		return $flat;
	}

	/**
	 * A value as JSON.
	 *
	 * @param mixed $value Value.
	 */
	private static function json( mixed $value ): string {
		return (string) wp_json_encode( $value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}

	/**
	 * A value for people.
	 *
	 * @param mixed $value Value.
	 */
	private static function short( mixed $value ): string {
		$json = self::json( $value );
		return mb_strlen( $json ) > self::LONGEST ? mb_substr( $json, 0, self::LONGEST ) . '…' : $json;
	}
}
