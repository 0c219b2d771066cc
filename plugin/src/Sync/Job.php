<?php
/**
 * Long work that goes on in steps beside the deliveries.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

interface Job {

	/**
	 * Does some of it.
	 *
	 * @param float $seconds How long it may take.
	 * @return bool Whether there is more to do that can be done now.
	 */
	public function step( float $seconds ): bool;

	/**
	 * Whether there is some that is not finished: what is delivered for it must be looked at.
	 */
	public function is_under_way(): bool;
}
