<?php
/**
 * Compares the users here with the index of the remote site's accounts, a piece at a time.
 *
 * By link, then by e-mail address, exactly. An equal username with another address is a
 * conflict, or a proposal where the owner wants such. Writes down what it finds, and
 * changes nothing else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;

final class Matcher {

	/** Users that are compared at a time. */
	private const CHUNK = 200;

	/** Code of a person whose address several accounts there have. */
	public const SEVERAL_THERE = 'several_there';

	/** Accounts that a sentence names. */
	private const MOST_NAMED = 5;

	/**
	 * @param Items      $items Where findings go.
	 * @param Links      $links Who is who.
	 * @param Connection $db    Database.
	 * @param Duplicates $duplicates Finds people who may be the same.
	 * @param UserCache  $users Users here.
	 */
	public function __construct(
		private readonly Items $items,
		private readonly Links $links,
		private readonly Connection $db,
		private readonly Duplicates $duplicates,
		private readonly UserCache $users = new UserCache(),
	) {
	}

	/**
	 * How many users there are here.
	 */
	public function total(): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i', $this->db->users() );
	}

	/**
	 * Compares the next users. Doing it twice writes nothing twice.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site     Remote site.
	 * @param int        $after    Id of the last user that was compared, or 0.
	 * @return list<int> Ids of those that were compared now; empty when all are.
	 */
	public function chunk( Backfill $backfill, RemoteSite $site, int $after ): array {
		$ids    = array_map( static fn ( array $row ): int => (int) $row['ID'], $this->db->rows( 'SELECT ID FROM %i WHERE ID > %d ORDER BY ID LIMIT %d', $this->db->users(), $after, self::CHUNK ) );
		$users  = $this->users->read( $ids );
		$shared = $this->shared_addresses( $users );
		$known  = $this->items->known( $backfill->id, $ids );
		$new    = array_filter( $users, static fn ( \WP_User $user ): bool => ! isset( $known[ $user->ID ] ) && ( ! is_multisite() || is_user_member_of_blog( $user->ID ) ) );
		$linked = $this->links->among_users( $site->id, array_keys( $new ) );
		$this->db->together(
			function () use ( $backfill, $site, $users, $shared, $new, $linked ): void {
				$this->items->found_already( $backfill->id, array_intersect_key( $new, $linked ), $linked );
				foreach ( array_diff_key( $new, $linked ) as $user ) {
					$this->compare( $backfill, $site, $user, isset( $shared[ strtolower( $user->user_email ) ] ) );
				}
				$this->duplicates->point_out( $backfill->id, $site, $users );
			}
		);
		$this->users->forget( $users );
		return $ids;
	}

	/**
	 * Finds out about one user who is not linked.
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @param \WP_User   $user        The user.
	 * @param bool       $is_shared   Whether somebody else here has the same address.
	 */
	private function compare( Backfill $backfill, RemoteSite $site, \WP_User $user, bool $is_shared ): void {
		if ( ! $site->covers_user( $user ) ) {
			$this->items->found( $backfill->id, $user, Finding::Left, code: 'out_of_scope', message: __( 'Not one of the people that this site receives.', 'tandem-user-sync' ) );
			return;
		}
		if ( '' === $user->user_email ) {
			$this->conflict( $backfill, $site, $user, null, ProblemCode::EmailMissing );
			return;
		}
		$all   = $this->items->by_email( $backfill->id, $user->user_email );
		$there = $all[0] ?? null;
		if ( $is_shared ) {
			/* translators: %s: e-mail address. */
			$this->items->found( $backfill->id, $user, Finding::Conflict, $there, 'several_here', sprintf( __( 'Several people here have the address %s, in upper or lower case. It can’t be told which of them is meant. Correct the addresses here, or decide for one of them.', 'tandem-user-sync' ), $user->user_email ) );
			return;
		}
		if ( count( $all ) > 1 ) {
			$this->items->found( $backfill->id, $user, Finding::Conflict, $there, self::SEVERAL_THERE, self::about_several( $site, $user, $all ) );
			return;
		}
		null === $there
			? $this->compare_username( $backfill, $site, $user )
			: $this->compare_account( $backfill, $site, $user, $there );
	}

	/**
	 * The sentence about several accounts there with one address.
	 *
	 * @param RemoteSite $site Remote site.
	 * @param \WP_User   $user The user.
	 * @param list<Item> $all  The accounts.
	 */
	private static function about_several( RemoteSite $site, \WP_User $user, array $all ): string {
		/* translators: %s: username. */
		$names = array_map( static fn ( Item $item ): string => sprintf( __( '“%s”', 'tandem-user-sync' ), $item->username ), array_slice( $all, 0, self::MOST_NAMED ) );
		$named = implode( ', ', $names ) . ( count( $all ) > self::MOST_NAMED ? ', …' : '' );
		/* translators: 1: name of the other site, 2: e-mail address, 3: usernames. */
		return sprintf( __( 'Several accounts on %1$s have the address %2$s, in upper or lower case: %3$s. It can’t be told which of them is meant. Correct the addresses there, and make a new preview.', 'tandem-user-sync' ), $site->name, $user->user_email, $named );
	}

	/**
	 * Nobody there has the user's address: is the username free?
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @param \WP_User   $user        The user.
	 */
	private function compare_username( Backfill $backfill, RemoteSite $site, \WP_User $user ): void {
		$namesake = $this->items->by_username( $backfill->id, $user->user_login );
		if ( null === $namesake ) {
			$this->items->found( $backfill->id, $user, Finding::Create );
		} elseif ( $backfill->options->by_name && $this->may_be( $site, $namesake ) ) {
			/* translators: 1: username, 2: name of the other site. */
			$message = sprintf( __( 'The username “%1$s” is on both sites with different addresses, and nobody on %2$s has the address from here. If this is the same person, confirm it.', 'tandem-user-sync' ), $user->user_login, $site->name );
			if ( SiteKind::Paired === $site->kind ) {
				$message .= ' ' . __( 'Their holder there is asked by mail then.', 'tandem-user-sync' );
			}
			$this->items->found( $backfill->id, $user, Finding::LinkByName, $namesake, Finding::LinkByName->value, $message );
		} else {
			$this->conflict( $backfill, $site, $user, $namesake, ProblemCode::UsernameTaken );
		}
	}

	/**
	 * Whether an account with the same username may be proposed as the same person: it is neither protected nor the one
	 * that Tandem uses there, and nobody else here is linked with it or has its address.
	 *
	 * @param RemoteSite $site     Remote site.
	 * @param Item       $namesake The account.
	 */
	private function may_be( RemoteSite $site, Item $namesake ): bool {
		return ! $namesake->is_protected
			&& $namesake->remote_id !== $site->remote_user_id
			&& null === $this->links->find_by_remote( $site->id, $namesake->remote_id )
			&& ( '' === $namesake->email || null === $this->db->value( 'SELECT ID FROM %i WHERE user_email = %s LIMIT 1', $this->db->users(), $namesake->email ) );
	}

	/**
	 * An account there has the user's address: may it be linked?
	 *
	 * @param Backfill   $backfill Backfill.
	 * @param RemoteSite $site        Remote site.
	 * @param \WP_User   $user        The user.
	 * @param Item       $there       The account.
	 */
	private function compare_account( Backfill $backfill, RemoteSite $site, \WP_User $user, Item $there ): void {
		if ( $there->remote_id === $site->remote_user_id ) {
			/* translators: %s: name of the other site. */
			$this->items->found( $backfill->id, $user, Finding::Left, $there, 'service_account', sprintf( __( 'Has the address of the account that Tandem itself uses on %s. That one is left alone.', 'tandem-user-sync' ), $site->name ) );
			return;
		}
		$problem = match ( true ) {
			$there->is_protected => ProblemCode::ProtectedAccount,
			$there->user_id > 0 || null !== $this->links->find_by_remote( $site->id, $there->remote_id ) => ProblemCode::LinkedToOther,
			default => null,
		};
		null === $problem
			? $this->items->found( $backfill->id, $user, Finding::Link, $there )
			: $this->conflict( $backfill, $site, $user, $there, $problem );
	}

	/**
	 * Writes a conflict down.
	 *
	 * @param Backfill    $backfill Backfill.
	 * @param RemoteSite  $site        Remote site.
	 * @param \WP_User    $user        The user.
	 * @param Item|null   $there       The account there that is in the way.
	 * @param ProblemCode $problem     Why.
	 */
	private function conflict( Backfill $backfill, RemoteSite $site, \WP_User $user, ?Item $there, ProblemCode $problem ): void {
		$this->items->found( $backfill->id, $user, Finding::Conflict, $there, $problem->value, $problem->sentence( $site->name, $there->username ?? '' ) );
	}

	/**
	 * Which of the users' addresses several people here have. WordPress refuses such a second one, but imports
	 * and other plugins' own statements do not.
	 *
	 * @param array<int, \WP_User> $users Users.
	 * @return array<string, true> By address, in lower case.
	 */
	private function shared_addresses( array $users ): array {
		$emails = array_values( array_diff( array_map( static fn ( \WP_User $user ): string => $user->user_email, $users ), array( '' ) ) );
		if ( array() === $emails ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $emails ), '%s' ) );
		$rows   = $this->db->rows( "SELECT user_email FROM %i WHERE user_email IN ( $places )", $this->db->users(), ...$emails );
		$people = array_count_values( array_map( static fn ( array $row ): string => strtolower( (string) $row['user_email'] ), $rows ) );
		return array_fill_keys( array_map( 'strval', array_keys( array_filter( $people, static fn ( int $count ): bool => $count > 1 ) ) ), true );
	}
}
