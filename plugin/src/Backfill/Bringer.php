<?php
/**
 * Puts the fields of people who are linked on their way, as the owner chose: this site's values, or what is empty there.
 * Never a password. They travel like any other change, so the other site's policy and protected accounts count as ever.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserReader;
use Tandem\Sync\UserState;
use Tandem\Verify\Comparison;
use Tandem\Verify\Told;

final class Bringer {

	/** People who are compared at once. */
	private const MOST_COMPARED = 5 * Comparison::SAME;

	/** People who are put on their way at once. */
	private const MOST = Comparison::SAME;

	/**
	 * @param Items      $items      The people.
	 * @param Outbox     $outbox     What is due.
	 * @param Records    $records    When fields were changed.
	 * @param Comparison $comparison Asks a paired site what differs.
	 * @param UserReader $reader     Reads users.
	 * @param Connection $db         Writes together.
	 * @param UserCache  $users      Users here.
	 * @param Sizes      $sizes      How many go with one message.
	 */
	public function __construct(
		private readonly Items $items,
		private readonly Outbox $outbox,
		private readonly Records $records,
		private readonly Comparison $comparison,
		private readonly UserReader $reader,
		private readonly Connection $db,
		private readonly UserCache $users = new UserCache(),
		private readonly Sizes $sizes = new Sizes(),
	) {
	}

	/**
	 * How many people it takes at once.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 */
	public function most( Backfill $backfill, RemoteSite $site ): int {
		return SiteKind::Paired === $site->kind ? $this->sizes->next( $backfill, 'ranges', self::MOST_COMPARED ) : self::MOST;
	}

	/**
	 * Puts people on their way. Those of a paired site are compared by a few digests first: who is equal there costs no
	 * more. Of the others a hundred at most are asked about and brought; the rest are for the next time.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param list<Item> $items    The people, up to `most()`: linked with an account there.
	 * @return int How many came to an end or were put on their way: at least one.
	 * @throws RemoteFailure When a paired site can't be asked.
	 */
	public function bring( Backfill $backfill, RemoteSite $site, array $items ): int {
		$users  = $this->users->read( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
		$same   = SiteKind::Paired === $site->kind && array() !== $users
			? $this->sizes->ask( $backfill, 'ranges', count( $users ), fn (): array => $this->comparison->same( $site, array_keys( array_filter( $users, $site->covers_user( ... ) ) ) ) )
			: array();
		$equal  = array_filter( $items, static fn ( Item $item ): bool => isset( $same[ $item->user_id ] ) );
		$others = array_slice( array_values( array_diff_key( $items, $equal ) ), 0, SiteKind::Paired === $site->kind ? $this->sizes->next( $backfill, 'digests', self::MOST ) : self::MOST );
		$this->items->all_arrived( array_values( array_map( static fn ( Item $item ): int => $item->id, $equal ) ), Progress::Done );
		if ( array() !== $others ) {
			$this->bring_others( $backfill, $site, $others, array_intersect_key( $users, array_flip( array_map( static fn ( Item $item ): int => $item->user_id, $others ) ) ) );
		}
		$this->users->forget( $users );
		return count( $equal ) + count( $others );
	}

	/**
	 * Puts people on their way who may differ.
	 *
	 * @param Backfill             $backfill Backfill.
	 * @param RemoteSite           $site     Remote site.
	 * @param list<Item>           $items    The people.
	 * @param array<int, \WP_User> $users    Users here.
	 * @throws RemoteFailure When a paired site can't be asked.
	 */
	private function bring_others( Backfill $backfill, RemoteSite $site, array $items, array $users ): void {
		$told  = SiteKind::Paired === $site->kind && array() !== $users
			? $this->sizes->ask( $backfill, 'digests', count( $users ), fn (): array => $this->comparison->told( $site, array_keys( $users ) ) )
			: array();
		$bring = fn () => $this->bring_each( $backfill, $site, $items, $users, $told );
		try {
			$this->db->together( $bring );
		} catch ( Failure ) {
			// Somebody else writes one of them (a deadlock): each for itself, and whoever was brought is brought again.
			$bring();
		}
	}

	/**
	 * Puts them on their way, one after the other.
	 *
	 * @param Backfill             $backfill Backfill.
	 * @param RemoteSite           $site     Remote site.
	 * @param list<Item>           $items    The people.
	 * @param array<int, \WP_User> $users    Users here.
	 * @param array<int, Told>     $told     What a paired site says of them, by user.
	 */
	private function bring_each( Backfill $backfill, RemoteSite $site, array $items, array $users, array $told ): void {
		foreach ( $items as $item ) {
			$user = $users[ $item->user_id ] ?? null;
			if ( null === $user ) {
				$this->items->became( $item->id, Progress::Failed, 'deleted_here', __( 'Deleted here since the preview.', 'tandem-user-sync' ) );
			} elseif ( ! $site->covers_user( $user ) ) {
				$this->items->became( $item->id, Progress::Ignored, 'out_of_scope', __( 'Not one of the people that this site receives.', 'tandem-user-sync' ) );
			} elseif ( isset( $told[ $user->ID ] ) ) {
				$this->bring_to_paired( $backfill, $site, $item, $user, $told[ $user->ID ] );
			} else {
				// What differs is seen when the account is read, right before it is written.
				$this->enqueue( $site, $item, new FieldSet( Bring::Fill === $backfill->options->bring ? FieldSet::EMPTY : FieldSet::ALL ) );
			}
		}
	}

	/**
	 * Makes fields of a person the newest ones, dated from the owner's word, and puts them on their way: whoever changes
	 * while the backfill runs is newer than that, on either site.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param Item       $item     The person.
	 * @param \WP_User   $user     The user here.
	 * @param Told       $told     What that site says of them.
	 */
	private function bring_to_paired( Backfill $backfill, RemoteSite $site, Item $item, \WP_User $user, Told $told ): void {
		$trouble = $told->trouble();
		if ( null !== $trouble ) {
			$this->items->became( $item->id, Progress::Failed, $trouble->value, $trouble->sentence( $site->name ) );
			return;
		}
		if ( $told->is_protected() ) {
			$this->items->became( $item->id, Progress::Ignored, ProblemCode::ProtectedAccount->value, ProblemCode::ProtectedAccount->sentence( $site->name, $item->username ) );
			return;
		}
		$state                  = $this->reader->read( $user, $site->sent()->meta );
		list( $after, $untold ) = $this->wanted( $backfill->options->bring, $site, $state, $told );
		if ( array() === $after ) {
			$this->items->became( $item->id, Progress::Done, array() === $untold ? '' : 'not_told', $this->about( $site, $untold ) );
			return;
		}
		$this->records->renew( $state, $after, $backfill->run_at * 1000 );
		$this->enqueue( $site, $item, new FieldSet( ...array_map( 'strval', array_keys( $after ) ) ) );
	}

	/**
	 * Which fields go, each with the newest stamp that is known of it, and which might have been empty there.
	 *
	 * @param Bring      $bring What the owner chose.
	 * @param RemoteSite $site  Remote site.
	 * @param UserState  $state The user here.
	 * @param Told       $told  What that site says of them.
	 * @return array{array<string, Stamp>, list<string>}
	 */
	private function wanted( Bring $bring, RemoteSite $site, UserState $state, Told $told ): array {
		$after  = array();
		$untold = array();
		// Of tags all are told in one. Those that the person has there besides stay: they are not known here.
		$values = array_filter( $state->values(), static fn ( string|int $field ): bool => ! FieldSet::is_tag( (string) $field ), ARRAY_FILTER_USE_KEY ) + array( FieldSet::TAGS => $state->tags );
		foreach ( $values as $field => $value ) {
			$field = (string) $field;
			if ( FieldSet::TAGS === $field && array() === $value ) {
				// Nothing to bring.
				continue;
			}
			if ( ! $site->sends( $field ) || ( Bring::Fill === $bring && ( FieldSet::ROLES === $field || in_array( $value, array( null, '', array() ), true ) ) ) ) {
				continue;
			}
			if ( FieldSet::ROLES === $field && array() !== $value && array() === array_intersect( $state->roles, $site->settings->grant_roles ) ) {
				// None that could be given.
				continue;
			}
			if ( ! $told->knows( $field ) ) {
				Bring::Fill === $bring ? $untold[] = $field : $after[ $field ] = Stamp::zero();
				continue;
			}
			$since = $told->differs_since( $field );
			if ( null !== $since && ( Bring::Here === $bring || $told->is_empty( $field ) ) ) {
				$after[ $field ] = $since;
			}
		}
		return array( $after, $untold );
	}

	/**
	 * The sentence about fields that were left alone because nothing is known of them.
	 *
	 * @param RemoteSite   $site   Remote site.
	 * @param list<string> $untold Fields.
	 */
	private function about( RemoteSite $site, array $untold ): string {
		/* translators: 1: name of the other site, 2: names of fields. */
		return array() === $untold ? '' : sprintf( __( '%1$s does not send these fields here, so it can’t be told whether they are empty there: %2$s.', 'tandem-user-sync' ), $site->name, implode( ', ', $untold ) );
	}

	/**
	 * Puts somebody into the queue. Into the queue first: a process that dies in between queues them once more.
	 *
	 * @param RemoteSite $site   Remote site.
	 * @param Item       $item   The person.
	 * @param FieldSet   $fields What to bring.
	 */
	private function enqueue( RemoteSite $site, Item $item, FieldSet $fields ): void {
		// What was said of somebody who waits already is not replaced.
		$this->outbox->enqueue( $site->id, $item->user_id, $fields, null === $this->outbox->find_for( $site->id, $item->user_id ) ? new Decision( in_bulk: true ) : null );
		$this->items->became( $item->id, Progress::Bringing );
	}
}
