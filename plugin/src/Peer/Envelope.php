<?php
/**
 * What is signed of a message between two paired sites: docs/protocol.md, "Signed messages".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class Envelope {

	/** Seconds by which a message may be too early or too late. */
	public const TOLERANCE = 300;

	/** Seconds for which the ids of messages are remembered: longer than any of them is accepted. */
	public const MEMORY = 1200;

	/**
	 * @param string $method    HTTP method.
	 * @param string $route     REST route, with a slash in front.
	 * @param string $from      UUID of the sender.
	 * @param string $to        UUID of the receiver.
	 * @param int    $time      Unix seconds, by the receiver's clock.
	 * @param string $message   32 hex digits.
	 * @param string $key       Id of the sender's key.
	 * @param string $signature Base64.
	 */
	public function __construct(
		public readonly string $method,
		public readonly string $route,
		public readonly string $from,
		public readonly string $to,
		public readonly int $time,
		public readonly string $message,
		public readonly string $key = '',
		public readonly string $signature = '',
	) {
	}

	/**
	 * Reads one from a request; null when it is not a signed message.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public static function of_request( \WP_REST_Request $request ): ?self {
		$text = static fn ( string $name ): string => (string) $request->get_header( $name );
		$time = $text( 'Tandem-Time' );
		if ( ! ctype_digit( $time ) || strlen( $time ) > 12 || 1 !== preg_match( '/^[0-9a-f]{32}$/', $text( 'Tandem-Message' ) ) || ! wp_is_uuid( $text( 'Tandem-From' ) ) || ! wp_is_uuid( $text( 'Tandem-To' ) ) ) {
			return null;
		}
		return new self( $request->get_method(), $request->get_route(), $text( 'Tandem-From' ), $text( 'Tandem-To' ), (int) $time, $text( 'Tandem-Message' ), $text( 'Tandem-Key' ), $text( 'Tandem-Signature' ) );
	}

	/**
	 * The lines that are signed.
	 *
	 * @param string $body Body as it is sent.
	 */
	public function text( string $body ): string {
		return implode( "\n", array( 'tandem-1', $this->method, $this->route, $this->from, $this->to, (string) $this->time, $this->message, hash( 'sha256', $body ) ) );
	}

	/**
	 * The headers that carry it.
	 *
	 * @param string $key       Id of the sender's key.
	 * @param string $signature Base64.
	 * @return array<string, string>
	 */
	public function headers( string $key, string $signature ): array {
		return array(
			'Tandem-From'      => $this->from,
			'Tandem-To'        => $this->to,
			'Tandem-Key'       => $key,
			'Tandem-Time'      => (string) $this->time,
			'Tandem-Message'   => $this->message,
			'Tandem-Signature' => $signature,
		);
	}
}
