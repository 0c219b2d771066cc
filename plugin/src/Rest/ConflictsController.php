<?php
/**
 * People that wait for a decision: `GET /conflicts`, `POST /conflicts/resolve`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Remote\Sites;
use Tandem\Sync\CannotResolve;
use Tandem\Sync\Choice;
use Tandem\Sync\ConflictResolver;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\Worker;

final class ConflictsController implements Controller {

	/**
	 * @param Outbox           $outbox   What waits.
	 * @param Sites            $sites    For their names.
	 * @param ConflictResolver $resolver Carries decisions out.
	 * @param Worker           $worker   Delivers what was decided.
	 */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Sites $sites,
		private readonly ConflictResolver $resolver,
		private readonly Worker $worker,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array(
			new Route( 'GET', '/conflicts', $this->conflicts( ... ), Paging::args() + array( 'site' => self::NUMBER ) ),
			new Route(
				'POST',
				'/conflicts/resolve',
				$this->resolve( ... ),
				array(
					'ids'      => array(
						'type'     => 'array',
						'required' => true,
						'minItems' => 1,
						'maxItems' => 1000,
						'items'    => self::NUMBER,
					),
					'choice'   => array(
						'type'     => 'string',
						'required' => true,
						'enum'     => array_column( Choice::cases(), 'value' ),
					),
					'username' => array(
						'type'      => 'string',
						'minLength' => 1,
						'maxLength' => 60,
					),
				)
			),
		);
	}

	/**
	 * A page of those who wait, the newest first.
	 *
	 * @param \WP_REST_Request $request `site`, `page`, `per_page`.
	 * @return \WP_REST_Response List of `Conflict`.
	 */
	private function conflicts( \WP_REST_Request $request ): \WP_REST_Response {
		$names = array();
		foreach ( $this->sites->all() as $site ) {
			$names[ $site->id ] = $site->name;
		}
		$rows = $this->outbox->attention( $request['site'], $request['page'], $request['per_page'] );
		cache_users( array_map( static fn ( OutboxRow $row ): int => $row->user_id, $rows ) );
		return Paging::answer(
			array_map( fn ( OutboxRow $row ): array => $this->conflict( $row, $names[ $row->site_id ] ?? '' ), $rows ),
			$this->outbox->count_attention( $request['site'] ),
			$request['per_page']
		);
	}

	/**
	 * Carries a choice out for each person, and says for whom it could not be done.
	 *
	 * @param \WP_REST_Request $request `ResolveRequest`.
	 * @return array{resolved: int, failed: list<array{id: int, message: string}>}
	 * @throws Refused When one username is given for several people.
	 */
	private function resolve( \WP_REST_Request $request ): array {
		$ids = array_values( array_unique( $request['ids'] ) );
		if ( null !== $request['username'] && count( $ids ) > 1 ) {
			throw new Refused( 'tandem_one_username', __( 'A username can be given to one person only. Choose one, or leave the username out to have numbers added.', 'tandem-user-sync' ) );
		}
		$failed = array();
		foreach ( $ids as $id ) {
			try {
				$this->resolver->resolve( $id, Choice::from( $request['choice'] ), $request['username'], 1 === count( $ids ) );
			} catch ( CannotResolve $reason ) {
				$failed[] = array(
					'id'      => $id,
					'message' => $reason->getMessage(),
				);
			}
		}
		$this->worker->wake();
		return array(
			'resolved' => count( $ids ) - count( $failed ),
			'failed'   => $failed,
		);
	}

	/**
	 * One person with both accounts.
	 *
	 * @param OutboxRow $row  The row.
	 * @param string    $name Name of the site.
	 * @return array<string, mixed> Shape of `Conflict`.
	 */
	private function conflict( OutboxRow $row, string $name ): array {
		$user  = get_userdata( $row->user_id );
		$user  = false === $user ? null : $user;
		$there = $row->details['there'] ?? null;
		return array(
			'id'       => $row->id,
			'siteId'   => $row->site_id,
			'siteName' => $name,
			'code'     => $row->code,
			'message'  => $row->message,
			'since'    => $row->waits_since(),
			'here'     => PersonAnswer::of( $row->user_id, $user, (string) ( $row->details['login'] ?? '' ), (string) ( $row->details['email'] ?? '' ) ),
			'there'    => is_array( $there ) && ! empty( $there['id'] ) ? AccountAnswer::of( $there ) : null,
			'choices'  => array_map( static fn ( Choice $choice ): string => $choice->value, $this->resolver->choices( $row, $user ) ),
		);
	}
}
