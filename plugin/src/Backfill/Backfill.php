<?php
/**
 * A backfill: linking and bringing over the users that existed before the connection.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class Backfill {

	/** Seconds over which the rate is measured. */
	public const WINDOW = 60;

	/**
	 * @param int               $id           Id.
	 * @param int               $site_id      Remote site.
	 * @param State             $state        How far it is.
	 * @param State|null        $paused_from  What it was doing when it was paused.
	 * @param string            $problem_code Why it waits or failed, or ''.
	 * @param string            $problem      The sentence for it.
	 * @param int               $started_at   Unix seconds.
	 * @param int               $finished_at  Unix seconds, or 0.
	 * @param int               $position     Pages of a plain site read, last account of a paired one read, or last user id compared.
	 * @param int               $total        People to do in this state; 0 when not known.
	 * @param array<int, int>   $samples      People done, by Unix second, of the last minute.
	 * @param Options           $options      What it is to do.
	 * @param int               $run_at       When the owner had it carried out, Unix seconds, or 0.
	 * @param int               $paced_ms     Until when its rate is used up, Unix milliseconds.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $site_id,
		public readonly State $state,
		public readonly ?State $paused_from,
		public readonly string $problem_code,
		public readonly string $problem,
		public readonly int $started_at,
		public readonly int $finished_at,
		public readonly int $position,
		public readonly int $total,
		public readonly array $samples,
		public readonly Options $options = new Options(),
		public readonly int $run_at = 0,
		public readonly int $paced_ms = 0,
	) {
	}

	/**
	 * People done in this state, as they were last counted.
	 */
	public function done(): int {
		$last = array_key_last( $this->samples );
		return null === $last ? 0 : $this->samples[ $last ];
	}

	/**
	 * People in a second, over the last minute; while it waits for something, over the minute before that.
	 *
	 * @param int $now Unix seconds.
	 */
	public function rate( int $now ): float {
		if ( '' !== $this->problem_code ) {
			$now = array_key_last( $this->samples ) ?? $now;
		}
		$samples = array_filter( $this->samples, static fn ( int $second ): bool => $second >= $now - self::WINDOW, ARRAY_FILTER_USE_KEY );
		if ( ! $this->state->is_active() || count( $samples ) < 2 ) {
			return 0.0;
		}
		$first   = (int) array_key_first( $samples );
		$last    = (int) array_key_last( $samples );
		$elapsed = max( 1, max( $now, $last ) - $first );
		return max( 0.0, ( $samples[ $last ] - $samples[ $first ] ) / $elapsed );
	}
}
