<?php
/**
 * Sends requests to remote sites. The only door to the network, besides the loopback
 * that wakes the worker.
 *
 * Redirects are never followed (whoever may follow one asks again, without
 * credentials), certificates are always checked, plain HTTP is refused unless the
 * address policy allows it. Inside a task of the pool, `send()` lets the others run
 * while it waits.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class Client {

	/** @var \WeakMap<\Fiber<mixed, mixed, mixed, mixed>, true> Fibers of our pool: in anybody else's, `send()` just waits. */
	private \WeakMap $fibers;

	/**
	 * @param AddressPolicy $policy  Which addresses requests may go to.
	 * @param Options       $options Makes the library's options.
	 */
	public function __construct( private readonly AddressPolicy $policy, private readonly Options $options ) {
		$this->fibers = new \WeakMap();
	}

	/**
	 * The client of this site.
	 *
	 * @param string $version The plugin's version.
	 */
	public static function of_this_site( string $version ): self {
		return new self( AddressPolicy::of_this_site(), new Options( 'Tandem User Sync/' . $version . '; ' . home_url() ) );
	}

	/**
	 * Sends a request and waits for the answer.
	 *
	 * @param Request $request The request.
	 * @return Response Whatever the status.
	 * @throws Unreachable When no whole answer came, or the address is not allowed.
	 */
	public function send( Request $request ): Response {
		if ( ! $this->policy->allows( $request->url ) ) {
			throw new Unreachable( Failure::Insecure );
		}
		if ( _wp_http_get_object()->block_request( $request->url ) ) {
			throw new Unreachable( Failure::Blocked );
		}
		$fiber = \Fiber::getCurrent();
		if ( null !== $fiber && isset( $this->fibers[ $fiber ] ) ) {
			$answer = \Fiber::suspend( $request );
		} else {
			$transfers = $this->transfers();
			$transfers->begin( 0, $request );
			$answer = $transfers->wait()[0] ?? null;
		}
		if ( $answer instanceof Response ) {
			return $answer;
		}
		throw $answer instanceof Unreachable ? $answer : new Unreachable( Failure::Other );
	}

	/**
	 * The address policy that requests are held to.
	 */
	public function policy(): AddressPolicy {
		return $this->policy;
	}

	/**
	 * New transfers, for the pool.
	 */
	public function transfers(): Transfers {
		return function_exists( 'curl_multi_exec' ) ? new CurlTransfers( $this->options ) : new SequentialTransfers( $this->options );
	}

	/**
	 * Marks a fiber as one of the pool's.
	 *
	 * @param \Fiber<mixed, mixed, mixed, mixed> $fiber The fiber.
	 */
	public function adopt( \Fiber $fiber ): void {
		$this->fibers[ $fiber ] = true;
	}
}
