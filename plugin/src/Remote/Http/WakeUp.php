<?php
/**
 * Starts a request of this site to itself, and does not wait for it.
 *
 * WordPress's "non-blocking" requests do wait: the cURL transport throws the
 * answer away but takes it, or a second, whichever comes first. So the request is
 * written to a socket, which is closed at once; the other side goes on
 * (`ignore_user_abort()`).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class WakeUp {

	/** Seconds to get a connection to this very machine. */
	private const CONNECT_SECONDS = 1.0;

	/** How long the bytes may take to be on their way where they are not at once. */
	private const LET_GO_MICROSECONDS = 50000;

	/** The REST route that is called. */
	public const ROUTE = '/tandem/v1/work';

	/**
	 * Sends the wake-up. When it can't be sent, WP-Cron takes over within its minute.
	 *
	 * @param string $token Proof that it comes from this site; good for a minute.
	 * @return bool Whether it was sent.
	 */
	public function send( string $token ): bool {
		$url   = rest_url( self::ROUTE );
		$parts = wp_parse_url( $url );
		if ( ! is_array( $parts ) || ! isset( $parts['host'] ) ) {
			return false;
		}
		$tls    = 'https' === ( $parts['scheme'] ?? '' );
		$port   = $parts['port'] ?? ( $tls ? 443 : 80 );
		$host   = $parts['host'] . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
		$path   = ( $parts['path'] ?? '/' ) . ( isset( $parts['query'] ) ? '?' . $parts['query'] : '' );
		$socket = @stream_socket_client( ( $tls ? 'tls://' : 'tcp://' ) . $parts['host'] . ':' . $port, $errno, $error, self::CONNECT_SECONDS ); // phpcs:ignore WordPress.PHP.NoSilencedErrors.Discouraged -- a site that can't reach itself falls back to WP-Cron; nothing to print into a visitor's page.
		if ( false === $socket ) {
			return false;
		}
		stream_set_timeout( $socket, 1 );
		$body = (string) wp_json_encode( array( 'token' => $token ) );
		$sent = fwrite( $socket, "POST {$path} HTTP/1.1\r\nHost: {$host}\r\nContent-Type: application/json\r\nContent-Length: " . strlen( $body ) . "\r\nUser-Agent: Tandem User Sync\r\nConnection: close\r\n\r\n" . $body ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a socket, not a file.
		if ( 'cli' === PHP_SAPI ) {
			// PHP as WebAssembly (Playground) lets the bytes go only when something is waited for. Nobody waits for the command line.
			$read   = array( $socket );
			$others = null;
			stream_select( $read, $others, $others, 0, self::LET_GO_MICROSECONDS );
		}
		fclose( $socket ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a socket, not a file.
		return false !== $sent;
	}
}
