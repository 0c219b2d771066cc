<?php
/**
 * Takes ids of accounts on another site that people's meta holds over as links, where the index of that site (the newest
 * backfill's) says that the account exists and has the person's e-mail address. Who doesn't fit is counted and left alone.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Import;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Backfill\Backfill;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\BulkLinks;
use Tandem\Backfill\Item;
use Tandem\Backfill\Items;
use Tandem\Backfill\Progress;
use Tandem\Backfill\State;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Security\Unreadable;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class LinkImport {

	/** The address is the same there: to be linked. */
	public const FITS = 'fits';

	/** They are linked with somebody there already, or that account is. */
	public const LINKED = 'linked';

	/** The account with their address there has another number, or there is none. */
	public const DIFFERS = 'differs';

	/** The account there is an administrator's, or the person is not sent to that site. */
	public const LEFT = 'left';

	/** People that are looked at in one step. */
	private const STEP = 500;

	/** Seconds after which an answer is given with what there is by then. */
	private const SECONDS = 15.0;

	/**
	 * @param RemoteIds  $ids       Ids in people's meta.
	 * @param Backfills  $backfills For the index of a site.
	 * @param Items      $items     The index.
	 * @param BulkLinks  $bulk      Links on both of two paired sites.
	 * @param Links      $links     Who is who.
	 * @param Outbox     $outbox    What waits for a link.
	 * @param Log        $log       Activity.
	 * @param Connection $db        Writes together.
	 * @param Clock      $clock     Time.
	 */
	public function __construct(
		private readonly RemoteIds $ids,
		private readonly Backfills $backfills,
		private readonly Items $items,
		private readonly BulkLinks $bulk,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Connection $db,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Whether the accounts of a site are known: a backfill has read and compared them.
	 *
	 * @param int $site_id Remote site.
	 */
	public function has_index( int $site_id ): bool {
		return null !== $this->index( $site_id );
	}

	/**
	 * Looks at people, or links those who fit, as many as there is time for.
	 *
	 * @param RemoteSite $site  Remote site, with an index.
	 * @param string     $key   Meta key.
	 * @param int        $after Where to go on, 0 to begin.
	 * @param bool       $links Whether those who fit are linked.
	 * @return array{counts: array<string, int>, next: int|null} People by the constants above; of those who fit, those who were linked, if they were to be. `next` is null at the end.
	 * @throws RemoteFailure When a paired site can't be asked.
	 * @throws Unreadable    When the keys can't be read.
	 */
	public function step( RemoteSite $site, string $key, int $after, bool $links ): array {
		$index  = $this->index( $site->id );
		$counts = array_fill_keys( array( self::FITS, self::LINKED, self::DIFFERS, self::LEFT ), 0 );
		$until  = microtime( true ) + self::SECONDS;
		do {
			$page = null === $index ? array() : $this->ids->page( $key, $after, self::STEP );
			$fit  = array();
			cache_users( array_column( $page, 'user_id' ) );
			$known = $this->links->among_users( $site->id, array_column( $page, 'user_id' ) );
			$taken = $this->links->among_accounts( $site->id, array_column( $page, 'remote_id' ) );
			foreach ( $page as $one ) {
				$after = $one['row'];
				$user  = get_userdata( $one['user_id'] );
				if ( false === $user || null === $index ) {
					continue;
				}
				// Of several accounts there with the address the number says which.
				$item = array_values( array_filter( $this->items->by_email( $index->id, $user->user_email ), static fn ( Item $there ): bool => $there->remote_id === $one['remote_id'] ) )[0] ?? null;
				$is   = match ( true ) {
					isset( $known[ $user->ID ] )                              => self::LINKED,
					null === $item                                            => self::DIFFERS,
					isset( $taken[ $one['remote_id'] ] )                      => self::LINKED,
					$item->is_protected || ! $site->surely_covers( $user )    => self::LEFT,
					default                                                   => self::FITS,
				};
				if ( self::FITS === $is ) {
					$taken[ $one['remote_id'] ] = true;
					$known[ $user->ID ]         = true;
					$fit[ $user->ID ]           = array( $item, $user );
				}
				$counts[ $is ] += self::FITS === $is ? 0 : 1;
			}
			$counts[ self::FITS ] += $links ? $this->link( $site, $fit ) : count( $fit );
			$is_over               = count( $page ) < self::STEP;
		} while ( ! $is_over && microtime( true ) < $until );
		return array(
			'counts' => $counts,
			'next'   => $is_over ? null : $after,
		);
	}

	/**
	 * Links people.
	 *
	 * @param RemoteSite                        $site   Remote site.
	 * @param array<int, array{Item, \WP_User}> $people By user here.
	 * @return int How many.
	 * @throws RemoteFailure When a paired site can't be asked.
	 * @throws Unreadable    When the keys can't be read.
	 */
	private function link( RemoteSite $site, array $people ): int {
		if ( SiteKind::Paired === $site->kind ) {
			return count( $this->bulk->link( $site, $people, Progress::Done ) );
		}
		$links   = array();
		$entries = array();
		foreach ( $people as $user_id => list( $item, $user ) ) {
			$links[]   = new Link( $site->id, $user_id, $item->remote_id, $item->username, false, $this->clock->now() );
			$entries[] = new Entry( Action::Link, Result::Success, $site->id, $user_id, $user->user_login, $user->user_email, message: __( 'Linked by the number that this site had kept of the account there; the address is the same.', 'tandem-user-sync' ) );
		}
		if ( array() !== $links ) {
			$this->db->together(
				function () use ( $site, $links, $entries, $people ): void {
					$this->links->add( $links );
					$this->log->add_all( $entries );
					$this->outbox->question_is_answered( $site->id, ...array_keys( $people ) );
				}
			);
		}
		return count( $links );
	}

	/**
	 * The newest backfill that knows all accounts of a site.
	 *
	 * @param int $site_id Remote site.
	 */
	private function index( int $site_id ): ?Backfill {
		foreach ( $this->backfills->of_site( $site_id ) as $backfill ) {
			if ( in_array( $backfill->state, array( State::Ready, State::Running, State::Paused, State::Done ), true ) ) {
				return $backfill;
			}
		}
		return null;
	}
}
