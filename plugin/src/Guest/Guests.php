<?php
/**
 * The table `guests`: people who have ordered here without an account. Only the address and the number of the latest
 * order are kept; the rest is read from the order when it is needed.
 *
 * In the outbox, in links and on record a guest goes by a number that no account of this site has.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Guests {

	/** The first number of a guest. WordPress gives its numbers out one by one; JavaScript and SQL hold this one exactly. */
	public const FIRST_ID = 1_000_000_000_000;

	/** Characters that an address has at most in WordPress's table of users. */
	public const LONGEST_EMAIL = 100;

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Whether a number is a guest's.
	 *
	 * @param int $user_id User id.
	 */
	public static function is_guest( int $user_id ): bool {
		return $user_id >= self::FIRST_ID;
	}

	/**
	 * Writes down that somebody has ordered.
	 *
	 * @param string $email    Address.
	 * @param int    $order_id The order.
	 * @return Guest Under the same number as before, if they have ordered before.
	 * @throws Failure When the database fails.
	 */
	public function note( string $email, int $order_id ): Guest {
		$email = strtolower( $email );
		$this->db->execute( 'INSERT INTO %i (email, order_id, ordered_at) VALUES (%s, %d, %d) ON DUPLICATE KEY UPDATE order_id = %d, ordered_at = %d', $this->table(), $email, $order_id, $this->clock->now(), $order_id, $this->clock->now() );
		return $this->of_email( $email ) ?? throw new Failure( 'A guest was written and is not there.' );
	}

	/**
	 * A guest by their number, or null.
	 *
	 * @param int $user_id Number.
	 * @throws Failure When the database fails.
	 */
	public function find( int $user_id ): ?Guest {
		return self::value( $this->db->row( 'SELECT id, email, order_id FROM %i WHERE id = %d', $this->table(), $user_id - self::FIRST_ID ) );
	}

	/**
	 * A guest by their address, or null.
	 *
	 * @param string $email Address.
	 * @throws Failure When the database fails.
	 */
	public function of_email( string $email ): ?Guest {
		return self::value( $this->db->row( 'SELECT id, email, order_id FROM %i WHERE email = %s', $this->table(), strtolower( $email ) ) );
	}

	/**
	 * Forgets somebody.
	 *
	 * @param int $user_id Their number.
	 * @throws Failure When the database fails.
	 */
	public function forget( int $user_id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE id = %d', $this->table(), $user_id - self::FIRST_ID );
	}

	/**
	 * Forgets those who have not ordered since a time, of whom nothing is on its way, and to whom no rule has given
	 * anything: that could not be taken back after a refund. Looks at a page of them, by keys; those who stay are looked at
	 * again a day later, so that they are never before others for ever.
	 *
	 * @param int $before Unix seconds.
	 * @param int $most   How many are looked at, at most.
	 * @return int How many are forgotten.
	 * @throws Failure When the database fails.
	 */
	public function purge( int $before, int $most = 500 ): int {
		$old = array_map( static fn ( array $row ): int => self::FIRST_ID + (int) $row['id'], $this->db->rows( 'SELECT id FROM %i WHERE ordered_at < %d ORDER BY ordered_at LIMIT %d', $this->table(), $before, $most ) );
		if ( array() === $old ) {
			return 0;
		}
		$in     = implode( ', ', array_fill( 0, count( $old ), '%d' ) );
		$needed = array_map(
			static fn ( array $row ): int => (int) $row['user_id'],
			array(
				...$this->db->rows( "SELECT DISTINCT user_id FROM %i WHERE user_id IN ( $in )", $this->db->table( 'outbox' ), ...$old ),
				...$this->db->rows( "SELECT DISTINCT user_id FROM %i WHERE user_id IN ( $in )", $this->db->table( 'grants' ), ...$old ),
			)
		);
		foreach ( array_intersect( $old, $needed ) as $user_id ) {
			// Who orders at this moment is not touched.
			$this->db->execute( 'UPDATE %i SET ordered_at = %d WHERE id = %d AND ordered_at < %d', $this->table(), $before + DAY_IN_SECONDS, $user_id - self::FIRST_ID, $before );
		}
		$forgotten = 0;
		foreach ( array_diff( $old, $needed ) as $user_id ) {
			$forgotten += $this->db->execute( 'DELETE FROM %i WHERE id = %d AND ordered_at < %d', $this->table(), $user_id - self::FIRST_ID, $before );
		}
		return $forgotten;
	}

	/**
	 * A row as a value.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function value( ?array $row ): ?Guest {
		return null === $row ? null : new Guest( self::FIRST_ID + (int) $row['id'], (string) $row['email'], (int) $row['order_id'] );
	}

	/**
	 * The table.
	 */
	private function table(): string {
		return $this->db->table( 'guests' );
	}
}
