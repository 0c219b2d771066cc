<?php
/**
 * Brings many people to a paired site in few messages, and finds the one whose message fells it: a plugin there that
 * ends the request, or runs out of memory, for a single person must not keep all others waiting.
 *
 * Made for one run of messages and thrown away.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\OutcomeKind;

final class PeerMessages {

	/** Seconds after the first failure in which further messages are begun: the claim on all these people must outlast it. */
	private const SEARCH = 10.0;

	/** Seconds that the look at whether the site is well may take: it is a small question. */
	private const LOOK = 3.0;

	/** What failed first, and until when messages are begun after that, as `microtime( true )` says it. */
	private ?Problem $first = null;
	private float $until    = 0.0;

	/** Why nothing more is sent. */
	private ?Problem $ended_by = null;

	/** Whether somebody was found with whom a message fails. */
	private bool $has_found_one = false;

	/** How many people went with the smallest message that failed; 0 when none did. */
	private int $failed_with = 0;

	/**
	 * @param PeerApi $api      Conversation.
	 * @param bool    $searches Whether the one is looked for, which takes further messages; otherwise the first failure is everybody's.
	 */
	public function __construct( private readonly PeerApi $api, private readonly bool $searches ) {
	}

	/**
	 * How many people were too many for one message: each of them was taken in a smaller one. 0 when that was not so.
	 */
	public function too_many(): int {
		return null === $this->ended_by && ! $this->has_found_one ? $this->failed_with : 0;
	}

	/**
	 * Sends one message. Where it fails although the site is well otherwise, it is sent in halves, down to the one
	 * person with whom it fails.
	 *
	 * @param non-empty-array<int, array<string, mixed>> $users People by any number.
	 * @return array<int, mixed> What came of each, by the same number: what the site says of them, or a `Problem`.
	 * @throws \Tandem\Security\Unreadable When this site's keys can't be read.
	 */
	public function send( #[\SensitiveParameter] array $users ): array {
		if ( null !== $this->first && microtime( true ) > $this->until ) {
			$this->ended_by ??= $this->first;
		}
		if ( null !== $this->ended_by ) {
			return array_fill_keys( array_keys( $users ), $this->ended_by );
		}
		try {
			$answer = $this->api->call( 'users', array( 'users' => array_values( $users ) ) );
		} catch ( RemoteFailure $failure ) {
			return $this->failed( $users, $failure->problem );
		}
		$results = is_array( $answer['results'] ?? null ) ? array_values( $answer['results'] ) : array();
		$found   = array();
		foreach ( array_keys( $users ) as $place => $index ) {
			$found[ $index ] = $results[ $place ] ?? null;
		}
		return $found;
	}

	/**
	 * A message has failed.
	 *
	 * @param non-empty-array<int, array<string, mixed>> $users   Who was in it.
	 * @param Problem                                    $problem Why.
	 * @return array<int, mixed> As `send()`.
	 * @throws \Tandem\Security\Unreadable When this site's keys can't be read.
	 */
	private function failed( #[\SensitiveParameter] array $users, Problem $problem ): array {
		$this->failed_with = 0 === $this->failed_with ? count( $users ) : min( $this->failed_with, count( $users ) );
		if ( $this->searches && self::may_be_one( $problem ) ) {
			if ( null === $this->first ) {
				$this->first = $problem;
				$this->until = microtime( true ) + self::SEARCH;
			}
			$this->look();
		} else {
			$this->ended_by = $problem;
		}
		if ( null === $this->ended_by && count( $users ) > 1 ) {
			$found = array();
			foreach ( array_chunk( $users, max( 1, intdiv( count( $users ) + 1, 2 ) ), true ) as $half ) {
				$found += $this->send( $half );
			}
			return $found;
		}
		$this->has_found_one = $this->has_found_one || null === $this->ended_by;
		return array_fill_keys( array_keys( $users ), $this->ended_by ?? self::of_one( $problem ) );
	}

	/**
	 * Looks whether the site is well otherwise.
	 */
	private function look(): void {
		try {
			$this->api->greet( self::LOOK );
		} catch ( RemoteFailure $failure ) {
			$this->ended_by = $failure->problem;
		}
	}

	/**
	 * Whether one person may be at fault: by what a plugin does for them, how long it takes, or what it refuses.
	 *
	 * @param Problem $problem What failed.
	 */
	private static function may_be_one( Problem $problem ): bool {
		return $problem->code->may_concern_one_request() || ProblemCode::Timeout === $problem->code || OutcomeKind::Attention === $problem->kind;
	}

	/**
	 * What a problem means that one person alone has while the site is well. Their tries are counted; where waiting
	 * can't help, a person is asked.
	 *
	 * @param Problem $problem What failed.
	 */
	private static function of_one( Problem $problem ): Problem {
		return $problem->as_kind( ProblemCode::Firewall === $problem->code || OutcomeKind::Attention === $problem->kind ? OutcomeKind::Attention : OutcomeKind::Retry );
	}
}
