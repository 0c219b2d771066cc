<?php
/**
 * The accounts of a paired site that nobody here has: a part of a backfill's people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;

final class OnlyThere {

	/** In place of a finding: an account of the index that was looked at, and is not to be fetched. */
	private const SEEN = 'seen';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * The next accounts of the index that no user here was found for, and that were not looked at.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $limit       How many at most.
	 * @return list<Item>
	 */
	public function next( int $backfill_id, int $limit ): array {
		return array_map( Item::of_row( ... ), $this->db->rows( 'SELECT ' . Item::COLUMNS . " FROM %i WHERE backfill_id = %d AND outcome = '' AND result = '' ORDER BY id LIMIT %d", $this->table(), $backfill_id, $limit ) );
	}

	/**
	 * Those of these accounts that something was written down about together with a user here: a conflict, for example,
	 * has a row of its own beside the one of the index.
	 *
	 * @param int                    $backfill_id Backfill.
	 * @param non-empty-list<string> $emails      Their e-mail addresses: none is empty.
	 * @return array<int, true> By account.
	 */
	public function matched( int $backfill_id, array $emails ): array {
		$places = implode( ', ', array_fill( 0, count( $emails ), '%s' ) );
		$rows   = $this->db->rows( "SELECT remote_id FROM %i WHERE backfill_id = %d AND email IN ( $places ) AND user_id > 0", $this->table(), $backfill_id, ...$emails );
		return array_fill_keys( array_map( static fn ( array $row ): int => (int) $row['remote_id'], $rows ), true );
	}

	/**
	 * Those of these addresses that somebody here has, whether the other site receives them or not.
	 *
	 * @param non-empty-list<string> $emails E-mail addresses, in lower case.
	 * @return array<string, true> By address, in lower case.
	 */
	public function known_here( array $emails ): array {
		$places = implode( ', ', array_fill( 0, count( $emails ), '%s' ) );
		$rows   = $this->db->rows( "SELECT user_email FROM %i WHERE user_email IN ( $places )", $this->db->users(), ...$emails );
		return array_fill_keys( array_map( static fn ( array $row ): string => strtolower( (string) $row['user_email'] ), $rows ), true );
	}

	/**
	 * Writes down who is missing here, and who was looked at besides.
	 *
	 * @param list<int> $missing Items of those who are missing here.
	 * @param list<int> $seen    Items of the others.
	 */
	public function found( array $missing, array $seen ): void {
		foreach ( array(
			Finding::MissingHere->value => $missing,
			self::SEEN                  => $seen,
		) as $outcome => $ids ) {
			if ( array() !== $ids ) {
				$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
				$this->db->execute( "UPDATE %i SET outcome = %s WHERE id IN ( $places )", $this->table(), $outcome, ...$ids );
			}
		}
	}

	/**
	 * The next ones who are to be asked for.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $limit       How many at most.
	 * @return list<array{id: int, remote_id: int, asked: int}> `asked`: how often that site has said that it is busy.
	 */
	public function open( int $backfill_id, int $limit ): array {
		return array_map( self::asked( ... ), $this->db->rows( "SELECT id, remote_id, asked FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' ORDER BY id LIMIT %d", $this->table(), $backfill_id, Finding::MissingHere->value, $limit ) );
	}

	/**
	 * Those who were asked for some time ago and have not come.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $before      Unix seconds.
	 * @param int $limit       How many at most.
	 * @return list<array{id: int, remote_id: int, asked: int}> `asked`: how often.
	 */
	public function late( int $backfill_id, int $before, int $limit ): array {
		return array_map( self::asked( ... ), $this->db->rows( 'SELECT id, remote_id, asked FROM %i WHERE backfill_id = %d AND outcome = %s AND result = %s AND asked_at <= %d ORDER BY id LIMIT %d', $this->table(), $backfill_id, Finding::MissingHere->value, Progress::Queued->value, $before, $limit ) );
	}

	/**
	 * Those who were asked for, or were to be, and are here now: linked with the account there.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 * @return array<int, int> Users here, by item.
	 */
	public function arrived( int $backfill_id, int $site_id ): array {
		$rows = $this->db->rows(
			'SELECT i.id, l.user_id FROM %i i JOIN %i l ON l.site_id = %d AND l.remote_id = i.remote_id WHERE i.backfill_id = %d AND i.outcome = %s AND i.result = %s',
			$this->table(),
			$this->db->table( 'links' ),
			$site_id,
			$backfill_id,
			Finding::MissingHere->value,
			Progress::Queued->value
		);
		return array_column( array_map( static fn ( array $row ): array => array( (int) $row['id'], (int) $row['user_id'] ), $rows ), 1, 0 );
	}

	/**
	 * One is here.
	 *
	 * @param int $id      Item.
	 * @param int $user_id User here; 0 where another row of the backfill is about that user.
	 */
	public function came( int $id, int $user_id ): void {
		$this->db->execute( "UPDATE %i SET user_id = %d, result = %s, code = '', message = '' WHERE id = %d", $this->table(), $user_id, Progress::Done->value, $id );
	}

	/**
	 * Some were asked for.
	 *
	 * @param list<int> $ids      Items.
	 * @param Progress  $progress What they are now: on their way, or still to be asked for.
	 * @param int       $asked    How often, with this time.
	 * @param int       $at       Unix seconds.
	 */
	public function were_asked_for( array $ids, Progress $progress, int $asked, int $at ): void {
		if ( array() !== $ids ) {
			$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
			$this->db->execute( "UPDATE %i SET result = %s, asked = %d, asked_at = %d WHERE id IN ( $places )", $this->table(), $progress->value, $asked, $at, ...$ids );
		}
	}

	/**
	 * Some don't come.
	 *
	 * @param list<int> $ids     Items.
	 * @param string    $code    Why.
	 * @param string    $message The sentence for it.
	 */
	public function failed( array $ids, string $code, string $message ): void {
		if ( array() !== $ids ) {
			$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
			$this->db->execute( "UPDATE %i SET result = %s, code = %s, message = %s WHERE id IN ( $places )", $this->table(), Progress::Failed->value, $code, $message, ...$ids );
		}
	}

	/**
	 * All who were not asked for yet don't come.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $code        Why.
	 * @param string $message     The sentence for it.
	 */
	public function all_failed( int $backfill_id, string $code, string $message ): void {
		$this->db->execute( "UPDATE %i SET result = %s, code = %s, message = %s WHERE backfill_id = %d AND outcome = %s AND result = ''", $this->table(), Progress::Failed->value, $code, $message, $backfill_id, Finding::MissingHere->value );
	}

	/**
	 * All who are on their way are to be asked for once more.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function withdraw( int $backfill_id ): void {
		$this->db->execute( "UPDATE %i SET result = '', asked = 0, asked_at = 0 WHERE backfill_id = %d AND outcome = %s AND result = %s", $this->table(), $backfill_id, Finding::MissingHere->value, Progress::Queued->value );
	}

	/**
	 * How many are on their way, and how many of these were asked for once, not long ago.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $since       Unix seconds.
	 * @return array{int, int}
	 */
	public function count_on_their_way( int $backfill_id, int $since ): array {
		$row = $this->db->row( 'SELECT COUNT(*) AS people, SUM( CASE WHEN asked = 1 AND asked_at > %d THEN 1 ELSE 0 END ) AS fresh FROM %i WHERE backfill_id = %d AND outcome = %s AND result = %s', $since, $this->table(), $backfill_id, Finding::MissingHere->value, Progress::Queued->value );
		return array( (int) ( $row['people'] ?? 0 ), (int) ( $row['fresh'] ?? 0 ) );
	}

	/**
	 * When that site last said that it is busy, Unix seconds, or 0.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function busy_at( int $backfill_id ): int {
		// The first ones are asked for first: they are the ones to whom it was said.
		return (int) $this->db->value( "SELECT asked_at FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' ORDER BY id LIMIT 1", $this->table(), $backfill_id, Finding::MissingHere->value );
	}

	/**
	 * One who is asked for.
	 *
	 * @param array<string, string|null> $row Row.
	 * @return array{id: int, remote_id: int, asked: int}
	 */
	private static function asked( array $row ): array {
		return array(
			'id'        => (int) $row['id'],
			'remote_id' => (int) $row['remote_id'],
			'asked'     => (int) $row['asked'],
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'backfill_items' );
	}
}
