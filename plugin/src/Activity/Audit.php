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
			$from = $old[ $name ] ?? 'null';
			$to   = $new[ $name ] ?? 'null';
			if ( $from !== $to ) {
				$parts[] = "$name: $from → $to";
			}
		}
		return implode( '; ', $parts );
	}

	/**
	 * Settings by their path, as JSON.
	 *
	 * @param array<string, mixed> $settings Settings.
	 * @param string               $path     Where.
	 * @return array<string, string>
	 */
	private static function flat( array $settings, string $path = '' ): array {
		$flat = array();
		foreach ( $settings as $name => $value ) {
			$at = $path . $name;
			if ( is_array( $value ) && ! array_is_list( $value ) ) {
				$flat += self::flat( $value, "$at." );
				continue;
			}
			$json        = (string) wp_json_encode( $value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
			$flat[ $at ] = mb_strlen( $json ) > self::LONGEST ? mb_substr( $json, 0, self::LONGEST ) . '…' : $json;
		}
		return $flat;
	}
}
