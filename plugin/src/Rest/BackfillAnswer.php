<?php
/**
 * A backfill as the page sees it: `Backfill` in admin-src/types.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Backfill\Backfill;
use Tandem\Backfill\Counts;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Items;
use Tandem\Backfill\Progress;
use Tandem\Backfill\Review;
use Tandem\Backfill\State;
use Tandem\Time\Clock;

final class BackfillAnswer {

	/**
	 * @param Items  $items  Their people.
	 * @param Review $review What the owner looks at.
	 * @param Clock  $clock  Time.
	 */
	public function __construct( private readonly Items $items, private readonly Review $review, private readonly Clock $clock ) {
	}

	/**
	 * The answer.
	 *
	 * @param Backfill $backfill The backfill.
	 * @return array<string, mixed> Shape of `Backfill`.
	 */
	public function of( Backfill $backfill ): array {
		$counts = new Counts( $this->items->counts( $backfill->id ) );
		$done   = $this->done( $backfill, $counts );
		// How long a state takes is not known at its first step; when nothing is under way, all of it is done.
		$total = 0 === $backfill->total && $backfill->state->is_active() ? null : max( $backfill->total, $done );
		$rate  = $backfill->rate( $this->clock->now() );
		return array(
			'id'          => $backfill->id,
			'siteId'      => $backfill->site_id,
			'state'       => $backfill->state->value,
			'problem'     => '' === $backfill->problem_code ? null : array(
				'code'    => $backfill->problem_code,
				'message' => $backfill->problem,
			),
			'startedAt'   => $backfill->started_at,
			'finishedAt'  => 0 === $backfill->finished_at ? null : $backfill->finished_at,
			'done'        => $done,
			'total'       => $total,
			'rate'        => round( $rate, 2 ),
			'secondsLeft' => null === $total || $rate <= 0.0 ? null : (int) ceil( ( $total - $done ) / $rate ),
			'options'     => $backfill->options->to_array(),
			'counts'      => $this->counts( $backfill, $counts ),
		);
	}

	/**
	 * People done in the present state, or in the one that was paused. Counted from what is written down, so that
	 * it is right after a pause too. While it reads, they are accounts of the other site.
	 *
	 * @param Backfill $backfill The backfill.
	 * @param Counts   $counts   Its people.
	 */
	private function done( Backfill $backfill, Counts $counts ): int {
		return match ( $backfill->paused_from ?? $backfill->state ) {
			State::Indexing                => $backfill->done(),
			// Of the users here: who is only there is found when all of them are compared.
			State::Matching, State::Ready  => array_sum( array_map( static fn ( Finding $finding ): int => Finding::MissingHere === $finding ? 0 : $counts->of( $finding ), Finding::cases() ) ),
			default                        => $counts->ended(),
		};
	}

	/**
	 * The people. Those of a conflict move to the linked ones when they are carried out: they are linked then.
	 *
	 * @param Backfill $backfill The backfill.
	 * @param Counts   $counts   The people.
	 * @return array<string, int>
	 */
	private function counts( Backfill $backfill, Counts $counts ): array {
		$decided = $counts->set_going( Finding::Conflict ) + $counts->set_going( Finding::LinkByName );
		$done    = $counts->of( Finding::Conflict, Progress::Done ) + $counts->of( Finding::LinkByName, Progress::Done );
		$brings  = $backfill->options->brings();
		return array(
			'alreadyLinked' => $counts->of( Finding::Already ),
			'link'          => $counts->of( Finding::Link ) + $decided,
			'create'        => $counts->of( Finding::Create ),
			'byName'        => $counts->of( Finding::LinkByName, Progress::Open ),
			'conflict'      => $counts->of( Finding::Conflict, Progress::Open ),
			'left'          => $counts->of( Finding::Left ) + $counts->of( Finding::Conflict, Progress::Ignored ) + $counts->of( Finding::LinkByName, Progress::Ignored ),
			'linkDone'      => $counts->linked(),
			'createDone'    => $counts->of( Finding::Create, Progress::Done ),
			'bring'         => $brings ? $counts->of( Finding::Already ) + $counts->of( Finding::Link ) + $decided : 0,
			'bringDone'     => $brings ? $counts->of( Finding::Already, Progress::Done ) + $counts->of( Finding::Link, Progress::Done ) + $done : 0,
			'onlyThere'     => $counts->of( Finding::MissingHere ),
			'fetchDone'     => $counts->of( Finding::MissingHere, Progress::Done ),
			'remarked'      => $this->review->count_remarked( $backfill->id ),
			'failed'        => $counts->failed(),
		);
	}
}
