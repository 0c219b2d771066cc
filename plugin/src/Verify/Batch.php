<?php
/**
 * What came of comparing some of the people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

final class Batch {

	/**
	 * @param int|null         $next        After which user to go on; null at the end.
	 * @param int              $compared    People who were compared.
	 * @param int              $waiting     People who are on their way, and were left alone.
	 * @param int              $requests    Requests that it took.
	 * @param list<Difference> $differences Who differs.
	 */
	public function __construct(
		public readonly ?int $next,
		public readonly int $compared,
		public readonly int $waiting,
		public readonly int $requests,
		public readonly array $differences,
	) {
	}
}
