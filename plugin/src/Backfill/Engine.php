<?php
/**
 * Moves backfills on in steps, whoever calls: the page, WP-Cron, the wake-up.
 *
 * Each step is small, is written down with its position, and may be repeated: a worker
 * that is killed loses nothing and doubles nothing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Activity\Action;
use Tandem\Hooks\FilterFailed;
use Tandem\Remote\PeerSites;
use Tandem\Remote\PlainSites;
use Tandem\Remote\Problem;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\RemoteUser;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Unreadable;
use Tandem\Sync\Job;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\Settlement;
use Tandem\Time\Clock;

final class Engine implements Job {

	/** Seconds that a lease outlives a step. */
	private const GRACE = 60;

	/** Seconds for which one is left alone whose site is well by its own word and fails all the same. */
	private const REST = 30;

	/** Seconds for which the one at work is to be left alone. */
	private int $rest = 0;

	/** Accounts of a paired site that are read with one message at most. */
	private const MOST_READ = 500;

	/** Milliseconds between two looks whether people who were asked for have come. */
	private const LOOK_MS = 250;

	/** Milliseconds until something may go on, when a chosen rate is what holds a step up, or people who are to come. */
	private ?int $paced_ms = null;

	/**
	 * @param Backfills    $backfills The jobs.
	 * @param Items        $items     Their people.
	 * @param Review       $review    What the owner says to them.
	 * @param Matcher      $matcher   Compares.
	 * @param Runner       $runner    Carries out.
	 * @param Fetcher      $fetcher   Fetches who is missing here.
	 * @param Sites        $sites     Remote sites.
	 * @param PlainSites   $plain     REST APIs of plain ones.
	 * @param PeerSites    $peers     Conversations with paired ones.
	 * @param Settlement   $settlement Notes that a site is in trouble, as after a delivery.
	 * @param SiteIdentity $identity  A copy of a site does nothing.
	 * @param Clock        $clock     Time.
	 * @param Sizes        $sizes     How many go with one message.
	 */
	public function __construct(
		private readonly Backfills $backfills,
		private readonly Items $items,
		private readonly Review $review,
		private readonly Matcher $matcher,
		private readonly Runner $runner,
		private readonly Fetcher $fetcher,
		private readonly Sites $sites,
		private readonly PlainSites $plain,
		private readonly PeerSites $peers,
		private readonly Settlement $settlement,
		private readonly SiteIdentity $identity,
		private readonly Clock $clock,
		private readonly Sizes $sizes = new Sizes(),
	) {
	}

	/**
	 * Begins the preview of a site. What earlier previews found is forgotten; the last report stays until then.
	 *
	 * @param int     $site_id Remote site.
	 * @param Options $options What it is to do.
	 * @throws Refused When one is under way, there is nobody to be matched, or nobody can be fetched who is to be.
	 */
	public function start( int $site_id, Options $options = new Options() ): Backfill {
		if ( SiteKind::Webhook === $this->sites->get( $site_id )->kind ) {
			throw new Refused( 'backfill_of_webhook', __( 'A webhook has no accounts that could be matched. It is told of each person at their next change.', 'tandem-user-sync' ) );
		}
		$this->check( $site_id, $options );
		$begun = $this->backfills->begin( $site_id, $options ) ?? throw new Refused( 'backfill_under_way', __( 'A backfill for this site is under way. Wait for it, or cancel it first.', 'tandem-user-sync' ) );
		foreach ( $this->backfills->of_site( $site_id ) as $other ) {
			if ( $other->id < $begun->id ) {
				$this->items->clear( $other->id );
			}
		}
		return $begun;
	}

	/**
	 * Carries out a preview, or conflicts that were decided after the end.
	 *
	 * @param int $id Backfill.
	 * @throws Refused When it is not ready.
	 */
	public function run( int $id ): Backfill {
		$backfill = $this->backfills->get( $id );
		if ( ! in_array( $backfill->state, array( State::Ready, State::Done ), true ) || ! $this->backfills->advance( $backfill, State::Running ) ) {
			throw new Refused( 'backfill_not_ready', __( 'This backfill can’t be run now: make a preview first, or wait for it.', 'tandem-user-sync' ) );
		}
		return $this->backfills->get( $id );
	}

	/**
	 * Changes what one is to do. The rate may be changed at any time, the rest before it is run. How people are matched is
	 * part of the preview.
	 *
	 * @param int                     $id      Backfill.
	 * @param array<array-key, mixed> $changes Some of `Options::to_array()`.
	 * @throws Refused When it is too late for it.
	 */
	public function choose( int $id, array $changes ): Backfill {
		$backfill = $this->backfills->get( $id );
		$options  = $backfill->options->with( $changes );
		$is_rate  = $options->to_array() === $backfill->options->with( array( 'rate' => $options->rate ) )->to_array();
		$is_early = in_array( $backfill->paused_from ?? $backfill->state, array( State::Indexing, State::Matching, State::Ready ), true ) && $options->by_name === $backfill->options->by_name;
		if ( $backfill->state->is_over() ) {
			throw new Refused( 'backfill_over', __( 'This backfill is over already.', 'tandem-user-sync' ) );
		}
		if ( ! $backfill->options->fetch ) {
			$this->check( $backfill->site_id, $options );
		}
		if ( ! ( $is_rate || $is_early ) || ! $this->backfills->choose( $backfill, $options ) ) {
			throw new Refused( 'backfill_chosen', __( 'What a backfill does is chosen before it is run, and how people are matched before the preview is made. Make a new preview for it.', 'tandem-user-sync' ) );
		}
		return $this->backfills->get( $id );
	}

	/**
	 * Looks whether a site can do its part.
	 *
	 * @param int     $site_id Remote site.
	 * @param Options $options What is to be done.
	 * @throws Refused When it can't.
	 */
	private function check( int $site_id, Options $options ): void {
		$site = $this->sites->get( $site_id );
		if ( $options->fetch && ! $site->can_be_asked() ) {
			throw new Refused( 'backfill_cannot_fetch', Fetcher::cannot_be_asked( $site ) );
		}
	}

	/**
	 * Stops one until it is resumed.
	 *
	 * @param int $id Backfill.
	 * @throws Refused When there is nothing to pause.
	 */
	public function pause( int $id ): Backfill {
		$backfill = $this->backfills->get( $id );
		if ( ! $backfill->state->is_active() || ! $this->backfills->pause( $backfill ) ) {
			throw new Refused( 'backfill_not_running', __( 'This backfill is not running, so it can’t be paused.', 'tandem-user-sync' ) );
		}
		$this->withdraw( $backfill );
		return $this->backfills->get( $id );
	}

	/**
	 * Lets one go on.
	 *
	 * @param int $id Backfill.
	 * @throws Refused When it is not paused.
	 */
	public function resume( int $id ): Backfill {
		$backfill = $this->backfills->get( $id );
		if ( State::Paused !== $backfill->state ) {
			throw new Refused( 'backfill_not_paused', __( 'This backfill is not paused.', 'tandem-user-sync' ) );
		}
		$this->backfills->resume( $backfill );
		return $this->backfills->get( $id );
	}

	/**
	 * Ends one. What it has linked and created stays.
	 *
	 * @param int $id Backfill.
	 * @throws Refused When it is over.
	 */
	public function cancel( int $id ): Backfill {
		$backfill = $this->backfills->get( $id );
		if ( $backfill->state->is_over() || ! $this->backfills->advance( $backfill, State::Cancelled ) ) {
			throw new Refused( 'backfill_over', __( 'This backfill is over already.', 'tandem-user-sync' ) );
		}
		$this->withdraw( $backfill );
		return $this->backfills->get( $id );
	}

	/**
	 * Stores decisions on conflicts. When the backfill is over, they are carried out at once.
	 *
	 * @param int       $id       Backfill.
	 * @param list<int> $item_ids Conflicts.
	 * @param string    $decision `link`, `create`, `ignore`, or '' for none.
	 * @return int How many were open conflicts.
	 */
	public function decide( int $id, array $item_ids, string $decision ): int {
		$backfill = $this->backfills->get( $id );
		$decided  = 0;
		foreach ( $item_ids as $item_id ) {
			$decided += (int) $this->review->decide( $id, $item_id, $decision );
		}
		$this->carry_out_decisions( $backfill, '' === $decision ? 0 : $decided );
		return $decided;
	}

	/**
	 * Stores one decision on all of a kind that are undecided, protected accounts excluded.
	 *
	 * @param int    $id       Backfill.
	 * @param string $code     Why they need one.
	 * @param string $decision `link`, `create` or `ignore`.
	 * @return int How many there were.
	 */
	public function decide_all( int $id, string $code, string $decision ): int {
		$backfill = $this->backfills->get( $id );
		$decided  = $this->review->decide_all( $id, $code, $decision, $this->sites->get( $backfill->site_id )->remote_user_id );
		$this->carry_out_decisions( $backfill, $decided );
		return $decided;
	}

	/**
	 * Sets a backfill going once more that is over.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param int      $decided  How many were decided.
	 */
	private function carry_out_decisions( Backfill $backfill, int $decided ): void {
		if ( State::Done === $backfill->state && $decided > 0 ) {
			// Fails when somebody else's decision has set it going already: all the better.
			$this->backfills->advance( $backfill, State::Running );
		}
	}

	/**
	 * Does some of what is under way.
	 *
	 * @param float $seconds How long it may take.
	 * @return bool Whether there is more to do that can be done now.
	 */
	public function step( float $seconds ): bool {
		if ( null !== $this->identity->copy_of() ) {
			return false;
		}
		$this->paced_ms = null;
		$until          = microtime( true ) + $seconds;
		return $this->round( $seconds, $until ) || $this->waited_for_the_rate( $until );
	}

	/**
	 * Does some of each.
	 *
	 * @param float $seconds How long it may take.
	 * @param float $until   Until when, as `microtime()` gives it.
	 * @return bool Whether there is more to do that can be done now.
	 */
	private function round( float $seconds, float $until ): bool {
		$more = false;
		foreach ( $this->backfills->active() as $backfill ) {
			$owner = wp_generate_uuid4();
			if ( ! $this->backfills->claim( $backfill->id, $owner, (int) ceil( $seconds ) + self::GRACE ) ) {
				continue;
			}
			$this->rest = 0;
			try {
				do {
					$goes_on = $this->advance( $backfill->id );
				} while ( $goes_on && microtime( true ) < $until );
				$more = $more || $goes_on;
			} finally {
				$this->backfills->release( $backfill->id, $owner, $this->rest );
			}
		}
		return $more;
	}

	/**
	 * Waits for the next person's turn, when nothing but the chosen rate is in the way, or for people who are to come.
	 *
	 * @param float $until Until when at most, as `microtime()` gives it.
	 * @return bool Whether that was so.
	 */
	private function waited_for_the_rate( float $until ): bool {
		if ( null === $this->paced_ms ) {
			return false;
		}
		usleep( max( 0, (int) min( 1000 * $this->paced_ms, 1e6 * ( $until - microtime( true ) ), 500_000 ) ) );
		return true;
	}

	/**
	 * Whether one is not finished.
	 */
	public function is_under_way(): bool {
		return array() !== $this->backfills->active();
	}

	/**
	 * One step of one backfill.
	 *
	 * @param int $id Backfill.
	 * @return bool Whether there is more to do that can be done now.
	 */
	private function advance( int $id ): bool {
		$backfill = $this->backfills->find( $id );
		$site     = null === $backfill ? null : $this->sites->find( $backfill->site_id );
		if ( null === $backfill || null === $site ) {
			// Removed with its site; the step before this one may have written since.
			$this->items->clear( $id );
			return false;
		}
		if ( SiteState::Connected !== $site->state ) {
			$this->backfills->waits( $id, '' === $site->problem_code ? 'site_paused' : $site->problem_code, '' === $site->problem ? __( 'The site is paused. The backfill goes on when it is resumed.', 'tandem-user-sync' ) : $site->problem );
			return false;
		}
		try {
			return match ( $backfill->state ) {
				State::Indexing => $this->index( $backfill, $site ),
				State::Matching => $this->match( $backfill, $site ),
				State::Running  => $this->carry_out( $backfill, $site ),
				default         => false,
			};
		} catch ( RemoteFailure $failure ) {
			$this->fails( $backfill, $site, $failure->problem );
		} catch ( Unreadable $failure ) {
			$this->backfills->waits( $id, 'salts_changed', $failure->getMessage() );
		} catch ( FilterFailed $failure ) {
			$this->backfills->waits( $id, FilterFailed::CODE, $failure->getMessage() );
		}
		return false;
	}

	/**
	 * Notes that the site did not do what it was asked. One in trouble is left alone until it is time, as after a delivery:
	 * the dispatcher looks after it, and finds out when it is well again.
	 *
	 * @param Backfill   $backfill As it was read.
	 * @param RemoteSite $site     Remote site.
	 * @param Problem    $problem  What is in the way.
	 */
	private function fails( Backfill $backfill, RemoteSite $site, Problem $problem ): void {
		$is_out = in_array( $problem->kind, array( OutcomeKind::Unreachable, OutcomeKind::Held ), true );
		if ( $is_out ) {
			$this->settlement->of_probe( $site, new Outcome( $problem->kind, Action::Site, $problem->code->value, $problem->message, retry_after: $problem->retry_after ) );
		}
		// Failing again without having moved: whatever asks the site whether it is well is answered that it is.
		$this->rest = $is_out && '' === $backfill->problem_code ? 0 : self::REST;
		$this->backfills->waits( $backfill->id, $problem->code->value, $problem->message );
	}

	/**
	 * Reads a page of the remote site's accounts.
	 *
	 * @param Backfill   $backfill As it was read.
	 * @param RemoteSite $site     Remote site.
	 */
	private function index( Backfill $backfill, RemoteSite $site ): bool {
		if ( SiteKind::Paired === $site->kind ) {
			return $this->index_paired( $backfill, $site );
		}
		$page = $this->plain->api( $site )->page( $backfill->position + 1 );
		$this->items->index( $backfill->id, $page->users );
		$done = $backfill->position + 1;
		if ( $done >= $page->pages ) {
			$this->backfills->advance( $backfill, State::Matching, $this->matcher->total() );
			return true;
		}
		$this->backfills->moved( $backfill, $done, $page->total, $backfill->done() + count( $page->users ) );
		return true;
	}

	/**
	 * Reads the next accounts of a paired site: its own ids are the position.
	 *
	 * @param Backfill   $backfill As it was read.
	 * @param RemoteSite $site     Remote site.
	 */
	private function index_paired( Backfill $backfill, RemoteSite $site ): bool {
		$most = $this->sizes->next( $backfill, 'accounts', self::MOST_READ );
		$page = $this->sizes->ask(
			$backfill,
			'accounts',
			$most,
			fn (): array => $this->peers->api( $site )->call(
				'accounts',
				array(
					'after' => $backfill->position,
					'limit' => $most,
				)
			)
		);
		$list = is_array( $page['accounts'] ?? null ) ? $page['accounts'] : array();
		$this->items->index( $backfill->id, array_values( array_filter( array_map( RemoteUser::of_peer( ... ), $list ) ) ) );
		$next = $page['next'] ?? null;
		if ( ! is_int( $next ) || $next <= $backfill->position ) {
			$this->backfills->advance( $backfill, State::Matching, $this->matcher->total() );
			return true;
		}
		$this->backfills->moved( $backfill, $next, max( 1, is_int( $page['total'] ?? null ) ? $page['total'] : $backfill->total ), $backfill->done() + count( $list ) );
		return true;
	}

	/**
	 * Compares the next users.
	 *
	 * @param Backfill   $backfill As it was read.
	 * @param RemoteSite $site     Remote site.
	 */
	private function match( Backfill $backfill, RemoteSite $site ): bool {
		$ids = $this->matcher->chunk( $backfill, $site, $backfill->position );
		if ( array() === $ids ) {
			if ( $this->fetcher->look( $backfill, $site ) ) {
				return true;
			}
			$this->backfills->advance( $backfill, State::Ready );
			return false;
		}
		$this->backfills->moved( $backfill, max( $ids ), $backfill->total, $backfill->done() + count( $ids ) );
		return true;
	}

	/**
	 * Carries out the next people.
	 *
	 * @param Backfill   $backfill As it was read.
	 * @param RemoteSite $site     Remote site.
	 */
	private function carry_out( Backfill $backfill, RemoteSite $site ): bool {
		$ended = $this->runner->collect( $backfill, $site ) + $this->fetcher->collect( $backfill->id, $site->id );
		$may   = $this->may_begin( $backfill );
		$begun = $this->runner->chunk( $backfill, $site, $may );
		try {
			$begun += $this->fetcher->chunk( $backfill, $site, $may - $begun );
		} finally {
			$this->used( $backfill, $begun );
		}
		$now = $this->backfills->find( $backfill->id );
		if ( State::Running !== $now?->state ) {
			// Paused, cancelled or removed while these were put on their way.
			$this->withdraw( $backfill );
			return null === $now;
		}
		$has_more = $this->items->has_to_do( $backfill->id, $backfill->options ) || $this->fetcher->has_more( $backfill );
		if ( ! $has_more && 0 === $this->items->count_queued( $backfill->id ) && ! $this->fetcher->waits_for_somebody( $backfill ) ) {
			$this->backfills->advance( $backfill, State::Done );
			return false;
		}
		$this->count( $backfill );
		if ( $has_more && $begun === $may ) {
			// The dispatcher's turn, and then the next ones'.
			$this->paced_ms = min( $this->paced_ms ?? PHP_INT_MAX, (int) ceil( 1000 / $backfill->options->rate ) );
			return false;
		}
		if ( 0 === $ended + $begun && $this->fetcher->expects_somebody( $backfill ) ) {
			// The other site's dispatcher has its turn: nothing here would wake this one when they have come.
			$this->paced_ms = min( $this->paced_ms ?? PHP_INT_MAX, self::LOOK_MS );
		}
		// What is queued is delivered by the dispatcher, whose turn it is when nothing moves here.
		return $ended + $begun > 0;
	}

	/**
	 * Counts the people for whoever looks on: once a second, because it takes the longer the more there are.
	 *
	 * @param Backfill $backfill As it was read.
	 */
	private function count( Backfill $backfill ): void {
		if ( '' === $backfill->problem_code && isset( $backfill->samples[ $this->clock->now() ] ) ) {
			return;
		}
		$counts = new Counts( $this->items->counts( $backfill->id ) );
		$to_do  = $counts->to_do( $backfill->options ) + $this->items->count_decided( $backfill->id );
		$this->backfills->moved( $backfill, 0, $counts->ended() + $to_do + $counts->queued(), $counts->ended() );
	}

	/**
	 * Takes back what is under way.
	 *
	 * @param Backfill $backfill As it was read.
	 */
	private function withdraw( Backfill $backfill ): void {
		$this->runner->withdraw( $backfill->id, $backfill->site_id );
		$this->fetcher->withdraw( $backfill->id, $backfill->site_id );
	}

	/**
	 * How many people may be begun now at the rate that the owner chose: those of the time that has passed, and of one
	 * second at most, so that nothing is made up for by a rush.
	 *
	 * @param Backfill $backfill As it was read.
	 */
	private function may_begin( Backfill $backfill ): int {
		$rate  = $backfill->options->rate;
		$since = $this->clock->now_ms() - $backfill->paced_ms;
		// From further ahead than that it is only by a clock that was set back since.
		$since = $since < -1000 ? 1000 : max( 0, min( 1000, $since ) );
		return 0 === $rate ? PHP_INT_MAX : intdiv( $since * $rate, 1000 );
	}

	/**
	 * Notes how many were begun. Kept with the backfill: it counts for whichever process goes on.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param int      $begun    How many.
	 */
	private function used( Backfill $backfill, int $begun ): void {
		$rate = $backfill->options->rate;
		if ( $rate > 0 && $begun > 0 ) {
			$now = $this->clock->now_ms();
			$this->backfills->paced( $backfill->id, max( $now - 1000, min( $now, $backfill->paced_ms ) ) + (int) ceil( 1000 * $begun / $rate ) );
		}
	}
}
