<?php
/**
 * How many people another site may remove in an hour without being asked: the table `removals`, one row for each, with
 * the time at which they were removed. Without one they wait for the owner's yes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Database\Connection;
use Tandem\Remote\RemoteSite;
use Tandem\Time\Clock;

final class RemovalLimit {

	/** Seconds over which removals are counted. */
	private const WITHIN = HOUR_IN_SECONDS;

	/** @var array<int, bool> Whether anybody waits, by site: looked up once in a request. */
	private array $has_waiting = array();

	/**
	 * @param Connection                   $db            Database.
	 * @param Clock                        $clock         Time.
	 * @param \Closure( RemoteSite ): int  $allowed_until Until when the owner has said yes to more, Unix seconds.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock, private readonly \Closure $allowed_until ) {
	}

	/**
	 * Whether one more person may be removed; counts them, if so, and has them wait, if not. The same person again is no
	 * other one.
	 *
	 * Counted first and looked at then: of any number of messages at the same time none goes over the limit.
	 *
	 * @param RemoteSite $from    The other site.
	 * @param Policy     $policy  What it may do here.
	 * @param int        $user_id User here.
	 */
	public function takes( RemoteSite $from, Policy $policy, int $user_id ): bool {
		$now   = $this->clock->now();
		$since = $now - self::WITHIN;
		$this->db->execute( 'DELETE FROM %i WHERE site_id = %d AND at BETWEEN 1 AND %d', $this->table(), $from->id, $since );
		if ( 0 === $this->db->execute( 'INSERT IGNORE INTO %i (site_id, user_id, at) VALUES (%d, %d, %d)', $this->table(), $from->id, $user_id, $now ) ) {
			$this->db->execute( 'UPDATE %i SET at = %d WHERE site_id = %d AND user_id = %d AND at = 0', $this->table(), $now, $from->id, $user_id );
		}
		if ( ( $this->allowed_until )( $from ) > $now || $this->count( $from ) <= $policy->removals_per_hour ) {
			return true;
		}
		$this->db->execute( 'UPDATE %i SET at = 0 WHERE site_id = %d AND user_id = %d', $this->table(), $from->id, $user_id );
		$this->has_waiting[ $from->id ] = true;
		return false;
	}

	/**
	 * Nothing is to be taken from a person any more, should they have waited.
	 *
	 * @param RemoteSite $from    The other site.
	 * @param int        $user_id User here.
	 */
	public function forget( RemoteSite $from, int $user_id ): void {
		$this->has_waiting[ $from->id ] ??= null !== $this->db->value( 'SELECT id FROM %i WHERE site_id = %d AND at = 0 LIMIT 1', $this->table(), $from->id );
		if ( $this->has_waiting[ $from->id ] ) {
			$this->db->execute( 'DELETE FROM %i WHERE site_id = %d AND user_id = %d AND at = 0', $this->table(), $from->id, $user_id );
		}
	}

	/**
	 * How many people wait for the owner's yes.
	 *
	 * @param RemoteSite $from The other site.
	 */
	public function waiting( RemoteSite $from ): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i r JOIN %i u ON u.ID = r.user_id WHERE r.site_id = %d AND r.at = 0', $this->table(), $this->db->users(), $from->id );
	}

	/**
	 * How many people a site has removed within the hour.
	 *
	 * @param RemoteSite $from The other site.
	 */
	public function count( RemoteSite $from ): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i WHERE site_id = %d AND at > %d', $this->table(), $from->id, $this->clock->now() - self::WITHIN );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'removals' );
	}
}
