<?php
/**
 * Single-use codes with which other sites ask who somebody is. Only their hashes are kept.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Database\Connection;
use Tandem\Time\Clock;

final class Codes {

	/** Seconds for which one is good. */
	public const GOOD_FOR = 60;

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Makes one.
	 *
	 * @param int    $site_id       The paired site that it is for.
	 * @param int    $user_id       User here.
	 * @param string $state         Hash of the state that the other site made.
	 * @param bool   $second_factor Whether the user has logged in here with a second factor.
	 * @return string 64 hex digits: 256 bits that nobody can guess.
	 */
	public function make( int $site_id, int $user_id, string $state, bool $second_factor ): string {
		$code = bin2hex( random_bytes( 32 ) );
		$this->db->execute( 'INSERT INTO %i (code, site_id, user_id, state, second_factor, good_until) VALUES (%s, %d, %d, %s, %d, %d)', $this->table(), self::hash( $code ), $site_id, $user_id, $state, (int) $second_factor, $this->clock->now() + self::GOOD_FOR );
		return $code;
	}

	/**
	 * Takes one: whoever has it, it is good once. Of two who take it at once, the deletion lets one have it.
	 *
	 * @param string $code The code.
	 * @return Code|null Null when there is none, or not any more. Whether it is for the one who asks, is for the caller to see.
	 */
	public function take( #[\SensitiveParameter] string $code ): ?Code {
		$hash = self::hash( $code );
		$row  = $this->db->row( 'SELECT site_id, user_id, state, second_factor, good_until FROM %i WHERE code = %s', $this->table(), $hash );
		if ( null === $row || 1 !== $this->db->execute( 'DELETE FROM %i WHERE code = %s', $this->table(), $hash ) ) {
			return null;
		}
		return new Code( (int) $row['site_id'], (int) $row['user_id'], (string) $row['state'], (bool) (int) $row['second_factor'], (int) $row['good_until'] );
	}

	/**
	 * Forgets those whose time is over.
	 */
	public function purge(): void {
		$this->db->execute( 'DELETE FROM %i WHERE good_until < %d', $this->table(), $this->clock->now() );
	}

	/**
	 * What is kept of a code. It is random and lives for a minute, so that a plain hash is enough.
	 *
	 * @param string $code The code.
	 */
	private static function hash( #[\SensitiveParameter] string $code ): string {
		return hash( 'sha256', $code );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'logins' );
	}
}
