<?php
/**
 * The record that a person reads: what happened to whom, where, with what result.
 *
 * One row for one change on its way to one site: while it is being retried the
 * same row counts the tries, and ends with how it ended.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

use Tandem\Database\Connection;
use Tandem\Sync\FieldSet;
use Tandem\Time\Clock;

final class Log {

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Puts something on record.
	 *
	 * @param Entry $entry     What happened.
	 * @param bool  $continues Whether it goes on with a row that says "retrying" or "attention" for the same user and site.
	 */
	public function add( Entry $entry, bool $continues = false ): void {
		$open = $continues ? $this->open_row( $entry ) : null;
		if ( null === $open ) {
			$this->add_all( array( $entry ) );
			return;
		}
		$this->db->execute( 'UPDATE %i SET at = %d, action = %s, result = %s, fields = %s, code = %s, message = %s, warnings = %s, took = %d, attempts = attempts + 1 WHERE id = %d', $this->table(), ...array( ...$this->news( $entry ), $open ) );
	}

	/**
	 * Puts many things on record with one statement. None of them continues an earlier row.
	 *
	 * @param list<Entry> $entries What happened.
	 */
	public function add_all( array $entries ): void {
		if ( array() === $entries ) {
			return;
		}
		$values = array();
		foreach ( $entries as $entry ) {
			array_push( $values, ...$this->news( $entry ), ...array( $entry->site_id, $entry->user_id, mb_substr( $entry->username, 0, 60 ), mb_substr( $entry->email, 0, 100 ), $entry->direction->value ) );
		}
		$rows = implode( ', ', array_fill( 0, count( $entries ), '(%d, %s, %s, %s, %s, %s, %s, %d, %d, %d, %s, %s, %s, 1)' ) );
		$this->db->execute( "INSERT INTO %i (at, action, result, fields, code, message, warnings, took, site_id, user_id, username, email, direction, attempts) VALUES $rows", $this->table(), ...$values );
	}

	/**
	 * The rows that are asked for, the newest first.
	 *
	 * @param Query    $query Which.
	 * @param int|null $total How many there are, as `count()` gives it, where that is known: pages of the older half are
	 *                        then reached from the end.
	 * @return list<Item>
	 */
	public function search( Query $query, ?int $total = null ): array {
		list( $where, $values ) = $this->where( $query );

		$before = ( $query->page - 1 ) * $query->per_page;
		$paging = ' ORDER BY a.id DESC LIMIT %d OFFSET %d';
		$limits = array( $query->per_page, $before );
		if ( null !== $total && $before > intdiv( $total, 2 ) ) {
			$paging = ' ORDER BY a.id LIMIT %d OFFSET %d';
			$limits = array( max( 0, min( $query->per_page, $total - $before ) ), max( 0, $total - $before - $query->per_page ) );
		}
		$rows = $this->db->rows(
			// First which rows, from an index alone: a late page passes over many, and only its own are to be read.
			'SELECT a.id, a.at, a.site_id, a.user_id, a.username, a.email, a.action, a.result, a.fields, a.attempts, a.code, a.message, a.warnings, a.direction, o.id AS outbox_id FROM ( SELECT a.id FROM %i a' . $where . $paging . ' ) p JOIN %i a ON a.id = p.id LEFT JOIN %i o ON o.site_id = a.site_id AND o.user_id = a.user_id ORDER BY a.id DESC',
			$this->table(),
			...array( ...$values, ...$limits, $this->table(), $this->db->table( 'outbox' ) )
		);
		return array_map( array( self::class, 'item' ), $rows );
	}

	/**
	 * How many rows there are of what is asked for.
	 *
	 * @param Query $query Which.
	 */
	public function count( Query $query ): int {
		list( $where, $values ) = $this->where( $query );
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i a' . $where, $this->table(), ...$values );
	}

	/**
	 * How long the newest deliveries to a site took from the change to the arrival.
	 *
	 * @param int $site_id Remote site.
	 * @return Pace Over a thousand at most.
	 */
	public function pace( int $site_id ): Pace {
		return Pace::of( array_map( static fn ( array $row ): int => (int) $row['took'], $this->db->rows( 'SELECT took FROM %i WHERE site_id = %d AND direction = %s AND result = %s AND took > 0 ORDER BY id DESC LIMIT 1000', $this->table(), $site_id, Direction::Out->value, Result::Success->value ) ) );
	}

	/**
	 * Removes rows that are older than the owner keeps them, a thousand at a time.
	 *
	 * @param int $before Unix seconds.
	 * @return int How many went.
	 */
	public function purge( int $before ): int {
		return $this->db->execute( 'DELETE FROM %i WHERE at < %d ORDER BY at LIMIT 1000', $this->table(), $before );
	}

	/**
	 * Removes what is on record of a user (privacy eraser).
	 *
	 * @param int $user_id User here.
	 * @return int How many went.
	 */
	public function forget( int $user_id ): int {
		return $this->db->execute( 'DELETE FROM %i WHERE user_id = %d AND user_id > 0', $this->table(), $user_id );
	}

	/**
	 * What is new about something each time that it goes on.
	 *
	 * @param Entry $entry What happened.
	 * @return list<int|string> In the order of the columns from `at` to `took`.
	 */
	private function news( Entry $entry ): array {
		return array(
			$this->clock->now(),
			$entry->action->value,
			$entry->result->value,
			(string) $entry->fields,
			$entry->code,
			$entry->message,
			(string) wp_json_encode( $entry->warnings ),
			$entry->took,
		);
	}

	/**
	 * The row of the same user and site that has not ended yet.
	 *
	 * @param Entry $entry What happened.
	 */
	private function open_row( Entry $entry ): ?int {
		$row = $this->db->row( 'SELECT id, result FROM %i WHERE user_id = %d AND site_id = %d AND direction = %s ORDER BY id DESC LIMIT 1', $this->table(), $entry->user_id, $entry->site_id, $entry->direction->value );
		return null !== $row && in_array( $row['result'], array( Result::Retrying->value, Result::Attention->value ), true ) ? (int) $row['id'] : null;
	}

	/**
	 * The condition of a query, with its values.
	 *
	 * @param Query $query Which.
	 * @return array{0: string, 1: list<int|string>}
	 */
	private function where( Query $query ): array {
		$parts  = array();
		$values = array();
		if ( '' !== $query->search ) {
			$like    = $this->db->like( $query->search ) . '%';
			$parts[] = '( a.username LIKE %s OR a.email LIKE %s )';
			array_push( $values, $like, $like );
		}
		foreach ( array(
			'a.site_id = %d' => $query->site_id,
			'a.user_id = %d' => $query->user_id,
			'a.at >= %d'     => $query->after,
			'a.at < %d'      => $query->before,
		) as $part => $value ) {
			if ( null !== $value ) {
				$parts[]  = $part;
				$values[] = $value;
			}
		}
		foreach ( array(
			'a.result' => $query->results,
			'a.action' => $query->actions,
		) as $column => $cases ) {
			if ( array() !== $cases ) {
				$parts[] = $column . ' IN ( ' . implode( ', ', array_fill( 0, count( $cases ), '%s' ) ) . ' )';
				foreach ( $cases as $case ) {
					$values[] = (string) $case->value;
				}
			}
		}
		return array( array() === $parts ? '' : ' WHERE ' . implode( ' AND ', $parts ), $values );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function item( array $row ): Item {
		$warnings = json_decode( (string) $row['warnings'], true );
		return new Item(
			(int) $row['id'],
			(int) $row['at'],
			new Entry(
				Action::from( (string) $row['action'] ),
				Result::from( (string) $row['result'] ),
				(int) $row['site_id'],
				(int) $row['user_id'],
				(string) $row['username'],
				(string) $row['email'],
				FieldSet::from_string( (string) $row['fields'] ),
				(string) $row['code'],
				(string) $row['message'],
				is_array( $warnings ) ? array_values( array_map( 'strval', $warnings ) ) : array(),
				Direction::tryFrom( (string) $row['direction'] ) ?? Direction::Out
			),
			(int) $row['attempts'],
			in_array( $row['result'], array( Result::Retrying->value, Result::Attention->value ), true ) ? (int) $row['outbox_id'] : 0
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'activity' );
	}
}
