<?php
/**
 * Compares the people whom this site and a paired one share: ranges first, then who differs in the ranges that do, then
 * what differs of them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\Links;
use Tandem\Remote\PeerApi;
use Tandem\Remote\PeerSites;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;

final class Comparison {

	/** People in a range, and ranges in a question. */
	private const RANGE  = 500;
	private const RANGES = 40;

	/** Ranges that differ and are looked into in one batch, so that it ends in seconds whatever is found. */
	private const MOST_DIFFERING = 4;

	/** Seconds that a question may take. */
	private const TIMEOUT = 25.0;

	private int $requests = 0;

	/**
	 * @param People            $people             Reads them.
	 * @param PeerSites         $peers              Begins conversations.
	 * @param Links             $links              Who is who.
	 * @param Records           $records            When fields were changed.
	 * @param Outbox            $outbox             Who is on their way.
	 * @param ProtectedAccounts $protected_accounts Who is out of reach here.
	 */
	public function __construct(
		private readonly People $people,
		private readonly PeerSites $peers,
		private readonly Links $links,
		private readonly Records $records,
		private readonly Outbox $outbox,
		private readonly ProtectedAccounts $protected_accounts,
	) {
	}

	/**
	 * Compares the next people.
	 *
	 * @param RemoteSite $site  The other site.
	 * @param int        $after After which user here.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	public function batch( RemoteSite $site, int $after ): Batch {
		$this->requests = 0;
		$api            = $this->peers->api( $site );
		$ranges         = $this->people->ranges( $site->id, $after, self::RANGE, self::RANGES );
		$nonce          = bin2hex( random_bytes( 16 ) );
		$answer         = $this->ask( $api, $site, $nonce, 'ranges', array( 'ranges' => $ranges ) );
		$agreement      = Agreement::answered( $answer['agreement'] ?? null, $site );
		$digests        = new Digests( $nonce, $agreement );
		$theirs         = self::list_of( $answer, 'ranges' );
		$compared       = 0;
		$differing      = array();
		$to             = $after;
		foreach ( array_slice( $ranges, 0, count( $theirs ) ) as $index => $range ) {
			$ours      = $digests->of_people( $this->people->linked( $site->id, true, $range[0], $range[1], $agreement->meta_keys() ) );
			$to        = $range[1];
			$compared += $ours[0];
			if ( $ours !== $theirs[ $index ] ) {
				$differing[] = $range;
				if ( count( $differing ) >= self::MOST_DIFFERING ) {
					break;
				}
			}
		}
		if ( $to === $after ) {
			throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
		}
		$waiting     = 0;
		$differences = array();
		foreach ( array_chunk( $this->differing_people( $api, $site, $differing ), Answers::MOST_NAMED ) as $refs ) {
			foreach ( $this->looked_at( $api, $site, $refs ) as $found ) {
				null === $found ? ++$waiting : $differences[] = $found;
			}
		}
		return new Batch( People::END === $to ? null : $to, $compared, $waiting, $this->requests, $differences );
	}

	/**
	 * What differs of one person now, whether they are on their way or not.
	 *
	 * @param RemoteSite $site    The other site.
	 * @param int        $user_id User here.
	 * @return array{Agreement, Difference|null} What is compared, and what differs.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	public function of_user( RemoteSite $site, int $user_id ): array {
		$api       = $this->peers->api( $site );
		$nonce     = bin2hex( random_bytes( 16 ) );
		$answer    = $this->ask( $api, $site, $nonce, 'fields', array( 'refs' => array( $user_id ) ) );
		$agreement = Agreement::answered( $answer['agreement'] ?? null, $site );
		$there     = self::list_of( $answer, 'people' )[0] ?? null;
		if ( ! is_array( $there ) ) {
			throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
		}
		return array( $agreement, $this->difference( $site, new Digests( $nonce, $agreement ), $agreement, $user_id, $there ) );
	}

	/**
	 * How many people the other site has whom it should have told us of.
	 *
	 * @param RemoteSite $site The other site.
	 * @throws RemoteFailure When it does not answer as it should.
	 */
	public function strays_there( RemoteSite $site ): int {
		$count = $this->ask( $this->peers->api( $site ), $site, bin2hex( random_bytes( 16 ) ), 'strays', array() )['count'] ?? 0;
		return is_int( $count ) ? max( 0, $count ) : 0;
	}

	/**
	 * Who differs in ranges.
	 *
	 * @param PeerApi               $api    Conversation.
	 * @param RemoteSite            $site   The other site.
	 * @param list<array{int, int}> $ranges Ranges.
	 * @return list<int> Refs.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	private function differing_people( PeerApi $api, RemoteSite $site, array $ranges ): array {
		$refs = array();
		while ( array() !== $ranges ) {
			$nonce     = bin2hex( random_bytes( 16 ) );
			$answer    = $this->ask( $api, $site, $nonce, 'people', array( 'ranges' => $ranges ) );
			$agreement = Agreement::answered( $answer['agreement'] ?? null, $site );
			$digests   = new Digests( $nonce, $agreement );
			$listed    = self::list_of( $answer, 'ranges' );
			if ( array() === $listed ) {
				throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
			}
			foreach ( $listed as $one ) {
				list( $after, $to ) = array_shift( $ranges ) ?? array( 0, 0 );

				$end = is_array( $one ) && is_int( $one['to'] ?? null ) ? min( $to, $one['to'] ) : 0;
				if ( $end <= $after ) {
					throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
				}
				$theirs = array();
				foreach ( is_array( $one['people'] ?? null ) ? $one['people'] : array() as $person ) {
					if ( is_array( $person ) && is_int( $person[0] ?? null ) && $person[0] > $after && $person[0] <= $end ) {
						$theirs[ $person[0] ] = $person[1] ?? '';
					}
				}
				foreach ( $this->people->linked( $site->id, true, $after, $end, $agreement->meta_keys() ) as $person ) {
					if ( ( $theirs[ $person->ref ] ?? null ) !== $digests->of_person( $person ) ) {
						$refs[] = $person->ref;
					}
					unset( $theirs[ $person->ref ] );
				}
				array_push( $refs, ...array_keys( $theirs ) );
				if ( $end < $to ) {
					array_unshift( $ranges, array( $end, $to ) );
				}
			}
		}
		return $refs;
	}

	/**
	 * Looks at people field by field.
	 *
	 * @param PeerApi    $api  Conversation.
	 * @param RemoteSite $site The other site.
	 * @param list<int>  $refs Users here.
	 * @return list<Difference|null> Those who differ; null for one who is on their way.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	private function looked_at( PeerApi $api, RemoteSite $site, array $refs ): array {
		$nonce     = bin2hex( random_bytes( 16 ) );
		$answer    = $this->ask( $api, $site, $nonce, 'fields', array( 'refs' => $refs ) );
		$agreement = Agreement::answered( $answer['agreement'] ?? null, $site );
		$digests   = new Digests( $nonce, $agreement );
		$people    = self::list_of( $answer, 'people' );
		$found     = array();
		foreach ( $refs as $index => $ref ) {
			$there = is_array( $people[ $index ] ?? null ) && ( $people[ $index ]['ref'] ?? null ) === $ref ? $people[ $index ] : throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
			if ( true === ( $there['waiting'] ?? false ) || null !== $this->outbox->find_for( $site->id, $ref ) ) {
				$found[] = null;
				continue;
			}
			$difference = $this->difference( $site, $digests, $agreement, $ref, $there );
			if ( null !== $difference ) {
				$found[] = $difference;
			}
		}
		return $found;
	}

	/**
	 * What is wrong with one person.
	 *
	 * @param RemoteSite              $site      The other site.
	 * @param Digests                 $digests   Makes digests.
	 * @param Agreement               $agreement What is compared.
	 * @param int                     $ref       User here.
	 * @param array<array-key, mixed> $there     As the other site says.
	 */
	private function difference( RemoteSite $site, Digests $digests, Agreement $agreement, int $ref, array $there ): ?Difference {
		$there_id = is_int( $there['id'] ?? null ) ? $there['id'] : 0;
		$here     = null;
		foreach ( $this->people->linked( $site->id, true, $ref - 1, $ref, $agreement->meta_keys() ) as $person ) {
			$here = $person;
		}
		$user = get_userdata( $ref );
		if ( null === $here || false === $user ) {
			return $this->without_link( $site, $digests, $ref, $there_id, $user, $there );
		}
		if ( 0 === $there_id ) {
			// Somebody who is not sent there, nor was ever taken from there, is not missed.
			return $site->surely_covers( $user ) ? new Difference( $ref, $here->remote_id, Kind::MissingThere ) : null;
		}
		if ( $there_id !== $here->remote_id ) {
			return new Difference( $ref, $here->remote_id, Kind::SomebodyElse );
		}
		if ( true !== ( $there['sent'] ?? null ) ) {
			// That site does not send us this person, so it tells nothing of them.
			return null;
		}
		$theirs = is_array( $there['fields'] ?? null ) ? $there['fields'] : array();
		$differ = array_map( 'strval', array_keys( array_filter( $digests->of_fields( $here ), static fn ( string $digest, string|int $field ): bool => ( $theirs[ $field ] ?? null ) !== $digest, ARRAY_FILTER_USE_BOTH ) ) );
		if ( in_array( FieldSet::UID, $differ, true ) && in_array( FieldSet::EMAIL, $differ, true ) ) {
			return new Difference( $ref, $there_id, Kind::SomebodyElse );
		}
		if ( $digests->hides_roles( $here ) || true === ( $there['hides_roles'] ?? false ) ) {
			$differ = array_values( array_diff( $differ, array( FieldSet::ROLES ) ) );
		}
		return $this->differing( $site, $agreement, $here, $user, $there, array_values( $differ ) );
	}

	/**
	 * Somebody who is linked there and not here.
	 *
	 * @param RemoteSite              $site     The other site.
	 * @param Digests                 $digests  Makes digests.
	 * @param int                     $ref      User here.
	 * @param int                     $there_id Their id there; 0 when they are linked there neither.
	 * @param \WP_User|false          $user     The user here, if there is one.
	 * @param array<array-key, mixed> $there    As the other site says.
	 */
	private function without_link( RemoteSite $site, Digests $digests, int $ref, int $there_id, \WP_User|false $user, array $there ): ?Difference {
		if ( 0 === $there_id ) {
			return null;
		}
		if ( false === $user ) {
			// Removed past WordPress, or gone with a restored backup: a deletion that is known travels by itself.
			return new Difference( $ref, $there_id, Kind::MissingHere );
		}
		// A site that was restored gives the numbers of people whom it has lost to others.
		$is_same = ( $there['fields'][ FieldSet::UID ] ?? null ) === $digests->of_field( FieldSet::UID, $this->records->find( $ref )->uid ?? '' );
		return new Difference( $ref, $there_id, $is_same && null === $this->links->find_by_remote( $site->id, $there_id ) ? Kind::UnlinkedHere : Kind::SomebodyElse );
	}

	/**
	 * Somebody of whom fields differ. What travels in neither direction for this person is left out.
	 *
	 * @param RemoteSite              $site      The other site.
	 * @param Agreement               $agreement What is compared.
	 * @param LinkedPerson            $here      As they are here.
	 * @param \WP_User                $user      The user here.
	 * @param array<array-key, mixed> $there     As the other site says.
	 * @param list<string>            $differ    Fields that differ.
	 */
	private function differing( RemoteSite $site, Agreement $agreement, LinkedPerson $here, \WP_User $user, array $there, array $differ ): ?Difference {
		$goes   = $site->surely_covers( $user ) && true !== ( $there['protected'] ?? null );
		$comes  = true === ( $there['sent'] ?? null ) && ! $this->protected_accounts->covers( $user );
		$ours   = $this->records->as_settled( $here->state ) + array( FieldSet::PASSWORD => Stamp::from_string( $here->password_at ) ?? Stamp::zero() );
		$fields = array();
		$stamps = array();
		foreach ( $differ as $field ) {
			$is_uid = FieldSet::UID === $field;
			$out    = $goes && ( $is_uid || in_array( $field, $agreement->out, true ) );
			$in     = $comes && ( $is_uid || in_array( $field, $agreement->in, true ) );
			if ( ! $out && ! $in ) {
				continue;
			}
			$stamp_here  = $ours[ $field ] ?? Stamp::zero();
			$text        = $there['stamps'][ $field ] ?? '';
			$stamp_there = Stamp::from_string( is_string( $text ) ? $text : '' ) ?? Stamp::zero();

			$fields[ $field ] = match ( true ) {
				$is_uid && $out                               => Wins::Here,
				$out && $stamp_here->is_newer_than( $stamp_there ) => Wins::Here,
				$in && $stamp_there->is_newer_than( $stamp_here )  => Wins::There,
				default                                       => Wins::Nobody,
			};
			$stamps[ $field ] = $stamp_here->is_newer_than( $stamp_there ) ? $stamp_here : $stamp_there;
		}
		return array() === $fields ? null : new Difference( $user->ID, $here->remote_id, Kind::Differs, $fields, $stamps );
	}

	/**
	 * Asks.
	 *
	 * @param PeerApi              $api   Conversation.
	 * @param RemoteSite           $site  The other site.
	 * @param string               $nonce 32 hex digits of the question.
	 * @param string               $about What about.
	 * @param array<string, mixed> $more  Ranges or refs.
	 * @return array<array-key, mixed>
	 * @throws RemoteFailure When the other site does not answer.
	 */
	private function ask( PeerApi $api, RemoteSite $site, string $nonce, string $about, array $more ): array {
		++$this->requests;
		return $api->call(
			'digests',
			array(
				'about' => $about,
				'nonce' => $nonce,
				'offer' => Agreement::offer( $site ),
			) + $more,
			self::TIMEOUT
		);
	}

	/**
	 * A list in an answer.
	 *
	 * @param array<array-key, mixed> $answer The answer.
	 * @param string                  $name   Its name.
	 * @return list<mixed>
	 */
	private static function list_of( array $answer, string $name ): array {
		return is_array( $answer[ $name ] ?? null ) ? array_values( $answer[ $name ] ) : array();
	}
}
