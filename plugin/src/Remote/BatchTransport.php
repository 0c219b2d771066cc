<?php
/**
 * A transport that brings many people with one request.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\Delivery;
use Tandem\Sync\Outcome;

interface BatchTransport extends Transport {

	/**
	 * How many people a site takes at once.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function most( RemoteSite $site ): int;

	/**
	 * Brings people to one site. May be repeated any number of times.
	 *
	 * @param non-empty-list<Delivery> $deliveries What to bring, all to the same site.
	 * @param bool                     $searches   Whether the one with whom a message fails is looked for by sending it in halves;
	 *                                             otherwise its failure is everybody's.
	 * @param int                      $too_many   Becomes how many were too many for one message, should that have come out; else it stays.
	 * @return list<Outcome> What came of each, in their order; never throws for anything that the remote site does.
	 */
	public function deliver_all( array $deliveries, bool $searches = true, int &$too_many = 0 ): array;
}
