<?php
/**
 * How much one run of the dispatcher may take.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Budget {

	private readonly float $until;

	/**
	 * @param float    $seconds     Seconds in which new deliveries are begun.
	 * @param float    $timeout     Seconds that one request may take.
	 * @param int      $side_by_side Deliveries to one site at the same time.
	 * @param bool     $guest       In a visitor's PHP worker: one delivering request at a time for a site, and the first failure ends it.
	 * @param int|null $only_site   Only this site.
	 * @param int      $batch       People that are brought with one request, where a site takes many.
	 */
	private function __construct(
		public readonly float $seconds,
		public readonly float $timeout,
		public readonly int $side_by_side,
		public readonly bool $guest,
		public readonly ?int $only_site,
		public readonly int $batch,
	) {
		$this->until = microtime( true ) + $seconds;
	}

	/**
	 * At the end of a visitor's request, after the answer has gone out.
	 */
	public static function guest(): self {
		return new self( 2.0, 2.0, 1, true, null, 10 );
	}

	/**
	 * In a request of its own (WP-Cron, the wake-up, the command line).
	 *
	 * @param float    $seconds   Seconds.
	 * @param int|null $only_site Only this site.
	 */
	public static function worker( float $seconds, ?int $only_site = null ): self {
		return new self( $seconds, 15.0, 4, false, $only_site, 50 );
	}

	/**
	 * Seconds left in which deliveries may begin.
	 */
	public function left(): float {
		return $this->until - microtime( true );
	}
}
