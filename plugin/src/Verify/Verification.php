<?php
/**
 * One comparison of this site with a paired one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

final class Verification {

	/**
	 * @param int    $id           Id.
	 * @param int    $site_id      The other site.
	 * @param State  $state        How far it is.
	 * @param bool   $repairs      Whether it repairs what it finds by itself.
	 * @param int    $position     After which user, or which difference, to go on.
	 * @param int    $total        People who were linked when it began.
	 * @param int    $compared     People compared so far.
	 * @param int    $waiting      People who were on their way, and were left alone.
	 * @param int    $requests     Requests that it took.
	 * @param int    $strays_there People whom the other site has not told us of.
	 * @param string $problem_code Why it waits or failed, or ''.
	 * @param string $problem      The sentence for it.
	 * @param int    $started_at   Unix seconds.
	 * @param int    $finished_at  Unix seconds, or 0.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $site_id,
		public readonly State $state,
		public readonly bool $repairs,
		public readonly int $position,
		public readonly int $total,
		public readonly int $compared,
		public readonly int $waiting,
		public readonly int $requests,
		public readonly int $strays_there,
		public readonly string $problem_code,
		public readonly string $problem,
		public readonly int $started_at,
		public readonly int $finished_at,
	) {
	}
}
