<?php
/**
 * The verifications and how far they are.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Database\Connection;
use Tandem\Time\Clock;

final class Verifications {

	private const COLUMNS = 'id, site_id, state, repairs, position, total, compared, waiting, requests, strays_there, problem_code, problem, started_at, finished_at';

	/** Verifications of a site that are kept. */
	private const KEPT = 20;

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Begins one.
	 *
	 * @param int  $site_id The other site.
	 * @param int  $total   People who are linked.
	 * @param bool $repairs Whether it repairs by itself.
	 */
	public function add( int $site_id, int $total, bool $repairs ): Verification {
		$this->db->execute( "INSERT INTO %i (site_id, state, repairs, total, started_at, problem) VALUES (%d, %s, %d, %d, %d, '')", $this->table(), $site_id, State::Comparing->value, (int) $repairs, $total, $this->clock->now() );
		$id  = $this->db->insert_id();
		$old = $this->db->value( 'SELECT id FROM %i WHERE site_id = %d ORDER BY id DESC LIMIT 1 OFFSET %d', $this->table(), $site_id, self::KEPT );
		if ( null !== $old ) {
			$this->db->execute( 'DELETE FROM %i WHERE site_id = %d AND id <= %d', $this->table(), $site_id, (int) $old );
		}
		return $this->get( $id );
	}

	/**
	 * One of them.
	 *
	 * @param int $id Verification.
	 * @throws Refused When there is none.
	 */
	public function get( int $id ): Verification {
		return $this->find( $id ) ?? throw new Refused( 'verification_not_found', __( 'There is no verification with this number. It may have been removed with its site.', 'tandem-user-sync' ) );
	}

	/**
	 * One of them, or null.
	 *
	 * @param int $id Verification.
	 */
	public function find( int $id ): ?Verification {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d', $this->table(), $id ) );
	}

	/**
	 * The newest of a site, or null.
	 *
	 * @param int $site_id The other site.
	 */
	public function newest( int $site_id ): ?Verification {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d ORDER BY id DESC LIMIT 1', $this->table(), $site_id ) );
	}

	/**
	 * Those that are not over.
	 *
	 * @return list<Verification>
	 */
	public function active(): array {
		return array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE state IN ( %s, %s, %s ) ORDER BY id', $this->table(), State::Comparing->value, State::Looking->value, State::Repairing->value ) );
	}

	/**
	 * Takes the right to work on one, so that one process at a time does.
	 *
	 * @param int    $id      Verification.
	 * @param string $owner   Name of the process.
	 * @param int    $seconds How long the right lasts if the process dies.
	 */
	public function claim( int $id, string $owner, int $seconds ): bool {
		$now = $this->clock->now();
		return 1 === $this->db->execute( 'UPDATE %i SET lease_owner = %s, lease_until = %d WHERE id = %d AND lease_until <= %d', $this->table(), $owner, $now + $seconds, $id, $now );
	}

	/**
	 * Gives the right back.
	 *
	 * @param int    $id    Verification.
	 * @param string $owner Name of the process.
	 */
	public function release( int $id, string $owner ): void {
		$this->db->execute( "UPDATE %i SET lease_owner = '', lease_until = 0 WHERE id = %d AND lease_owner = %s", $this->table(), $id, $owner );
	}

	/**
	 * Goes on to the next state, unless somebody ended it meanwhile.
	 *
	 * @param Verification $verification As it was read.
	 * @param State        $to           The next state.
	 * @return bool Whether it did.
	 */
	public function advance( Verification $verification, State $to ): bool {
		return 1 === $this->db->execute(
			"UPDATE %i SET state = %s, position = 0, problem_code = '', problem = '', finished_at = %d WHERE id = %d AND state = %s",
			$this->table(),
			$to->value,
			$to->is_over() ? $this->clock->now() : 0,
			$verification->id,
			$verification->state->value
		);
	}

	/**
	 * Notes what a batch came to. From the position that was read: should two processes have done it, it counts once.
	 *
	 * @param Verification $verification As it was read.
	 * @param int          $position     Where to go on.
	 * @param int          $compared     People more who were compared.
	 * @param int          $waiting      People more who were on their way.
	 * @param int          $requests     Requests more.
	 */
	public function moved( Verification $verification, int $position, int $compared, int $waiting, int $requests ): void {
		$this->db->execute(
			"UPDATE %i SET position = %d, compared = compared + %d, waiting = waiting + %d, requests = requests + %d, problem_code = '', problem = '' WHERE id = %d AND position = %d",
			$this->table(),
			$position,
			$compared,
			$waiting,
			$requests,
			$verification->id,
			$verification->position
		);
	}

	/**
	 * Notes how many people the other site has not told us of.
	 *
	 * @param int $id    Verification.
	 * @param int $count How many.
	 */
	public function found_strays_there( int $id, int $count ): void {
		$this->db->execute( 'UPDATE %i SET strays_there = %d, requests = requests + 1 WHERE id = %d', $this->table(), $count, $id );
	}

	/**
	 * Notes why it can't go on at the moment, and gives back the right to work on it: at once, or after a while.
	 *
	 * @param int    $id      Verification.
	 * @param string $code    Why.
	 * @param string $message The sentence for it.
	 * @param int    $rest    Seconds for which nobody is to go on with it.
	 */
	public function waits( int $id, string $code, string $message, int $rest = 0 ): void {
		$this->db->execute( "UPDATE %i SET problem_code = %s, problem = %s, lease_owner = '', lease_until = %d WHERE id = %d", $this->table(), $code, $message, 0 === $rest ? 0 : $this->clock->now() + $rest, $id );
	}

	/**
	 * It can't be done at all.
	 *
	 * @param Verification $verification As it was read.
	 * @param string       $code         Why.
	 * @param string       $message      The sentence for it.
	 */
	public function fails( Verification $verification, string $code, string $message ): void {
		$this->advance( $verification, State::Failed );
		$this->waits( $verification->id, $code, $message );
	}

	/**
	 * The value of a row that may be absent.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function first( ?array $row ): ?Verification {
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Verification {
		return new Verification( (int) $row['id'], (int) $row['site_id'], State::from( (string) $row['state'] ), (bool) (int) $row['repairs'], (int) $row['position'], (int) $row['total'], (int) $row['compared'], (int) $row['waiting'], (int) $row['requests'], (int) $row['strays_there'], (string) $row['problem_code'], (string) $row['problem'], (int) $row['started_at'], (int) $row['finished_at'] );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'verifications' );
	}
}
