<?php
/**
 * Bringing over the users that existed before a connection: `/backfills`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Backfill\Backfill;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\Bring;
use Tandem\Backfill\Counts;
use Tandem\Backfill\CsvReport;
use Tandem\Backfill\Engine;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Item;
use Tandem\Backfill\Items;
use Tandem\Backfill\Matcher;
use Tandem\Backfill\Options;
use Tandem\Backfill\Review;
use Tandem\Remote\ProblemCode;
use Tandem\Sync\Choice;
use Tandem\Sync\ConflictResolver;
use Tandem\Sync\Worker;

final class BackfillsController implements Controller {

	/** In place of a finding: whoever has a remark. */
	private const REMARKED = 'remarked';

	/**
	 * @param Engine         $engine    Moves them on.
	 * @param Backfills      $backfills The backfills.
	 * @param Items          $items     Their people.
	 * @param Review         $review    What the owner looks at.
	 * @param BackfillAnswer $answer    How one looks to the page.
	 * @param CsvReport      $report    The result as rows.
	 * @param Worker         $worker    Goes on with them.
	 */
	public function __construct(
		private readonly Engine $engine,
		private readonly Backfills $backfills,
		private readonly Items $items,
		private readonly Review $review,
		private readonly BackfillAnswer $answer,
		private readonly CsvReport $report,
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
		$one = '/backfills/' . self::ID;
		return array(
			new Route(
				'GET',
				'/backfills',
				fn ( \WP_REST_Request $request ): array => array_map( $this->answer->of( ... ), $this->backfills->of_site( $request['site'], $request['per_page'] ) ),
				self::OF_SITE + array(
					'per_page' => array(
						'type'    => 'integer',
						'minimum' => 1,
						'maximum' => Backfills::KEPT,
						'default' => Backfills::KEPT,
					),
				)
			),
			new Route( 'POST', '/backfills', $this->start( ... ), self::OF_SITE + self::options() ),
			new Route( 'GET', $one, fn ( \WP_REST_Request $request ): array => $this->answer->of( $this->backfills->get( $request['id'] ) ), $id ),
			new Route( 'PATCH', $one, fn ( \WP_REST_Request $request ): array => $this->going_on( $this->engine->choose( $request['id'], (array) $request['options'] ) ), $id + self::options( true ) ),
			new Route( 'POST', "$one/run", fn ( \WP_REST_Request $request ): array => $this->going_on( $this->engine->run( $request['id'] ) ), $id ),
			new Route( 'POST', "$one/pause", fn ( \WP_REST_Request $request ): array => $this->answer->of( $this->engine->pause( $request['id'] ) ), $id ),
			new Route( 'POST', "$one/resume", fn ( \WP_REST_Request $request ): array => $this->going_on( $this->engine->resume( $request['id'] ) ), $id ),
			new Route( 'POST', "$one/cancel", fn ( \WP_REST_Request $request ): array => $this->answer->of( $this->engine->cancel( $request['id'] ) ), $id ),
			new Route( 'GET', "$one/kinds", $this->kinds( ... ), $id ),
			new Route(
				'GET',
				"$one/people",
				$this->people( ... ),
				$id + Paging::args() + array(
					'show' => array(
						'type'     => 'string',
						'required' => true,
						'enum'     => array( ...array_column( Finding::cases(), 'value' ), self::REMARKED ),
					),
				)
			),
			new Route(
				'GET',
				"$one/conflicts",
				$this->conflicts( ... ),
				$id + Paging::args() + array(
					'kind' => array(
						'type'    => 'string',
						'default' => '',
					),
				)
			),
			new Route(
				'POST',
				"$one/conflicts",
				$this->decide( ... ),
				$id + array(
					'ids'      => array(
						'type'     => 'array',
						'minItems' => 1,
						'maxItems' => 1000,
						'items'    => self::NUMBER,
					),
					'kind'     => array( 'type' => 'string' ),
					'decision' => array(
						'type'     => array( 'string', 'null' ),
						'required' => true,
						'enum'     => array( ...array_column( Choice::cases(), 'value' ), null ),
					),
				)
			),
			new Route( 'GET', "$one/csv", $this->csv( ... ), $id ),
		);
	}

	/**
	 * Begins the preview. Nothing is written to either site's users.
	 *
	 * @param \WP_REST_Request $request `NewBackfill`.
	 * @return \WP_REST_Response `Backfill`.
	 */
	private function start( \WP_REST_Request $request ): \WP_REST_Response {
		return new \WP_REST_Response( $this->going_on( $this->engine->start( $request['site'], Options::from_array( (array) $request['options'] ) ) ), 201 );
	}

	/**
	 * Has a backfill go on in a request of its own, so that the tab may be closed.
	 *
	 * @param Backfill $backfill The backfill.
	 * @return array<string, mixed> `Backfill`.
	 */
	private function going_on( Backfill $backfill ): array {
		$this->worker->wake();
		return $this->answer->of( $backfill );
	}

	/**
	 * A page of those who need a decision.
	 *
	 * @param \WP_REST_Request $request `id`, `kind`, `page`, `per_page`.
	 * @return \WP_REST_Response List of `BackfillConflict`.
	 */
	private function conflicts( \WP_REST_Request $request ): \WP_REST_Response {
		$id    = $this->backfills->get( $request['id'] )->id;
		$items = $this->review->conflicts( $id, $request['kind'], $request['page'], $request['per_page'] );
		$kinds = array_filter( $this->review->kinds( $id ), static fn ( array $kind ): bool => in_array( $request['kind'], array( '', $kind['code'] ), true ) );
		cache_users( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
		return Paging::answer( array_map( $this->conflict( ... ), $items ), array_sum( array_column( $kinds, 'people' ) ), $request['per_page'] );
	}

	/**
	 * How many of each kind need a decision, and what can be said of all of them at once.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return list<array<string, mixed>> List of `BackfillKind`.
	 */
	private function kinds( \WP_REST_Request $request ): array {
		return array_map(
			static fn ( array $kind ): array => $kind + array( 'choices' => array_column( self::choices_for_all( $kind['code'] ), 'value' ) ),
			$this->review->kinds( $this->backfills->get( $request['id'] )->id )
		);
	}

	/**
	 * A page of the people of one finding, or of those with a remark.
	 *
	 * @param \WP_REST_Request $request `id`, `show`, `page`, `per_page`.
	 * @return \WP_REST_Response List of `BackfillPerson`.
	 */
	private function people( \WP_REST_Request $request ): \WP_REST_Response {
		$id      = $this->backfills->get( $request['id'] )->id;
		$finding = Finding::tryFrom( $request['show'] );
		$items   = null === $finding ? $this->review->remarked( $id, $request['page'], $request['per_page'] ) : $this->review->people( $id, $finding, $request['page'], $request['per_page'] );
		$total   = null === $finding ? $this->review->count_remarked( $id ) : ( new Counts( $this->items->counts( $id ) ) )->of( $finding );
		cache_users( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
		return Paging::answer( array_map( $this->person( ... ), $items ), $total, $request['per_page'] );
	}

	/**
	 * Stores decisions.
	 *
	 * @param \WP_REST_Request $request `DecideRequest`.
	 * @return array{decided: int}
	 * @throws Refused When a choice makes no sense for one of them.
	 */
	private function decide( \WP_REST_Request $request ): array {
		$backfill = $this->backfills->get( $request['id'] );
		$choice   = null === $request['decision'] ? null : Choice::from( $request['decision'] );
		if ( null !== $request['kind'] ) {
			return $this->decide_all( $backfill, $request['kind'], $choice );
		}
		$ids = array_values( array_unique( $request['ids'] ?? array() ) );
		if ( array() === $ids ) {
			throw new Refused( 'tandem_ids_or_kind', __( 'Say about whom: their numbers, or a kind.', 'tandem-user-sync' ), 400 );
		}
		foreach ( $ids as $id ) {
			$item = $this->items->find( $backfill->id, $id );
			if ( null !== $item && null !== $choice && ! in_array( $choice, $this->choices( $item ), true ) ) {
				throw new Refused( 'tandem_choice_impossible', __( 'This choice is not possible for one of these people. Load the list again.', 'tandem-user-sync' ), 409 );
			}
			if ( null !== $item && Choice::Link === $choice && $item->is_protected && count( $ids ) > 1 ) {
				/* translators: %s: username on the other site. */
				throw new Refused( 'tandem_one_protected', sprintf( __( 'The account “%s” there belongs to an administrator or somebody with similar rights. Decide about this person alone.', 'tandem-user-sync' ), $item->username ), 409 );
			}
		}
		$decided = $this->engine->decide( $backfill->id, $ids, $choice->value ?? '' );
		$this->worker->wake();
		return array( 'decided' => $decided );
	}

	/**
	 * Stores one decision on all of a kind, not only on those that are shown.
	 *
	 * @param Backfill    $backfill The backfill.
	 * @param string      $kind     Code.
	 * @param Choice|null $choice   What.
	 * @return array{decided: int}
	 * @throws Refused When the choice makes no sense for all of them.
	 */
	private function decide_all( Backfill $backfill, string $kind, ?Choice $choice ): array {
		if ( null === $choice || ! in_array( $choice, self::choices_for_all( $kind ), true ) ) {
			throw new Refused( 'tandem_choice_impossible', __( 'This can’t be said of all people of this kind at once. Decide about each of them.', 'tandem-user-sync' ), 409 );
		}
		$decided = $this->engine->decide_all( $backfill->id, $kind, $choice->value );
		$this->worker->wake();
		return array( 'decided' => $decided );
	}

	/**
	 * What can be said of all people of a kind: with equal usernames and different addresses, anything. Everybody else who
	 * is in the way there has the same address, is linked already, or is not the only one.
	 *
	 * @param string $kind Code.
	 * @return list<Choice>
	 */
	private static function choices_for_all( string $kind ): array {
		return in_array( $kind, array( ProblemCode::UsernameTaken->value, Finding::LinkByName->value ), true ) ? Choice::cases() : array( Choice::Ignore );
	}

	/**
	 * The result as a file.
	 *
	 * @param \WP_REST_Request $request `id`.
	 */
	private function csv( \WP_REST_Request $request ): \WP_REST_Response {
		$id = $this->backfills->get( $request['id'] )->id;
		return ( new CsvFile( "backfill-$id.csv", $this->report->rows( $id ) ) )->response();
	}

	/**
	 * One person with both accounts.
	 *
	 * @param Item $item The person.
	 * @return array<string, mixed> `BackfillConflict`.
	 */
	private function conflict( Item $item ): array {
		return array(
			'id'       => $item->id,
			'code'     => $item->code,
			'message'  => $item->message,
			'here'     => PersonAnswer::of( $item->user_id, $this->user( $item ) ),
			'there'    => self::account( $item ),
			'remark'   => $item->remark,
			'choices'  => array_column( $this->choices( $item ), 'value' ),
			'decision' => '' === $item->decision ? null : $item->decision,
		);
	}

	/**
	 * One person of the review.
	 *
	 * @param Item $item The person.
	 * @return array<string, mixed> `BackfillPerson`.
	 */
	private function person( Item $item ): array {
		return array(
			'id'       => $item->id,
			'finding'  => $item->finding->value ?? '',
			'progress' => $item->progress->value,
			'message'  => $item->message,
			'remark'   => $item->remark,
			'here'     => PersonAnswer::of( $item->user_id, $this->user( $item ) ),
			'there'    => self::account( $item ),
		);
	}

	/**
	 * The account there, or null.
	 *
	 * @param Item $item The person.
	 * @return array<string, mixed>|null `RemoteAccount`.
	 */
	private static function account( Item $item ): ?array {
		return 0 === $item->remote_id ? null : AccountAnswer::of(
			array(
				'id'        => $item->remote_id,
				'username'  => $item->username,
				'name'      => $item->name,
				'email'     => $item->email,
				'roles'     => $item->roles,
				'protected' => $item->is_protected,
			)
		);
	}

	/**
	 * The arguments for what a backfill is to do.
	 *
	 * @param bool $is_required Whether they must be there.
	 * @return array<string, array<string, mixed>>
	 */
	private static function options( bool $is_required = false ): array {
		return array(
			'options' => array(
				'type'                 => 'object',
				'required'             => $is_required,
				'additionalProperties' => false,
				'properties'           => array(
					'create' => array( 'type' => 'boolean' ),
					'bring'  => array(
						'type' => 'string',
						'enum' => array_column( Bring::cases(), 'value' ),
					),
					'byName' => array( 'type' => 'boolean' ),
					'fetch'  => array( 'type' => 'boolean' ),
					'rate'   => array(
						'type'    => array( 'integer', 'null' ),
						'minimum' => 1,
						'maximum' => Options::MOST_A_SECOND,
					),
				),
			),
		);
	}

	/**
	 * Which choices make sense for a person.
	 *
	 * @param Item $item The person.
	 * @return list<Choice>
	 */
	private function choices( Item $item ): array {
		if ( Matcher::SEVERAL_THERE === $item->code ) {
			// With which of them would be a guess.
			return array( Choice::Ignore );
		}
		return ConflictResolver::possible( $item->code, 0 === $item->remote_id ? null : $item->email, $this->user( $item ) );
	}

	/**
	 * The user here, or null when they were deleted since.
	 *
	 * @param Item $item The person.
	 */
	private function user( Item $item ): ?\WP_User {
		$user = get_userdata( $item->user_id );
		return false === $user ? null : $user;
	}
}
