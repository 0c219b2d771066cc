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
	 * @param int $ms  Milliseconds of that second.
	 */
	public function __construct( public int $now = 1_800_000_000, public int $ms = 0 ) {
	}

	/**
	 * The time now, in Unix seconds.
	 */
	public function now(): int {
		return $this->now;
	}

	/**
	 * The time now, in milliseconds since 1970.
	 */
	public function now_ms(): int {
		return $this->now * 1000 + $this->ms;
	}
}
