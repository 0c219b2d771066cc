<?php
/**
 * What was answered to which message, for a day: a message that comes again gets the same answer and does nothing
 * twice. The unique key lets one of several through that come at the same moment, on any number of web heads.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Answers {

	/** Seconds for which answers are kept. */
	private const MEMORY = DAY_IN_SECONDS;

	/** Seconds after which a message that has no answer counts as given up by a process that died. */
	private const GIVEN_UP = 60;

	/** Tries to let something go. */
	private const TRIES = 5;

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Takes a message on.
	 *
	 * @param int    $hook_id Webhook; 0 for what concerns all of them.
	 * @param string $message Its id.
	 * @return array<string, mixed>|null The answer that was given to it already; null when it is to be carried out.
	 * @throws TurnedAway When somebody is at it.
	 */
	public function take( int $hook_id, string $message ): ?array {
		$key = hash( 'sha256', $message );
		$now = $this->clock->now();
		try {
			if ( 1 === $this->db->execute( "INSERT IGNORE INTO %i (hook_id, message, at, answer) VALUES (%d, %s, %d, '')", $this->table(), $hook_id, $key, $now ) ) {
				return null;
			}
		} catch ( Failure ) {
			// A deadlock with somebody who lets go. What else is wrong with the database, the next statement says.
			$now = $this->clock->now();
		}
		$row = $this->db->row( 'SELECT at, answer FROM %i WHERE hook_id = %d AND message = %s', $this->table(), $hook_id, $key );
		if ( null === $row ) {
			// Whoever was at it has let it go at this very moment.
			throw self::busy();
		}
		$answer = json_decode( (string) $row['answer'], true );
		if ( is_array( $answer ) && (int) $row['at'] >= $now - self::MEMORY ) {
			return $answer;
		}
		$over = $now - ( is_array( $answer ) ? self::MEMORY : self::GIVEN_UP );
		if ( 1 === $this->db->execute( "UPDATE %i SET at = %d, answer = '' WHERE hook_id = %d AND message = %s AND at = %d AND at <= %d", $this->table(), $now, $hook_id, $key, (int) $row['at'], $over ) ) {
			return null;
		}
		throw self::busy();
	}

	/**
	 * Somebody else is at it.
	 */
	private static function busy(): TurnedAway {
		return new TurnedAway( 'hook_busy', __( 'The same message, or the same person, is being carried out at this moment.', 'tandem-user-sync' ), 409, 5 );
	}

	/**
	 * Keeps the answer to a message.
	 *
	 * @param int                  $hook_id Webhook.
	 * @param string               $message Its id.
	 * @param array<string, mixed> $answer  The answer: no data of a person.
	 */
	public function keep( int $hook_id, string $message, array $answer ): void {
		$this->db->execute( 'UPDATE %i SET answer = %s WHERE hook_id = %d AND message = %s', $this->table(), (string) wp_json_encode( $answer ), $hook_id, hash( 'sha256', $message ) );
	}

	/**
	 * Lets a message be carried out once more. What the database refuses here (a deadlock with those who wait) is tried
	 * again, is over by itself in a minute, and is no reason to call what was done undone.
	 *
	 * @param int    $hook_id Webhook.
	 * @param string $message Its id.
	 */
	public function let_go( int $hook_id, string $message ): void {
		for ( $try = 1; $try <= self::TRIES; $try++ ) {
			try {
				$this->db->execute( 'DELETE FROM %i WHERE hook_id = %d AND message = %s', $this->table(), $hook_id, hash( 'sha256', $message ) );
				return;
			} catch ( Failure ) {
				usleep( 10_000 * $try );
			}
		}
	}

	/**
	 * Forgets what is older than a day.
	 */
	public function purge(): void {
		$this->db->execute( 'DELETE FROM %i WHERE at < %d', $this->table(), $this->clock->now() - self::MEMORY );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'hook_answers' );
	}
}
