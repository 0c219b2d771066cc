<?php
/**
 * A paired site asks for people of this one whom it does not have (docs/protocol.md, `peer/bring`). If this site's owner
 * lets it, they go there as any other change: whom, which fields and whether passwords is this site's own setting.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Hooks\FilterFailed;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxState;
use Tandem\Verify\Bringing;

final class BringRequests {

	/** People that may be asked for in one message. */
	public const MOST = 200;

	/** Reason of those whom a site asks for that may not ask. */
	public const NOT_ALLOWED = 'bring_not_allowed';

	/**
	 * @param Outbox            $outbox             Who is on their way.
	 * @param ProtectedAccounts $protected_accounts Who is out of reach here.
	 * @param Bringing          $bringing           Puts people on their way.
	 * @param \Closure(): void  $wake               Has deliveries begin.
	 */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Bringing $bringing,
		private readonly \Closure $wake,
	) {
	}

	/**
	 * Puts people on their way to the site that asks.
	 *
	 * @param RemoteSite              $from Who asks.
	 * @param array<array-key, mixed> $body `people`: `id`, a user of this site, and `again` where they were asked for before.
	 * @return array{results: list<'queued'|'equal'|'refused'|'later'>, reasons: list<string>, message?: string} One result and
	 *         one reason for each, in their order; `message` where that site may not ask at all.
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public function take( RemoteSite $from, array $body ): array {
		$people = self::checked( $body );
		if ( ! Policy::from_array( $from->policy )->bring ) {
			return array(
				'results' => array_fill( 0, count( $people ), 'refused' ),
				'reasons' => array_fill( 0, count( $people ), self::NOT_ALLOWED ),
				/* translators: 1: name of the site that asks, 2: label of a tick, 3: heading above it. */
				'message' => sprintf( __( 'The owner of this site does not let %1$s ask for people. They can tick “%2$s” under “%3$s”, in the settings of that site.', 'tandem-user-sync' ), $from->name, __( 'Ask for the people who were here before the connection', 'tandem-user-sync' ), __( 'What may that site do here?', 'tandem-user-sync' ) ),
			);
		}
		$results = array();
		$reasons = array();
		cache_users( array_column( $people, 'id' ) );
		foreach ( $people as $person ) {
			list( $results[], $reasons[] ) = $this->answer( $from, $person['id'], $person['again'] );
		}
		if ( in_array( 'queued', $results, true ) ) {
			( $this->wake )();
		}
		return array(
			'results' => $results,
			'reasons' => $reasons,
		);
	}

	/**
	 * One of them. Somebody whom that site does not receive, and a number that nobody has, are not told apart.
	 *
	 * @param RemoteSite $from     Who asks.
	 * @param int        $id       User here.
	 * @param bool       $is_again Whether they were asked for before: then it is said how they fare, and nothing begins anew.
	 * @return array{'queued'|'equal'|'refused'|'later', string} Result and reason.
	 */
	private function answer( RemoteSite $from, int $id, bool $is_again ): array {
		$user = get_userdata( $id );
		if ( false === $user || ( is_multisite() && ! is_user_member_of_blog( $id ) ) || $this->protected_accounts->covers( $user ) || ! $from->surely_covers( $user ) ) {
			return array( 'refused', '' );
		}
		$row = $is_again ? $this->outbox->find_for( $from->id, $id ) : null;
		if ( null !== $row ) {
			// What that site has said of them: nothing that it does not know.
			$reason = ProblemCode::GoneThere->value === $row->code ? $row->code : ( UserCode::tryFrom( $row->code ) ?? UserCode::Failed )->value;
			return OutboxState::Due === $row->state ? array( 'queued', '' ) : array( 'refused', $reason );
		}
		try {
			return array( $this->bringing->bring( $from, $user, null ), '' );
		} catch ( FilterFailed ) {
			// It can't be told what of them is sent. Who waits in the queue is tried again, and it says why.
			$this->outbox->enqueue( $from->id, $id, $from->may_send( FieldSet::PASSWORD ) ? new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) : new FieldSet( FieldSet::ALL ) );
			return array( 'queued', '' );
		}
	}

	/**
	 * The people of a message.
	 *
	 * @param array<array-key, mixed> $body The message.
	 * @return non-empty-list<array{id: int, again: bool}>
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	private static function checked( array $body ): array {
		$schema = array(
			'type'       => 'object',
			'required'   => array( 'people' ),
			'properties' => array(
				'people' => array(
					'type'     => 'array',
					'minItems' => 1,
					'maxItems' => self::MOST,
					'items'    => array(
						'type'       => 'object',
						'required'   => array( 'id' ),
						'properties' => array(
							'id'    => array(
								'type'    => 'integer',
								'minimum' => 1,
							),
							'again' => array( 'type' => 'boolean' ),
						),
					),
				),
			),
		);
		$valid  = rest_validate_value_from_schema( $body, $schema, 'message' );
		if ( is_wp_error( $valid ) ) {
			throw new MessageRefused( MessageCode::Invalid, $valid->get_error_message() );
		}
		$people = array();
		foreach ( (array) $body['people'] as $person ) {
			$person   = (array) $person;
			$people[] = array(
				'id'    => (int) $person['id'],
				'again' => true === ( $person['again'] ?? false ),
			);
		}
		return array() === $people ? throw new MessageRefused( MessageCode::Invalid, MessageCode::Invalid->sentence() ) : $people;
	}
}
