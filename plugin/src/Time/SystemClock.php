<?php
/**
 * The machine's own clock.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Time;

final class SystemClock implements Clock {

	/**
	 * The time now, in Unix seconds.
	 */
	public function now(): int {
		return time();
	}

	/**
	 * The time now, in milliseconds since 1970.
	 */
	public function now_ms(): int {
		return (int) ( microtime( true ) * 1000 );
	}
}
