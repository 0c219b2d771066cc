<?php
/**
 * A remote site as the page sees it: `Site` in admin-src/types.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Log;
use Tandem\Import\WpRemoteUsersSync;
use Tandem\Peer\Policy;
use Tandem\Peer\RemovalLimit;
use Tandem\Remote\Links;
use Tandem\Remote\Pairing;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\WebhookSecrets;
use Tandem\Sync\Outbox;
use Tandem\Sync\QueueCounts;

final class SiteAnswer {

	/**
	 * @param Outbox $outbox For the length of its queue.
	 * @param Links  $links  For the number of linked people.
	 * @param Log    $log    For how long deliveries take.
	 * @param WebhookSecrets $secrets For how long the old secret of a webhook is still in use.
	 * @param RemovalLimit $removals For how many wait for the owner's yes.
	 */
	public function __construct( private readonly Outbox $outbox, private readonly Links $links, private readonly Log $log, private readonly WebhookSecrets $secrets, private readonly RemovalLimit $removals ) {
	}

	/**
	 * The answer. The credential is not part of it, sealed or not.
	 *
	 * @param RemoteSite $site The site.
	 * @return array<string, mixed> Shape of `Site`.
	 */
	public function of( RemoteSite $site ): array {
		return $this->answer( $site, $this->outbox->counts( $site->id ), $this->links->count( $site->id ) );
	}

	/**
	 * The answers for all sites, which are counted together.
	 *
	 * @param list<RemoteSite> $sites All sites.
	 * @return list<array<string, mixed>> List of `Site`.
	 */
	public function of_all( array $sites ): array {
		$queues = $this->outbox->all_counts();
		$linked = $this->links->all_counts();
		return array_map( fn ( RemoteSite $site ): array => $this->answer( $site, $queues[ $site->id ] ?? new QueueCounts( 0, 0, null, null ), $linked[ $site->id ] ?? 0 ), $sites );
	}

	/**
	 * An answer.
	 *
	 * @param RemoteSite  $site   The site.
	 * @param QueueCounts $queue  Its queue.
	 * @param int         $linked How many people are linked with it.
	 * @return array<string, mixed> Shape of `Site`.
	 */
	private function answer( RemoteSite $site, QueueCounts $queue, int $linked ): array {
		$pace = $this->log->pace( $site->id );
		return array(
			'id'             => $site->id,
			'name'           => $site->name,
			'url'            => $site->url,
			'kind'           => $site->kind->value,
			'state'          => $site->state->value,
			'problem'        => '' === $site->problem_code ? null : array(
				'code'    => $site->problem_code,
				'message' => $site->problem,
			),
			'problemSince'   => self::moment( $site->problem_since ),
			// What is gone for good is not tried again in years.
			'nextTryAt'      => ProblemCode::HookGone->value === $site->problem_code ? null : self::moment( $site->next_try_at ),
			'username'       => $site->username,
			'connectedAt'    => $site->connected_at,
			'lastSuccessAt'  => self::moment( $site->last_success_at ),
			'waiting'        => $queue->waiting,
			'waitingSince'   => $queue->oldest_at,
			'attention'      => $queue->attention,
			'attentionSince' => $queue->asked_at,
			'pace'           => null === $pace->median ? null : array(
				'median' => $pace->median,
				'p95'    => $pace->p95,
			),
			'linked'         => $linked,
			'isMultisite'    => $site->is_multisite,
			'heldBy'         => WpRemoteUsersSync::sends_to( $site ) ? 'wprus' : null,
			'settings'       => $site->settings->to_array(),
			'oldSecretUntil' => SiteKind::Webhook === $site->kind ? $this->secrets->old_until( $site ) : null,
			'pairing'        => null === $site->pairing ? null : $this->pairing( $site, $site->pairing ),
		);
	}

	/**
	 * What is known of a paired site: `Pairing` in admin-src/types.ts.
	 *
	 * @param RemoteSite $site    The site.
	 * @param Pairing    $pairing What is known.
	 * @return array<string, mixed>
	 */
	private function pairing( RemoteSite $site, Pairing $pairing ): array {
		$way = static fn ( string $hash, string $sealed ): ?string => match ( true ) {
			! isset( $pairing->test[ $hash ] )  => null,
			$pairing->test[ $hash ] ?? false   => 'hash',
			$pairing->test[ $sealed ] ?? false => 'sealed',
			default                            => 'none',
		};
		return array(
			'versions'        => $pairing->versions,
			'reachesUs'       => $pairing->reaches_us,
			'clockOffset'     => $pairing->clock_offset,
			'canBeAsked'      => $site->can_be_asked(),
			'passwords'       => array() === $pairing->test ? null : array(
				'out' => $way( 'hashOut', 'sealedOut' ),
				'in'  => $way( 'hashIn', 'sealedIn' ),
			),
			'policy'          => Policy::from_array( $site->policy )->to_array(),
			'removalsUntil'   => self::moment( $site->removals_until ),
			'removalsWaiting' => $this->removals->waiting( $site ),
		);
	}

	/**
	 * A time, or null where there was none yet.
	 *
	 * @param int $seconds Unix seconds, or 0.
	 */
	private static function moment( int $seconds ): ?int {
		return 0 === $seconds ? null : $seconds;
	}
}
