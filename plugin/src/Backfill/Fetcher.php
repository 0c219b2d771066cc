<?php
/**
 * Fetches people of a paired site who are missing here, where the owner wants it: asks that site to send them
 * (docs/protocol.md, `peer/bring`). They come as ordinary messages, so each site's settings decide as ever; nothing is
 * written to users here. Who has come is seen by the link.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Peer\BringRequests;
use Tandem\Peer\Policy;
use Tandem\Peer\UserCode;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Security\Unreadable;
use Tandem\Time\Clock;

final class Fetcher {

	/** Accounts of the index that are looked at at a time. */
	private const CHUNK = 500;

	/** People that may be on their way at the same time: fewer than that site takes into its queue at a time. */
	private const MOST_ON_THEIR_WAY = 400;

	/** Seconds' worth of people that may be on their way at a chosen rate. */
	private const SECONDS_ON_THEIR_WAY = 5;

	/** Seconds after which somebody is asked for again, or a site that was busy. */
	private const PATIENCE = MINUTE_IN_SECONDS;

	/** How often somebody is asked for, or that site may be busy. */
	private const MOST_TIMES = 10;

	/**
	 * @param OnlyThere  $people The people.
	 * @param Items      $items  All people of a backfill.
	 * @param Links      $links  Who is who.
	 * @param \Closure( RemoteSite, list<array{id: int, again?: true}> ): array<array-key, mixed> $bring Asks a paired site for people.
	 * @param Connection $db     Writes together.
	 * @param Clock      $clock  Time.
	 */
	public function __construct(
		private readonly OnlyThere $people,
		private readonly Items $items,
		private readonly Links $links,
		private readonly \Closure $bring,
		private readonly Connection $db,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Finds out which accounts there are missing here, after everybody here was compared. Doing it twice changes nothing.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @return bool Whether there may be more; no for a site that can't be asked.
	 */
	public function look( Backfill $backfill, RemoteSite $site ): bool {
		$items = $site->can_be_asked() ? $this->people->next( $backfill->id, self::CHUNK ) : array();
		if ( array() === $items ) {
			return false;
		}
		$emails  = array_values( array_unique( array_filter( array_map( static fn ( Item $item ): string => $item->email, $items ), static fn ( string $email ): bool => '' !== $email ) ) );
		$matched = array() === $emails ? array() : $this->people->matched( $backfill->id, $emails );
		$here    = array() === $emails ? array() : $this->people->known_here( $emails );
		$linked  = $this->links->among_accounts( $site->id, array_map( static fn ( Item $item ): int => $item->remote_id, $items ) );
		$missing = array();
		$seen    = array();
		foreach ( $items as $item ) {
			// Without an address nobody is made.
			$is_missing              = ! $item->is_protected && '' !== $item->email && $item->remote_id !== $site->remote_user_id && ! isset( $matched[ $item->remote_id ] ) && ! isset( $here[ $item->email ] ) && ! isset( $linked[ $item->remote_id ] );
			$is_missing ? $missing[] = $item->id : $seen[] = $item->id;
		}
		$this->db->together( fn () => $this->people->found( $missing, $seen ) );
		return true;
	}

	/**
	 * Notes who has come.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 * @return int How many.
	 */
	public function collect( int $backfill_id, int $site_id ): int {
		$arrived = $this->people->arrived( $backfill_id, $site_id );
		$this->came( $backfill_id, $arrived );
		return count( $arrived );
	}

	/**
	 * Asks for the next people, and again for those who have not come.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param int        $most     How many new ones at most.
	 * @return int How many came to an end or were put on their way.
	 * @throws RemoteFailure When that site can't be asked at the moment.
	 * @throws Unreadable    When the keys can't be read.
	 */
	public function chunk( Backfill $backfill, RemoteSite $site, int $most ): int {
		if ( ! $backfill->options->fetch ) {
			return 0;
		}
		$again = $this->still_late( $backfill, $site );
		$room  = min( $most, BringRequests::MOST - count( $again ), $this->room( $backfill ) );
		$fresh = $room > 0 && $this->people->busy_at( $backfill->id ) <= $this->clock->now() - self::PATIENCE ? $this->people->open( $backfill->id, $room ) : array();
		$ended = 0;
		if ( array() !== $fresh ) {
			$fresh = $this->not_here( $backfill, $site, $fresh, $ended );
			if ( array() !== $fresh && ! Policy::from_array( $site->policy )->create ) {
				/* translators: %s: name of the other site. */
				return $ended + $this->give_up( $backfill, 'create_off', sprintf( __( 'This site lets %s make no accounts. Tick “Create users” under “What may that site do here?” and make a new preview.', 'tandem-user-sync' ), $site->name ) );
			}
		}
		return $ended + ( array() === $fresh && array() === $again ? 0 : $this->ask( $backfill, $site, $fresh, $again ) );
	}

	/**
	 * Whether somebody has not been asked for yet.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	public function has_more( Backfill $backfill ): bool {
		return $backfill->options->fetch && array() !== $this->people->open( $backfill->id, 1 );
	}

	/**
	 * Whether somebody was asked for and has neither come nor been given up.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	public function waits_for_somebody( Backfill $backfill ): bool {
		return $backfill->options->fetch && $this->people->count_on_their_way( $backfill->id, 0 )[0] > 0;
	}

	/**
	 * Whether somebody is on their way who may come at any moment: worth staying for.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	public function expects_somebody( Backfill $backfill ): bool {
		return $backfill->options->fetch && $this->people->count_on_their_way( $backfill->id, $this->clock->now() - self::PATIENCE )[1] > 0;
	}

	/**
	 * Forgets whom it has asked for. They come all the same, if that site has put them on their way; when the backfill
	 * goes on, that is seen.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 */
	public function withdraw( int $backfill_id, int $site_id ): void {
		$this->collect( $backfill_id, $site_id );
		$this->people->withdraw( $backfill_id );
	}

	/**
	 * Those who are to be asked for again. Who was often enough has failed.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @return list<array{id: int, remote_id: int, asked: int}>
	 */
	private function still_late( Backfill $backfill, RemoteSite $site ): array {
		$late = $this->people->late( $backfill->id, $this->clock->now() - self::PATIENCE, BringRequests::MOST );
		$over = array_filter( $late, static fn ( array $person ): bool => $person['asked'] >= self::MOST_TIMES );
		/* translators: 1: name of the other site, 2: a number. */
		$this->people->failed( array_column( $over, 'id' ), 'did_not_come', sprintf( __( '%1$s was asked for this person %2$d times and has not brought them. Look at the activity there, and whether it reaches this site.', 'tandem-user-sync' ), $site->name, self::MOST_TIMES ) );
		return array_values( array_diff_key( $late, $over ) );
	}

	/**
	 * How many more people may be on their way.
	 *
	 * @param Backfill $backfill Backfill.
	 */
	private function room( Backfill $backfill ): int {
		$most = 0 === $backfill->options->rate ? self::MOST_ON_THEIR_WAY : min( self::MOST_ON_THEIR_WAY, self::SECONDS_ON_THEIR_WAY * $backfill->options->rate );
		return $most - $this->people->count_on_their_way( $backfill->id, 0 )[0];
	}

	/**
	 * Those who are not here yet. The preview may be days old, and people come by themselves.
	 *
	 * @param Backfill                                         $backfill Backfill.
	 * @param RemoteSite                                       $site     Remote site.
	 * @param list<array{id: int, remote_id: int, asked: int}> $people   People.
	 * @param int                                              $ended    Grows by those who are.
	 * @return list<array{id: int, remote_id: int, asked: int}>
	 */
	private function not_here( Backfill $backfill, RemoteSite $site, array $people, int &$ended ): array {
		$linked = $this->links->among_accounts( $site->id, array_column( $people, 'remote_id' ) );
		$here   = array_filter( $people, static fn ( array $person ): bool => isset( $linked[ $person['remote_id'] ] ) );
		$users  = array();
		foreach ( $here as $person ) {
			$users[ $person['id'] ] = $linked[ $person['remote_id'] ]->user_id;
		}
		$this->came( $backfill->id, $users );
		$ended += count( $here );
		return array_values( array_diff_key( $people, $here ) );
	}

	/**
	 * Writes down who is here.
	 *
	 * @param int             $backfill_id Backfill.
	 * @param array<int, int> $users       Users here, by item.
	 */
	private function came( int $backfill_id, array $users ): void {
		if ( array() === $users ) {
			return;
		}
		$known = $this->items->known( $backfill_id, array_values( $users ) );
		$this->db->together(
			function () use ( $users, $known ): void {
				foreach ( $users as $id => $user_id ) {
					$this->people->came( $id, isset( $known[ $user_id ] ) ? 0 : $user_id );
				}
			}
		);
	}

	/**
	 * Asks.
	 *
	 * @param Backfill                                         $backfill Backfill.
	 * @param RemoteSite                                       $site     Remote site.
	 * @param list<array{id: int, remote_id: int, asked: int}> $fresh    People who are asked for the first time.
	 * @param list<array{id: int, remote_id: int, asked: int}> $again    People who were asked for.
	 * @return int How many came to an end or were put on their way.
	 * @throws RemoteFailure When that site can't be asked at the moment.
	 * @throws Unreadable    When the keys can't be read.
	 */
	private function ask( Backfill $backfill, RemoteSite $site, array $fresh, array $again ): int {
		$message = array(
			...array_map( static fn ( array $person ): array => array( 'id' => $person['remote_id'] ), $fresh ),
			...array_map(
				static fn ( array $person ): array => array(
					'id'    => $person['remote_id'],
					'again' => true,
				),
				$again
			),
		);
		try {
			$answer = ( $this->bring )( $site, $message );
		} catch ( RemoteFailure $failure ) {
			if ( ProblemCode::RestMissing !== $failure->problem->code ) {
				throw $failure;
			}
			// An older Tandem than the one that made the preview possible.
			return $this->nobody_comes( $backfill, $again, 'cannot_be_asked', self::cannot_be_asked( $site ) );
		}
		$results = is_array( $answer['results'] ?? null ) ? array_values( $answer['results'] ) : array();
		$reasons = is_array( $answer['reasons'] ?? null ) ? array_values( $answer['reasons'] ) : array();
		if ( in_array( BringRequests::NOT_ALLOWED, $reasons, true ) ) {
			return $this->nobody_comes( $backfill, $again, BringRequests::NOT_ALLOWED, self::sentence( $site, BringRequests::NOT_ALLOWED ) );
		}
		return $this->db->together( fn (): int => $this->note( $backfill, $site, $fresh, $again, $results, $reasons ) );
	}

	/**
	 * Writes down what that site has answered.
	 *
	 * @param Backfill                                         $backfill Backfill.
	 * @param RemoteSite                                       $site     Remote site.
	 * @param list<array{id: int, remote_id: int, asked: int}> $fresh    People who were asked for the first time.
	 * @param list<array{id: int, remote_id: int, asked: int}> $again    People who were asked for before.
	 * @param list<mixed>                                      $results  For each, first of those, then of these.
	 * @param list<mixed>                                      $reasons  The same.
	 * @return int How many came to an end or were put on their way.
	 */
	private function note( Backfill $backfill, RemoteSite $site, array $fresh, array $again, array $results, array $reasons ): int {
		$now   = $this->clock->now();
		$ended = 0;
		$asked = array();
		$busy  = array();
		$fails = array();
		foreach ( array( ...$fresh, ...$again ) as $place => $person ) {
			$is_fresh = $place < count( $fresh );
			switch ( $results[ $place ] ?? '' ) {
				case 'queued':
				case 'equal':
					$asked[ $is_fresh ? 1 : $person['asked'] + 1 ][] = $person['id'];
					$ended += (int) $is_fresh;
					break;
				case 'later':
					$is_fresh ? $busy[ $person['asked'] + 1 ][] = $person['id'] : $asked[ $person['asked'] + 1 ][] = $person['id'];
					break;
				default:
					$reason = $reasons[ $place ] ?? '';
					$fails[ is_string( $reason ) && self::is_ours( $reason ) ? $reason : '' ][] = $person['id'];
					++$ended;
			}
		}
		foreach ( $asked as $times => $ids ) {
			$this->people->were_asked_for( $ids, Progress::Queued, $times, $now );
		}
		foreach ( $busy as $times => $ids ) {
			$this->people->were_asked_for( $ids, Progress::Open, $times, $now );
		}
		foreach ( $fails as $reason => $ids ) {
			$this->people->failed( $ids, '' === $reason ? 'not_sent_there' : $reason, self::sentence( $site, $reason ) );
		}
		if ( array() !== $busy && max( array_keys( $busy ) ) >= self::MOST_TIMES ) {
			/* translators: %s: name of the other site. */
			return $ended + $this->give_up( $backfill, 'busy_there', sprintf( __( '%s has had so much on its way to here for ten minutes that it took nobody more. Look whether it reaches this site, and make a new preview.', 'tandem-user-sync' ), $site->name ) );
		}
		return $ended;
	}

	/**
	 * What that site says is true of everybody.
	 *
	 * @param Backfill                                         $backfill Backfill.
	 * @param list<array{id: int, remote_id: int, asked: int}> $again    People who were asked for before.
	 * @param string                                           $code     Why.
	 * @param string                                           $message  The sentence for it.
	 * @return int How many came to an end: at least one.
	 */
	private function nobody_comes( Backfill $backfill, array $again, string $code, string $message ): int {
		$this->people->failed( array_column( $again, 'id' ), $code, $message );
		return count( $again ) + $this->give_up( $backfill, $code, $message );
	}

	/**
	 * The sentence about a site that does not know how to bring people.
	 *
	 * @param RemoteSite $site Remote site.
	 */
	public static function cannot_be_asked( RemoteSite $site ): string {
		/* translators: %s: name of the other site. */
		return sprintf( __( '%s can’t be asked for its people: it runs no Tandem, or an older one. Update it there and make a new preview; then people can be fetched.', 'tandem-user-sync' ), $site->name );
	}

	/**
	 * Nobody more is asked for.
	 *
	 * @param Backfill $backfill Backfill.
	 * @param string   $code     Why.
	 * @param string   $message  The sentence for it.
	 * @return int At least one.
	 */
	private function give_up( Backfill $backfill, string $code, string $message ): int {
		$this->people->all_failed( $backfill->id, $code, $message );
		return 1;
	}

	/**
	 * Whether a reason is what this site itself has said about somebody who was sent.
	 *
	 * @param string $reason What that site has said.
	 */
	private static function is_ours( string $reason ): bool {
		return ProblemCode::GoneThere->value === $reason || null !== UserCode::tryFrom( $reason );
	}

	/**
	 * Why somebody does not come.
	 *
	 * @param RemoteSite $site   Remote site.
	 * @param string     $reason What that site has said.
	 */
	private static function sentence( RemoteSite $site, string $reason ): string {
		$code = UserCode::tryFrom( $reason );
		return match ( true ) {
			/* translators: %s: name of the other site. */
			BringRequests::NOT_ALLOWED === $reason => sprintf( __( '%s does not let this site ask for people. Its owner can tick “Ask for the people who were here before the connection” there, under “What may that site do here?” in the settings of this site; then make a new preview.', 'tandem-user-sync' ), $site->name ),
			/* translators: %s: name of the other site. */
			ProblemCode::GoneThere->value === $reason => sprintf( __( '%s has sent this person, and this site did not take them: they were deleted here. Who was deleted does not come back.', 'tandem-user-sync' ), $site->name ),
			/* translators: 1: name of the other site, 2: a sentence. */
			null !== $code                         => sprintf( __( '%1$s has sent this person, and this site did not take them: %2$s', 'tandem-user-sync' ), $site->name, $code->sentence() ),
			/* translators: %s: name of the other site. */
			default                                => sprintf( __( '%s does not send this person: its settings don’t send them here, the account is protected there, or it was removed.', 'tandem-user-sync' ), $site->name ),
		};
	}
}
