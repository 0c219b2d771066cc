<?php
/**
 * Runs tasks side by side: while one waits for a remote site, the others go on.
 *
 * Each task is a fiber; `Client::send()` hands its request over and sleeps until the
 * answer is there. A site that hangs holds up nobody but its own task.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class Pool {

	/**
	 * @param Client $client The client that the tasks use.
	 */
	public function __construct( private readonly Client $client ) {
	}

	/**
	 * Runs tasks until all have ended.
	 *
	 * @template TKey of array-key
	 * @template T
	 * @param array<TKey, callable(): T> $tasks   Tasks by any key.
	 * @param float                      $seconds How long one request may take at most, whatever it says itself.
	 * @return array<TKey, T> What they returned.
	 * @throws \Throwable What a task threw, after all others have ended.
	 */
	public function run( array $tasks, float $seconds ): array {
		if ( ! self::has_fibers() ) {
			return self::run_in_turn( $tasks );
		}
		$transfers = $this->client->transfers();
		$keys      = array_keys( $tasks );
		/** @var array<int, \Fiber<mixed, mixed, mixed, mixed>> $fibers */
		$fibers  = array();
		$results = array();
		$error   = null;
		$step    = function ( int $id, Response|Unreachable|null $answer ) use ( &$fibers, &$results, &$error, $keys, $transfers, $seconds ): void {
			try {
				$request = null === $answer ? $fibers[ $id ]->start() : $fibers[ $id ]->resume( $answer );
				if ( $request instanceof Request ) {
					$transfers->begin( $id, self::within( $request, $seconds ) );
					return;
				}
				$results[ $keys[ $id ] ] = $fibers[ $id ]->getReturn();
			} catch ( \Throwable $thrown ) {
				$error ??= $thrown;
			}
			unset( $fibers[ $id ] );
		};

		foreach ( array_values( $tasks ) as $id => $task ) {
			$fibers[ $id ] = new \Fiber( static fn (): mixed => $task() );
			$this->client->adopt( $fibers[ $id ] );
			$step( $id, null );
		}
		do {
			$answers = $transfers->wait();
			foreach ( $answers as $id => $answer ) {
				$step( $id, $answer );
			}
		} while ( array() !== $answers );
		if ( null !== $error ) {
			throw $error;
		}
		// In the order of the tasks, not in that of their ends.
		return array_replace( array_intersect_key( $tasks, $results ), $results );
	}

	/**
	 * Whether this PHP can start a fiber: PHP as WebAssembly (WordPress Playground) has the class, but dies of
	 * `Fiber::start()` ("missing function" in `_getcontext`, seen with @php-wasm/node 3.1.56), and that can't be caught.
	 */
	private static function has_fibers(): bool {
		return ! str_contains( php_uname( 's' ), 'Emscripten' );
	}

	/**
	 * Runs tasks one after the other; their requests keep their own time-outs.
	 *
	 * @template TKey of array-key
	 * @template T
	 * @param array<TKey, callable(): T> $tasks Tasks by any key.
	 * @return array<TKey, T> What they returned.
	 * @throws \Throwable What a task threw, after all others have ended.
	 */
	private static function run_in_turn( array $tasks ): array {
		$results = array();
		$error   = null;
		foreach ( $tasks as $key => $task ) {
			try {
				$results[ $key ] = $task();
			} catch ( \Throwable $thrown ) {
				$error ??= $thrown;
			}
		}
		if ( null !== $error ) {
			throw $error;
		}
		return $results;
	}

	/**
	 * The same request with a shorter time-out, if need be.
	 *
	 * @param Request $request The request.
	 * @param float   $seconds The most it may take.
	 */
	private static function within( Request $request, float $seconds ): Request {
		return $request->timeout <= $seconds ? $request : new Request( $request->method, $request->url, $request->headers, $request->body, $seconds, $request->max_bytes );
	}
}
