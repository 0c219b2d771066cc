<?php
/**
 * The numbers above the list of sites: `GET /summary`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;
use Tandem\Time\Clock;

final class SummaryController implements Controller {

	/**
	 * @param Sites  $sites  The sites.
	 * @param Outbox $outbox What waits.
	 * @param Log    $log    What arrived.
	 * @param Clock  $clock  Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array( new Route( 'GET', '/summary', $this->summary( ... ) ) );
	}

	/**
	 * The numbers.
	 *
	 * @return array<string, int|bool|null> Shape of `Summary`.
	 */
	private function summary(): array {
		$sites     = array_values( array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => SiteKind::Webhook !== $site->kind ) );
		$waiting   = 0;
		$attention = 0;
		foreach ( $this->outbox->all_counts() as $queue ) {
			$waiting   += $queue->waiting;
			$attention += $queue->attention;
		}
		return array(
			'sites'          => count( $sites ),
			'connectedSites' => count( array_filter( $sites, static fn ( RemoteSite $site ): bool => SiteState::Connected === $site->state ) ),
			'users'          => $this->users(),
			'waiting'        => $waiting,
			'attention'      => $attention,
			'delivered24h'   => $this->log->count(
				new Query(
					results: array( Result::Success ),
					actions: array( Action::Create, Action::Update, Action::Delete ),
					after: $this->clock->now() - DAY_IN_SECONDS
				)
			),
			'lastRun'        => 0 === Worker::last_run() ? null : Worker::last_run(),
			'isLate'         => $waiting > 0 && Worker::is_late( $this->clock->now() ),
		);
	}

	/**
	 * How many users this site has. WordPress keeps the number (since 6.0) and counts afresh by itself.
	 */
	private function users(): int {
		if ( get_user_count() < 0 ) {
			wp_update_user_counts();
		}
		return max( 0, get_user_count() );
	}
}
