<?php
/**
 * Turns a request into what WordPress's Requests library wants, and its answers back.
 *
 * The library is used below `wp_remote_request()`, whose filters and actions hand
 * every argument, headers and body included, to all plugins: request loggers would
 * write passwords into the database. What the owner can say about outgoing requests
 * in wp-config.php (proxy, WP_HTTP_BLOCK_EXTERNAL) holds here too.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

use WpOrg\Requests\Exception as RequestsException;
use WpOrg\Requests\Exception\Transport\Curl as CurlException;
use WpOrg\Requests\Hooks;
use WpOrg\Requests\Proxy\Http as Proxy;
use WpOrg\Requests\Response as RequestsResponse;

final class Options {

	/** Seconds until a connection must stand. */
	private const CONNECT_SECONDS = 5.0;

	/** What cURL's error numbers mean (curl.se/libcurl/c/libcurl-errors.html). */
	private const CURL_FAILURES = array(
		5  => Failure::Dns,
		6  => Failure::Dns,
		7  => Failure::Refused,
		18 => Failure::CutShort,
		28 => Failure::Timeout,
		35 => Failure::Certificate,
		51 => Failure::Certificate,
		52 => Failure::CutShort,
		53 => Failure::Certificate,
		56 => Failure::CutShort,
		58 => Failure::Certificate,
		59 => Failure::Certificate,
		60 => Failure::Certificate,
		77 => Failure::Certificate,
		83 => Failure::Certificate,
		90 => Failure::Certificate,
		91 => Failure::Certificate,
		92 => Failure::CutShort,
		98 => Failure::Certificate,
	);

	/**
	 * @param string      $user_agent What the remote site's log shows.
	 * @param string|null $ca_bundle  File with trusted certificates; WordPress's own when null.
	 */
	public function __construct( private readonly string $user_agent, private readonly ?string $ca_bundle = null ) {
	}

	/**
	 * The library's options for a request.
	 *
	 * @param Request $request The request.
	 * @return array<string, mixed>
	 */
	public function of( Request $request ): array {
		$hooks = new Hooks();
		$this->register_proxy( $request->url, $hooks );
		return array(
			'hooks'            => $hooks,
			'type'             => $request->method,
			'timeout'          => $request->timeout,
			'connect_timeout'  => min( self::CONNECT_SECONDS, $request->timeout ),
			'useragent'        => $this->user_agent,
			'protocol_version' => 1.1,
			'follow_redirects' => false,
			'redirected'       => 0,
			'redirects'        => 0,
			'blocking'         => true,
			'filename'         => false,
			// One byte more than is accepted shows that there was more: the library cuts without a word.
			'max_bytes'        => $request->max_bytes + 1,
			'data_format'      => 'body',
			'verify'           => $this->ca_bundle(),
			'verifyname'       => true,
		);
	}

	/**
	 * The file with the certificates that are trusted.
	 *
	 * @return non-empty-string
	 */
	public function ca_bundle(): string {
		foreach ( array( $this->ca_bundle, ABSPATH . WPINC . '/certificates/ca-bundle.crt', '/etc/ssl/certs/ca-certificates.crt' ) as $file ) {
			if ( null !== $file && '' !== $file && is_readable( $file ) ) {
				return $file;
			}
		}
		return ABSPATH . WPINC . '/certificates/ca-bundle.crt';
	}

	/**
	 * The answer as a value.
	 *
	 * @param mixed   $answer  What the library gave.
	 * @param Request $request The request.
	 */
	public function value( mixed $answer, Request $request ): Response|Unreachable {
		if ( ! $answer instanceof RequestsResponse ) {
			return $answer instanceof \Throwable ? self::failure( $answer ) : new Unreachable( Failure::Other );
		}
		$body = (string) $answer->body;
		if ( strlen( $body ) > $request->max_bytes ) {
			return new Unreachable( Failure::TooLarge );
		}
		$headers = array();
		foreach ( $answer->headers as $name => $value ) {
			$headers[ strtolower( (string) $name ) ] = is_array( $value ) ? implode( ', ', $value ) : (string) $value;
		}
		return new Response( (int) $answer->status_code, $headers, $body );
	}

	/**
	 * What an exception of the library means.
	 *
	 * @param \Throwable $error The exception.
	 */
	public static function failure( \Throwable $error ): Unreachable {
		$detail = self::clean( $error->getMessage() );
		if ( $error instanceof CurlException ) {
			return self::curl_failure( (int) $error->getCode(), $detail );
		}
		if ( preg_match( '/cURL error (\d+)/', $detail, $match ) ) {
			return self::curl_failure( (int) $match[1], $detail );
		}
		$type = $error instanceof RequestsException ? (string) $error->getType() : '';
		return new Unreachable(
			match ( true ) {
				'timeout' === $type || str_contains( $detail, 'timed out' ) => Failure::Timeout,
				str_starts_with( $type, 'ssl.' ) || str_contains( $detail, 'SSL' ) => Failure::Certificate,
				str_contains( $detail, 'getaddrinfo' )   => Failure::Dns,
				str_contains( $detail, 'refused' )       => Failure::Refused,
				'requests.no_crlf_separator' === $type, 'noversion' === $type => Failure::CutShort,
				default                                  => Failure::Other,
			},
			$detail
		);
	}

	/**
	 * What one of cURL's error numbers means.
	 *
	 * @param int    $number Its number.
	 * @param string $detail Its words.
	 */
	public static function curl_failure( int $number, string $detail ): Unreachable {
		// How PHP in WebAssembly (Playground) finds a port where nothing listens: it connects to its own proxy first.
		$is_refused = 55 === $number && str_contains( $detail, 'not connected' );
		return new Unreachable( $is_refused ? Failure::Refused : ( self::CURL_FAILURES[ $number ] ?? Failure::Other ), self::clean( $detail ) );
	}

	/**
	 * Has the request go through the owner's proxy, if there is one (WP_PROXY_HOST and its sisters).
	 *
	 * @param string $url   Address.
	 * @param Hooks  $hooks Hooks of the request.
	 */
	private function register_proxy( string $url, Hooks $hooks ): void {
		$settings = new \WP_HTTP_Proxy();
		if ( ! $settings->is_enabled() || ! $settings->send_through_proxy( $url ) ) {
			return;
		}
		$proxy = new Proxy( $settings->host() . ':' . $settings->port() );
		if ( $settings->use_authentication() ) {
			$proxy->use_authentication = true;
			$proxy->user               = (string) $settings->username();
			$proxy->pass               = (string) $settings->password();
		}
		$proxy->register( $hooks );
	}

	/**
	 * One short line without control characters.
	 *
	 * @param string $text Words of the library.
	 */
	private static function clean( string $text ): string {
		return mb_substr( trim( (string) preg_replace( '/[\x00-\x1f\x7f]+/', ' ', $text ) ), 0, 200 );
	}
}
