<?php
/**
 * How many people go with one request to a site: more while it is quick, fewer when it takes long or fails. So one
 * request stays well below the time that a server gives it, whatever other plugins do there. What has failed is not
 * dared again soon: each failure costs the time in which the site is left alone.
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

	/** Quick requests of the highest size after which more is dared again. */
	private const DARE = 20;

	/** Half of what was too much, for as long as it is remembered. */
	private int $ceiling = PHP_INT_MAX;

	/** Quick requests of that size. */
	private int $at_ceiling = 0;

	/**
	 * @param int $size How many go with the first request.
	 */
	public function __construct( private int $size = self::FIRST ) {
	}

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
			$this->at_ceiling += (int) ( $people >= $this->ceiling );
			if ( $this->at_ceiling >= self::DARE ) {
				// What was too much then may have been a bad moment.
				$this->ceiling    = PHP_INT_MAX;
				$this->at_ceiling = 0;
			}
			$this->size = min( 2 * $people, $this->ceiling );
		}
	}

	/**
	 * A request has failed: it was too much for the site, or the site is in trouble anyway.
	 *
	 * @param int $people How many went with it.
	 */
	public function failed( int $people ): void {
		$this->size       = min( $this->size, max( 1, intdiv( $people, 2 ) ) );
		$this->ceiling    = min( $this->ceiling, max( 2, intdiv( $people, 2 ) ) );
		$this->at_ceiling = 0;
	}
}
