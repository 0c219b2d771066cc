<?php
/**
 * Which local user is which remote user.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Database\Connection;

final class Links {

	private const COLUMNS = 'site_id, user_id, remote_id, remote_login, approved, linked_at, password_at';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * The link of a user on a site, or null.
	 *
	 * @param int $site_id Site.
	 * @param int $user_id User here.
	 */
	public function find( int $site_id, int $user_id ): ?Link {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND user_id = %d', $this->table(), $site_id, $user_id ) );
	}

	/**
	 * The link of a remote user, or null.
	 *
	 * @param int $site_id   Site.
	 * @param int $remote_id User there.
	 */
	public function find_by_remote( int $site_id, int $remote_id ): ?Link {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND remote_id = %d', $this->table(), $site_id, $remote_id ) );
	}

	/**
	 * All links of a user.
	 *
	 * @param int $user_id User here.
	 * @return list<Link>
	 */
	public function of_user( int $user_id ): array {
		return array_map( array( self::class, 'value' ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE user_id = %d ORDER BY site_id', $this->table(), $user_id ) );
	}

	/**
	 * Stores a link. A user has one link on a site; one that was there is replaced.
	 *
	 * @param Link $link The link.
	 */
	public function save( Link $link ): void {
		$values = array( $link->remote_id, $link->remote_login, (int) $link->approved, $link->linked_at, $link->password_at );
		$known  = $this->find( $link->site_id, $link->user_id );
		if ( null === $known ) {
			$this->db->execute( 'INSERT INTO %i (remote_id, remote_login, approved, linked_at, password_at, site_id, user_id) VALUES (%d, %s, %d, %d, %d, %d, %d)', $this->table(), ...array( ...$values, $link->site_id, $link->user_id ) );
		} elseif ( get_object_vars( $known ) !== get_object_vars( $link ) ) {
			$this->db->execute( 'UPDATE %i SET remote_id = %d, remote_login = %s, approved = %d, linked_at = %d, password_at = %d WHERE site_id = %d AND user_id = %d', $this->table(), ...array( ...$values, $link->site_id, $link->user_id ) );
		}
	}

	/**
	 * Stores links of one site that are new.
	 *
	 * @param list<Link> $links Links. One whose user or account has a link by now is left out.
	 */
	public function add( array $links ): void {
		if ( array() === $links ) {
			return;
		}
		$values = array();
		foreach ( $links as $link ) {
			array_push( $values, $link->remote_id, $link->remote_login, (int) $link->approved, $link->linked_at, $link->password_at, $link->site_id, $link->user_id );
		}
		$rows = implode( ', ', array_fill( 0, count( $links ), '(%d, %s, %d, %d, %d, %d, %d)' ) );
		$this->db->execute( "INSERT IGNORE INTO %i (remote_id, remote_login, approved, linked_at, password_at, site_id, user_id) VALUES $rows", $this->table(), ...$values );
	}

	/**
	 * Links with a site among users here.
	 *
	 * @param int       $site_id  Site.
	 * @param list<int> $user_ids Users here.
	 * @return array<int, Link> By user.
	 */
	public function among_users( int $site_id, array $user_ids ): array {
		return array_column( $this->among( $site_id, 'user_id', $user_ids ), null, 'user_id' );
	}

	/**
	 * Links with a site among accounts there.
	 *
	 * @param int       $site_id    Site.
	 * @param list<int> $remote_ids Accounts there.
	 * @return array<int, Link> By account.
	 */
	public function among_accounts( int $site_id, array $remote_ids ): array {
		return array_column( $this->among( $site_id, 'remote_id', $remote_ids ), null, 'remote_id' );
	}

	/**
	 * Links with a site, by one of its keys.
	 *
	 * @param int                   $site_id Site.
	 * @param 'user_id'|'remote_id' $key     Column.
	 * @param list<int>             $ids     Values.
	 * @return list<Link>
	 */
	private function among( int $site_id, string $key, array $ids ): array {
		if ( array() === $ids ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
		return array_map( array( self::class, 'value' ), $this->db->rows( 'SELECT ' . self::COLUMNS . " FROM %i WHERE site_id = %d AND $key IN ( $places )", $this->table(), $site_id, ...$ids ) );
	}

	/**
	 * Forgets who a user is on a site.
	 *
	 * @param int $site_id Site.
	 * @param int $user_id User here.
	 */
	public function remove( int $site_id, int $user_id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE site_id = %d AND user_id = %d', $this->table(), $site_id, $user_id );
	}

	/**
	 * Forgets links that were made before the user was: a long request may have been overtaken by a delivery, and
	 * the link that this made stays.
	 *
	 * @param int $user_id User here.
	 * @param int $before  Unix seconds.
	 */
	public function remove_older( int $user_id, int $before ): void {
		$this->db->execute( 'DELETE FROM %i WHERE user_id = %d AND linked_at < %d', $this->table(), $user_id, $before );
	}

	/**
	 * How many users are linked on a site.
	 *
	 * @param int $site_id Site.
	 */
	public function count( int $site_id ): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i WHERE site_id = %d', $this->table(), $site_id );
	}

	/**
	 * How many users are linked with each site.
	 *
	 * @return array<int, int> By site; none for a site without.
	 */
	public function all_counts(): array {
		$counts = array();
		foreach ( $this->db->rows( 'SELECT site_id, COUNT(*) AS people FROM %i GROUP BY site_id', $this->table() ) as $row ) {
			$counts[ (int) $row['site_id'] ] = (int) $row['people'];
		}
		return $counts;
	}

	/**
	 * The value of a row that may be absent.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function first( ?array $row ): ?Link {
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Link {
		return new Link( (int) $row['site_id'], (int) $row['user_id'], (int) $row['remote_id'], (string) $row['remote_login'], (bool) (int) $row['approved'], (int) $row['linked_at'], (int) $row['password_at'] );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'links' );
	}
}
