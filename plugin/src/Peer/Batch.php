<?php
/**
 * People of one message, some at a time in one transaction: a new account is about twenty writes, and each of them
 * would wait for the disk.
 *
 * Other plugins' hooks run within it. So it is short; it sees what others commit meanwhile; it is not used again in a
 * message in which it took long for one person; and whoever could not be done within it, or in one that the database
 * has ended by itself (a deadlock, a plugin's own transaction), is done once more alone. Messages may be repeated, so
 * nobody is doubled by that.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;
use Tandem\Database\Failure;

final class Batch {

	/** Seconds after which a transaction ends. For so long others may wait for what it has written. */
	private const SECONDS = 0.1;

	/** Seconds for one person that are too many: somebody's hook talks to another server. */
	private const SLOW = 0.25;

	/**
	 * Users from which a transaction keeps nobody from saving. With fewer, the database finds a person's row of meta by
	 * its key rather than by the person, and locks all rows of that key on the way (REPEATABLE READ, WordPress's own):
	 * against rows that a transaction is adding at that moment it loses as a deadlock, and `update_user_meta()` says of
	 * that to nobody.
	 */
	private const MANY = 500;

	/** WordPress counts the users anew for each one: one row that all processes would wait for. */
	private const COUNT = 'wp_maybe_update_user_counts';

	/**
	 * @param Connection $db      Database.
	 * @param float      $seconds Seconds after which a transaction ends.
	 * @param float      $slow    Seconds for one person that are too many.
	 * @param int        $many    Users from which transactions are used.
	 */
	public function __construct( private readonly Connection $db, private readonly float $seconds = self::SECONDS, private readonly float $slow = self::SLOW, private readonly int $many = self::MANY ) {
	}

	/**
	 * Applies people.
	 *
	 * @param list<\Closure(): UserResult> $people What applies each; never throws, and may be called again.
	 * @return list<UserResult> In their order.
	 */
	public function apply( array $people ): array {
		if ( count( $people ) < 2 ) {
			return array_map( static fn ( \Closure $person ): UserResult => $person(), $people );
		}
		$counts = has_action( 'user_register', self::COUNT );
		if ( false !== $counts ) {
			remove_action( 'user_register', self::COUNT, (int) $counts );
		}
		try {
			return $this->in_parts( $people );
		} finally {
			if ( false !== $counts ) {
				add_action( 'user_register', self::COUNT, (int) $counts, 0 );
				wp_maybe_update_user_counts();
			}
		}
	}

	/**
	 * Applies people, part by part.
	 *
	 * @param list<\Closure(): UserResult> $people What applies each.
	 * @return list<UserResult>
	 */
	private function in_parts( array $people ): array {
		/**
		 * Filters whether people who come from a paired site in one message are written some at a time in one
		 * transaction. It is several times faster. Switch it off where a plugin's hook on new users needs the account to
		 * be seen by another process at once.
		 *
		 * @param bool $may Whether they are.
		 */
		$may     = false !== apply_filters( 'tandem_apply_together', true ) && $this->are_many();
		$results = array();
		while ( array() !== $people ) {
			$part = $may && $this->db->next_reads_committed() ? $this->part( $people, $may ) : array( $people[0]() );
			foreach ( $part as $place => $result ) {
				$results[] = null === $result || UserCode::Failed->value === $result->code ? $people[ $place ]() : $result;
			}
			$people = array_slice( $people, count( $part ) );
		}
		return $results;
	}

	/**
	 * Whether this site has enough users.
	 */
	private function are_many(): bool {
		return null !== $this->db->value( 'SELECT ID FROM %i ORDER BY ID LIMIT 1 OFFSET %d', $this->db->users(), max( 0, $this->many - 1 ) );
	}

	/**
	 * Applies as many as fit into one transaction.
	 *
	 * @param non-empty-list<\Closure(): UserResult> $people What applies each.
	 * @param bool                                   $may    Becomes false when transactions are not for this message.
	 * @return list<UserResult|null> Of the first ones, at least one; null for each when the transaction did not last.
	 */
	private function part( array $people, bool &$may ): array {
		$results = array();
		try {
			$this->db->together(
				function () use ( $people, &$may, &$results ): void {
					$began = microtime( true );
					$last  = $began;
					foreach ( $people as $person ) {
						$results[] = $person();
						$now       = microtime( true );
						$may       = $now - $last < $this->slow;
						$last      = $now;
						if ( ! $may || $now - $began > $this->seconds ) {
							break;
						}
					}
				}
			);
			return $results;
		} catch ( Failure ) {
			$may = false;
			// What caches hold of accounts that are not there after all.
			wp_cache_flush_runtime();
			foreach ( $results as $result ) {
				$result->id > 0 ? clean_user_cache( $result->id ) : null;
			}
			return array_fill( 0, max( 1, count( $results ) ), null );
		}
	}
}
