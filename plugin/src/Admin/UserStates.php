<?php
/**
 * How far the users of one page of a list are synced, in a single query on the
 * indexes of two tables. Reads only.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Connection;

final class UserStates {

	/** They are linked there, and nothing waits. */
	public const SYNCED = 'synced';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * The state of each user on each site where there is anything to say.
	 *
	 * @param list<int> $user_ids Users here; a page of them.
	 * @return array<int, array<int, string>> By user, by site: `SYNCED`, or the state of their outbox row (`due`, `attention`, `confirm`).
	 */
	public function of( array $user_ids ): array {
		if ( array() === $user_ids ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $user_ids ), '%d' ) );
		$rows   = $this->db->rows(
			"SELECT site_id, user_id, '' AS state FROM %i WHERE user_id IN ( {$places} ) UNION ALL SELECT site_id, user_id, state FROM %i WHERE user_id IN ( {$places} )",
			$this->db->table( 'links' ),
			...$user_ids,
			...array( $this->db->table( 'outbox' ), ...$user_ids )
		);
		$states = array();
		foreach ( $rows as $row ) {
			$known = $states[ (int) $row['user_id'] ][ (int) $row['site_id'] ] ?? self::SYNCED;
			$state = (string) $row['state'];
			$states[ (int) $row['user_id'] ][ (int) $row['site_id'] ] = '' === $state ? $known : $state;
		}
		return $states;
	}
}
