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
}
