<?php
/**
 * When something that failed is tried again: soon at first, then ever more rarely, for more than a week.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Schedule {

	/** Seconds before the second, third… try. */
	private const DELAYS = array( 5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400, 86400, 86400, 86400, 86400, 86400 );

	/** Longest time between two looks at a site that is away, seconds. */
	private const SITE_LONGEST = 1800;

	/**
	 * Seconds until the next try for one user, or null when it is time to ask a person.
	 *
	 * @param int      $attempts    Tries so far, this one included: from 1.
	 * @param int|null $retry_after Seconds that the remote asked for.
	 */
	public function delay( int $attempts, ?int $retry_after = null ): ?int {
		$delay = self::DELAYS[ $attempts - 1 ] ?? null;
		return null === $delay ? null : max( $this->jittered( $delay ), (int) $retry_after );
	}

	/**
	 * Seconds until a site is looked at again. It costs one request, so this never takes longer than half an hour.
	 *
	 * @param int      $failures    Failures in a row, this one included: from 1.
	 * @param int|null $retry_after Seconds that the remote asked for.
	 */
	public function site_delay( int $failures, ?int $retry_after = null ): int {
		$delay = min( self::DELAYS[ min( $failures, count( self::DELAYS ) ) - 1 ], self::SITE_LONGEST );
		return max( $this->jittered( $delay ), (int) $retry_after );
	}

	/**
	 * Spreads tries, so that many that failed together don't come back together: by half of a short wait, by a tenth
	 * of a long one, which would otherwise shorten the week.
	 *
	 * @param int $seconds The plain delay.
	 */
	private function jittered( int $seconds ): int {
		return random_int( $seconds - intdiv( $seconds, $seconds > HOUR_IN_SECONDS ? 10 : 2 ), $seconds );
	}
}
