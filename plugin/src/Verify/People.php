<?php
/**
 * Reads those who are linked with a paired site, in bulk: ranges over an index, a few hundred at a time.
 *
 * People are named by their id on the site that asks (`ref`): on that site it is the link's `user_id`, on the other
 * one its `remote_id`, and both are keys of the table of links.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Names;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;
use Tandem\Sync\UserState;

final class People {

	/** Behind everybody. */
	public const END = PHP_INT_MAX;

	/** People that are read at a time. */
	private const CHUNK = 500;

	/**
	 * @param Connection $db     Database.
	 * @param UserReader $reader Makes users of rows.
	 */
	public function __construct( private readonly Connection $db, private readonly UserReader $reader ) {
	}

	/**
	 * Ranges of refs in which about so many people are linked here. The last one has no end: there the other site may
	 * know people that this one does not.
	 *
	 * @param int $site_id The other site.
	 * @param int $after   Where to begin.
	 * @param int $size    People in a range.
	 * @param int $count   Ranges.
	 * @return non-empty-list<array{int, int}> After which ref, and up to which.
	 * @throws Failure When the database fails.
	 */
	public function ranges( int $site_id, int $after, int $size, int $count ): array {
		$ranges = array();
		do {
			$last     = $this->db->value( 'SELECT user_id FROM %i WHERE site_id = %d AND user_id > %d ORDER BY user_id LIMIT 1 OFFSET %d', $this->db->table( 'links' ), $site_id, $after, $size - 1 );
			$to       = null === $last ? self::END : (int) $last;
			$ranges[] = array( $after, $to );
			$after    = $to;
		} while ( self::END !== $to && --$count > 0 );
		return $ranges;
	}

	/**
	 * Everybody in a range who has an account here.
	 *
	 * @param int          $site_id    The other site.
	 * @param bool         $asks       Whether this site asks: then refs are ids here.
	 * @param int          $after      After which ref.
	 * @param int          $to         Up to which.
	 * @param list<string> $meta_keys  Meta keys to read besides.
	 * @return \Generator<int, LinkedPerson> In the order of their refs.
	 * @throws Failure When the database fails.
	 */
	public function linked( int $site_id, bool $asks, int $after, int $to, array $meta_keys ): \Generator {
		$key = $asks ? 'user_id' : 'remote_id';
		do {
			$rows                = $this->db->rows(
				"SELECT l.$key AS ref, l.user_id, l.remote_id, u.user_login, u.user_registered, u.user_email, u.display_name, u.user_url, t.uid, t.marks FROM %i AS l LEFT JOIN %i AS u ON u.ID = l.user_id LEFT JOIN %i AS t ON t.user_id = l.user_id WHERE l.site_id = %d AND l.$key > %d AND l.$key <= %d ORDER BY l.$key LIMIT %d",
				$this->db->table( 'links' ),
				$this->db->users(),
				$this->db->table( 'users' ),
				$site_id,
				$after,
				$to,
				self::CHUNK
			);
			$read                = count( $rows );
			list( $meta, $tags ) = $this->meta( array_map( static fn ( array $row ): int => (int) $row['user_id'], $rows ), $meta_keys );
			foreach ( $rows as $row ) {
				$after = (int) $row['ref'];
				// The account of a link may have been removed without our having seen it.
				if ( null !== $row['user_login'] ) {
					$id = (int) $row['user_id'];
					yield new LinkedPerson( $after, (int) $row['remote_id'], $this->reader->from_rows( $id, $row, $meta[ $id ] ?? array(), $meta_keys, $tags[ $id ] ?? array() ), (string) $row['uid'], Records::password_stamp( (string) $row['marks'] ) );
				}
			}
		} while ( self::CHUNK === $read );
	}

	/**
	 * Ids of users who were registered after a time, are not linked with a site, and are not on their way there.
	 *
	 * @param int $site_id The other site.
	 * @param int $since   Unix seconds.
	 * @param int $after   After which user id.
	 * @param int $to      Up to which: when nearly everybody is linked, as many are looked at as there are ids.
	 * @param int $limit   How many at most.
	 * @return list<int>
	 * @throws Failure When the database fails.
	 */
	public function unlinked( int $site_id, int $since, int $after, int $to, int $limit ): array {
		$rows = $this->db->rows(
			'SELECT u.ID FROM %i AS u LEFT JOIN %i AS l ON l.site_id = %d AND l.user_id = u.ID LEFT JOIN %i AS o ON o.site_id = %d AND o.user_id = u.ID WHERE u.ID > %d AND u.ID <= %d AND u.user_registered >= %s AND l.id IS NULL AND o.id IS NULL ORDER BY u.ID LIMIT %d',
			$this->db->users(),
			$this->db->table( 'links' ),
			$site_id,
			$this->db->table( 'outbox' ),
			$site_id,
			$after,
			$to,
			gmdate( 'Y-m-d H:i:s', $since ),
			$limit
		);
		return array_map( static fn ( array $row ): int => (int) $row['ID'], $rows );
	}

	/**
	 * The highest user id.
	 */
	public function last_id(): int {
		return (int) $this->db->value( 'SELECT MAX( ID ) FROM %i', $this->db->users() );
	}

	/**
	 * The first value of each meta key, as it is stored: what `get_user_meta()` reads. Of tags all of them.
	 *
	 * @param list<int>    $ids  Users.
	 * @param list<string> $keys Meta keys besides those of a profile.
	 * @return array{array<int, array<string, string>>, array<int, list<string>>} By user and key, and tags by user.
	 */
	private function meta( array $ids, array $keys ): array {
		if ( array() === $ids ) {
			return array( array(), array() );
		}
		$keys = array( ...UserState::profile_meta_keys(), Names::TAG_META, ...$keys );
		$rows = $this->db->rows(
			'SELECT user_id, meta_key, meta_value FROM %i WHERE user_id IN ( ' . implode( ', ', array_fill( 0, count( $ids ), '%d' ) ) . ' ) AND meta_key IN ( ' . implode( ', ', array_fill( 0, count( $keys ), '%s' ) ) . ' ) ORDER BY umeta_id',
			$this->db->usermeta(),
			...$ids,
			...$keys
		);
		$meta = array();
		$tags = array();
		foreach ( $rows as $row ) {
			if ( Names::TAG_META === $row['meta_key'] ) {
				$tags[ (int) $row['user_id'] ][] = (string) $row['meta_value'];
			} else {
				$meta[ (int) $row['user_id'] ][ (string) $row['meta_key'] ] ??= (string) $row['meta_value'];
			}
		}
		return array( $meta, $tags );
	}
}
