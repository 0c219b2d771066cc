<?php
/**
 * How many people of a backfill are where.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class Counts {

	/**
	 * @param array<string, array<string, int>> $people By finding, then by progress, as `Items::counts()` gives it.
	 */
	public function __construct( private readonly array $people ) {
	}

	/**
	 * How many there are of a finding, in all or at one progress.
	 *
	 * @param Finding       $finding  What was found out.
	 * @param Progress|null $progress Only these.
	 */
	public function of( Finding $finding, ?Progress $progress = null ): int {
		$people = $this->people[ $finding->value ] ?? array();
		return null === $progress ? array_sum( $people ) : ( $people[ $progress->value ] ?? 0 );
	}

	/**
	 * How many are to be linked or created, and were not begun.
	 */
	public function to_do(): int {
		return $this->of( Finding::Link, Progress::Open ) + $this->of( Finding::Create, Progress::Open );
	}

	/**
	 * How many are being delivered.
	 */
	public function queued(): int {
		return $this->in( Progress::Queued );
	}

	/**
	 * How many came to an end.
	 */
	public function ended(): int {
		return $this->in( Progress::Done ) + $this->in( Progress::Failed ) + $this->in( Progress::Ignored );
	}

	/**
	 * How many failed.
	 */
	public function failed(): int {
		return $this->in( Progress::Failed );
	}

	/**
	 * How many are at one progress.
	 *
	 * @param Progress $progress Which.
	 */
	private function in( Progress $progress ): int {
		return array_sum( array_map( static fn ( array $by_progress ): int => $by_progress[ $progress->value ] ?? 0, $this->people ) );
	}
}
