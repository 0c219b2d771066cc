<?php
/**
 * The table `approvals`: who was asked, and who said yes. It holds fingerprints, no addresses and no tokens.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;

final class Approvals {

	private const COLUMNS = 'id, site_id, ref, user_id, token, email, asked_at, approved_at';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * One, or null.
	 *
	 * @param int $id Its number.
	 */
	public function get( int $id ): ?Approval {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d', $this->table(), $id ) );
	}

	/**
	 * What was asked about an account of another site, or null.
	 *
	 * @param int $site_id The site.
	 * @param int $ref     The account there.
	 */
	public function find( int $site_id, int $ref ): ?Approval {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND ref = %d', $this->table(), $site_id, $ref ) );
	}

	/**
	 * When the holder of an account here was last asked about a site, Unix seconds; 0 when never.
	 *
	 * @param int $site_id The site.
	 * @param int $user_id The account here.
	 */
	public function last_asked( int $site_id, int $user_id ): int {
		return (int) $this->db->value( 'SELECT MAX( asked_at ) FROM %i WHERE user_id = %d AND site_id = %d', $this->table(), $user_id, $site_id );
	}

	/**
	 * Begins to ask. What was asked before about the same account there is void.
	 *
	 * @param int    $site_id The site.
	 * @param int    $ref     The account there.
	 * @param int    $user_id The account here.
	 * @param string $email   Fingerprint of both addresses.
	 * @param int    $now     Unix seconds.
	 * @return Approval|null The question; null when another process has just asked the same.
	 */
	public function begin( int $site_id, int $ref, int $user_id, string $email, int $now ): ?Approval {
		$known = $this->find( $site_id, $ref );
		$mine  = null === $known
			? $this->db->execute( "INSERT IGNORE INTO %i (site_id, ref, user_id, token, email, asked_at, approved_at) VALUES (%d, %d, %d, '', %s, %d, 0)", $this->table(), $site_id, $ref, $user_id, $email, $now )
			: $this->db->execute( "UPDATE %i SET user_id = %d, token = '', email = %s, asked_at = %d, approved_at = 0 WHERE id = %d AND asked_at = %d AND email = %s", $this->table(), $user_id, $email, $now, $known->id, $known->asked_at, $known->email );
		return 1 === $mine ? $this->find( $site_id, $ref ) : null;
	}

	/**
	 * Stores the fingerprint of the link's token.
	 *
	 * @param int    $id    Its number.
	 * @param string $token Fingerprint.
	 */
	public function set_token( int $id, string $token ): void {
		$this->db->execute( 'UPDATE %i SET token = %s WHERE id = %d', $this->table(), $token, $id );
	}

	/**
	 * The mail could not be sent: nobody was asked.
	 *
	 * @param int $id Its number.
	 */
	public function not_asked( int $id ): void {
		$this->db->execute( "UPDATE %i SET token = '', asked_at = 0 WHERE id = %d", $this->table(), $id );
	}

	/**
	 * The holder said yes. The link is used up by that.
	 *
	 * @param Approval $approval As it was read.
	 * @param int      $now      Unix seconds.
	 * @return bool Whether it was this call that used it.
	 */
	public function approve( Approval $approval, int $now ): bool {
		return 1 === $this->db->execute( "UPDATE %i SET token = '', approved_at = %d WHERE id = %d AND token = %s", $this->table(), $now, $approval->id, $approval->token );
	}

	/**
	 * Forgets what was asked about accounts of another site: the links are made.
	 *
	 * @param int $site_id The site.
	 * @param int ...$refs The accounts there.
	 */
	public function forget( int $site_id, int ...$refs ): void {
		if ( array() !== $refs ) {
			$places = implode( ', ', array_fill( 0, count( $refs ), '%d' ) );
			$this->db->execute( "DELETE FROM %i WHERE site_id = %d AND ref IN ( $places )", $this->table(), $site_id, ...$refs );
		}
	}

	/**
	 * Forgets what an account here was asked (it is deleted, or the privacy eraser).
	 *
	 * @param int $user_id The account here.
	 * @return int How many questions.
	 */
	public function forget_user( int $user_id ): int {
		return $this->db->execute( 'DELETE FROM %i WHERE user_id = %d', $this->table(), $user_id );
	}

	/**
	 * The value of a row that may be absent.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function first( ?array $row ): ?Approval {
		return null === $row ? null : new Approval( (int) $row['id'], (int) $row['site_id'], (int) $row['ref'], (int) $row['user_id'], (string) $row['token'], (string) $row['email'], (int) $row['asked_at'], (int) $row['approved_at'] );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'approvals' );
	}
}
