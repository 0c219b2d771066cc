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
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Runner {

	/** People of a backfill that may be in the outbox at the same time, so that live changes don't queue behind them. */
	private const MOST_QUEUED = 500;

	/** People that are carried out at a time. */
	private const CHUNK = 100;

	/**
	 * @param Items  $items  The people.
	 * @param Links  $links  Who is who.
	 * @param Outbox $outbox Outbox.
	 * @param Log    $log    Activity.
	 * @param Clock  $clock  Time.
	 */
	public function __construct(
		private readonly Items $items,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Carries out the next people.
	 *
	 * @param int        $backfill_id Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @return int How many came to an end or were put on their way.
	 */
	public function chunk( int $backfill_id, RemoteSite $site ): int {
		$moved = $this->collect( $backfill_id, $site );
		$room  = self::MOST_QUEUED - $this->items->count_queued( $backfill_id );
		if ( $room > 0 ) {
			foreach ( $this->items->to_do( $backfill_id, min( self::CHUNK, $room ) ) as $item ) {
				$this->carry_out( $site, $item );
				++$moved;
			}
		}
		return $moved;
	}

	/**
	 * Notes how deliveries ended.
	 *
	 * @param int        $backfill_id Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @return int How many.
	 */
	private function collect( int $backfill_id, RemoteSite $site ): int {
		$ended = $this->items->ended( $backfill_id, $site->id );
		foreach ( $ended as $end ) {
			$end['linked']
				? $this->items->became( $end['id'], Progress::Done, remote_id: $end['remote_id'] )
				: $this->items->became( $end['id'], Progress::Failed, $end['code'], $end['message'] );
		}
		return count( $ended );
	}

	/**
	 * Carries out one.
	 *
	 * @param RemoteSite $site Remote site.
	 * @param Item       $item The person.
	 */
	private function carry_out( RemoteSite $site, Item $item ): void {
		$user = get_userdata( $item->user_id );
		if ( false === $user ) {
			$this->items->became( $item->id, Progress::Failed, 'deleted_here', __( 'Deleted here since the preview.', 'tandem-user-sync' ) );
			return;
		}
		$what = Finding::Conflict === $item->finding ? $item->decision : ( Finding::Link === $item->finding ? 'link' : 'create' );
		match ( $what ) {
			'link'   => $this->link( $site, $item, $user ),
			'create' => $this->create( $site, $item, $user ),
			default  => $this->items->became( $item->id, Progress::Ignored, $item->code, $item->message ),
		};
		wp_cache_delete( $user->ID, 'users' );
		wp_cache_delete( $user->ID, 'user_meta' );
	}

	/**
	 * Links a person with the account that was found. The address must still be the one that was compared.
	 *
	 * @param RemoteSite $site Remote site.
	 * @param Item       $item The person.
	 * @param \WP_User   $user The user here.
	 */
	private function link( RemoteSite $site, Item $item, \WP_User $user ): void {
		$decided = Finding::Conflict === $item->finding;
		$taken   = $this->links->find_by_remote( $site->id, $item->remote_id );
		if ( null !== $taken && $taken->user_id !== $user->ID ) {
			$this->items->became( $item->id, Progress::Failed, ProblemCode::LinkedToOther->value, ProblemCode::LinkedToOther->sentence( $site->name, $item->username ) );
			return;
		}
		if ( ! $decided && strtolower( $user->user_email ) !== $item->email ) {
			$this->items->became( $item->id, Progress::Failed, 'address_changed', __( 'The e-mail address was changed here since the preview. Make a new preview.', 'tandem-user-sync' ) );
			return;
		}
		$this->links->save( new Link( $site->id, $user->ID, $item->remote_id, $item->username, $decided, $this->clock->now() ) );
		$this->items->became( $item->id, Progress::Done );
		$this->log->add( new Entry( Action::Link, Result::Success, $site->id, $user->ID, $user->user_login, $user->user_email, message: __( 'Linked by a backfill.', 'tandem-user-sync' ) ) );
	}

	/**
	 * Has an account created there.
	 *
	 * @param RemoteSite $site Remote site.
	 * @param Item       $item The person.
	 * @param \WP_User   $user The user here.
	 */
	private function create( RemoteSite $site, Item $item, \WP_User $user ): void {
		$other_name = Finding::Conflict === $item->finding && ProblemCode::UsernameTaken->value === $item->code;
		$this->items->became( $item->id, Progress::Queued );
		$this->outbox->enqueue(
			$site->id,
			$user->ID,
			new FieldSet( FieldSet::ALL ),
			new Decision( trusted: true, create_as: $other_name ? self::other_username( $user ) : null, email: $user->user_email )
		);
	}

	/**
	 * Another username for there: this one's with the number that the person has here.
	 *
	 * @param \WP_User $user The user here.
	 */
	private static function other_username( \WP_User $user ): string {
		return substr( $user->user_login, 0, 45 ) . '-' . $user->ID;
	}
}
