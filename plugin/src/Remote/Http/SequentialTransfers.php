<?php
/**
 * Requests one after the other, where PHP has no cURL.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

use WpOrg\Requests\Requests;

final class SequentialTransfers implements Transfers {

	/** @var array<int, Request> Not sent yet, by number. */
	private array $waiting = array();

	/**
	 * @param Options $options Makes the library's options.
	 */
	public function __construct( private readonly Options $options ) {
	}

	/**
	 * Begins a request.
	 *
	 * @param int     $id      Number by which `wait()` knows it.
	 * @param Request $request The request.
	 */
	public function begin( int $id, Request $request ): void {
		$this->waiting[ $id ] = $request;
	}

	/**
	 * Sends the one that has waited longest.
	 *
	 * @return array<int, Response|Unreachable> By number; empty only when none waits.
	 */
	public function wait(): array {
		$id = array_key_first( $this->waiting );
		if ( null === $id ) {
			return array();
		}
		$request = $this->waiting[ $id ];
		unset( $this->waiting[ $id ] );
		try {
			// @phpstan-ignore argument.type (a string is a body to the library; its documentation forgets it)
			$answer = Requests::request( $request->url, $request->headers, $request->body, $request->method, $this->options->of( $request ) );
		} catch ( \Throwable $error ) {
			$answer = $error;
		}
		return array( $id => $this->options->value( $answer, $request ) );
	}
}
