<?php
/**
 * Comparing this site with a paired one: `/verifications`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Remote\Sites;
use Tandem\Sync\Worker;
use Tandem\Verify\Engine;
use Tandem\Verify\Finding;
use Tandem\Verify\Findings;
use Tandem\Verify\Kind;
use Tandem\Verify\Mending;
use Tandem\Verify\Verification;
use Tandem\Verify\Verifications;
use Tandem\Verify\Wins;

final class VerificationsController implements Controller {

	/**
	 * @param Engine        $engine        Moves them on.
	 * @param Verifications $verifications The verifications.
	 * @param Findings      $findings      What they found.
	 * @param Sites         $sites         Remote sites.
	 * @param Worker        $worker        Goes on with them.
	 */
	public function __construct(
		private readonly Engine $engine,
		private readonly Verifications $verifications,
		private readonly Findings $findings,
		private readonly Sites $sites,
		private readonly Worker $worker,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$id  = array( 'id' => self::NUMBER );
		$one = '/verifications/' . self::ID;
		return array(
			new Route( 'GET', '/verifications', $this->newest( ... ), self::OF_SITE ),
			new Route( 'POST', '/verifications', $this->start( ... ), self::OF_SITE ),
			new Route( 'POST', "$one/cancel", fn ( \WP_REST_Request $request ): array => $this->answer( $this->engine->cancel( $request['id'] ) ), $id ),
			new Route(
				'POST',
				"$one/repair",
				$this->repair( ... ),
				$id + array(
					'ids'  => array(
						'type'     => array( 'array', 'null' ),
						'default'  => null,
						'minItems' => 1,
						'maxItems' => 1000,
						'items'    => self::NUMBER,
					),
					'mine' => array(
						'type'    => 'boolean',
						'default' => false,
					),
				)
			),
			new Route( 'GET', "$one/findings", $this->found( ... ), $id + Paging::args() ),
		);
	}

	/**
	 * The newest of a site, if there is one.
	 *
	 * @param \WP_REST_Request $request `site`.
	 * @return list<array<string, mixed>> `Verification[]`: one or none.
	 */
	private function newest( \WP_REST_Request $request ): array {
		$newest = $this->verifications->newest( $this->sites->get( $request['site'] )->id );
		return null === $newest ? array() : array( $this->answer( $newest ) );
	}

	/**
	 * Begins to compare.
	 *
	 * @param \WP_REST_Request $request `NewVerification`.
	 * @return \WP_REST_Response `Verification`.
	 */
	private function start( \WP_REST_Request $request ): \WP_REST_Response {
		$verification = $this->engine->start( $request['site'] );
		$this->worker->wake();
		return new \WP_REST_Response( $this->answer( $verification ), 201 );
	}

	/**
	 * Repairs what was found.
	 *
	 * @param \WP_REST_Request $request `RepairRequest`.
	 * @return array<string, mixed> `Verification`.
	 */
	private function repair( \WP_REST_Request $request ): array {
		$this->engine->repair( $request['id'], null === $request['ids'] ? null : array_values( array_unique( $request['ids'] ) ), $request['mine'] );
		$this->worker->wake();
		return $this->answer( $this->verifications->get( $request['id'] ) );
	}

	/**
	 * A page of those who differ.
	 *
	 * @param \WP_REST_Request $request `id`, `page`, `per_page`.
	 * @return \WP_REST_Response List of `VerifyFinding`.
	 */
	private function found( \WP_REST_Request $request ): \WP_REST_Response {
		$verification = $this->verifications->get( $request['id'] );
		$site         = $this->sites->get( $verification->site_id )->name;
		$findings     = $this->findings->page( $verification->id, $request['page'], $request['per_page'] );
		cache_users( array_map( static fn ( Finding $finding ): int => $finding->difference->user_id, $findings ) );
		return Paging::answer( array_map( static fn ( Finding $finding ): array => self::finding( $finding, $site ), $findings ), array_sum( $this->findings->counts( $verification->id ) ), $request['per_page'] );
	}

	/**
	 * One person.
	 *
	 * @param Finding $finding The finding.
	 * @param string  $site    Name of the other site.
	 * @return array<string, mixed> `VerifyFinding`.
	 */
	private static function finding( Finding $finding, string $site ): array {
		$difference = $finding->difference;
		$user       = get_userdata( $difference->user_id );
		return array(
			'id'         => $finding->id,
			'here'       => PersonAnswer::of( $difference->user_id, false === $user ? null : $user ),
			'remoteId'   => $difference->remote_id,
			'kind'       => $difference->kind->value,
			'message'    => $difference->kind->sentence( $site ),
			'fields'     => array_map(
				static fn ( string|int $name, Wins $wins ): array => array(
					'name'  => (string) $name,
					'newer' => $wins->value,
				),
				array_keys( $difference->fields ),
				array_values( $difference->fields )
			),
			'mending'    => $finding->mending->value,
			'repairable' => $difference->is_plain(),
			'forcible'   => Kind::Differs === $difference->kind,
		);
	}

	/**
	 * How one looks to the page.
	 *
	 * @param Verification $verification The verification.
	 * @return array<string, mixed> `Verification`.
	 */
	private function answer( Verification $verification ): array {
		$counts = $this->findings->counts( $verification->id );
		return array(
			'id'          => $verification->id,
			'siteId'      => $verification->site_id,
			'state'       => $verification->state->value,
			'repairs'     => $verification->repairs,
			'problem'     => '' === $verification->problem_code ? null : array(
				'code'    => $verification->problem_code,
				'message' => $verification->problem,
			),
			'startedAt'   => $verification->started_at,
			'finishedAt'  => 0 === $verification->finished_at ? null : $verification->finished_at,
			'total'       => $verification->total,
			'compared'    => $verification->compared,
			'waiting'     => $verification->waiting,
			'straysThere' => $verification->strays_there,
			'counts'      => array(
				'open'    => $counts[ Mending::Open->value ],
				'wanted'  => $counts[ Mending::Wanted->value ] + $counts[ Mending::Asked->value ] + $counts[ Mending::Forced->value ],
				'sent'    => $counts[ Mending::Sent->value ],
				'refused' => $counts[ Mending::Refused->value ],
			),
		);
	}
}
