<?php
/**
 * The wall clock, so that tests can set it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Time;

interface Clock {

	/**
	 * The time now, in Unix seconds.
	 */
	public function now(): int;

	/**
	 * The time now, in milliseconds since 1970.
	 */
	public function now_ms(): int;
}
