<?php
/**
 * The accounts of this site for a paired one that prepares a backfill: who is here, page by page, by ascending id.
 * Everybody, also those whom that site does not know yet: only where the owner lets it. Of accounts that are out of its
 * reach no more than what shows a conflict.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;

final class Accounts {

	/** Most in one answer. */
	private const MOST = 500;

	/**
	 * @param Connection        $db        Database.
	 * @param ProtectedAccounts $protected Who is out of reach.
	 */
	public function __construct( private readonly Connection $db, private readonly ProtectedAccounts $protected ) {
	}

	/**
	 * A page.
	 *
	 * @param RemoteSite              $from Who asks.
	 * @param array<array-key, mixed> $body `after` (id, from 0), `limit`.
	 * @return array{accounts: list<array<string, mixed>>, total: int|null, next: int|null}
	 * @throws MessageRefused When this site accepts no people from that one.
	 */
	public function page( RemoteSite $from, array $body ): array {
		$policy = Policy::from_array( $from->policy );
		if ( ! $policy->create && ! $policy->update ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'The owner of this site accepts no people from there, so it does not say who is here.', 'tandem-user-sync' ) );
		}
		if ( ! $policy->accounts ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'The owner of this site does not let that site read who is here, which a backfill needs: “Read the list of accounts here”, under “What may that site do here?”.', 'tandem-user-sync' ) );
		}
		$after = is_int( $body['after'] ?? null ) ? max( 0, $body['after'] ) : 0;
		$limit = is_int( $body['limit'] ?? null ) ? max( 1, min( self::MOST, $body['limit'] ) ) : self::MOST;
		$ids   = array_map( static fn ( array $row ): int => (int) $row['ID'], $this->db->rows( 'SELECT ID FROM %i WHERE ID > %d ORDER BY ID LIMIT %d', $this->db->users(), $after, $limit ) );
		cache_users( $ids );
		$accounts = array();
		foreach ( $ids as $id ) {
			$user = get_userdata( $id );
			if ( false !== $user && ( ! is_multisite() || is_user_member_of_blog( $id ) ) ) {
				$is_protected = $this->protected->covers( $user );
				$accounts[]   = array(
					'id'            => $id,
					'login'         => $user->user_login,
					'email'         => $user->user_email,
					'name'          => $is_protected ? '' : $user->display_name,
					'roles'         => $is_protected ? array() : array_values( $user->roles ),
					'protected'     => $is_protected,
					'registered_at' => (int) strtotime( $user->user_registered . ' UTC' ),
				);
			}
		}
		return array(
			'accounts' => $accounts,
			// Counted once: with each page it would take longer the more people there are.
			'total'    => 0 === $after ? (int) $this->db->value( 'SELECT COUNT(*) FROM %i', $this->db->users() ) : null,
			'next'     => count( $ids ) < $limit ? null : (int) end( $ids ),
		);
	}
}
