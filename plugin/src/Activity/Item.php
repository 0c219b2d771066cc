<?php
/**
 * One row of the record.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

final class Item {

	/**
	 * @param int   $id        Id.
	 * @param int   $at        Unix seconds.
	 * @param Entry $entry     What was put on record.
	 * @param int   $attempts  Tries so far.
	 * @param int   $outbox_id Outbox row that a retry acts on, or 0.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $at,
		public readonly Entry $entry,
		public readonly int $attempts,
		public readonly int $outbox_id,
	) {
	}
}
