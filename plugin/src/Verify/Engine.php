<?php
/**
 * Moves verifications on in steps, whoever calls: the page, WP-Cron, the wake-up, the command line. Begins those that
 * are due each week, when whoever works looks for them.
 *
 * Each step is written down with its position and may be repeated: a worker that is killed loses nothing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\Links;
use Tandem\Remote\PeerLookup;
use Tandem\Remote\Problem;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Remote\Transports;
use Tandem\Remote\VerifyPolicy;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Unreadable;
use Tandem\Sync\Job;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\Settlement;
use Tandem\Time\Clock;

final class Engine implements Job {

	/** What a site says that can be asked for digests (docs/protocol.md, `features`). */
	public const FEATURE = 'digests';

	/** Seconds that a lease outlives a step: a question may take as long as it takes. */
	private const GRACE = 90;

	/** Seconds for which a site may be away before a verification is given up. */
	private const PATIENCE = DAY_IN_SECONDS;

	/** Seconds for which one rests at least and at most where only the comparing fails and the site is well otherwise. */
	private const REST_LEAST = 30;
	private const REST_MOST  = 1800;

	/**
	 * @param Verifications $verifications The verifications.
	 * @param Findings      $findings      Who differs.
	 * @param Comparison    $comparison    Compares.
	 * @param Strays        $strays        Who should be linked and is not.
	 * @param Mender        $mender        Repairs.
	 * @param Sites         $sites         Remote sites.
	 * @param Links         $links         Who is who.
	 * @param PeerLookup    $lookup        Asks a site what it can.
	 * @param Transports    $transports    To look whether a site is well.
	 * @param Settlement    $settlement    Hears of a site that is not.
	 * @param SiteIdentity  $identity      A copy of a site does nothing.
	 * @param Log           $log           Activity.
	 * @param Clock         $clock         Time.
	 */
	public function __construct(
		private readonly Verifications $verifications,
		private readonly Findings $findings,
		private readonly Comparison $comparison,
		private readonly Strays $strays,
		private readonly Mender $mender,
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly PeerLookup $lookup,
		private readonly Transports $transports,
		private readonly Settlement $settlement,
		private readonly SiteIdentity $identity,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Begins to compare a site. What an earlier verification found is forgotten.
	 *
	 * @param int  $site_id The other site.
	 * @param bool $repairs Whether what is found is repaired by itself, without anybody's word.
	 * @throws Refused When it can't be compared, or one is under way.
	 */
	public function start( int $site_id, bool $repairs = false ): Verification {
		$site = $this->sites->get( $site_id );
		if ( SiteKind::Paired !== $site->kind ) {
			/* translators: %s: name of the other site. */
			throw new Refused( 'verify_needs_tandem', sprintf( __( '%s is a plain WordPress, which can’t be compared as a whole. Install Tandem there and connect it again, or look at people one by one with Explain in the list of users.', 'tandem-user-sync' ), $site->name ) );
		}
		$earlier = $this->verifications->newest( $site_id );
		if ( null !== $earlier ) {
			if ( ! $earlier->state->is_over() ) {
				throw new Refused( 'verification_under_way', __( 'This site is being verified already. Wait for it, or cancel it first.', 'tandem-user-sync' ) );
			}
			$this->findings->clear( $earlier->id );
		}
		return $this->verifications->add( $site_id, $this->links->count( $site_id ), $repairs );
	}

	/**
	 * Repairs what was found.
	 *
	 * @param int            $id     Verification.
	 * @param list<int>|null $ids    Findings; null for all.
	 * @param bool           $forced Whether this site's values win where neither is newer, or the other one's are.
	 * @return int How many people.
	 * @throws Refused When it is not done comparing.
	 */
	public function repair( int $id, ?array $ids, bool $forced ): int {
		$verification = $this->verifications->get( $id );
		if ( ! in_array( $verification->state, array( State::Done, State::Repairing ), true ) ) {
			throw new Refused( 'verification_not_done', __( 'This verification is not finished, so nothing can be repaired yet.', 'tandem-user-sync' ) );
		}
		$wanted = $this->findings->want( $id, $ids, $forced );
		if ( $wanted > 0 && State::Done === $verification->state ) {
			// Fails when somebody else has set it going already: all the better.
			$this->verifications->advance( $verification, State::Repairing );
		}
		return $wanted;
	}

	/**
	 * Ends one. What is on its way stays there.
	 *
	 * @param int $id Verification.
	 * @throws Refused When it is over.
	 */
	public function cancel( int $id ): Verification {
		$verification = $this->verifications->get( $id );
		if ( $verification->state->is_over() || ! $this->verifications->advance( $verification, State::Cancelled ) ) {
			throw new Refused( 'verification_over', __( 'This verification is over already.', 'tandem-user-sync' ) );
		}
		return $this->verifications->get( $id );
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
		$until = microtime( true ) + $seconds;
		$more  = false;
		foreach ( $this->verifications->active() as $verification ) {
			$owner = wp_generate_uuid4();
			if ( ! $this->verifications->claim( $verification->id, $owner, (int) ceil( $seconds ) + self::GRACE ) ) {
				continue;
			}
			try {
				do {
					$goes_on = $this->advance( $verification->id );
				} while ( $goes_on && microtime( true ) < $until );
				$more = $more || $goes_on;
			} finally {
				$this->verifications->release( $verification->id, $owner );
			}
		}
		return $more;
	}

	/**
	 * Whether something that is delivered is waited for: a repair goes on when there is room in the queue.
	 */
	public function is_under_way(): bool {
		foreach ( $this->verifications->active() as $verification ) {
			if ( State::Repairing === $verification->state ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Begins the verifications that are due each week. For whoever works, once a minute.
	 */
	public function start_due(): void {
		if ( null !== $this->identity->copy_of() ) {
			return;
		}
		foreach ( $this->sites->all() as $site ) {
			if ( SiteKind::Paired !== $site->kind || SiteState::Connected !== $site->state || VerifyPolicy::Off === $site->settings->verify ) {
				continue;
			}
			$last = $this->verifications->newest( $site->id );
			if ( ( $last->started_at ?? $site->connected_at ) + WEEK_IN_SECONDS <= $this->clock->now() && ( null === $last || $last->state->is_over() ) ) {
				try {
					$this->start( $site->id, VerifyPolicy::Repair === $site->settings->verify );
				} catch ( Refused ) {
					// Another process has begun it meanwhile.
					continue;
				}
			}
		}
	}

	/**
	 * One step of one verification.
	 *
	 * @param int $id Verification.
	 * @return bool Whether there is more to do that can be done now.
	 */
	private function advance( int $id ): bool {
		$verification = $this->verifications->find( $id );
		$site         = null === $verification ? null : $this->sites->find( $verification->site_id );
		if ( null === $verification || null === $site || SiteState::Paused === $site->state ) {
			return false;
		}
		if ( SiteState::Connected !== $site->state ) {
			// Whoever delivers looks after it, at the time that it asked for.
			$this->waits( $verification, $site->problem_code, $site->problem );
			return false;
		}
		try {
			return match ( $verification->state ) {
				State::Comparing => $this->compare( $verification, $site ),
				State::Looking   => $this->look( $verification, $site ),
				State::Repairing => $this->mend( $verification, $site ),
				default          => false,
			};
		} catch ( RemoteFailure $failure ) {
			$this->waits( $verification, $failure->problem->code->value, $failure->problem->message, $this->rest( $verification, $site, $failure->problem ) );
		} catch ( Unreadable $failure ) {
			$this->waits( $verification, 'salts_changed', $failure->getMessage() );
		}
		return false;
	}

	/**
	 * Compares the next people.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 * @throws Unreadable When this site's keys can't be read.
	 */
	private function compare( Verification $verification, RemoteSite $site ): bool {
		if ( 0 === $verification->position && ! $this->can_be_asked( $verification, $site ) ) {
			return false;
		}
		$batch = $this->comparison->batch( $site, $verification->position );
		$this->findings->add( $verification->id, $batch->differences, $verification->repairs );
		$this->verifications->moved( $verification, $batch->next ?? People::END, $batch->compared, $batch->waiting, $batch->requests );
		if ( null === $batch->next ) {
			$this->verifications->advance( $verification, State::Looking );
		}
		return true;
	}

	/**
	 * Whether the other site knows how to be asked. One that is away is asked later.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 */
	private function can_be_asked( Verification $verification, RemoteSite $site ): bool {
		$about = $this->lookup->describe( $site->rest_url );
		if ( null === $about || ( is_array( $about['features'] ?? null ) && in_array( self::FEATURE, $about['features'], true ) ) ) {
			return true;
		}
		/* translators: %s: name of the other site. */
		$this->verifications->fails( $verification, 'verify_too_old', sprintf( __( 'Tandem on %s is too old to be compared with this site. Update it there.', 'tandem-user-sync' ), $site->name ) );
		return false;
	}

	/**
	 * Looks for the next people who should be known there.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 * @throws Unreadable When this site's keys can't be read.
	 */
	private function look( Verification $verification, RemoteSite $site ): bool {
		list( $found, $next ) = $this->strays->next( $site, $verification->position );
		$this->findings->add( $verification->id, array_map( static fn ( \WP_User $user ): Difference => new Difference( $user->ID, 0, Kind::Stray ), $found ), $verification->repairs );
		if ( null !== $next ) {
			$this->verifications->moved( $verification, $next, 0, 0, 0 );
			return true;
		}
		$this->verifications->found_strays_there( $verification->id, $this->comparison->strays_there( $site ) );
		if ( $verification->repairs && $this->verifications->advance( $verification, State::Repairing ) ) {
			return true;
		}
		$this->finish( $verification, $site );
		return false;
	}

	/**
	 * Repairs the next people.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 * @throws Unreadable When this site's keys can't be read.
	 */
	private function mend( Verification $verification, RemoteSite $site ): bool {
		$more = $this->mender->chunk( $verification->id, $site );
		if ( false === $more ) {
			$this->finish( $verification, $site );
		}
		return true === $more;
	}

	/**
	 * Ends one, and puts on record what it came to.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 */
	private function finish( Verification $verification, RemoteSite $site ): void {
		if ( ! $this->verifications->advance( $verification, State::Done ) ) {
			return;
		}
		$counts  = $this->findings->counts( $verification->id );
		$found   = array_sum( $counts );
		$is_open = $counts[ Mending::Open->value ] + $counts[ Mending::Refused->value ] > 0;
		$this->log->add(
			new Entry(
				Action::Verify,
				$is_open ? Result::Attention : Result::Success,
				$site->id,
				message: 0 === $found
					/* translators: 1: a number of people, 2: name of the other site. */
					? sprintf( __( '%1$s people were compared with %2$s: all are the same.', 'tandem-user-sync' ), number_format_i18n( $verification->compared ), $site->name )
					/* translators: 1: a number of people, 2: name of the other site, 3: a number of people, 4: a number of people. */
					: sprintf( __( '%1$s people were compared with %2$s: %3$s differ, %4$s of them are being repaired.', 'tandem-user-sync' ), number_format_i18n( $verification->compared ), $site->name, number_format_i18n( $found ), number_format_i18n( $counts[ Mending::Sent->value ] ) )
			)
		);
	}

	/**
	 * Seconds for which a verification rests after something has failed. Where that is the site itself, deliveries hear
	 * of it and look when it is well again; where it is the comparing alone, nobody else waits for it.
	 *
	 * @param Verification $verification As it was read.
	 * @param RemoteSite   $site         The other site.
	 * @param Problem      $problem      What failed.
	 */
	private function rest( Verification $verification, RemoteSite $site, Problem $problem ): int {
		$outcome = new Outcome( $problem->kind, Action::Site, $problem->code->value, $problem->message, retry_after: $problem->retry_after );
		if ( $problem->code->may_concern_one_request() ) {
			$outcome = $this->transports->to( $site )->probe( $site ) ?? $outcome;
		}
		if ( in_array( $outcome->kind, array( OutcomeKind::Unreachable, OutcomeKind::Held ), true ) ) {
			$this->settlement->of_probe( $site, $outcome );
			return 0;
		}
		return max( self::REST_LEAST, min( self::REST_MOST, intdiv( $this->clock->now() - $verification->started_at, 4 ) ), (int) $problem->retry_after );
	}

	/**
	 * Notes why it can't go on at the moment; in the end it is given up.
	 *
	 * @param Verification $verification As it was read.
	 * @param string       $code         Why.
	 * @param string       $message      The sentence for it.
	 * @param int          $rest         Seconds for which nobody is to go on with it.
	 */
	private function waits( Verification $verification, string $code, string $message, int $rest = 0 ): void {
		if ( $verification->started_at + self::PATIENCE < $this->clock->now() && State::Repairing !== $verification->state ) {
			$this->verifications->fails( $verification, $code, $message );
			return;
		}
		$this->verifications->waits( $verification->id, $code, $message, $rest );
	}
}
