<?php
/**
 * Reads with one statement what a request needs to know that changes somebody: the sites, and what each has to do with
 * them. Asked one by one that would be a query for each site and thing, in front of a visitor who waits.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;

final class FirstLooks {

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * How things stand with somebody. Their record is read beside the first paired site alone: with each of many sites
	 * it would travel as often.
	 *
	 * @param int $user_id User here.
	 * @throws Failure When the database fails.
	 */
	public function at( int $user_id ): FirstLook {
		$columns = implode( ', ', array( self::columns( 's', Sites::COLUMNS ), self::columns( 'l', 'linked_at' ), self::columns( 'o', Outbox::COLUMNS ), self::columns( 'u', Records::COLUMNS ) ) );
		$rows    = $this->db->rows(
			"SELECT $columns FROM %i s LEFT JOIN %i l ON l.site_id = s.id AND l.user_id = %d LEFT JOIN %i o ON o.site_id = s.id AND o.user_id = %d LEFT JOIN %i u ON u.user_id = %d AND s.id = ( SELECT MIN( p.id ) FROM %i p WHERE p.kind = %s ) ORDER BY s.id",
			$this->db->table( 'sites' ),
			$this->db->table( 'links' ),
			$user_id,
			$this->db->table( 'outbox' ),
			$user_id,
			$this->db->table( 'users' ),
			$user_id,
			$this->db->table( 'sites' ),
			SiteKind::Paired->value
		);
		$sites   = array();
		$linked  = array();
		$waiting = array();
		$record  = null;
		foreach ( $rows as $row ) {
			$site    = Sites::value( self::part( $row, 's' ) );
			$sites[] = $site;
			if ( null !== $row['l_linked_at'] ) {
				$linked[ $site->id ] = (int) $row['l_linked_at'];
			}
			if ( null !== $row['o_id'] ) {
				$waiting[ $site->id ] = self::part( $row, 'o' );
			}
			if ( null !== $row['u_id'] ) {
				$record = self::part( $row, 'u' );
			}
		}
		return new FirstLook( $user_id, $sites, $linked, $waiting, $record );
	}

	/**
	 * The columns of one of several tables that are read together.
	 *
	 * @param string $table   Its short name in the statement.
	 * @param string $columns Its columns, separated by commas.
	 */
	private static function columns( string $table, string $columns ): string {
		return implode( ', ', array_map( static fn ( string $column ): string => "$table.$column AS {$table}_$column", explode( ', ', $columns ) ) );
	}

	/**
	 * What was read of that table.
	 *
	 * @param array<string, string|null> $row   Row of the statement.
	 * @param string                     $table Its short name there.
	 * @return array<string, string|null>
	 */
	private static function part( array $row, string $table ): array {
		$part = array();
		foreach ( $row as $name => $value ) {
			if ( str_starts_with( $name, $table . '_' ) ) {
				$part[ substr( $name, strlen( $table ) + 1 ) ] = $value;
			}
		}
		return $part;
	}
}
