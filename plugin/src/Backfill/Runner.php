<?php
/**
 * Carries a backfill out: links at once, creations through the outbox like any other delivery.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Peer\LinkRequests;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Time\Clock;

final class Runner {

	/** People of a backfill that may be in the outbox at the same time, so that live changes don't queue behind them. */
	private const MOST_QUEUED = 500;

	/** Seconds' worth of people that may be in the outbox at a chosen rate. */
	private const SECONDS_QUEUED = 5;

	/** People that are carried out at a time. */
	private const CHUNK = 100;

	/** Seconds for which it counts that nobody there had an address. */
	private const FRESH = HOUR_IN_SECONDS;

	/** Version of an outbox row that was opened and completed once, by the same hand. */
	private const UNTOUCHED = 2;

	/**
	 * @param Items          $items     The people.
	 * @param Links          $links     Who is who.
	 * @param Outbox         $outbox    Outbox.
	 * @param Log            $log       Activity.
	 * @param AddressChanges $addresses When e-mail addresses were changed here.
	 * @param BulkLinks      $bulk      Links many at once.
	 * @param Connection     $db        Writes together.
	 * @param Bringer        $bringer   Brings the fields of those who are linked.
	 * @param Clock          $clock     Time.
	 * @param UserCache      $users     Users here.
	 * @param Sizes          $sizes     How many go with one message.
	 */
	public function __construct(
		private readonly Items $items,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly AddressChanges $addresses,
		private readonly BulkLinks $bulk,
		private readonly Connection $db,
		private readonly Bringer $bringer,
		private readonly Clock $clock,
		private readonly UserCache $users = new UserCache(),
		private readonly Sizes $sizes = new Sizes(),
	) {
	}

	/**
	 * Carries out the next people.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param int        $most     How many at most.
	 * @return int How many came to an end or were put on their way.
	 */
	public function chunk( Backfill $backfill, RemoteSite $site, int $most = PHP_INT_MAX ): int {
		$room = min( $most, SiteKind::Paired === $site->kind ? LinkRequests::MOST : self::CHUNK, $this->room( $backfill ) );
		if ( $room <= 0 ) {
			return 0;
		}
		$items = $this->items->to_do( $backfill->id, $backfill->options, $room );
		$users = $this->users->read( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
		$cases = SiteKind::Paired === $site->kind ? $this->plain_cases( $site, $items, $users ) : array();
		$now   = array_slice( $cases, 0, $this->sizes->next( $backfill, 'links', LinkRequests::MOST ), true );
		$done  = array() === $now ? array() : $this->sizes->ask( $backfill, 'links', count( $now ), fn (): array => $this->bulk->link( $site, $now, self::after_link( $backfill ) ) );
		// The others' turn comes with the next message.
		$items = array_filter( $items, static fn ( Item $item ): bool => isset( $now[ $item->user_id ] ) || ! isset( $cases[ $item->user_id ] ) );
		$this->db->together(
			function () use ( $backfill, $site, $items, $users, $done ): void {
				foreach ( $items as $item ) {
					if ( ! isset( $done[ $item->user_id ] ) ) {
						$this->carry_out( $backfill, $site, $item, $users[ $item->user_id ] ?? null );
					}
				}
			}
		);
		$this->users->forget( $users );
		return count( $items ) + $this->bring( $backfill, $site, min( $this->bringer->most( $backfill, $site ), $room - count( $items ) ) );
	}

	/**
	 * Brings the fields of the next people who are linked.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param int        $most     How many at most.
	 * @return int How many came to an end or were put on their way.
	 */
	private function bring( Backfill $backfill, RemoteSite $site, int $most ): int {
		$items = $most > 0 ? $this->items->to_bring( $backfill->id, $backfill->options, $most ) : array();
		return array() === $items ? 0 : $this->bringer->bring( $backfill, $site, $items );
	}

	/**
	 * How many more people of a backfill may be put on their way. At a chosen rate no more wait than go in some seconds:
	 * else all of them went at once when a site comes back.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	private function room( Backfill $backfill ): int {
		$most = 0 === $backfill->options->rate ? self::MOST_QUEUED : min( self::MOST_QUEUED, self::SECONDS_QUEUED * $backfill->options->rate );
		return $most - $this->items->count_queued( $backfill->id );
	}

	/**
	 * People who are to be linked with the account that was found, and of whom nothing speaks against it.
	 *
	 * @param RemoteSite           $site  Paired site.
	 * @param list<Item>           $items People.
	 * @param array<int, \WP_User> $users Users here.
	 * @return array<int, array{Item, \WP_User}> By user.
	 */
	private function plain_cases( RemoteSite $site, array $items, array $users ): array {
		$items  = array_filter( $items, static fn ( Item $item ): bool => Finding::Link === $item->finding && $item->remote_id > 0 && isset( $users[ $item->user_id ] ) );
		$linked = $this->links->among_users( $site->id, array_values( array_map( static fn ( Item $item ): int => $item->user_id, $items ) ) );
		$taken  = $this->links->among_accounts( $site->id, array_values( array_map( static fn ( Item $item ): int => $item->remote_id, $items ) ) );
		$cases  = array();
		foreach ( $items as $item ) {
			$user = $users[ $item->user_id ];
			if ( ! isset( $linked[ $user->ID ] ) && ! isset( $taken[ $item->remote_id ] ) && $item->remote_id !== $site->remote_user_id && strtolower( $user->user_email ) === $item->email && $site->covers_user( $user ) ) {
				$cases[ $user->ID ] = array( $item, $user );
			}
		}
		return $cases;
	}

	/**
	 * Takes back what was put into the outbox and not delivered yet. What else has changed about a person since
	 * then stays in it: such a row is not the backfill's alone.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 */
	public function withdraw( int $backfill_id, int $site_id ): void {
		foreach ( $this->items->queued( $backfill_id ) as $item ) {
			$row = $this->outbox->find_for( $site_id, $item->user_id );
			if ( null !== $row && self::is_ours_alone( $row ) ) {
				$this->outbox->finish( $row );
				$this->items->became( $item->id, Progress::Bringing === $item->progress && Finding::Already !== $item->finding ? Progress::Linked : Progress::Open );
			}
		}
	}

	/**
	 * Notes how deliveries ended.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @return int How many.
	 */
	public function collect( Backfill $backfill, RemoteSite $site ): int {
		$ended = $this->items->ended( $backfill->id, $site->id );
		foreach ( $ended as $end ) {
			if ( ! $end['is_gone'] ) {
				$this->items->became( $end['id'], Progress::Failed, $end['code'], $end['message'] );
			} elseif ( $end['remote_id'] > 0 ) {
				$this->items->arrived( $end['id'], $end['remote_id'], $end['remote_login'], Progress::Queued === $end['progress'] && $end['may_bring'] ? self::after_link( $backfill ) : Progress::Done );
			} else {
				/* translators: %s: name of the other site. */
				$this->items->became( $end['id'], Progress::Failed, 'not_sent', sprintf( __( 'Nothing was sent to %s in the end: this person is no longer one of those whom it receives, was deleted here, or was left alone by a decision.', 'tandem-user-sync' ), $site->name ) );
			}
		}
		return count( $ended );
	}

	/**
	 * Carries out one. The preview may be days old: what has changed since counts.
	 *
	 * @param Backfill      $backfill Backfill.
	 * @param RemoteSite    $site     Remote site.
	 * @param Item          $item     The person.
	 * @param \WP_User|null $user     The user here; null when they were deleted.
	 */
	private function carry_out( Backfill $backfill, RemoteSite $site, Item $item, ?\WP_User $user ): void {
		$what = true === $item->finding?->needs_a_word() ? $item->decision : ( $item->finding->value ?? '' );
		if ( 'ignore' === $what ) {
			$this->items->became( $item->id, Progress::Ignored, $item->code, $item->message );
			return;
		}
		if ( null === $user ) {
			$this->items->became( $item->id, Progress::Failed, 'deleted_here', __( 'Deleted here since the preview.', 'tandem-user-sync' ) );
			return;
		}
		$link = $this->links->find( $site->id, $user->ID );
		if ( null !== $link ) {
			// Somebody else has: a live change, or a backfill from there.
			$this->items->arrived( $item->id, $link->remote_id, $link->remote_login, self::after_link( $backfill ) );
			return;
		}
		if ( ! $site->covers_user( $user ) ) {
			$this->items->became( $item->id, Progress::Failed, 'out_of_scope', __( 'Not one of the people that this site receives any more.', 'tandem-user-sync' ) );
			return;
		}
		if ( 'create' === $what && $this->addresses->last( $user->ID ) >= $backfill->started_at ) {
			// The owner's word was about the address in the preview. With another one it would open somebody else's account.
			$this->items->became( $item->id, Progress::Failed, 'address_changed', __( 'The email address was changed here since the preview. Make a new preview.', 'tandem-user-sync' ) );
			return;
		}
		'link' === $what ? $this->link( $backfill, $site, $item, $user ) : $this->create( $backfill, $site, $item, $user );
	}

	/**
	 * Links a person with the account that was found. The address must still be the one that was compared, unless
	 * the owner said so for this one. Their word for an ordinary account is none for an administrator's, should it
	 * become one.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param Item       $item     The person.
	 * @param \WP_User   $user     The user here.
	 */
	private function link( Backfill $backfill, RemoteSite $site, Item $item, \WP_User $user ): void {
		$decided = true === $item->finding?->needs_a_word();
		if ( 0 === $item->remote_id ) {
			$this->items->became( $item->id, Progress::Failed, $item->code, $item->message );
			return;
		}
		if ( $item->remote_id === $site->remote_user_id ) {
			$this->fails( $site, $item, ProblemCode::ProtectedAccount );
			return;
		}
		if ( null !== $this->links->find_by_remote( $site->id, $item->remote_id ) ) {
			$this->fails( $site, $item, ProblemCode::LinkedToOther );
			return;
		}
		if ( ! $decided && strtolower( $user->user_email ) !== $item->email ) {
			$this->items->became( $item->id, Progress::Failed, 'address_changed', __( 'The email address was changed here since the preview. Make a new preview.', 'tandem-user-sync' ) );
			return;
		}
		if ( SiteKind::Paired === $site->kind ) {
			// The other site must know it too, and decides for itself.
			$this->outbox->enqueue( $site->id, $user->ID, new FieldSet( FieldSet::UID ), new Decision( trusted: true, link_with: $decided ? $item->remote_id : 0, email: $user->user_email ) );
			$this->items->became( $item->id, Progress::Queued );
			return;
		}
		$this->links->save( new Link( $site->id, $user->ID, $item->remote_id, $item->username, $decided && $item->is_protected, $this->clock->now() ) );
		$this->items->arrived( $item->id, $item->remote_id, $item->username, self::after_link( $backfill ) );
		$this->log->add( new Entry( Action::Link, Result::Success, $site->id, $user->ID, $user->user_login, $user->user_email, message: __( 'Linked by a backfill.', 'tandem-user-sync' ) ) );
	}

	/**
	 * Has an account created there. Into the queue first: a process that dies in between queues them once more,
	 * which does no harm, and loses nobody.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param Item       $item     The person.
	 * @param \WP_User   $user     The user here.
	 */
	private function create( Backfill $backfill, RemoteSite $site, Item $item, \WP_User $user ): void {
		$other_name = Finding::LinkByName === $item->finding || ( Finding::Conflict === $item->finding && ProblemCode::UsernameTaken->value === $item->code );
		$this->outbox->enqueue(
			$site->id,
			$user->ID,
			// Whoever is made on a paired site keeps the password that they have here.
			SiteKind::Paired === $site->kind && $site->sends( FieldSet::PASSWORD ) ? new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) : new FieldSet( FieldSet::ALL ),
			new Decision( trusted: true, create_as: $other_name ? self::other_username( $user ) : null, email: $user->user_email, is_new: Finding::Create === $item->finding && $backfill->started_at > $this->clock->now() - self::FRESH )
		);
		$this->items->became( $item->id, Progress::Queued );
	}

	/**
	 * What somebody is who has just been linked.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	private static function after_link( Backfill $backfill ): Progress {
		return $backfill->options->brings() ? Progress::Linked : Progress::Done;
	}

	/**
	 * Notes that one could not be carried out.
	 *
	 * @param RemoteSite  $site    Remote site.
	 * @param Item        $item    The person.
	 * @param ProblemCode $problem Why.
	 */
	private function fails( RemoteSite $site, Item $item, ProblemCode $problem ): void {
		$this->items->became( $item->id, Progress::Failed, $problem->value, $problem->sentence( $site->name, $item->username ) );
	}

	/**
	 * Another username for there: this one's with the number that the person has here. WordPress takes 60 characters.
	 *
	 * @param \WP_User $user The user here.
	 */
	private static function other_username( \WP_User $user ): string {
		$number = '-' . $user->ID;
		return mb_substr( $user->user_login, 0, 60 - strlen( $number ) ) . $number;
	}

	/**
	 * Whether a row is there because of a backfill and of nothing else, and no delivery of it has been tried.
	 *
	 * @param OutboxRow $row The row.
	 */
	private static function is_ours_alone( OutboxRow $row ): bool {
		if ( self::UNTOUCHED !== $row->version || $row->attempts > 0 || OutboxState::Due !== $row->state || '' !== $row->secret || null !== $row->intent() ) {
			return false;
		}
		return $row->decision()->in_bulk
			|| ( $row->decision()->trusted && in_array( $row->fields->names, array( array( FieldSet::ALL ), array( FieldSet::ALL, FieldSet::PASSWORD ), array( FieldSet::UID ) ), true ) );
	}
}
