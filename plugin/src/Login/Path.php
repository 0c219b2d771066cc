<?php
/**
 * Where on this site somebody wants to go: a path, and never another site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class Path {

	/** Bytes that it may have. */
	public const LONGEST = 1000;

	/**
	 * A path below the home address that came from outside; `/` where it is none.
	 *
	 * @param mixed $value Anything. Good: `/course`, `/course?lesson=2`.
	 */
	public static function checked( mixed $value ): string {
		// A second slash or a backslash at the start is another site to a browser; a control character is nothing at all.
		return is_string( $value ) && strlen( $value ) <= self::LONGEST && 1 === preg_match( '~^/(?![/\\\\])[^\x00-\x20\x7f\\\\]*$~D', $value ) ? $value : '/';
	}

	/**
	 * The address of a path.
	 *
	 * @param string $path As `checked()` gave it.
	 */
	public static function address( string $path ): string {
		return wp_validate_redirect( home_url( $path ), home_url( '/' ) );
	}

	/**
	 * The path of the page that was asked for.
	 *
	 * @param string $uri As the browser asked for it: from the root of the host.
	 */
	public static function of_request( string $uri ): string {
		$home = rtrim( (string) wp_parse_url( home_url(), PHP_URL_PATH ), '/' );
		return self::checked( '' !== $home && str_starts_with( $uri, $home . '/' ) ? substr( $uri, strlen( $home ) ) : $uri );
	}
}
