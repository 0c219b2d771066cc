<?php
/**
 * The address of a site as a person types it, and whether two are the same site's.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use WpOrg\Requests\IdnaEncoder;

final class Address {

	/**
	 * @param string $host_and_path Host, port and path, without a slash at the end.
	 * @param bool   $is_http       Whether http:// was typed.
	 * @param bool   $has_scheme    Whether a scheme was typed at all.
	 */
	private function __construct(
		private readonly string $host_and_path,
		public readonly bool $is_http,
		public readonly bool $has_scheme,
	) {
	}

	/**
	 * Understands what was typed; null when it is no address of a site. What people copy along from
	 * the address bar (`/wp-admin/…`, `/wp-login.php`, `/wp-json/`, a query) is cut off.
	 *
	 * @param string $typed What was typed.
	 */
	public static function typed( string $typed ): ?self {
		$typed = trim( $typed );
		if ( preg_match( '/[\x00-\x20\x7f]/', $typed ) ) {
			return null;
		}
		$has_scheme = 1 === preg_match( '#^[a-z][a-z0-9+.-]*://#i', $typed );
		$parts      = wp_parse_url( $has_scheme ? $typed : 'https://' . ltrim( $typed, '/' ) );
		if ( ! is_array( $parts ) || ! isset( $parts['host'] ) || isset( $parts['user'] ) || isset( $parts['pass'] ) || ! in_array( strtolower( $parts['scheme'] ?? '' ), array( 'http', 'https' ), true ) ) {
			return null;
		}
		try {
			$host = str_starts_with( $parts['host'], '[' ) ? $parts['host'] : IdnaEncoder::encode( mb_strtolower( $parts['host'], 'UTF-8' ) );
		} catch ( \Throwable ) {
			return null;
		}
		if ( ! preg_match( '/^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)$/i', $host ) ) {
			return null;
		}
		$path = (string) preg_replace( '#/(wp-admin|wp-json|wp-login\.php|xmlrpc\.php|index\.php)(/.*)?$#i', '', ( $parts['path'] ?? '' ) );
		return new self(
			strtolower( $host ) . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' ) . rtrim( $path, '/' ),
			'http' === strtolower( $parts['scheme'] ?? '' ),
			$has_scheme
		);
	}

	/**
	 * With https.
	 */
	public function https(): string {
		return 'https://' . $this->host_and_path;
	}

	/**
	 * With http.
	 */
	public function http(): string {
		return 'http://' . $this->host_and_path;
	}

	/**
	 * Whether two addresses are the same site's: scheme, `www.`, case and a slash at the end don't matter.
	 *
	 * @param string $a Address.
	 * @param string $b Address.
	 */
	public static function is_same( string $a, string $b ): bool {
		$a = self::typed( $a );
		$b = self::typed( $b );
		return null !== $a && null !== $b && $a->bare() === $b->bare();
	}

	/**
	 * Whether two addresses are on the same host.
	 *
	 * @param string $a Address.
	 * @param string $b Address.
	 */
	public static function is_same_host( string $a, string $b ): bool {
		$a = self::typed( $a );
		$b = self::typed( $b );
		return null !== $a && null !== $b && strtok( $a->bare(), '/' ) === strtok( $b->bare(), '/' );
	}

	/**
	 * What is left to compare.
	 */
	private function bare(): string {
		return (string) preg_replace( array( '#^www\.#', '#:(80|443)(?=/|$)#' ), '', $this->host_and_path );
	}
}
