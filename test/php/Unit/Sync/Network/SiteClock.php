<?php
/**
 * The clock of one site of the network: off by hours, and jumping.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Time\Clock;

final class SiteClock implements Clock {

	/** Real time, milliseconds. */
	public int $real_ms = 1_800_000_000_000;

	/** How far this clock is off, milliseconds. */
	public int $skew_ms = 0;

	/**
	 * The time now, in Unix seconds.
	 */
	public function now(): int {
		return intdiv( $this->now_ms(), 1000 );
	}

	/**
	 * The time now, in milliseconds since 1970.
	 */
	public function now_ms(): int {
		return $this->real_ms + $this->skew_ms;
	}
}
