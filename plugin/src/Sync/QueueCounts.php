<?php
/**
 * How long a remote site's queue is.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class QueueCounts {

	/**
	 * @param int      $waiting   People with changes that are due or being tried.
	 * @param int      $attention People that wait for a decision or a confirmation.
	 * @param int|null $oldest_at Since when the oldest of the waiting waits, Unix seconds.
	 * @param int|null $asked_at  Since when a person has had the oldest decision to make, Unix seconds.
	 */
	public function __construct(
		public readonly int $waiting,
		public readonly int $attention,
		public readonly ?int $oldest_at,
		public readonly ?int $asked_at,
	) {
	}
}
