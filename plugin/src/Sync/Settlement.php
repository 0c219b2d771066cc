<?php
/**
 * Writes down what came of a delivery: in the outbox, the link, the site's state and the activity.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Hooks\Events;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Time\Clock;

final class Settlement {

	/**
	 * @param Sites    $sites    Remote sites.
	 * @param Links    $links    Links.
	 * @param Outbox   $outbox   Outbox.
	 * @param Log      $log      Activity.
	 * @param Schedule $schedule When to try again.
	 * @param Events   $events   Who wants to hear that somebody waits for a decision.
	 * @param Clock    $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Schedule $schedule,
		private readonly Events $events,
		private readonly Clock $clock,
	) {
	}

	/**
	 * A delivery has ended.
	 *
	 * @param RemoteSite     $site     The site.
	 * @param OutboxRow      $row      As it was claimed.
	 * @param UserState|null $user     The user as they were sent.
	 * @param Outcome        $outcome  What came of it.
	 * @param list<string>   $warnings What else a person should know.
	 */
	public function of_delivery( RemoteSite $site, OutboxRow $row, ?UserState $user, Outcome $outcome, array $warnings ): void {
		// The link first: should this process die now, the next one knows who that account is.
		if ( $outcome->unlink ) {
			$this->links->remove( $site->id, $row->user_id );
		} elseif ( null !== $outcome->link ) {
			$this->links->save( $this->stamped( $outcome ) );
		}
		$result = match ( $outcome->kind ) {
			OutcomeKind::Delivered   => $this->delivered( $site, $row ),
			OutcomeKind::Skipped     => $this->skipped( $row, $outcome ),
			OutcomeKind::Retry       => $this->retry( $site, $row, $outcome ),
			OutcomeKind::Unreachable,
			OutcomeKind::Held        => $this->site_is_out( $site, $row, $outcome ),
			OutcomeKind::Attention   => $this->ask( $site, $row, OutboxState::Attention, $outcome ),
			OutcomeKind::Confirm     => $this->ask( $site, $row, OutboxState::Confirm, $outcome ),
		};
		if ( OutcomeKind::Skipped === $outcome->kind && '' === $outcome->message && array() === $warnings && '' === $row->code ) {
			return;
		}
		$this->log->add(
			new Entry(
				$outcome->action,
				$result,
				$site->id,
				$row->user_id,
				null === $user ? (string) ( $row->details['login'] ?? '' ) : $user->login,
				null === $user ? (string) ( $row->details['email'] ?? '' ) : $user->email(),
				$outcome->fields,
				$outcome->code,
				$outcome->message,
				array( ...$outcome->warnings, ...$warnings ),
				took: Result::Success === $result && ! $row->decision()->trusted && ! $row->decision()->in_bulk ? max( 1, $this->clock->now_ms() - $row->first_ms ) : 0
			),
			'' !== $row->code
		);
	}

	/**
	 * A probe has ended.
	 *
	 * @param RemoteSite $site    The site.
	 * @param Outcome    $outcome What came of it.
	 */
	public function of_probe( RemoteSite $site, Outcome $outcome ): void {
		if ( OutcomeKind::Delivered === $outcome->kind ) {
			$this->well_again( $site );
		} else {
			$this->trouble( $site, $outcome );
		}
	}

	/**
	 * The remote user is right.
	 *
	 * @param RemoteSite $site The site.
	 * @param OutboxRow  $row  As it was claimed.
	 */
	private function delivered( RemoteSite $site, OutboxRow $row ): Result {
		$this->outbox->finish( $row );
		if ( SiteState::Connected !== $site->state || $site->failures > 0 || $site->last_success_at < $this->clock->now() ) {
			$this->sites->succeeded( $site );
		}
		return Result::Success;
	}

	/**
	 * Nothing had to be done. After a try that failed that is a success: its answer was lost, and what it brought was not.
	 *
	 * @param OutboxRow $row     As it was claimed.
	 * @param Outcome   $outcome What came of it.
	 */
	private function skipped( OutboxRow $row, Outcome $outcome ): Result {
		$this->outbox->finish( $row );
		return '' !== $row->code && '' === $outcome->message ? Result::Success : Result::Skipped;
	}

	/**
	 * This user did not get through. After the last try a person is asked.
	 *
	 * @param RemoteSite $site    The site.
	 * @param OutboxRow  $row     As it was claimed.
	 * @param Outcome    $outcome What came of it.
	 */
	private function retry( RemoteSite $site, OutboxRow $row, Outcome $outcome ): Result {
		$delay = $this->schedule->delay( $row->attempts + 1, $this->clock->now() - $row->waits_since(), $outcome->retry_after );
		if ( null === $delay ) {
			return $this->ask( $site, $row, OutboxState::Attention, $outcome );
		}
		$this->outbox->postpone( $row, $this->clock->now() + $delay, $outcome->code, $outcome->message );
		return Result::Retrying;
	}

	/**
	 * The site is at fault: no try of this user is burnt.
	 *
	 * @param RemoteSite $site    The site.
	 * @param OutboxRow  $row     As it was claimed.
	 * @param Outcome    $outcome What came of it.
	 */
	private function site_is_out( RemoteSite $site, OutboxRow $row, Outcome $outcome ): Result {
		$this->outbox->unclaim( $row, $outcome->code, $outcome->message );
		$this->trouble( $site, $outcome );
		return Result::Retrying;
	}

	/**
	 * A person is asked.
	 *
	 * @param RemoteSite  $site    The site.
	 * @param OutboxRow   $row     As it was claimed.
	 * @param OutboxState $state   Who: the owner, or the account's holder.
	 * @param Outcome     $outcome What came of it.
	 */
	private function ask( RemoteSite $site, OutboxRow $row, OutboxState $state, Outcome $outcome ): Result {
		$this->outbox->hold( $row, $state, $outcome->code, $outcome->message, $outcome->details, $outcome->password_arrived );
		if ( OutboxState::Attention === $state ) {
			$this->events->conflict( $site, $row->user_id, $outcome->code );
		}
		return Result::Attention;
	}

	/**
	 * Notes that a site is in trouble, and when it is looked at again.
	 *
	 * @param RemoteSite $site    The site.
	 * @param Outcome    $outcome What came of it.
	 */
	private function trouble( RemoteSite $site, Outcome $outcome ): void {
		$next  = $this->clock->now() + $this->schedule->site_delay( $site->failures + 1, $outcome->retry_after );
		$noted = OutcomeKind::Held === $outcome->kind
			? $this->sites->held( $site, $outcome->code, $outcome->message, $next )
			: $this->sites->unreachable( $site, $outcome->code, $outcome->message, $next );
		// Of all the people of one batch, and of all who work, one puts it on record.
		if ( $noted && 0 === $site->problem_since ) {
			$this->log->add( new Entry( Action::Site, Result::Retrying, $site->id, code: $outcome->code, message: $outcome->message ) );
		}
	}

	/**
	 * Notes that a site is well again, and lets go what waited.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function well_again( RemoteSite $site ): void {
		$this->sites->recovered( $site );
		$this->outbox->release_site( $site->id );
		$this->log->add( new Entry( Action::Site, Result::Success, $site->id, message: __( 'The site answers again. What waited for it is being delivered.', 'tandem-user-sync' ) ), true );
	}

	/**
	 * The link of an outcome, with the time at which a password arrived.
	 *
	 * @param Outcome $outcome What came of it; has a link.
	 */
	private function stamped( Outcome $outcome ): Link {
		$link = $outcome->link;
		assert( null !== $link );
		// What was only tried lists its fields too.
		$has_password = $outcome->password_arrived || ( OutcomeKind::Delivered === $outcome->kind && $outcome->fields->has( FieldSet::PASSWORD ) );
		return new Link(
			$link->site_id,
			$link->user_id,
			$link->remote_id,
			$link->remote_login,
			$link->approved,
			0 === $link->linked_at ? $this->clock->now() : $link->linked_at,
			$has_password ? $this->clock->now() : $link->password_at
		);
	}
}
