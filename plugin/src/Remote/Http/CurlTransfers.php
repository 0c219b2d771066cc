<?php
/**
 * Requests side by side over one cURL multi handle.
 *
 * `Requests::request_multiple()` sends side by side too, but returns only when the
 * last answer is there (a hanging site would hold up all others), asks no proxy and
 * takes no certificate file. So its transport makes the handles and reads the
 * answers, and the loop is here. Connections are kept for the next request.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

use WpOrg\Requests\Requests;
use WpOrg\Requests\Transport\Curl;

// phpcs:disable WordPress.WP.AlternativeFunctions -- see above: the HTTP API has nothing that does this.
final class CurlTransfers implements Transfers {

	private readonly \CurlMultiHandle $multi;

	/** @var array<int, array{request: Request, options: array<string, mixed>, curl: Curl, handle: \CurlHandle}> Under way, by number. */
	private array $running = array();

	/** @var array<int, Unreachable> Those that could not begin. */
	private array $failed = array();

	/**
	 * @param Options $options Makes the library's options.
	 */
	public function __construct( private readonly Options $options ) {
		$this->multi = curl_multi_init();
	}

	/**
	 * Begins a request.
	 *
	 * @param int     $id      Number by which `wait()` knows it.
	 * @param Request $request The request.
	 */
	public function begin( int $id, Request $request ): void {
		$options = $this->options->of( $request );
		$curl    = new Curl();
		try {
			$handle = $curl->get_subrequest_handle( $request->url, $request->headers + array( 'Connection' => 'keep-alive' ), $request->body, $options );
		} catch ( \Throwable $error ) {
			$this->failed[ $id ] = Options::failure( $error );
			return;
		}
		if ( ! $handle instanceof \CurlHandle ) {
			$this->failed[ $id ] = new Unreachable( Failure::Other );
			return;
		}
		curl_setopt( $handle, CURLOPT_CAINFO, $this->options->ca_bundle() );
		curl_setopt( $handle, CURLOPT_SSL_VERIFYPEER, true );
		curl_setopt( $handle, CURLOPT_SSL_VERIFYHOST, 2 );
		curl_setopt( $handle, CURLOPT_FOLLOWLOCATION, false );
		// Where the proxy is set: the library asks for it in single requests only.
		$options['hooks']->dispatch( 'curl.before_send', array( &$handle ) );
		curl_multi_add_handle( $this->multi, $handle );
		$this->running[ $id ] = array(
			'request' => $request,
			'options' => $options,
			'curl'    => $curl,
			'handle'  => $handle,
		);
	}

	/**
	 * Waits until at least one has ended.
	 *
	 * @return array<int, Response|Unreachable> By number; empty only when none is under way.
	 */
	public function wait(): array {
		$ended        = $this->failed;
		$this->failed = array();
		while ( array() === $ended && array() !== $this->running ) {
			$active = 0;
			if ( CURLM_OK !== curl_multi_exec( $this->multi, $active ) ) {
				return $this->give_up();
			}
			$ended = $this->ended();
			if ( array() === $ended ) {
				if ( 0 === $active ) {
					return $this->give_up();
				}
				curl_multi_select( $this->multi, 0.5 );
			}
		}
		return $ended;
	}

	/**
	 * Those that have ended since the last look.
	 *
	 * @return array<int, Response|Unreachable>
	 */
	private function ended(): array {
		$ended = array();
		while ( is_array( $done = curl_multi_info_read( $this->multi ) ) ) { // phpcs:ignore Generic.CodeAnalysis.AssignmentInCondition, WordPress.CodeAnalysis.AssignmentInCondition -- reads until there is no more.
			foreach ( $this->running as $id => $transfer ) {
				if ( $transfer['handle'] === $done['handle'] ) {
					$ended[ $id ] = CURLE_OK === $done['result']
						? $this->read( $transfer )
						: Options::curl_failure( (int) $done['result'], curl_error( $transfer['handle'] ) );
					$this->forget( $id );
					break;
				}
			}
		}
		return $ended;
	}

	/**
	 * Reads an answer.
	 *
	 * @param array{request: Request, options: array<string, mixed>, curl: Curl, handle: \CurlHandle} $transfer A transfer.
	 */
	private function read( array $transfer ): Response|Unreachable {
		try {
			$answer = (string) $transfer['curl']->process_response( $transfer['curl']->response_data, $transfer['options'] );
			Requests::parse_multiple(
				$answer,
				array(
					'url'     => $transfer['request']->url,
					'headers' => array(),
					'data'    => '',
					'options' => $transfer['options'],
				)
			);
		} catch ( \Throwable $error ) {
			$answer = $error;
		}
		return $this->options->value( $answer, $transfer['request'] );
	}

	/**
	 * cURL itself failed: no answer will come any more.
	 *
	 * @return array<int, Unreachable>
	 */
	private function give_up(): array {
		$ended = array();
		foreach ( array_keys( $this->running ) as $id ) {
			$this->forget( $id );
			$ended[ $id ] = new Unreachable( Failure::Other, (string) curl_multi_strerror( curl_multi_errno( $this->multi ) ) );
		}
		return $ended;
	}

	/**
	 * Ends a transfer.
	 *
	 * @param int $id Its number.
	 */
	private function forget( int $id ): void {
		$handle = $this->running[ $id ]['handle'];
		curl_multi_remove_handle( $this->multi, $handle );
		// The handle holds the transport and the transport the handle: without this neither is freed.
		curl_setopt( $handle, CURLOPT_HEADERFUNCTION, null );
		curl_setopt( $handle, CURLOPT_WRITEFUNCTION, null );
		unset( $this->running[ $id ] );
	}
}
