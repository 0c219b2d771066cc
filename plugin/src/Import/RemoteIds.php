<?php
/**
 * Ids of accounts on other sites that people's meta holds: the tutorial "Sync Users Between Sites"
 * (rudrastyh.com/wordpress/sync-users-between-sites.html), which many shops have pasted into their theme, keeps the id on
 * the second site in `user_id_2`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Import;

use Tandem\Database\Connection;
use Tandem\Database\Failure;

final class RemoteIds {

	/** Begins the meta keys; a number follows. */
	private const KEY = 'user_id_';

	/** The highest number that is looked for. */
	private const SITES = 9;

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * The meta keys that are in use, and how many people have them.
	 *
	 * @return array<string, int> By key.
	 * @throws Failure When the database fails.
	 */
	public function keys(): array {
		$names = self::names();
		$found = array();
		foreach ( $this->db->rows( 'SELECT meta_key, COUNT(*) AS people FROM %i WHERE meta_key IN ( ' . implode( ', ', array_fill( 0, count( $names ), '%s' ) ) . ' ) GROUP BY meta_key ORDER BY meta_key', $this->db->usermeta(), ...$names ) as $row ) {
			$found[ (string) $row['meta_key'] ] = (int) $row['people'];
		}
		// MariaDB takes `USER_ID_2` for the same.
		return array_intersect_key( $found, array_flip( $names ) );
	}

	/**
	 * The next people who have a meta key.
	 *
	 * @param string $key   Meta key.
	 * @param int    $after Row of meta after which to go on, 0 to begin.
	 * @param int    $limit How many.
	 * @return list<array{row: int, user_id: int, remote_id: int}> `remote_id` is 0 for what is no number.
	 * @throws Failure When the database fails.
	 */
	public function page( string $key, int $after, int $limit ): array {
		$page = array();
		foreach ( $this->db->rows( 'SELECT umeta_id, user_id, meta_value FROM %i WHERE meta_key = %s AND umeta_id > %d ORDER BY umeta_id LIMIT %d', $this->db->usermeta(), $key, $after, $limit ) as $row ) {
			$page[] = array(
				'row'       => (int) $row['umeta_id'],
				'user_id'   => (int) $row['user_id'],
				'remote_id' => ctype_digit( (string) $row['meta_value'] ) ? (int) $row['meta_value'] : 0,
			);
		}
		return $page;
	}

	/**
	 * Whether a meta key is one of these.
	 *
	 * @param string $key Meta key.
	 */
	public static function is_key( string $key ): bool {
		return in_array( $key, self::names(), true );
	}

	/**
	 * All keys that are looked for.
	 *
	 * @return list<string>
	 */
	private static function names(): array {
		return array_map( static fn ( int $number ): string => self::KEY . $number, range( 1, self::SITES ) );
	}
}
