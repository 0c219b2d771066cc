<?php
/**
 * When something that failed is tried again: soon at first, then ever more rarely, for more than a week.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Schedule {

	/** Seconds before the second, third… try. Then daily. */
	private const DELAYS = array( 5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000 );

	/** After so many tries, and no earlier than after so many seconds, a person is asked. */
	private const TRIES   = 12;
	private const SECONDS = WEEK_IN_SECONDS;

	/** Longest time between two looks at a site that is away, seconds. */
	private const SITE_LONGEST = 1800;

	/**
	 * Seconds until the next try for one user, or null when it is time to ask a person.
	 *
	 * @param int      $attempts    Tries so far, this one included: from 1.
	 * @param int      $waited      Seconds for which this user has waited.
	 * @param int|null $retry_after Seconds that the remote asked for.
	 */
	public function delay( int $attempts, int $waited, ?int $retry_after = null ): ?int {
		if ( $attempts >= self::TRIES && $waited >= self::SECONDS ) {
			return null;
		}
		return max( $this->jittered( self::DELAYS[ $attempts - 1 ] ?? DAY_IN_SECONDS ), (int) $retry_after );
	}

	/**
	 * Seconds until a site is looked at again. It costs one request, so this never takes longer than half an hour,
	 * unless the site asks for it.
	 *
	 * @param int      $failures    Failures in a row, this one included: from 1.
	 * @param int|null $retry_after Seconds that the remote asked for.
	 */
	public function site_delay( int $failures, ?int $retry_after = null ): int {
		$delay = self::DELAYS[ min( $failures, count( self::DELAYS ) ) - 1 ];
		return max( min( $this->jittered( $delay ), self::SITE_LONGEST ), (int) $retry_after );
	}

	/**
	 * Spreads tries over the whole time around the plain delay ("full jitter"), so that many that failed together don't
	 * come back together.
	 *
	 * @link https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
	 *
	 * @param int $seconds The plain delay, which is the mean.
	 */
	private function jittered( int $seconds ): int {
		return random_int( 1, 2 * $seconds - 1 );
	}
}
