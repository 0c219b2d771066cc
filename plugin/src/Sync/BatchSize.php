<?php
/**
 * How many people go with one request to a site: more while it is quick, fewer when it takes long or fails. So one
 * request stays well below the time that a server gives it, whatever other plugins do there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class BatchSize {

	private const FIRST = 10;

	/** Seconds up to which a request is a quick one. */
	private const QUICK = 2.0;

	/** Seconds from which it takes long: servers give up after 30, and this site waits for 15. */
	private const LONG = 5.0;

	private int $size = self::FIRST;

	/**
	 * How many are to go with the next request.
	 *
	 * @param int $most How many at most.
	 */
	public function next( int $most ): int {
		return max( 1, min( $most, $this->size ) );
	}

	/**
	 * A request has been answered.
	 *
	 * @param int   $people  How many went with it.
	 * @param float $seconds How long it took.
	 */
	public function answered( int $people, float $seconds ): void {
		if ( $seconds >= self::LONG ) {
			$this->size = min( $this->size, max( 1, intdiv( $people, 2 ) ) );
		} elseif ( $seconds < self::QUICK && $people >= $this->size ) {
			$this->size = 2 * $people;
		}
	}

	/**
	 * A request has failed: it was too much for the site, or the site is in trouble anyway.
	 *
	 * @param int $people How many went with it.
	 */
	public function failed( int $people ): void {
		$this->size = min( $this->size, max( 1, intdiv( $people, 2 ) ) );
	}
}
