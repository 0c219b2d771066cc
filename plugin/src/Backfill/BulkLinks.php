<?php
/**
 * Links people of a backfill with their accounts on a paired site, hundreds with one message. Whoever the other site
 * does not link so goes the way of every delivery, where it says why.
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
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\PeerSites;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Security\Unreadable;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Time\Clock;

final class BulkLinks {

	/**
	 * @param PeerSites  $peers   Begins conversations.
	 * @param Records    $records Uids.
	 * @param Links      $links   Who is who.
	 * @param Items      $items   The people.
	 * @param Outbox     $outbox  What waits for a link.
	 * @param Log        $log     Activity.
	 * @param Connection $db      Writes together.
	 * @param Clock      $clock   Time.
	 */
	public function __construct(
		private readonly PeerSites $peers,
		private readonly Records $records,
		private readonly Links $links,
		private readonly Items $items,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Connection $db,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Links people.
	 *
	 * @param RemoteSite                             $site   Paired site.
	 * @param array<int, array{Item, \WP_User}> $people By user here: what was found, and the user. Linked with nobody, with the address in question.
	 * @param Progress                               $as     What becomes of those who are linked.
	 * @return array<int, true> Users who are linked now.
	 * @throws RemoteFailure When the other site can't be asked.
	 * @throws Unreadable    When the keys can't be read.
	 */
	public function link( RemoteSite $site, array $people, Progress $as ): array {
		if ( array() === $people ) {
			return array();
		}
		$uids    = $this->records->uids( array_keys( $people ) );
		$message = array();
		foreach ( $people as $user_id => list( $item, $user ) ) {
			$message[] = array(
				'ref'   => $user_id,
				'uid'   => $uids[ $user_id ] ?? '',
				'login' => $user->user_login,
				'email' => $user->user_email,
				'id'    => $item->remote_id,
			);
		}
		try {
			$answer = $this->peers->api( $site )->call( 'links', array( 'people' => $message ) );
		} catch ( RemoteFailure $failure ) {
			if ( ProblemCode::RestMissing === $failure->problem->code ) {
				// An older Tandem there.
				return array();
			}
			throw $failure;
		}
		$results = is_array( $answer['results'] ?? null ) ? array_values( $answer['results'] ) : array();
		$linked  = array();
		foreach ( array_keys( $people ) as $place => $user_id ) {
			if ( 'linked' === ( $results[ $place ] ?? null ) ) {
				$linked[ $user_id ] = $people[ $user_id ];
			}
		}
		$this->db->together( fn () => $this->note( $site, $linked, $as ) );
		return array_map( static fn (): bool => true, $linked );
	}

	/**
	 * Writes down who is linked.
	 *
	 * @param RemoteSite                         $site   Paired site.
	 * @param array<int, array{Item, \WP_User}> $linked By user here.
	 * @param Progress                           $as     What becomes of them.
	 */
	private function note( RemoteSite $site, array $linked, Progress $as ): void {
		$links   = array();
		$entries = array();
		$items   = array();
		foreach ( $linked as $user_id => list( $item, $user ) ) {
			$links[]   = new Link( $site->id, $user_id, $item->remote_id, $item->username, false, $this->clock->now() );
			$entries[] = new Entry( Action::Link, Result::Success, $site->id, $user_id, $user->user_login, $user->user_email, message: __( 'Linked by a backfill.', 'tandem-user-sync' ) );
			$items[]   = $item->id;
		}
		$this->links->add( $links );
		$this->log->add_all( $entries );
		$this->items->all_arrived( $items, $as );
		$this->outbox->question_is_answered( $site->id, ...array_keys( $linked ) );
	}
}
