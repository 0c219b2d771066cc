<?php
/**
 * People who should be known on a paired site and are neither linked nor on their way: somebody added by SQL, or whose
 * link was lost. Those who were here before the connection are a backfill's business.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\RemoteSite;

final class Strays {

	/** People that are looked at at a time. */
	private const CHUNK = 200;

	/** Ids among which they are looked for at a time. */
	private const SPAN = 10_000;

	/**
	 * @param People $people Reads them.
	 */
	public function __construct( private readonly People $people ) {
	}

	/**
	 * The next ones.
	 *
	 * @param RemoteSite $site  The other site.
	 * @param int        $after After which user id.
	 * @return array{list<\WP_User>, int|null} Who should be there, and after whom to go on; null at the end.
	 */
	public function next( RemoteSite $site, int $after ): array {
		$to  = $after + self::SPAN;
		$ids = $this->people->unlinked( $site->id, $site->connected_at, $after, $to, self::CHUNK );
		cache_users( $ids );
		$found = array();
		foreach ( $ids as $id ) {
			$user = get_userdata( $id );
			if ( false !== $user && $site->surely_covers( $user ) ) {
				$found[] = $user;
			}
		}
		if ( count( $ids ) === self::CHUNK ) {
			return array( $found, (int) end( $ids ) );
		}
		return array( $found, $to < $this->people->last_id() ? $to : null );
	}

	/**
	 * How many there are.
	 *
	 * @param RemoteSite $site    The other site.
	 * @param float      $seconds How long to count at most.
	 */
	public function count( RemoteSite $site, float $seconds ): int {
		$until = microtime( true ) + $seconds;
		$count = 0;
		$after = 0;
		while ( null !== $after && microtime( true ) < $until ) {
			list( $found, $after ) = $this->next( $site, $after );

			$count += count( $found );
		}
		return $count;
	}
}
