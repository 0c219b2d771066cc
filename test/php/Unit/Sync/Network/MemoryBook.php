<?php
/**
 * `Records` without a database: the rules are those of `Merge`, only rows are array elements.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\Applied;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Mark;
use Tandem\Sync\Merge;
use Tandem\Sync\Record;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

final class MemoryBook implements Book {

	/** @var array<int, Record> By user id. */
	private array $users = array();

	/** @var array<string, Record> Tombstones by uid. */
	private array $graves = array();

	/** @var array<string, string> Uids that were given up, and for which. */
	private array $same_as = array();

	public function __construct( private readonly SiteClock $clock, private readonly string $site, private readonly Dice $dice ) {
	}

	public function find( int $user_id ): ?Record {
		return $this->users[ $user_id ] ?? null;
	}

	public function find_by_uid( string $uid ): ?Record {
		while ( ! isset( $this->graves[ $uid ] ) && isset( $this->same_as[ $uid ] ) ) {
			$uid = $this->same_as[ $uid ];
		}
		return $this->graves[ $uid ] ?? $this->living( $uid );
	}

	public function all_uids( string $uid ): array {
		return array( $uid, ...array_map( 'strval', array_keys( $this->same_as, $uid, true ) ) );
	}

	public function settle( UserState $user, array $touched, ?string $password_hash ): Record {
		list( $marks, $renewed ) = Merge::settled( $this->users[ $user->id ]->marks ?? array(), self::digests( $user, $password_hash ), $touched, $this->clock->now_ms(), $this->site );
		return $this->keep( $user->id, $this->users[ $user->id ]->uid ?? $this->dice->uuid(), $marks, $renewed );
	}

	public function applied( UserState $after, array $stamps, ?string $password_hash, string $uid ): Applied {
		if ( ! isset( $this->users[ $after->id ] ) && isset( $this->graves[ $uid ] ) ) {
			return new Applied( $this->graves[ $uid ], array() );
		}
		list( $marks, $changed ) = Merge::applied( $this->users[ $after->id ]->marks ?? array(), self::digests( $after, $password_hash ), $stamps, $this->clock->now_ms(), $this->site );

		$new_uid = null === $this->find_by_uid( $uid ) ? $uid : $this->dice->uuid();
		$this->keep( $after->id, $this->users[ $after->id ]->uid ?? $new_uid, $marks, $changed );
		$adopted = $this->adopt_uid( $after->id, $uid );
		return new Applied( $this->users[ $after->id ], $changed, $adopted );
	}

	public function adopt_uid( int $user_id, string $uid ): bool {
		$held = $this->users[ $user_id ]->uid ?? null;
		if ( null === $held ) {
			$this->keep( $user_id, $uid, array(), array() );
			return true;
		}
		if ( isset( $this->graves[ $uid ] ) || null !== $this->living( $uid ) ) {
			return false;
		}
		if ( isset( $this->same_as[ $uid ] ) ) {
			return $this->adopt_uid( $user_id, $this->same_as[ $uid ] );
		}
		$stays = Merge::uid( $held, $uid );
		$goes  = $stays === $held ? $uid : $held;
		foreach ( array_slice( $this->all_uids( $goes ), 1 ) as $other ) {
			$this->same_as[ $other ] = $stays;
		}
		$this->same_as[ $goes ] = $stays;
		$this->keep( $user_id, $stays, $this->users[ $user_id ]->marks, $this->users[ $user_id ]->renewed );
		return $stays !== $held;
	}

	public function bury( int $user_id, array $uids, Stamp $deleted ): Record {
		$known = $this->users[ $user_id ]->uid ?? $uids[0] ?? $this->dice->uuid();
		unset( $this->users[ $user_id ] );
		foreach ( array_unique( array( $known, ...$uids ) ) as $uid ) {
			$holder = $this->find_by_uid( $uid );
			if ( null === $holder || $holder->is_gone() ) {
				$this->graves[ $uid ] ??= new Record( 0, $uid, array(), $deleted, 1 );
				if ( $uid !== $known ) {
					$this->same_as[ $uid ] ??= $known;
				}
			}
		}
		return new Record( 0, $known, array(), $deleted, 1 );
	}

	/**
	 * @param array<string, Mark> $marks   Marks.
	 * @param list<string>        $renewed Names of fields.
	 */
	private function keep( int $user_id, string $uid, array $marks, array $renewed ): Record {
		$this->users[ $user_id ] = new Record( $user_id, $uid, $marks, null, 1, $renewed );
		return $this->users[ $user_id ];
	}

	private function living( string $uid ): ?Record {
		foreach ( $this->users as $record ) {
			if ( $record->uid === $uid ) {
				return $record;
			}
		}
		return null;
	}

	/**
	 * @return array<string, string>
	 */
	private static function digests( UserState $user, ?string $password_hash ): array {
		return array_map( array( Mark::class, 'digest' ), $user->values() + array( FieldSet::PASSWORD => $password_hash ) );
	}
}
