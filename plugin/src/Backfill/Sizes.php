<?php
/**
 * How many people a backfill asks a paired site about with one message, by what is asked: more while that site is quick,
 * fewer when it takes long or fails. Lives as long as the process; one that goes on where another has failed begins with
 * few, so that a site which can take no more is not asked too much by each process anew.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Remote\RemoteFailure;
use Tandem\Sync\BatchSize;
use Tandem\Sync\OutcomeKind;

final class Sizes {

	/** People in the first message. */
	private const FIRST = 50;

	/** People in the first message after a failure. */
	private const CAREFUL = 5;

	/** @var array<string, BatchSize> By site and route. */
	private array $sizes = array();

	/**
	 * How many people the next message is to be about.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param string   $route    What is asked.
	 * @param int      $most     How many at most.
	 */
	public function next( Backfill $backfill, string $route, int $most ): int {
		return $this->of( $backfill, $route )->next( $most );
	}

	/**
	 * Asks, and learns from how long it takes.
	 *
	 * @template T
	 * @param Backfill      $backfill As it was read.
	 * @param string        $route    What is asked.
	 * @param int           $people   How many it is about.
	 * @param \Closure(): T $ask      Sends the message.
	 * @return T
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function ask( Backfill $backfill, string $route, int $people, \Closure $ask ): mixed {
		$began = microtime( true );
		try {
			$answer = $ask();
		} catch ( RemoteFailure $failure ) {
			if ( OutcomeKind::Unreachable === $failure->problem->kind ) {
				$this->of( $backfill, $route )->failed( $people );
			}
			throw $failure;
		}
		$this->of( $backfill, $route )->answered( $people, microtime( true ) - $began );
		return $answer;
	}

	/**
	 * What is known of a site.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param string   $route    What is asked.
	 */
	private function of( Backfill $backfill, string $route ): BatchSize {
		return $this->sizes[ "{$backfill->site_id} $route" ] ??= new BatchSize( '' === $backfill->problem_code ? self::FIRST : self::CAREFUL );
	}
}
