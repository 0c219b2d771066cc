<?php
/**
 * A part of what holds now.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class OccasionPage {

	/** How many users or orders are looked at in one step. */
	public const SIZE = 100;

	/**
	 * @param list<Occasion> $occasions What was found.
	 * @param int            $looked    How many users or orders were looked at so far, earlier parts included.
	 * @param int            $total     How many there are to look at.
	 */
	public function __construct(
		public readonly array $occasions,
		public readonly int $looked,
		public readonly int $total,
	) {
	}
}
