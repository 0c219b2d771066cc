<?php
/**
 * The browser that asks: its cookies, where it comes from, and where it is sent.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class Browser {

	/** Words by which programs that read pages name themselves. */
	private const BOTS = '/bot|crawl|spider|slurp|preview|monitor|facebookexternalhit|whatsapp|embedly|curl|wget|python|java\/|lighthouse|validator|wordpress/i';

	/**
	 * A parameter of the address, as a text; '' when it is absent or something else.
	 *
	 * @param string $name Name.
	 */
	public function parameter( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- nothing is changed on its word; each reader checks it against what it may be.
		$value = $_GET[ $name ] ?? '';
		return is_string( $value ) ? wp_unslash( $value ) : '';
	}

	/**
	 * A cookie; '' when there is none.
	 *
	 * @param string $name Name.
	 */
	public function cookie( string $name ): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- compared with a fingerprint, or only whether it is there.
		$value = $_COOKIE[ $name ] ?? '';
		return is_string( $value ) ? wp_unslash( $value ) : '';
	}

	/**
	 * Whether a person's browser asks for a page to look at: by GET, not ahead of time, and not for a part of another page.
	 * What browsers don't say (older ones leave out `Sec-Fetch-…`) does not count against them.
	 */
	public function opens_a_page(): bool {
		return 'GET' === $this->header( 'REQUEST_METHOD' )
			&& in_array( $this->header( 'HTTP_SEC_FETCH_DEST' ), array( '', 'document' ), true )
			&& '' === $this->header( 'HTTP_SEC_PURPOSE' ) . $this->header( 'HTTP_PURPOSE' ) . $this->header( 'HTTP_X_MOZ' );
	}

	/**
	 * Whether it names itself as a program that reads pages, or not at all.
	 */
	public function is_bot(): bool {
		$agent = $this->header( 'HTTP_USER_AGENT' );
		return '' === $agent || 1 === preg_match( self::BOTS, $agent );
	}

	/**
	 * The host with its port that it comes from, in small letters; '' where it does not say.
	 */
	public function comes_from(): string {
		return self::host( $this->header( 'HTTP_REFERER' ) );
	}

	/**
	 * The host with its port that it has asked, in small letters.
	 */
	public function asked_host(): string {
		return strtolower( $this->header( 'HTTP_HOST' ) );
	}

	/**
	 * What it has asked for, from the root of the host.
	 */
	public function asked_path(): string {
		return $this->header( 'REQUEST_URI' );
	}

	/**
	 * The address that it comes from; of IPv6 the network, which is one customer's.
	 */
	public function network(): string {
		$bytes = inet_pton( $this->header( 'REMOTE_ADDR' ) );
		return false === $bytes ? '' : bin2hex( 16 === strlen( $bytes ) ? substr( $bytes, 0, 8 ) : $bytes );
	}

	/**
	 * The host with its port in an address, in small letters; '' where it has none.
	 *
	 * @param string $url Address.
	 */
	public static function host( string $url ): string {
		$parts = wp_parse_url( $url );
		$host  = is_array( $parts ) ? strtolower( $parts['host'] ?? '' ) : '';
		return '' === $host || ! isset( $parts['port'] ) ? $host : $host . ':' . $parts['port'];
	}

	/**
	 * Has it keep a cookie that no script reads and that comes along only when a person follows a link or an address.
	 *
	 * @param string $name  Name.
	 * @param string $value Value.
	 * @param int    $until Unix seconds; 0 for as long as the browser is open, 1 to forget it.
	 */
	public function keep( string $name, #[\SensitiveParameter] string $value, int $until ): void {
		if ( ! headers_sent() ) {
			setcookie(
				$name,
				$value,
				array(
					'expires'  => $until,
					'path'     => '/',
					'secure'   => is_ssl(),
					'httponly' => true,
					'samesite' => 'Lax',
				)
			);
		}
		if ( 1 === $until ) {
			unset( $_COOKIE[ $name ] );
		} else {
			$_COOKIE[ $name ] = wp_slash( $value );
		}
	}

	/**
	 * What is answered now belongs to this browser alone: no cache keeps it, and where it leads does not learn from where.
	 */
	public function answer_only_it(): void {
		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedConstantFound -- what WordPress's page caches agree on.
		}
		if ( ! headers_sent() ) {
			nocache_headers();
			header( 'Cache-Control: no-store, private' );
			header( 'Referrer-Policy: no-referrer' );
			header( 'X-Robots-Tag: noindex' );
		}
	}

	/**
	 * Sends it elsewhere. Nothing runs after this.
	 *
	 * @param string $url Address.
	 */
	public function send_to( string $url ): never {
		$this->answer_only_it();
		wp_redirect( $url, 303, 'Tandem User Sync' ); // phpcs:ignore WordPress.Security.SafeRedirect.wp_redirect_wp_redirect -- to a paired site, whose address is on record, or to this one.
		exit;
	}

	/**
	 * What the web server says of the request.
	 *
	 * @param string $name Name in `$_SERVER`.
	 */
	private function header( string $name ): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- compared, and never shown.
		$value = $_SERVER[ $name ] ?? '';
		return is_string( $value ) ? wp_unslash( $value ) : '';
	}
}
