<?php
/**
 * Counts of one run, shared by its lanes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Tally {

	/** People who are right there now. */
	public int $delivered = 0;

	/** Tries that did not get through. */
	public int $failed = 0;

	/** @var list<int> Sites that get nothing more in this run. */
	public array $stopped = array();
}
