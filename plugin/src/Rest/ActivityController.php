<?php
/**
 * The record, and trying again what it tells of: `GET /activity`, `GET /outbox/causes`, `POST /outbox/retry`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Item;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Remote\Cause;
use Tandem\Remote\Sites;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;

final class ActivityController implements Controller {

	/**
	 * @param Log    $log    The record.
	 * @param Sites  $sites  For their names.
	 * @param Outbox $outbox What waits.
	 * @param Worker $worker Delivers it.
	 */
	public function __construct(
		private readonly Log $log,
		private readonly Sites $sites,
		private readonly Outbox $outbox,
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
			new Route(
				'GET',
				'/activity',
				$this->search( ... ),
				Paging::args() + array(
					'search' => array(
						'type'        => 'string',
						'description' => __( 'Beginning of a username or an email address.', 'tandem-user-sync' ),
						'maxLength'   => 100,
						'default'     => '',
					),
					'site'   => self::NUMBER,
					'user'   => self::NUMBER,
					'result' => $this->list_of( array_column( Result::cases(), 'value' ) ),
					'action' => $this->list_of( array_column( Action::cases(), 'value' ) ),
					'after'  => self::TIME,
					'before' => self::TIME,
				)
			),
			new Route(
				'GET',
				'/outbox/causes',
				$this->causes( ... ),
				array(
					'site'   => self::NUMBER,
					'after'  => self::TIME,
					'before' => self::TIME,
				)
			),
			new Route(
				'POST',
				'/outbox/retry',
				$this->retry( ... ),
				array(
					'ids'    => array(
						'type'     => 'array',
						'minItems' => 1,
						'maxItems' => 1000,
						'items'    => self::NUMBER,
					),
					'site'   => self::NUMBER,
					'code'   => array(
						'type'      => 'string',
						'minLength' => 1,
						'maxLength' => 60,
					),
					'after'  => self::TIME,
					'before' => self::TIME,
				)
			),
		);
	}

	/**
	 * A page of the record, the newest first.
	 *
	 * @param \WP_REST_Request $request `ActivityQuery`.
	 * @return \WP_REST_Response List of `ActivityItem`.
	 */
	private function search( \WP_REST_Request $request ): \WP_REST_Response {
		$query = new Query(
			$request['page'],
			$request['per_page'],
			trim( $request['search'] ),
			$request['site'],
			$request['user'],
			array_values( array_map( Result::from( ... ), $request['result'] ) ),
			array_values( array_map( Action::from( ... ), $request['action'] ) ),
			$request['after'],
			$request['before']
		);
		$names = array();
		foreach ( $this->sites->all() as $site ) {
			$names[ $site->id ] = $site->name;
		}
		$total = $this->log->count( $query );
		return Paging::answer(
			array_map( fn ( Item $item ): array => $this->item( $item, $names ), $this->log->search( $query, $total ) ),
			$total,
			$query->per_page
		);
	}

	/**
	 * For which causes people wait who would be tried again, the most frequent first.
	 *
	 * @param \WP_REST_Request $request `CausesQuery`.
	 * @return list<array{code: string, sentence: string, people: int}> `Cause[]`.
	 */
	private function causes( \WP_REST_Request $request ): array {
		$causes = $this->outbox->causes( $request['site'], $request['after'], $request['before'] );
		return array_map(
			static fn ( string|int $code, int $people ): array => array(
				'code'     => (string) $code,
				'sentence' => Cause::sentence( (string) $code ),
				'people'   => $people,
			),
			array_keys( $causes ),
			array_values( $causes )
		);
	}

	/**
	 * Makes rows due again, and has them delivered once this answer has gone out.
	 *
	 * @param \WP_REST_Request $request `RetryRequest`.
	 * @return array{retried: int}
	 */
	private function retry( \WP_REST_Request $request ): array {
		$retried = null === $request['ids']
			? $this->outbox->retry_all( $request['site'], $request['code'], $request['after'], $request['before'] )
			: $this->outbox->retry( array_values( $request['ids'] ) );
		$this->worker->wake();
		return array( 'retried' => $retried );
	}

	/**
	 * One row.
	 *
	 * @param Item               $item  The row.
	 * @param array<int, string> $names Names of the sites that there are.
	 * @return array<string, mixed> Shape of `ActivityItem`.
	 */
	private function item( Item $item, array $names ): array {
		$entry = $item->entry;
		return array(
			'id'        => $item->id,
			'at'        => $item->at,
			'siteId'    => 0 === $entry->site_id ? null : $entry->site_id,
			'siteName'  => 0 === $entry->site_id ? '' : ( $names[ $entry->site_id ] ?? __( '(removed site)', 'tandem-user-sync' ) ),
			'direction' => $item->entry->direction->value,
			'action'    => $entry->action->value,
			'result'    => $entry->result->value,
			'userId'    => $entry->user_id,
			'username'  => $entry->username,
			'email'     => $entry->email,
			'fields'    => $entry->fields->names,
			'attempts'  => $item->attempts,
			'code'      => $entry->code,
			'message'   => $entry->message,
			'warnings'  => $entry->warnings,
			'outboxId'  => 0 === $item->outbox_id ? null : $item->outbox_id,
		);
	}

	/**
	 * JSON schema of a list of words from a closed set.
	 *
	 * @param list<string> $words The set.
	 * @return array<string, mixed>
	 */
	private function list_of( array $words ): array {
		return array(
			'type'    => 'array',
			'default' => array(),
			'items'   => array(
				'type' => 'string',
				'enum' => $words,
			),
		);
	}
}
