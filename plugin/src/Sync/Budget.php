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
	 * @param float          $seconds      Seconds in which new deliveries are begun.
	 * @param float          $timeout      Seconds that one request may take.
	 * @param int            $side_by_side Deliveries to one site at the same time.
	 * @param bool           $is_guest     In a visitor's PHP worker: the first failure ends it, and no site is probed.
	 * @param bool           $is_alone     One process at a time for a site: PHP's workers for the web are the visitors'.
	 * @param int            $batch        People that are brought with one request at most, where a site takes many.
	 * @param list<int>|null $only_sites   Only these sites.
	 */
	private function __construct(
		public readonly float $seconds,
		public readonly float $timeout,
		public readonly int $side_by_side,
		public readonly bool $is_guest,
		public readonly bool $is_alone,
		public readonly int $batch,
		public readonly ?array $only_sites,
	) {
		$this->until = microtime( true ) + $seconds;
	}

	/**
	 * At the end of a visitor's request, after the answer has gone out.
	 */
	public static function guest(): self {
		return new self( 2.0, 2.0, 1, true, true, 10, null );
	}

	/**
	 * In a request of its own (WP-Cron, the wake-up, the page).
	 *
	 * @param float          $seconds    Seconds.
	 * @param list<int>|null $only_sites Only these sites.
	 */
	public static function request( float $seconds, ?array $only_sites = null ): self {
		return new self( $seconds, 15.0, 4, false, true, 200, $only_sites );
	}

	/**
	 * On the command line, where any number of processes may work side by side: several for one paired site, one for a
	 * plain one.
	 *
	 * @param float          $seconds    Seconds.
	 * @param list<int>|null $only_sites Only these sites.
	 */
	public static function worker( float $seconds, ?array $only_sites = null ): self {
		return new self( $seconds, 15.0, 4, false, false, 200, $only_sites );
	}

	/**
	 * Whether a site is one of those to be served.
	 *
	 * @param int $site_id Site.
	 */
	public function covers( int $site_id ): bool {
		return null === $this->only_sites || in_array( $site_id, $this->only_sites, true );
	}

	/**
	 * Seconds left in which deliveries may begin.
	 */
	public function left(): float {
		return $this->until - microtime( true );
	}
}
