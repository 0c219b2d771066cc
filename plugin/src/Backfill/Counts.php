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
	 * How many are to be linked, created, brought or fetched, and were not begun. Those that need a decision are not among them.
	 *
	 * @param Options $options What is to be done.
	 */
	public function to_do( Options $options ): int {
		return $this->of( Finding::Link, Progress::Open )
			+ ( $options->create ? $this->of( Finding::Create, Progress::Open ) : 0 )
			+ ( $options->fetch ? $this->of( Finding::MissingHere, Progress::Open ) : 0 )
			+ ( $options->brings() ? $this->of( Finding::Already, Progress::Open ) : 0 )
			+ $this->in( Progress::Linked );
	}

	/**
	 * Those of a finding that the owner's word has set going: they are links or new accounts like any other then.
	 *
	 * @param Finding $finding One that needs it.
	 */
	public function set_going( Finding $finding ): int {
		return $this->of( $finding ) - $this->of( $finding, Progress::Open ) - $this->of( $finding, Progress::Ignored );
	}

	/**
	 * How many are being delivered.
	 */
	public function queued(): int {
		return $this->in( Progress::Queued ) + $this->in( Progress::Bringing );
	}

	/**
	 * How many came to an end.
	 */
	public function ended(): int {
		return $this->in( Progress::Done ) + $this->in( Progress::Failed ) + $this->in( Progress::Ignored );
	}

	/**
	 * How many of those to be linked are, whether their fields were brought or not.
	 */
	public function linked(): int {
		$linked = 0;
		foreach ( array( Finding::Link, Finding::Conflict, Finding::LinkByName ) as $finding ) {
			foreach ( array( Progress::Linked, Progress::Bringing, Progress::Done ) as $progress ) {
				$linked += $this->of( $finding, $progress );
			}
		}
		return $linked;
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
