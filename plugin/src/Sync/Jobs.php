<?php
/**
 * Several jobs as one: each has its share of the time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Jobs implements Job {

	/** @var list<Job> */
	private readonly array $jobs;

	/**
	 * @param Job ...$jobs The jobs.
	 */
	public function __construct( Job ...$jobs ) {
		$this->jobs = array_values( $jobs );
	}

	/**
	 * Does some of each.
	 *
	 * @param float $seconds How long it may take.
	 * @return bool Whether there is more to do that can be done now.
	 */
	public function step( float $seconds ): bool {
		$until = microtime( true ) + $seconds;
		$more  = false;
		foreach ( $this->jobs as $index => $job ) {
			$more = $job->step( max( 0.1, ( $until - microtime( true ) ) / ( count( $this->jobs ) - $index ) ) ) || $more;
		}
		return $more;
	}

	/**
	 * Whether one of them is not finished.
	 */
	public function is_under_way(): bool {
		foreach ( $this->jobs as $job ) {
			if ( $job->is_under_way() ) {
				return true;
			}
		}
		return false;
	}
}
