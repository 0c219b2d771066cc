<?php
/**
 * A site of the network: accounts, links and an outbox in memory; everything that decides is the plugin's own.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\Fate;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Record;
use Tandem\Sync\Stamp;

final class Site {

	/** @var array<int, Account> By id. */
	public array $accounts = array();

	/** @var array<int, array<int, int>> Links: remote id by site and user here. */
	public array $links = array();

	/** @var array<string, Row> By site and user. */
	public array $outbox = array();

	/** @var array<string, true> Logins of a site that may be linked with an account here ("site:login"). */
	public array $approved = array();

	/** Whether it can't be reached and reaches nobody. */
	public bool $is_away = false;

	/** Whether every account that exists already may be linked. */
	public bool $trusts = false;

	/** How often in a hundred a hook of another plugin changes something while a message is applied. */
	public int $hooks = 0;

	/** @var list<string> Uids of those who were deleted by somebody on this site. */
	public array $deleted_here = array();

	private int $last_id;

	/** @var list<int> Sites that it is paired with. */
	public array $peers = array();

	/**
	 * @param int       $number Number.
	 * @param string    $uuid   UUID.
	 * @param SiteClock $clock  Time.
	 * @param Book      $book   Records.
	 * @param Dice      $dice   Chance.
	 * @param Watch     $watch  Sees every stamp.
	 */
	public function __construct(
		public readonly int $number,
		public readonly string $uuid,
		public readonly SiteClock $clock,
		public readonly Book $book,
		private readonly Dice $dice,
		private readonly Watch $watch,
	) {
		$this->last_id = 1000 * $number;
	}

	/**
	 * An account that nobody has looked at yet.
	 */
	public function add( string $login ): Account {
		$account = new Account( ++$this->last_id, $login );

		$this->accounts[ $account->id ] = $account;
		return $account;
	}

	public function by_login( string $login ): ?Account {
		foreach ( $this->accounts as $account ) {
			if ( $account->login === $login ) {
				return $account;
			}
		}
		return null;
	}

	/**
	 * Somebody changes fields here; the hooks fire.
	 *
	 * @param array<string, mixed> $values New values by field.
	 * @param bool                 $dies   Whether the process dies before the end of the request.
	 */
	public function edit( Account $account, array $values, bool $dies = false ): void {
		$account->values = $values + $account->values;
		$this->touched( $account, array_keys( $values ), $dies );
	}

	/**
	 * Somebody registers here.
	 *
	 * @param array<string, mixed> $values Values by field.
	 * @param bool                 $dies   Whether the process dies before the end of the request.
	 */
	public function create( string $login, array $values, bool $dies = false ): Account {
		$account         = $this->add( $login );
		$account->values = $values + $account->values;
		$this->touched( $account, array( FieldSet::ALL, FieldSet::PASSWORD ), $dies );
		return $account;
	}

	/**
	 * Somebody deletes an account here.
	 */
	public function delete( Account $account ): void {
		$record = $this->book->find( $account->id );
		$uids   = null === $record ? array() : $this->book->all_uids( $record->uid );
		array_push( $this->deleted_here, ...$uids );
		$this->remove( $account->id, $uids, Stamp::next( null, $this->clock->now_ms(), $this->uuid ), $this->peers );
	}

	/**
	 * Looks at an account, as a drift check or a backfill does.
	 *
	 * @param list<string> $touched For a backfill, all fields.
	 */
	public function look( Account $account, array $touched = array() ): Record {
		$record = $this->book->settle( $account->state(), $touched, $account->hash() );
		foreach ( $this->peers as $peer ) {
			$this->enqueue( $peer, $account->id, new FieldSet( ...$record->renewed ) );
		}
		return $record;
	}

	/**
	 * Brings everybody over whom a site does not know yet. What was never changed counts from now on, also of those whom
	 * it does know: two accounts that were linked by an ordinary change keep their old differences until then.
	 */
	public function backfill( int $peer ): void {
		foreach ( $this->accounts as $account ) {
			$this->look( $account, array( FieldSet::ALL, FieldSet::PASSWORD ) );
			if ( ! isset( $this->links[ $peer ][ $account->id ] ) ) {
				$this->enqueue( $peer, $account->id, new FieldSet( FieldSet::ALL ) );
			}
		}
	}

	/**
	 * The user is to be made right on a site.
	 */
	public function enqueue( int $peer, int $user, FieldSet $fields ): void {
		if ( ! $fields->is_empty() ) {
			$row         = $this->outbox[ "$peer:$user" ] ??= new Row( $peer, $user );
			$row->fields = $row->fields->with( $fields );
			++$row->version;
		}
	}

	/**
	 * What a row has to say now: the state, not what happened. Null when there is nothing to say any more.
	 */
	public function write( Row $row, int $number ): ?Letter {
		if ( null !== $row->deletion ) {
			return new Letter( $number, $this->number, $row->peer, $row->user, $row->version, $row->deletion['uids'], '', false, array(), $row->deletion['stamp'] );
		}
		$account = $this->accounts[ $row->user ];
		if ( array() !== $row->abandoned ) {
			$this->touched( $account, $row->abandoned, false );
			$row->abandoned = array();
		}
		$record = $this->look( $account );
		$whole  = ! isset( $this->links[ $row->peer ][ $row->user ] );
		$fields = array();
		foreach ( Account::FIELDS as $field ) {
			$is_nothing = FieldSet::is_tag( $field ) && null === $account->values[ $field ] && $record->stamp( $field )->is_zero();
			if ( ! $is_nothing && ( $whole || $row->fields->includes( $field ) ) ) {
				$fields[ $field ] = array( 'value' => $account->values[ $field ], 'stamp' => $record->stamp( $field ) );
			}
		}
		$this->watch->saw( $account, $fields );
		return new Letter( $number, $this->number, $row->peer, $row->user, $row->version, array( $record->uid ), $account->login, $whole, $fields, null );
	}

	/**
	 * Applies a letter.
	 *
	 * @return array{result: string, id: int, uid: string}
	 */
	public function receive( Letter $letter ): array {
		$id     = (int) array_search( $letter->ref, $this->links[ $letter->from ] ?? array(), true );
		$linked = 0 === $id ? null : $this->book->find( $id );
		$by_uid = $this->among( $letter->uids );
		switch ( Merge::fate( $linked, $by_uid, null !== $letter->deleted ) ) {
			case Fate::Remove:
				$id   = 0 === $id ? (int) $by_uid?->user_id : $id;
				$uids = $this->book->all_uids( (string) $this->book->find( $id )?->uid );
				$this->remove( $id, array( ...$uids, ...$letter->uids ), $letter->deleted ?? $by_uid?->deleted ?? Stamp::zero(), Merge::hear_of_deletion( $letter->from, $this->peers, $uids, $letter->uids ) );
				return self::answer( null === $letter->deleted ? 'gone' : 'deleted', 0, $letter->uids[0] );
			case Fate::Gone:
				if ( null !== $letter->deleted ) {
					$this->book->bury( 0, $letter->uids, $letter->deleted );
				}
				return self::answer( null === $letter->deleted ? 'gone' : 'deleted', 0, $letter->uids[0] );
			case Fate::Known:
				$account = $this->accounts[ 0 === $id ? (int) $by_uid?->user_id : $id ];
				break;
			case Fate::Unknown:
				$account = $this->by_login( $letter->login );
				if ( null === $account && ! $letter->whole ) {
					return self::answer( 'unknown', 0, $letter->uids[0] );
				}
				if ( null !== $account && ! $this->trusts && ! isset( $this->approved[ "$letter->from:$letter->login" ] ) ) {
					return self::answer( 'waiting', 0, $letter->uids[0] );
				}
		}
		if ( null !== $account && ( $this->links[ $letter->from ][ $account->id ] ?? $letter->ref ) !== $letter->ref ) {
			return self::answer( 'refused', 0, $letter->uids[0] );
		}
		return $this->apply( $letter, $account );
	}

	/**
	 * Takes an answer to what was sent.
	 *
	 * @param array{result: string, id: int, uid: string} $answer Answer.
	 */
	public function take( Letter $letter, array $answer ): void {
		$row = $this->outbox[ "$letter->to:$letter->ref" ] ?? null;
		if ( null === $row || $row->claim !== $letter->number ) {
			return;
		}
		$row->claim = 0;
		$row->said  = $answer['result'];
		$account    = $this->accounts[ $letter->ref ] ?? null;
		if ( in_array( $answer['result'], array( 'waiting', 'refused' ), true ) ) {
			return;
		}
		if ( 'unknown' === $answer['result'] ) {
			unset( $this->links[ $letter->to ][ $letter->ref ] );
			return;
		}
		if ( $row->version === $letter->version ) {
			unset( $this->outbox[ "$letter->to:$letter->ref" ] );
		}
		if ( null === $account || null !== $letter->deleted ) {
			return;
		}
		$own    = $this->book->find( $account->id );
		$by_uid = $this->book->find_by_uid( $answer['uid'] );
		if ( Fate::Remove === Merge::fate( $own, $by_uid, 'gone' === $answer['result'] ) ) {
			$uids = $this->book->all_uids( (string) $own?->uid );
			$this->remove( $account->id, array( ...$uids, $answer['uid'] ), $by_uid->deleted ?? Stamp::next( null, $this->clock->now_ms(), $this->uuid ), Merge::hear_of_deletion( $letter->to, $this->peers, $uids, $letter->uids ) );
			return;
		}
		$this->link( $letter->to, $account->id, $answer['id'] );
		if ( $this->book->adopt_uid( $account->id, $answer['uid'] ) ) {
			foreach ( $this->peers as $peer ) {
				$this->enqueue( $peer, $account->id, new FieldSet( ...( $peer === $letter->to ? array() : array( FieldSet::UID ) ) ) );
			}
		}
	}

	/**
	 * Writes what is newer.
	 *
	 * @param Account|null $account Who it is; null for a new person.
	 * @return array{result: string, id: int, uid: string}
	 */
	private function apply( Letter $letter, ?Account $account ): array {
		$stamps = array_map( static fn ( array $field ): Stamp => $field['stamp'], $letter->fields );
		$before = null === $account ? null : $this->look( $account );
		$wanted = Merge::wanted( $before, $stamps );
		$newer  = Merge::newer_here( $before, $stamps, $letter->whole );
		if ( null === $account ) {
			$account = $this->add( $letter->login );
		}
		foreach ( $wanted as $field ) {
			$account->values[ $field ] = $letter->fields[ $field ]['value'];
		}
		// What a site makes of an incoming value itself stays under the stamp that it came with, and is not told on.
		if ( array() !== $wanted && ! in_array( 'nickname', $wanted, true ) && $this->dice->says( $this->hooks ) ) {
			$account->values['nickname'] = 'hook ' . $this->dice->below( 3 );
		}
		$applied = $this->book->applied( $account->state(), array_intersect_key( $stamps, array_flip( $wanted ) ), $account->hash(), $letter->uids[0] );
		$this->link( $letter->from, $account->id, $letter->ref );
		foreach ( Merge::onward( $letter->from, $this->peers, $wanted, $applied->changed_here, $newer, $applied->uid_changed ) as $peer => $fields ) {
			$this->enqueue( $peer, $account->id, $fields );
		}
		return self::answer( 'updated', $account->id, $applied->record->uid );
	}

	/**
	 * An account goes, and those who have to hear of it will.
	 *
	 * @param list<string> $uids  All uids that the person had.
	 * @param list<int>    $peers Who has to hear of it.
	 */
	private function remove( int $id, array $uids, Stamp $stamp, array $peers ): void {
		$grave = $this->book->bury( $id, array_values( array_unique( $uids ) ), $stamp );
		unset( $this->accounts[ $id ] );
		foreach ( $this->peers as $peer ) {
			unset( $this->links[ $peer ][ $id ], $this->outbox[ "$peer:$id" ] );
		}
		foreach ( $peers as $peer ) {
			$this->enqueue( $peer, $id, new FieldSet( FieldSet::DELETED ) );
			$this->outbox[ "$peer:$id" ]->deletion = array( 'uids' => $this->book->all_uids( $grave->uid ), 'stamp' => $stamp );
		}
	}

	/**
	 * The end of the request that changed fields.
	 *
	 * @param list<string> $fields Names.
	 */
	private function touched( Account $account, array $fields, bool $dies ): void {
		$dies ? $this->watch->pardon( $account->login ) : $this->look( $account, $fields );
		foreach ( $this->peers as $peer ) {
			$this->enqueue( $peer, $account->id, new FieldSet( ...$fields ) );
			if ( $dies ) {
				$row = $this->outbox[ "$peer:$account->id" ];
				array_push( $row->abandoned, ...$fields );
			}
		}
	}

	/**
	 * The record that a list of uids leads to: a living account before a tombstone.
	 *
	 * @param list<string> $uids Uids.
	 */
	private function among( array $uids ): ?Record {
		$found = null;
		foreach ( $uids as $uid ) {
			$record = $this->book->find_by_uid( $uid );
			if ( null !== $record && ! $record->is_gone() ) {
				return $record;
			}
			$found ??= $record;
		}
		return $found;
	}

	private function link( int $peer, int $user, int $remote ): void {
		$this->links[ $peer ]          = array_diff( $this->links[ $peer ] ?? array(), array( $remote ) );
		$this->links[ $peer ][ $user ] = $remote;
	}

	/**
	 * @return array{result: string, id: int, uid: string}
	 */
	private static function answer( string $result, int $id, string $uid ): array {
		return array( 'result' => $result, 'id' => $id, 'uid' => $uid );
	}
}
