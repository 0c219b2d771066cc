<?php
/**
 * What a paired site that verifies is told here (docs/protocol.md, `peer/digests` and `peer/repair`): only about people
 * who are linked with it, only about fields that travel between the two sites, and never a value.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Peer\MessageCode;
use Tandem\Peer\MessageRefused;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;

final class Answers {

	/** Ranges, people of a range, and people by name that are told in one answer. */
	public const MOST_RANGES = 50;
	public const MOST_LISTED = 5_000;
	public const MOST_NAMED  = 200;

	/** Seconds after which an answer is given with what there is by then. */
	private const SECONDS = 8.0;

	/**
	 * @param People            $people             Reads them.
	 * @param Strays            $strays             Who should be linked and is not.
	 * @param Links             $links              Who is who.
	 * @param Records           $records            When fields were changed.
	 * @param Outbox            $outbox             Who is on their way.
	 * @param ProtectedAccounts $protected_accounts Who is out of reach here.
	 * @param Bringing          $bringing           Puts people on their way.
	 * @param \Closure(): void  $wake               Has deliveries begin.
	 */
	public function __construct(
		private readonly People $people,
		private readonly Strays $strays,
		private readonly Links $links,
		private readonly Records $records,
		private readonly Outbox $outbox,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Bringing $bringing,
		private readonly \Closure $wake,
	) {
	}

	/**
	 * Answers a question about digests.
	 *
	 * @param RemoteSite              $from Who asks.
	 * @param array<array-key, mixed> $body `about`, `nonce`, `offer`, and `ranges` or `refs`.
	 * @return array<string, mixed>
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public function digests( RemoteSite $from, array $body ): array {
		$nonce = $body['nonce'] ?? null;
		if ( ! is_string( $nonce ) || 1 !== preg_match( '/^[0-9a-f]{32}$/D', $nonce ) ) {
			throw self::invalid();
		}
		$agreement = Agreement::between( $body['offer'] ?? null, $from );
		$digests   = new Digests( $nonce, $agreement );
		return array( 'agreement' => $agreement->to_array() ) + match ( $body['about'] ?? null ) {
			'ranges' => array( 'ranges' => $this->ranges( $from, $digests, $agreement, self::ranges_of( $body ) ) ),
			'people' => array( 'ranges' => $this->listed( $from, $digests, $agreement, self::ranges_of( $body ) ) ),
			'fields' => array( 'people' => array_map( fn ( int $ref ): array => $this->named( $from, $digests, $agreement, $ref ), self::refs_of( $body ) ) ),
			'strays' => array( 'count' => $this->strays->count( $from, self::SECONDS ) ),
			default  => throw self::invalid(),
		};
	}

	/**
	 * Brings people to the site that asks, or fields of them that are newer here.
	 *
	 * @param RemoteSite              $from Who asks.
	 * @param array<array-key, mixed> $body `people`: `ref`, and `fields` or none for everything.
	 * @return array{results: list<string>} For each: `queued`, `equal`, `refused`, or `later` when there is too much on its way.
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public function repair( RemoteSite $from, array $body ): array {
		$people  = $body['people'] ?? null;
		$results = array();
		if ( ! is_array( $people ) || ! array_is_list( $people ) || count( $people ) > self::MOST_NAMED ) {
			throw self::invalid();
		}
		foreach ( $people as $person ) {
			$ref    = is_array( $person ) && is_int( $person['ref'] ?? null ) ? $person['ref'] : throw self::invalid();
			$fields = $person['fields'] ?? null;
			$link   = $this->links->find_by_remote( $from->id, $ref );
			$user   = null === $link ? false : get_userdata( $link->user_id );
			if ( false === $user ) {
				$results[] = 'refused';
				continue;
			}
			$result = $this->bringing->bring( $from, $user, is_array( $fields ) ? array_values( array_filter( $fields, 'is_string' ) ) : null );
			if ( 'queued' === $result && ! is_array( $fields ) ) {
				// That site says that it has no such account (any more): all of the person goes.
				$this->links->remove( $from->id, $user->ID );
			}
			$results[] = $result;
		}
		if ( in_array( 'queued', $results, true ) ) {
			( $this->wake )();
		}
		return array( 'results' => $results );
	}

	/**
	 * Ranges in short. Fewer than were asked for when they take too long.
	 *
	 * @param RemoteSite             $from      Who asks.
	 * @param Digests                $digests   Makes digests.
	 * @param Agreement              $agreement What is compared.
	 * @param list<array{int, int}>  $ranges    Ranges.
	 * @return list<array{int, string}> How many people, and their digest.
	 */
	private function ranges( RemoteSite $from, Digests $digests, Agreement $agreement, array $ranges ): array {
		$until = microtime( true ) + self::SECONDS;
		$told  = array();
		foreach ( $ranges as list( $after, $to ) ) {
			$told[] = $digests->of_people( $this->people->linked( $from->id, false, $after, $to, $agreement->meta_keys() ), self::tells( $from ) );
			if ( microtime( true ) > $until ) {
				break;
			}
		}
		return $told;
	}

	/**
	 * Ranges person by person. One that holds too many people ends earlier than was asked for, and is the last one then.
	 *
	 * @param RemoteSite             $from      Who asks.
	 * @param Digests                $digests   Makes digests.
	 * @param Agreement              $agreement What is compared.
	 * @param list<array{int, int}>  $ranges    Ranges.
	 * @return list<array{to: int, people: list<array{int, string}>}>
	 */
	private function listed( RemoteSite $from, Digests $digests, Agreement $agreement, array $ranges ): array {
		$told = array();
		$room = self::MOST_LISTED;
		foreach ( $ranges as list( $after, $to ) ) {
			$people = array();
			foreach ( $this->people->linked( $from->id, false, $after, $to, $agreement->meta_keys() ) as $person ) {
				$people[] = array( $person->ref, $digests->of_person( $person, self::tells( $from ) ) );
				if ( 0 === --$room ) {
					$told[] = array(
						'to'     => $person->ref,
						'people' => $people,
					);
					return $told;
				}
			}
			$told[] = array(
				'to'     => $to,
				'people' => $people,
			);
		}
		return $told;
	}

	/**
	 * One person field by field.
	 *
	 * @param RemoteSite $from      Who asks.
	 * @param Digests    $digests   Makes digests.
	 * @param Agreement  $agreement What is compared.
	 * @param int        $ref       Their id there.
	 * @return array<string, mixed>
	 */
	private function named( RemoteSite $from, Digests $digests, Agreement $agreement, int $ref ): array {
		foreach ( $this->people->linked( $from->id, false, $ref - 1, $ref, $agreement->meta_keys() ) as $person ) {
			$user = get_userdata( $person->state->id );
			if ( false !== $user ) {
				$told = array(
					'ref'       => $ref,
					'id'        => $user->ID,
					'sent'      => self::tells( $from )( $person ),
					'protected' => $this->protected_accounts->covers( $user ),
					'waiting'   => null !== $this->outbox->find_for( $from->id, $user->ID ),
				);
				// Of somebody whom that site is not sent it learns nothing here either.
				return ! $told['sent'] ? $told : $told + array(
					'hides_roles' => $digests->hides_roles( $person ),
					'fields'      => (object) $digests->of_fields( $person ),
					'stamps'      => (object) array_map( 'strval', array_intersect_key( $this->stamps( $person ), array_flip( $agreement->fields() ) ) ),
				);
			}
		}
		return array(
			'ref' => $ref,
			'id'  => null,
		);
	}

	/**
	 * Of whom anything is told: of those whom this site sends there.
	 *
	 * @param RemoteSite $from Who asks.
	 * @return \Closure( LinkedPerson ): bool
	 */
	private static function tells( RemoteSite $from ): \Closure {
		return static fn ( LinkedPerson $person ): bool => $person->state->is_active && ! ( is_multisite() && is_super_admin( $person->state->id ) )
			// Reading everybody's account costs more than all the rest: only where somebody has a say beside the roles.
			&& ( has_filter( 'tandem_sync_user' ) ? self::covers( $from, $person->state->id ) : $from->settings->covers( $person->state->roles ) );
	}

	/**
	 * Whether a user is sent to a site.
	 *
	 * @param RemoteSite $from    The site.
	 * @param int        $user_id User here.
	 */
	private static function covers( RemoteSite $from, int $user_id ): bool {
		$user = get_userdata( $user_id );
		return false !== $user && $from->surely_covers( $user );
	}

	/**
	 * When the fields of a person were changed, as far as can be seen now.
	 *
	 * @param LinkedPerson $person The person.
	 * @return array<string, Stamp> By field.
	 */
	private function stamps( LinkedPerson $person ): array {
		return $this->records->as_settled( $person->state ) + array( FieldSet::PASSWORD => Stamp::from_string( $person->password_at ) ?? Stamp::zero() );
	}

	/**
	 * The ranges of a question.
	 *
	 * @param array<array-key, mixed> $body The question.
	 * @return list<array{int, int}>
	 * @throws MessageRefused When they are none.
	 */
	private static function ranges_of( array $body ): array {
		$ranges = $body['ranges'] ?? null;
		if ( ! is_array( $ranges ) || ! array_is_list( $ranges ) || count( $ranges ) > self::MOST_RANGES ) {
			throw self::invalid();
		}
		return array_map( static fn ( mixed $range ): array => is_array( $range ) && is_int( $range[0] ?? null ) && is_int( $range[1] ?? null ) ? array( $range[0], $range[1] ) : throw self::invalid(), $ranges );
	}

	/**
	 * The people whom a question names.
	 *
	 * @param array<array-key, mixed> $body The question.
	 * @return list<int>
	 * @throws MessageRefused When they are none.
	 */
	private static function refs_of( array $body ): array {
		$refs = $body['refs'] ?? null;
		if ( ! is_array( $refs ) || ! array_is_list( $refs ) || count( $refs ) > self::MOST_NAMED ) {
			throw self::invalid();
		}
		return array_map( static fn ( mixed $ref ): int => is_int( $ref ) && $ref > 0 ? $ref : throw self::invalid(), $refs );
	}

	/**
	 * It is not what the protocol says.
	 */
	private static function invalid(): MessageRefused {
		return new MessageRefused( MessageCode::Invalid, __( 'This question about digests is not understood.', 'tandem-user-sync' ) );
	}
}
