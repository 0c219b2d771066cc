<?php
/**
 * Brings what is due to the remote sites, all of them side by side.
 *
 * Knows no HTTP and no hooks: transports carry, the outbox remembers. What a
 * remote site does can't stop it, and neither can a fault of our own: the row
 * stays, with the reason.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Confirm\Confirmation;
use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Guest\GuestReader;
use Tandem\Guest\Guests;
use Tandem\Hooks\Events;
use Tandem\Hooks\FilterFailed;
use Tandem\Hooks\Filters;
use Tandem\Import\WpRemoteUsersSync;
use Tandem\Remote\BatchTransport;
use Tandem\Remote\Http\Pool;
use Tandem\Remote\Links;
use Tandem\Remote\PairedSiteTransport;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Remote\Transport;
use Tandem\Remote\Transports;
use Tandem\Security\PlainPassword;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Unreadable;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class Dispatcher {

	/** Seconds that a claim outlives the budget: one slow request and some air. */
	private const GRACE = 30;

	/** Seconds for which a site that answers again is spared: one process, one delivery at a time, few people in each. */
	private const SPARED = 60;

	/** @var array<int, BatchSize> How many people go with one request, by site. */
	private array $sizes = array();

	/**
	 * @param Sites        $sites        Remote sites.
	 * @param Links        $links        Links.
	 * @param Outbox       $outbox       What is due.
	 * @param Transports   $transports   How sites are reached.
	 * @param Pool         $pool         Runs deliveries side by side.
	 * @param Settlement   $settlement   Writes down what came of each.
	 * @param Confirmation $confirmation Asks an account's holder.
	 * @param Vault        $vault        Opens captured passwords.
	 * @param SiteIdentity $identity     A copy of a site sends nothing.
	 * @param UserReader   $reader       Reads users.
	 * @param GuestReader  $guests       Reads guests.
	 * @param Connection   $db           To tell a deleted user from a database that is away.
	 * @param Events       $events       Who wants to hear of deliveries.
	 * @param Clock        $clock        Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Transports $transports,
		private readonly Pool $pool,
		private readonly Settlement $settlement,
		private readonly Confirmation $confirmation,
		private readonly Vault $vault,
		private readonly SiteIdentity $identity,
		private readonly UserReader $reader,
		private readonly GuestReader $guests,
		private readonly Connection $db,
		private readonly Events $events,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Delivers what is due, until the budget is used up. In the web, one process at a time does so for a site; on the
	 * command line any number does for a paired one. A plain site is a guest's host: however many work, one process with
	 * its few lanes serves it. One alone asks a site that is in trouble, and serves it right after that.
	 *
	 * @param Budget $budget How much it may take.
	 * @return Report What it did.
	 */
	public function run( Budget $budget ): Report {
		if ( null !== $this->identity->copy_of() ) {
			return new Report( 0, 0 );
		}
		$owner = wp_generate_uuid4();
		$tally = new Tally();
		$tasks = array();
		$taken = array();
		foreach ( $this->sites->all() as $site ) {
			if ( ! $this->wants_a_run( $site, $budget ) ) {
				continue;
			}
			$is_weak = SiteState::Connected !== $site->state || $this->is_spared( $site );
			if ( $budget->is_alone || $is_weak || SiteKind::Plain === $site->kind ) {
				if ( ! $this->sites->claim( $site->id, $owner, (int) ceil( $budget->seconds ) + self::GRACE ) ) {
					continue;
				}
				$taken[] = $site->id;
			}
			$lanes = $is_weak ? 1 : $budget->side_by_side;
			for ( $lane = 0; $lane < $lanes; $lane++ ) {
				$tasks[] = fn () => $this->serve( $site, $budget, $tally );
			}
		}
		try {
			if ( array() !== $tasks ) {
				$this->pool->run( $tasks, $budget->timeout );
			}
		} finally {
			foreach ( $taken as $id ) {
				$this->sites->release( $id, $owner );
			}
		}
		return new Report( $tally->delivered, $tally->failed );
	}

	/**
	 * A person as a paired site is about to get them: for one that asks who they are at this moment, and can take them
	 * from the answer. What is in the queue stays there: brought once more, it finds that all is right.
	 *
	 * @param RemoteSite $site    The site.
	 * @param int        $user_id User here.
	 * @return array<string, mixed>|null As docs/protocol.md says; null when nothing of them is on its way.
	 */
	public function on_the_way( RemoteSite $site, int $user_id ): ?array {
		$row       = $this->outbox->find_for( $site->id, $user_id );
		$transport = $this->transports->to( $site );
		if ( null === $row || OutboxState::Due !== $row->state || ! $transport instanceof PairedSiteTransport || WpRemoteUsersSync::sends_to( $site ) ) {
			return null;
		}
		try {
			$user     = $this->user( $site, $user_id );
			$warnings = array();
			$delivery = null === $user ? null : $this->delivery( $site, $row->as_if_complete(), $user, $warnings );
			return $delivery instanceof Delivery ? $transport->as_sent( $delivery ) : null;
		} catch ( \Throwable ) {
			// It goes the ordinary way, where it is said what is wrong.
			return null;
		}
	}

	/**
	 * Whether there is something to deliver that may be delivered now, and nobody is at it.
	 */
	public function has_work(): bool {
		if ( null !== $this->identity->copy_of() ) {
			return false;
		}
		$budget = Budget::request( 0.0 );
		foreach ( $this->sites->all() as $site ) {
			if ( $site->lease_until <= $this->clock->now() && $this->wants_a_run( $site, $budget ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The clock was set back: nothing waits for a time by the old one.
	 */
	public function clock_was_set_back(): void {
		$this->sites->clock_was_set_back();
		$this->outbox->clock_was_set_back();
	}

	/**
	 * Seconds until the next site that is away is looked at again, or the next person is tried again, or null.
	 *
	 * @param int $within People who are due later than in so many seconds don't count.
	 */
	public function seconds_to_next_try( int $within ): ?int {
		$next = null;
		foreach ( $this->sites->all() as $site ) {
			if ( SiteState::Paused === $site->state ) {
				continue;
			}
			$at = SiteState::Connected === $site->state ? $this->outbox->next_due( $site->id, $within ) : $site->next_try_at;
			if ( null !== $at ) {
				$next = min( $next ?? PHP_INT_MAX, max( 0, $at - $this->clock->now() ) );
			}
		}
		return $next;
	}

	/**
	 * Whether a site is to be served in this run. A visitor's worker never probes a site that is in trouble.
	 *
	 * @param RemoteSite $site   The site.
	 * @param Budget     $budget The run's budget.
	 */
	private function wants_a_run( RemoteSite $site, Budget $budget ): bool {
		if ( SiteState::Paused === $site->state || ! $budget->covers( $site->id ) || WpRemoteUsersSync::sends_to( $site ) ) {
			return false;
		}
		if ( SiteState::Connected !== $site->state ) {
			return ! $budget->is_guest && $site->next_try_at <= $this->clock->now();
		}
		return $this->outbox->has_due( $site->id );
	}

	/**
	 * Serves one site: a probe first if it was in trouble, then one user after the other.
	 *
	 * @param RemoteSite $site   The site.
	 * @param Budget     $budget The run's budget.
	 * @param Tally      $tally  Counts.
	 */
	private function serve( RemoteSite $site, Budget $budget, Tally $tally ): void {
		$transport = $this->transports->to( $site );
		if ( SiteState::Connected !== $site->state ) {
			$probe = $transport->probe( $site );
			if ( null === $probe ) {
				if ( ! $this->answers_a_delivery( $site, $transport, $budget, $tally ) ) {
					return;
				}
			} else {
				$this->settlement->of_probe( $site, $probe );
				if ( OutcomeKind::Delivered !== $probe->kind ) {
					++$tally->failed;
					return;
				}
			}
			$site = $this->sites->get( $site->id );
		}
		$most = $transport instanceof BatchTransport ? min( $transport->most( $site ), $budget->batch ) : 1;
		$size = $this->sizes[ $site->id ] ??= new BatchSize();
		while ( $budget->left() > 0 && ! in_array( $site->id, $tally->stopped, true ) ) {
			$seconds = (int) ceil( $budget->timeout ) * 3 + self::GRACE;
			$until   = $this->clock->now() + $seconds;
			$rows    = $this->outbox->claim( $site->id, $size->next( $this->is_spared( $site ) ? min( $most, $this->spared_batch( $site ) ) : $most ), $seconds );
			if ( array() === $rows || $this->clock->now() >= $until ) {
				// A process that was stopped for so long has lost what it had claimed to others.
				return;
			}
			foreach ( $this->attempt( $site, $rows, $transport, $size, ! $budget->is_guest ) as $outcome ) {
				$this->count( $site, $outcome, $budget, $tally );
			}
		}
	}

	/**
	 * Whether a site in trouble that can't be asked is well again: the first of those who wait is tried. Where nobody
	 * waits, nothing says that it is not.
	 *
	 * @param RemoteSite $site      The site.
	 * @param Transport  $transport How it is reached.
	 * @param Budget     $budget    The run's budget.
	 * @param Tally      $tally     Counts.
	 */
	private function answers_a_delivery( RemoteSite $site, Transport $transport, Budget $budget, Tally $tally ): bool {
		foreach ( $this->outbox->claim( $site->id, 1, (int) ceil( $budget->timeout ) * 3 + self::GRACE ) as $row ) {
			$outcome = $this->attempt( $site, array( $row ), $transport, new BatchSize(), ! $budget->is_guest )[0];
			$this->count( $site, $outcome, $budget, $tally );
			if ( in_array( $outcome->kind, array( OutcomeKind::Unreachable, OutcomeKind::Held ), true ) ) {
				return false;
			}
		}
		$this->settlement->of_probe( $site, new Outcome( OutcomeKind::Delivered, \Tandem\Activity\Action::Site ) );
		return true;
	}

	/**
	 * Whether a site has answered again only a moment ago: what has waited for it must not fell it again.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function is_spared( RemoteSite $site ): bool {
		return $site->recovered_at + self::SPARED > $this->clock->now();
	}

	/**
	 * How many people go with one request to a site that has just recovered: twice as many every ten seconds.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function spared_batch( RemoteSite $site ): int {
		return 2 ** ( 1 + intdiv( max( 0, $this->clock->now() - $site->recovered_at ), 10 ) );
	}

	/**
	 * Counts what came of one delivery, and stops where more would be in vain.
	 *
	 * @param RemoteSite $site    The site.
	 * @param Outcome    $outcome What came of it.
	 * @param Budget     $budget  The run's budget.
	 * @param Tally      $tally   Counts.
	 */
	private function count( RemoteSite $site, Outcome $outcome, Budget $budget, Tally $tally ): void {
		$arrived = in_array( $outcome->kind, array( OutcomeKind::Delivered, OutcomeKind::Skipped ), true );
		$arrived ? ++$tally->delivered : ++$tally->failed;
		$site_is_out = in_array( $outcome->kind, array( OutcomeKind::Unreachable, OutcomeKind::Held ), true );
		if ( $site_is_out || ( $budget->is_guest && OutcomeKind::Retry === $outcome->kind ) ) {
			$tally->stopped[] = $site->id;
		}
	}

	/**
	 * Tries rows and writes down what came of each. A fault with one does not touch the others.
	 *
	 * @param RemoteSite                $site      The site.
	 * @param non-empty-list<OutboxRow> $rows      As they were claimed.
	 * @param Transport                 $transport How the site is reached.
	 * @param BatchSize                 $size      Learns how long it takes.
	 * @param bool                      $searches  Whether it may take further requests to find the one with whom they fail:
	 *                                             not in a visitor's worker.
	 * @return list<Outcome>
	 */
	private function attempt( RemoteSite $site, array $rows, Transport $transport, BatchSize $size, bool $searches ): array {
		$outcomes   = array();
		$deliveries = array();
		$warnings   = array();
		foreach ( $rows as $place => $row ) {
			try {
				$warnings[ $place ] = array();
				$delivery           = $this->delivery( $site, $row, $this->user( $site, $row->user_id ), $warnings[ $place ] );
				$delivery instanceof Outcome ? $outcomes[ $place ] = $delivery : $deliveries[ $place ] = $delivery;
			} catch ( \Throwable $fault ) {
				$outcomes[ $place ] = self::of_fault( $fault );
			}
		}
		if ( array() !== $deliveries ) {
			foreach ( $deliveries as $delivery ) {
				$this->events->delivering( $site, $delivery->user_id, $delivery->fields );
			}
			$began    = microtime( true );
			$too_many = 0;
			try {
				$arrived   = $transport instanceof BatchTransport
					? $transport->deliver_all( array_values( $deliveries ), $searches, $too_many )
					: array_map( static fn ( Delivery $delivery ): Outcome => $transport->deliver( $delivery ), array_values( $deliveries ) );
				$outcomes += array_combine( array_keys( $deliveries ), $arrived );
				match ( true ) {
					OutcomeKind::Unreachable === $arrived[0]->kind => $size->failed( count( $arrived ) ),
					$too_many > 0                                  => $size->failed( $too_many ),
					default                                        => $size->answered( count( $arrived ), microtime( true ) - $began ),
				};
			} catch ( \Throwable $fault ) {
				$outcomes += array_map( static fn (): Outcome => self::of_fault( $fault ), $deliveries );
			}
		}
		$settle = function () use ( $site, $rows, $deliveries, $warnings, &$outcomes ): void {
			foreach ( $rows as $place => $row ) {
				$outcomes[ $place ] = $this->settle( $site, $row, $deliveries[ $place ]->user ?? null, $outcomes[ $place ], $warnings[ $place ] ?? array() );
			}
		};
		try {
			// What dies in between is brought once more, and a paired site says that it is right there.
			SiteKind::Paired === $site->kind ? $this->db->together( $settle ) : $settle();
		} catch ( Failure ) {
			$settle();
		}
		foreach ( array_keys( $deliveries ) as $place ) {
			$this->events->delivered( $site, $rows[ $place ]->user_id, $outcomes[ $place ]->fields, $outcomes[ $place ]->kind->word(), $outcomes[ $place ]->code );
		}
		ksort( $outcomes );
		return array_values( $outcomes );
	}

	/**
	 * Writes down what came of one row.
	 *
	 * @param RemoteSite     $site     The site.
	 * @param OutboxRow      $row      As it was claimed.
	 * @param UserState|null $user     The user as they were sent.
	 * @param Outcome        $outcome  What came of it.
	 * @param list<string>   $warnings What else a person should know.
	 * @return Outcome What was written down.
	 */
	private function settle( RemoteSite $site, OutboxRow $row, ?UserState $user, Outcome $outcome, array $warnings ): Outcome {
		try {
			$this->settlement->of_delivery( $site, $row, $user, $outcome, $warnings );
			if ( OutcomeKind::Confirm === $outcome->kind && null !== $user && SiteKind::Plain === $site->kind ) {
				// A paired site asks its own people.
				$held = $this->outbox->find( $row->id );
				if ( null !== $held && OutboxState::Confirm === $held->state ) {
					$this->confirmation->ask( $held, $user, $site );
				}
			}
			return $outcome;
		} catch ( \Throwable $fault ) {
			$failed = self::of_fault( $fault );
			$this->settlement->of_delivery( $site, $row, null, $failed, array() );
			return $failed;
		}
	}

	/**
	 * A fault of this site's own: tried again, with the technical name and no values.
	 *
	 * @param \Throwable $fault What happened.
	 */
	private static function of_fault( \Throwable $fault ): Outcome {
		if ( $fault instanceof FilterFailed ) {
			return new Outcome( OutcomeKind::Retry, \Tandem\Activity\Action::Update, FilterFailed::CODE, $fault->getMessage() );
		}
		return new Outcome(
			OutcomeKind::Retry,
			\Tandem\Activity\Action::Update,
			'internal_error',
			/* translators: %s: technical name of a fault. */
			sprintf( __( 'Something went wrong on this site (%s). It will be tried again by itself.', 'tandem-user-sync' ), ( new \ReflectionClass( $fault ) )->getShortName() . ' at ' . basename( $fault->getFile() ) . ':' . $fault->getLine() )
		);
	}

	/**
	 * What to bring, or the outcome if there is nothing to bring.
	 *
	 * @param RemoteSite     $site     The site.
	 * @param OutboxRow      $row      As it was claimed.
	 * @param UserState|null $user     The user as they are now.
	 * @param list<string>   $warnings Filled with what a person should know.
	 */
	private function delivery( RemoteSite $site, OutboxRow $row, ?UserState $user, array &$warnings ): Delivery|Outcome {
		$link   = $this->links->find( $site->id, $row->user_id );
		$names  = array_filter( $row->fields->names, static fn ( string $name ): bool => $site->sends( $name ) && ( FieldSet::DELETED !== $name || null === $user ) && ( FieldSet::LOGOUT !== $name || null !== $link ) );
		$fields = new FieldSet( ...array_values( $names ) );
		if ( null === $user && Guests::is_guest( $row->user_id ) ) {
			return new Outcome( OutcomeKind::Skipped, \Tandem\Activity\Action::Create );
		}
		if ( null === $user ) {
			if ( ! $row->fields->has( FieldSet::DELETED ) || ! $site->settings->delete ) {
				return new Outcome( OutcomeKind::Skipped, \Tandem\Activity\Action::Delete, null === $link ? '' : 'deletions_off', null === $link ? '' : __( 'Deleted here. The account there was left alone, because deletions are switched off for this site.', 'tandem-user-sync' ), unlink: true );
			}
		} elseif ( ! $this->receives( $site, $user ) ) {
			// Somebody who leaves the circle of synced people takes the change of role along, and nothing after that.
			// And what rules have given is still taken away.
			$fields = null === $link ? new FieldSet() : new FieldSet( ...array_intersect( array( FieldSet::ROLES, FieldSet::GRANTS, FieldSet::LOGOUT ), $fields->names ) );
		}
		if ( $fields->is_empty() ) {
			return new Outcome( OutcomeKind::Skipped, \Tandem\Activity\Action::Update );
		}
		if ( false === $user?->is_active ) {
			return new Outcome( OutcomeKind::Retry, \Tandem\Activity\Action::Update, 'not_active', __( 'This person waits for approval here, or is suspended or marked as spam. Nothing is sent until they are active. It is looked at again by itself, and when they change.', 'tandem-user-sync' ), $fields );
		}
		return new Delivery(
			$site,
			$row->user_id,
			$user,
			$fields,
			$this->password( $site, $row, $fields, $warnings ),
			$link,
			$row->decision(),
			$row->intent(),
			fn ( CreateIntent $intent ) => $this->outbox->remember_intent( $row, $intent ),
			$this->sealed( $site, $row ),
			array(
				'uid'   => (string) ( $row->details['uid'] ?? '' ),
				'email' => (string) ( $row->details['email'] ?? '' ),
				'login' => (string) ( $row->details['login'] ?? '' ),
			),
			null === $user ? null : Filters::payload( $user, $site ),
			$this->message( $row ),
			$row->first_ms
		);
	}

	/**
	 * A name for what a row is to bring: the same for every try by itself, another one when something has changed
	 * since, or a person says that it is to be tried again.
	 *
	 * @param OutboxRow $row As it was claimed.
	 */
	private function message( OutboxRow $row ): string {
		return substr( hash( 'sha256', implode( '|', array( $this->identity->uuid(), $row->site_id, $row->id, $row->version, $row->first_ms ) ) ), 0, 32 );
	}

	/**
	 * Whether somebody is one of those whom a site receives.
	 *
	 * @param RemoteSite $site The site.
	 * @param UserState  $user The user as they are now.
	 */
	private function receives( RemoteSite $site, UserState $user ): bool {
		if ( Guests::is_guest( $user->id ) ) {
			return true;
		}
		$account = get_userdata( $user->id );
		return false !== $account && $site->covers_account( $account );
	}

	/**
	 * The captured password of a row, if there is one that can be read.
	 *
	 * @param RemoteSite   $site     The site.
	 * @param OutboxRow    $row      As it was claimed.
	 * @param FieldSet     $fields   What is sent.
	 * @param list<string> $warnings Filled with what a person should know.
	 */
	private function password( RemoteSite $site, OutboxRow $row, FieldSet $fields, array &$warnings ): ?PlainPassword {
		if ( ! $fields->has( FieldSet::PASSWORD ) || SiteKind::Paired === $site->kind ) {
			return null;
		}
		$reset = $site->url . '/wp-login.php?action=lostpassword';
		if ( '' === $row->secret || ( $row->secret_expires_at > 0 && $row->secret_expires_at <= $this->clock->now() ) ) {
			/* translators: %s: address. */
			$warnings[] = sprintf( __( 'The new password waited longer than passwords are kept here, so it was wiped and did not arrive. The person can set one at %s, or change it here once more.', 'tandem-user-sync' ), $reset );
			return null;
		}
		try {
			return new PlainPassword( $this->vault->open( $row->secret, 'password:' . $site->id . ':' . $row->user_id ) );
		} catch ( Unreadable ) {
			/* translators: %s: address. */
			$warnings[] = sprintf( __( 'The new password could not be read any more, because the salts in wp-config.php have changed since, and did not arrive. The person can set one at %s, or change it here once more.', 'tandem-user-sync' ), $reset );
			return null;
		}
	}

	/**
	 * The password that only a paired site can open, while it is kept.
	 *
	 * @param RemoteSite $site The site.
	 * @param OutboxRow  $row  As it was claimed.
	 */
	private function sealed( RemoteSite $site, OutboxRow $row ): string {
		$is_over = $row->secret_expires_at > 0 && $row->secret_expires_at <= $this->clock->now();
		return SiteKind::Paired === $site->kind && ! $is_over ? $row->secret : '';
	}

	/**
	 * The user as they are now, or null when they were deleted. A database that is away is not a deletion.
	 *
	 * @param RemoteSite $site    The site, for the meta keys that it receives.
	 * @param int        $user_id User here.
	 * @throws \Tandem\Database\Failure When the database fails.
	 */
	private function user( RemoteSite $site, int $user_id ): ?UserState {
		if ( Guests::is_guest( $user_id ) ) {
			return $this->guests->read( $user_id, $site );
		}
		// What this process has read before, another one may have changed: the state now is what is sent.
		clean_user_cache( $user_id );
		$user = get_userdata( $user_id );
		if ( false === $user && null !== $this->db->value( 'SELECT ID FROM %i WHERE ID = %d', $this->db->users(), $user_id ) ) {
			throw new \RuntimeException( 'The user exists but could not be read.' );
		}
		return false === $user ? null : $this->reader->read( $user, $site->sent()->meta );
	}
}
