<?php
/**
 * Ids of messages that came, for as long as one of them could be accepted again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Messages {

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Notes a message. Two requests with the same one: the unique key lets one of them through.
	 *
	 * @param int    $site_id Who sent it.
	 * @param string $message Its id.
	 * @return bool Whether it is the first time.
	 */
	public function is_new( int $site_id, string $message ): bool {
		try {
			return 1 === $this->db->execute( 'INSERT INTO %i (site_id, message, at) VALUES (%d, %s, %d)', $this->table(), $site_id, $message, $this->clock->now() );
		} catch ( Failure $failure ) {
			if ( null !== $this->db->value( 'SELECT id FROM %i WHERE site_id = %d AND message = %s', $this->table(), $site_id, $message ) ) {
				return false;
			}
			throw $failure;
		}
	}

	/**
	 * Forgets those that no message could have any more.
	 */
	public function purge(): void {
		$this->db->execute( 'DELETE FROM %i WHERE at < %d', $this->table(), $this->clock->now() - Envelope::MEMORY );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'messages' );
	}
}
