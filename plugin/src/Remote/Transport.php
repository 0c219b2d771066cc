<?php
/**
 * How a delivery travels to one kind of remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\Delivery;
use Tandem\Sync\Outcome;

interface Transport {

	/**
	 * Brings one user's present state to the remote site. May be repeated any number of times.
	 * Inside a fiber it lets other deliveries run while it waits for an answer.
	 *
	 * @param Delivery $delivery What to bring.
	 * @return Outcome What came of it; never throws for anything that the remote site does.
	 */
	public function deliver( Delivery $delivery ): Outcome;

	/**
	 * Asks whether the site is well again, without changing anything there.
	 *
	 * @param RemoteSite $site The site.
	 * @return Outcome|null Of kind Delivered when it is; null where only a delivery can tell.
	 */
	public function probe( RemoteSite $site ): ?Outcome;
}
