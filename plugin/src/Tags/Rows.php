<?php
/**
 * The rows of user meta that tags lie in, by their numbers: a value alone does not name one, because to most databases
 * "resume" and "résumé" are the same.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tags;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Names;

final class Rows {

	/** Rows that are asked for at a time. */
	private const CHUNK = 500;

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Somebody's rows as they are stored.
	 *
	 * @param int $user_id User here.
	 * @return array<int, string> Values by the number of the row.
	 * @throws Failure When the database fails.
	 */
	public function of( int $user_id ): array {
		$rows = array();
		foreach ( $this->db->rows( 'SELECT umeta_id, meta_value FROM %i WHERE user_id = %d AND meta_key = %s', $this->db->usermeta(), $user_id, Names::TAG_META ) as $row ) {
			$rows[ (int) $row['umeta_id'] ] = (string) $row['meta_value'];
		}
		return $rows;
	}

	/**
	 * Whether there is any.
	 *
	 * @throws Failure When the database fails.
	 */
	public function any(): bool {
		return null !== $this->db->value( 'SELECT umeta_id FROM %i WHERE meta_key = %s LIMIT 1', $this->db->usermeta(), Names::TAG_META );
	}

	/**
	 * Whose rows these are.
	 *
	 * @param list<int> $rows Their numbers.
	 * @return list<int> Users here.
	 * @throws Failure When the database fails.
	 */
	public function holders( array $rows ): array {
		$holders = array();
		foreach ( array_chunk( $rows, self::CHUNK ) as $chunk ) {
			$places = implode( ', ', array_fill( 0, count( $chunk ), '%d' ) );
			foreach ( $this->db->rows( "SELECT user_id FROM %i WHERE umeta_id IN ( $places )", $this->db->usermeta(), ...$chunk ) as $row ) {
				$holders[] = (int) $row['user_id'];
			}
		}
		return array_values( array_unique( $holders ) );
	}
}
