<?php
/**
 * Compares the users here with the index of the remote site's accounts, a piece at a time.
 *
 * By link, then by e-mail address, exactly; an equal username with another address is a
 * conflict. Writes down what it finds, and changes nothing else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;

final class Matcher {

	/** Users that are compared at a time. */
	private const CHUNK = 200;

	/**
	 * @param Items      $items Where findings go.
	 * @param Links      $links Who is who.
	 * @param Connection $db    Database.
	 */
	public function __construct( private readonly Items $items, private readonly Links $links, private readonly Connection $db ) {
	}

	/**
	 * How many users there are here.
	 */
	public function total(): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i', $this->db->users() );
	}

	/**
	 * Compares the next users.
	 *
	 * @param int        $backfill_id Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @param int        $after       Id of the last user that was compared, or 0.
	 * @return list<int> Ids of those that were compared now; empty when all are.
	 */
	public function chunk( int $backfill_id, RemoteSite $site, int $after ): array {
		$ids = array_map( static fn ( array $row ): int => (int) $row['ID'], $this->db->rows( 'SELECT ID FROM %i WHERE ID > %d ORDER BY ID LIMIT %d', $this->db->users(), $after, self::CHUNK ) );
		cache_users( $ids );
		foreach ( $ids as $id ) {
			$user = get_userdata( $id );
			if ( false !== $user && ( ! is_multisite() || is_user_member_of_blog( $id ) ) ) {
				$this->compare( $backfill_id, $site, $user );
			}
		}
		foreach ( $ids as $id ) {
			// Only what this process holds in memory; other processes keep theirs.
			wp_cache_delete( $id, 'users' );
			wp_cache_delete( $id, 'user_meta' );
		}
		return $ids;
	}

	/**
	 * Finds out about one user.
	 *
	 * @param int        $backfill_id Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @param \WP_User   $user        The user.
	 */
	private function compare( int $backfill_id, RemoteSite $site, \WP_User $user ): void {
		$link = $this->links->find( $site->id, $user->ID );
		if ( null !== $link ) {
			$this->items->found( $backfill_id, $user->ID, Finding::Already, remote_id: $link->remote_id );
			return;
		}
		if ( ! $site->settings->covers( array_values( $user->roles ) ) ) {
			$this->items->found( $backfill_id, $user->ID, Finding::Left, code: 'out_of_scope', message: __( 'Not one of the people that this site receives.', 'tandem-user-sync' ) );
			return;
		}
		if ( '' === $user->user_email ) {
			$this->conflict( $backfill_id, $site, $user, null, ProblemCode::EmailMissing );
			return;
		}
		$there = $this->items->by_email( $backfill_id, $user->user_email );
		if ( null !== $there && $there->user_id === $user->ID ) {
			return;
		}
		if ( null === $there ) {
			$namesake = $this->items->by_username( $backfill_id, $user->user_login );
			null === $namesake
				? $this->items->found( $backfill_id, $user->ID, Finding::Create )
				: $this->conflict( $backfill_id, $site, $user, $namesake, ProblemCode::UsernameTaken );
			return;
		}
		$problem = match ( true ) {
			$there->is_protected || $there->remote_id === $site->remote_user_id => ProblemCode::ProtectedAccount,
			$there->user_id > 0 || null !== $this->links->find_by_remote( $site->id, $there->remote_id ) => ProblemCode::LinkedToOther,
			default => null,
		};
		null === $problem
			? $this->items->found( $backfill_id, $user->ID, Finding::Link, $there )
			: $this->conflict( $backfill_id, $site, $user, $there, $problem );
	}

	/**
	 * Writes a conflict down.
	 *
	 * @param int         $backfill_id Backfill.
	 * @param RemoteSite  $site        Remote site.
	 * @param \WP_User    $user        The user.
	 * @param Item|null   $there       The account there that is in the way.
	 * @param ProblemCode $problem     Why.
	 */
	private function conflict( int $backfill_id, RemoteSite $site, \WP_User $user, ?Item $there, ProblemCode $problem ): void {
		$this->items->found( $backfill_id, $user->ID, Finding::Conflict, $there, $problem->value, $problem->sentence( $site->name, $there->username ?? '' ) );
	}
}
