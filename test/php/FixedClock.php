<?php
/**
 * A clock that a test sets.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests;

use Tandem\Time\Clock;

final class FixedClock implements Clock {

	/**
	 * @param int $now Unix seconds.
	 */
	public function __construct( public int $now = 1_800_000_000 ) {
	}

	/**
	 * The time now, in Unix seconds.
	 */
	public function now(): int {
		return $this->now;
	}
}
