<?php
/**
 * Compares the people whom this site and a paired one share: ranges first, then who differs in the ranges that do, then
 * what differs of them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\PeerApi;
use Tandem\Remote\PeerSites;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\Outbox;

final class Comparison {

	/** People in a range, and ranges in a question. */
	private const RANGE  = 500;
	private const RANGES = 40;

	/** People of whom one digest says that they are the same. */
	public const SAME = 100;

	/** Ranges that differ and are looked into in one batch, so that it ends in seconds whatever is found. */
	private const MOST_DIFFERING = 4;

	/** Seconds that a question may take. */
	private const TIMEOUT = 25.0;

	private int $requests = 0;

	/**
	 * @param People    $people Reads them.
	 * @param PeerSites $peers  Begins conversations.
	 * @param Outbox    $outbox Who is on their way.
	 * @param Judge     $judge  Says what is wrong with one.
	 */
	public function __construct(
		private readonly People $people,
		private readonly PeerSites $peers,
		private readonly Outbox $outbox,
		private readonly Judge $judge,
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
		list( $agreement, $digests, $people ) = $this->fields_of( $this->peers->api( $site ), $site, array( $user_id ) );
		return array( $agreement, $this->judge->difference( $site, $digests, $agreement, $user_id, $people[ $user_id ] ) );
	}

	/**
	 * What the other site tells of people, field by field, whether they are on their way or not.
	 *
	 * @param RemoteSite $site     The other site.
	 * @param list<int>  $user_ids Users here, up to `Answers::MOST_NAMED`.
	 * @return array<int, Told> By user.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	public function told( RemoteSite $site, array $user_ids ): array {
		list( $agreement, $digests, $people ) = $this->fields_of( $this->peers->api( $site ), $site, $user_ids );

		$told = array();
		foreach ( $people as $id => $there ) {
			$told[ $id ] = new Told( $digests, $there, $this->judge->difference( $site, $digests, $agreement, $id, $there ), $agreement->fields() );
		}
		return $told;
	}

	/**
	 * Which of some people have all that is sent there already, by one question with a digest of each hundred or so of
	 * them. Not everybody who has: one who differs, or of whom not all can be told by a digest, leaves out their hundred.
	 *
	 * @param RemoteSite $site     The other site.
	 * @param list<int>  $user_ids Users here, up to `Answers::MOST_RANGES` hundred.
	 * @return array<int, true> By user.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	public function same( RemoteSite $site, array $user_ids ): array {
		sort( $user_ids );
		$ranges = array();
		foreach ( array_chunk( $user_ids, self::SAME ) as $ids ) {
			// Where most of a range are others, reading them costs more than asking for each of these.
			if ( $this->people->ranges( $site->id, $ids[0] - 1, 2 * self::SAME, 1 )[0][1] >= end( $ids ) ) {
				$ranges[] = array( $ids[0] - 1, end( $ids ) );
			}
		}
		if ( array() === $ranges ) {
			return array();
		}
		$nonce     = bin2hex( random_bytes( 16 ) );
		$answer    = $this->ask( $this->peers->api( $site ), $site, $nonce, 'ranges', array( 'ranges' => $ranges ) );
		$agreement = Agreement::answered( $answer['agreement'] ?? null, $site );
		if ( array() !== array_diff( $site->sent_names(), $agreement->fields() ) ) {
			// A field is sent of which that site tells nothing.
			return array();
		}
		$digests = new Digests( $nonce, $agreement );
		$theirs  = self::list_of( $answer, 'ranges' );
		$same    = array();
		foreach ( $ranges as $index => $range ) {
			$people = iterator_to_array( $this->people->linked( $site->id, true, $range[0], $range[1], $agreement->meta_keys() ), false );
			if ( ( $theirs[ $index ] ?? null ) === $digests->of_people( $people ) ) {
				foreach ( $people as $person ) {
					if ( ! $digests->hides_roles( $person ) ) {
						$same[ $person->ref ] = true;
					}
				}
			}
		}
		return array_intersect_key( $same, array_flip( $user_ids ) );
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
		list( $agreement, $digests, $people ) = $this->fields_of( $api, $site, $refs );

		$found = array();
		foreach ( $people as $ref => $there ) {
			if ( true === ( $there['waiting'] ?? false ) || null !== $this->outbox->find_for( $site->id, $ref ) ) {
				$found[] = null;
				continue;
			}
			$difference = $this->judge->difference( $site, $digests, $agreement, $ref, $there );
			if ( null !== $difference ) {
				$found[] = $difference;
			}
		}
		return $found;
	}

	/**
	 * What the other site says of people, field by field.
	 *
	 * @param PeerApi    $api  Conversation.
	 * @param RemoteSite $site The other site.
	 * @param list<int>  $refs Users here.
	 * @return array{Agreement, Digests, array<int, array<array-key, mixed>>} What is compared, how, and each person.
	 * @throws RemoteFailure When the other site does not answer as it should.
	 */
	private function fields_of( PeerApi $api, RemoteSite $site, array $refs ): array {
		$nonce     = bin2hex( random_bytes( 16 ) );
		$answer    = $this->ask( $api, $site, $nonce, 'fields', array( 'refs' => $refs ) );
		$agreement = Agreement::answered( $answer['agreement'] ?? null, $site );
		$listed    = self::list_of( $answer, 'people' );
		$people    = array();
		foreach ( $refs as $index => $ref ) {
			$there          = $listed[ $index ] ?? null;
			$people[ $ref ] = is_array( $there ) && ( $there['ref'] ?? null ) === $ref ? $there : throw new RemoteFailure( $api->problem( ProblemCode::Unexpected, '…' ) );
		}
		return array( $agreement, new Digests( $nonce, $agreement ), $people );
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
