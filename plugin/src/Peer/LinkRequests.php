<?php
/**
 * A backfill of a paired site says which accounts of both sites are one person's, hundreds with one message: what
 * `Finder` and `Guard` decide for one, here for all whose case is plain. Whoever's is not is answered with `other` and
 * comes again alone (`peer/users`), where it is decided and said why.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Hooks\Events;
use Tandem\Remote\ExistingPolicy;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Time\Clock;

final class LinkRequests {

	/** People in one message. */
	public const MOST = 500;

	/**
	 * @param Connection        $db                 Database.
	 * @param Links             $links              Who is who.
	 * @param Records           $records            Uids.
	 * @param Outbox            $outbox             What waits for a link.
	 * @param Approvals         $approvals          Who was asked.
	 * @param ProtectedAccounts $protected_accounts Accounts that are out of reach.
	 * @param Log               $log                Activity.
	 * @param Events            $events             Who wants to hear of it.
	 * @param Clock             $clock              Time.
	 */
	public function __construct(
		private readonly Connection $db,
		private readonly Links $links,
		private readonly Records $records,
		private readonly Outbox $outbox,
		private readonly Approvals $approvals,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Log $log,
		private readonly Events $events,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Links people.
	 *
	 * @param RemoteSite              $from Who sent them.
	 * @param array<array-key, mixed> $body `people`: each with `ref`, `uid`, `login`, `email`, and `id`, the account here.
	 * @return array{results: list<'linked'|'other'>} One for each, in their order.
	 * @throws MessageRefused When it is no list of people, or too long a one.
	 */
	public function take( RemoteSite $from, array $body ): array {
		$people = $body['people'] ?? null;
		if ( ! is_array( $people ) || ! array_is_list( $people ) || array() === $people || count( $people ) > self::MOST ) {
			/* translators: %d: a number. */
			throw new MessageRefused( MessageCode::Invalid, sprintf( __( 'It must hold from one to %d people.', 'tandem-user-sync' ), self::MOST ) );
		}
		$people = array_map( self::checked( ... ), $people );
		$policy = Policy::from_array( $from->policy );
		$linked = array();
		if ( $policy->update && ExistingPolicy::Never !== $policy->existing ) {
			$linked = $this->db->together( fn (): array => $this->link( $from, $people ) );
			foreach ( $linked as $user_id ) {
				$this->events->received( $from, $user_id, new FieldSet(), Action::Link->value );
			}
		}
		return array( 'results' => array_map( static fn ( int $place ): string => isset( $linked[ $place ] ) ? 'linked' : 'other', array_keys( $people ) ) );
	}

	/**
	 * Links those whose case is plain.
	 *
	 * @param RemoteSite                                                                    $from   Who sent them.
	 * @param list<array{ref: int, uid: string, login: string, email: string, id: int}|null> $people People.
	 * @return array<int, int> Users here, by their place among the people.
	 */
	private function link( RemoteSite $from, array $people ): array {
		$people = array_filter( $people );
		$ids    = array_column( $people, 'id' );
		cache_users( $ids );
		$taken    = $this->links->among_users( $from->id, $ids );
		$refs     = $this->links->among_accounts( $from->id, array_column( $people, 'ref' ) );
		$recorded = $this->records->known_uids( $ids );
		$uids     = array_fill_keys( $this->records->taken_uids( array_column( $people, 'uid' ) ), true );
		$links    = array();
		$entries  = array();
		$linked   = array();
		$new_uids = array();
		foreach ( $people as $place => $person ) {
			$id = $person['id'];
			if ( isset( $taken[ $id ] ) || isset( $refs[ $person['ref'] ] ) || isset( $recorded[ $id ] ) || isset( $uids[ $person['uid'] ] ) ) {
				continue;
			}
			$user = get_userdata( $id );
			if ( false === $user || '' === $user->user_email || 0 !== strcasecmp( $user->user_email, $person['email'] ) || ( is_multisite() && ! is_user_member_of_blog( $id ) ) || $this->protected_accounts->covers( $user ) ) {
				continue;
			}
			$link                   = new Link( $from->id, $id, $person['ref'], $person['login'], false, $this->clock->now() );
			$taken[ $id ]           = $link;
			$refs[ $person['ref'] ] = $link;
			$uids[ $person['uid'] ] = true;
			$links[]                = $link;
			$new_uids[ $id ]        = $person['uid'];
			$linked[ (int) $place ] = $id;
			$entries[]              = new Entry( Action::Link, Result::Success, $from->id, $id, $user->user_login, $user->user_email, direction: Direction::In );
		}
		$this->records->introduce( $new_uids );
		$this->links->add( $links );
		$this->log->add_all( $entries );
		// Whoever was asked by mail about this very link need not answer any more.
		$this->outbox->question_is_answered( $from->id, ...array_values( $linked ) );
		$this->approvals->forget( $from->id, ...array_column( $links, 'remote_id' ) );
		return $this->kept( $from, $linked, $new_uids );
	}

	/**
	 * Those whose link and uid are there now: another process may have been quicker with one of them.
	 *
	 * @param RemoteSite         $from   Who sent them.
	 * @param array<int, int>    $linked Users here, by their place.
	 * @param array<int, string> $uids   Uids by user.
	 * @return array<int, int>
	 */
	private function kept( RemoteSite $from, array $linked, array $uids ): array {
		$ids  = array_values( $linked );
		$held = $this->records->known_uids( $ids );
		$here = $this->links->among_users( $from->id, $ids );
		return array_filter( $linked, static fn ( int $id ): bool => isset( $here[ $id ] ) && ( $held[ $id ] ?? '' ) === $uids[ $id ] );
	}

	/**
	 * A person as they came, or null when something of them is not as it should be.
	 *
	 * @param mixed $person Decoded JSON.
	 * @return array{ref: int, uid: string, login: string, email: string, id: int}|null
	 */
	private static function checked( mixed $person ): ?array {
		if ( ! is_array( $person ) ) {
			return null;
		}
		list( 'ref' => $ref, 'uid' => $uid, 'login' => $login, 'email' => $email, 'id' => $id ) = $person + array_fill_keys( array( 'ref', 'uid', 'login', 'email', 'id' ), null );
		return is_int( $ref ) && $ref > 0 && is_int( $id ) && $id > 0 && is_string( $uid ) && wp_is_uuid( $uid ) && is_string( $login ) && is_string( $email ) && '' !== $email
			? array(
				'ref'   => $ref,
				'uid'   => strtolower( $uid ),
				'login' => mb_substr( sanitize_text_field( $login ), 0, 60 ),
				'email' => $email,
				'id'    => $id,
			)
			: null;
	}
}
