<?php
/**
 * The people whom verifications have found to differ.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Database\Connection;
use Tandem\Sync\Stamp;

final class Findings {

	private const COLUMNS = 'id, user_id, remote_id, kind, fields, mending';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Writes differences down. Those that were written already stay as they are: a batch may be repeated.
	 *
	 * @param int              $verification_id Verification.
	 * @param list<Difference> $differences     Who differs.
	 * @param bool             $repairs         Whether they are to be repaired at once.
	 */
	public function add( int $verification_id, array $differences, bool $repairs ): void {
		foreach ( $differences as $difference ) {
			$fields = array();
			foreach ( $difference->fields as $field => $wins ) {
				$fields[ $field ] = array( $wins->value, (string) $difference->stamps[ $field ] );
			}
			$this->db->execute(
				'INSERT IGNORE INTO %i (verification_id, user_id, remote_id, kind, fields, mending) VALUES (%d, %d, %d, %s, %s, %s)',
				$this->table(),
				$verification_id,
				$difference->user_id,
				$difference->remote_id,
				$difference->kind->value,
				(string) wp_json_encode( (object) $fields ),
				( $repairs && $difference->is_plain() ? Mending::Wanted : Mending::Open )->value
			);
		}
	}

	/**
	 * Marks some to be repaired, as a person said.
	 *
	 * @param int            $verification_id Verification.
	 * @param list<int>|null $ids             Which; null for all that are open.
	 * @param bool           $forced          Whether this site's values win.
	 * @return int How many.
	 */
	public function want( int $verification_id, ?array $ids, bool $forced ): int {
		$to = ( $forced ? Mending::Forced : Mending::Asked )->value;
		if ( null === $ids ) {
			return $this->db->execute( 'UPDATE %i SET mending = %s WHERE verification_id = %d AND mending IN ( %s, %s ) AND kind <> %s', $this->table(), $to, $verification_id, Mending::Open->value, Mending::Refused->value, Kind::SomebodyElse->value );
		}
		$count = 0;
		foreach ( $ids as $id ) {
			$count += $this->db->execute( 'UPDATE %i SET mending = %s WHERE id = %d AND verification_id = %d AND kind <> %s', $this->table(), $to, $id, $verification_id, Kind::SomebodyElse->value );
		}
		return $count;
	}

	/**
	 * Those that are to be repaired next.
	 *
	 * @param int $verification_id Verification.
	 * @param int $limit           How many at most.
	 * @return list<Finding>
	 */
	public function wanted( int $verification_id, int $limit ): array {
		return array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE verification_id = %d AND mending IN ( %s, %s, %s ) ORDER BY id LIMIT %d', $this->table(), $verification_id, Mending::Wanted->value, Mending::Asked->value, Mending::Forced->value, $limit ) );
	}

	/**
	 * Notes what was done.
	 *
	 * @param int     $id      Finding.
	 * @param Mending $mending What.
	 */
	public function became( int $id, Mending $mending ): void {
		$this->db->execute( 'UPDATE %i SET mending = %s WHERE id = %d', $this->table(), $mending->value, $id );
	}

	/**
	 * A page of a verification.
	 *
	 * @param int $verification_id Verification.
	 * @param int $page            From 1.
	 * @param int $per_page        How many.
	 * @return list<Finding>
	 */
	public function page( int $verification_id, int $page, int $per_page ): array {
		return array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE verification_id = %d ORDER BY id LIMIT %d OFFSET %d', $this->table(), $verification_id, $per_page, ( $page - 1 ) * $per_page ) );
	}

	/**
	 * How many there are.
	 *
	 * @param int $verification_id Verification.
	 * @return array<string, int> By `Mending`.
	 */
	public function counts( int $verification_id ): array {
		$counts = array_fill_keys( array_column( Mending::cases(), 'value' ), 0 );
		foreach ( $this->db->rows( 'SELECT mending, COUNT(*) AS people FROM %i WHERE verification_id = %d GROUP BY mending', $this->table(), $verification_id ) as $row ) {
			$counts[ (string) $row['mending'] ] = (int) $row['people'];
		}
		return $counts;
	}

	/**
	 * Forgets those of a verification.
	 *
	 * @param int $verification_id Verification.
	 */
	public function clear( int $verification_id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE verification_id = %d', $this->table(), $verification_id );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Finding {
		$fields = array();
		$stamps = array();
		foreach ( (array) json_decode( (string) $row['fields'], true ) as $field => $known ) {
			$fields[ (string) $field ] = Wins::tryFrom( (string) ( $known[0] ?? '' ) ) ?? Wins::Nobody;
			$stamps[ (string) $field ] = Stamp::from_string( (string) ( $known[1] ?? '' ) ) ?? Stamp::zero();
		}
		return new Finding( (int) $row['id'], new Difference( (int) $row['user_id'], (int) $row['remote_id'], Kind::from( (string) $row['kind'] ), $fields, $stamps ), Mending::from( (string) $row['mending'] ) );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'verify_findings' );
	}
}
