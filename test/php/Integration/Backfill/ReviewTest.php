<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Finding;
use Tandem\Backfill\Item;
use Tandem\Backfill\Options;
use Tandem\Backfill\State;

/**
 * What the owner looks at before a run: proposals by username, people who may be one person, decisions on all of a kind.
 */
final class ReviewTest extends BackfillTestCase {

	public function test_an_equal_username_is_a_proposal_only_where_the_owner_wants_such(): void {
		$this->account( 'anna', 'other@b.test' );
		$id = $this->person( 'anna', 'anna@a.test' );
		self::assertSame( 'conflict:username_taken', $this->found( $this->preview(), $id ) );
		$backfill = $this->preview( new Options( by_name: true ) );
		self::assertSame( array( 'link_by_name:link_by_name', 1 ), array( $this->found( $backfill, $id ), $this->findings( $backfill )['link_by_name'] ) );
		self::assertStringContainsString( 'anna', $this->item( $backfill, $id )->message );
	}

	public function test_a_proposal_is_carried_out_only_after_the_owner_has_confirmed_it(): void {
		$ids = array();
		foreach ( array( 'anna', 'bert', 'cleo', 'dora' ) as $login ) {
			$there[ $login ] = $this->account( $login, "$login@b.test" );
			$ids[ $login ]   = $this->person( $login, "$login@a.test" );
		}
		$backfill = $this->run_to_the_end( $this->preview( new Options( by_name: true ) ) );
		self::assertSame( array( State::Done, 0 ), array( $backfill->state, $this->plugin->links()->count( $this->site->id ) ) );
		self::assertSame( array(), $this->remote->writes() );

		// One of them is somebody else, one is left alone; the other two are confirmed at once.
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $ids['cleo'] )->id ), 'create' );
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $ids['dora'] )->id ), 'ignore' );
		self::assertSame( 2, $this->plugin->backfill()->decide_all( $backfill->id, 'link_by_name', 'link' ) );
		$this->work();
		self::assertSame( array( $there['anna'], $there['bert'], 0 ), array( $this->linked( $ids['anna'] ), $this->linked( $ids['bert'] ), $this->linked( $ids['dora'] ) ) );
		self::assertSame( $this->remote->user( 'cleo@a.test' )['id'], $this->linked( $ids['cleo'] ) );
		self::assertSame( 'cleo@b.test', $this->remote->user( 'cleo' )['email'] );
		self::assertSame( array( 'done', 'done', 'done', 'ignored' ), array_map( fn ( int $id ): string => $this->item( $backfill, $id )->progress->value, array_values( $ids ) ) );
	}

	public function test_neither_protected_accounts_nor_those_that_are_somebody_else_are_proposed(): void {
		$this->account( 'chief', 'chief@b.test', 'administrator' );
		$chief = $this->person( 'chief', 'chief@a.test' );
		// Their account there goes by the address to somebody else here, who comes later.
		$this->account( 'anna', 'bert@a.test' );
		$anna = $this->person( 'anna', 'anna@a.test' );
		$bert = $this->person( 'bert', 'Bert@a.test' );
		$this->link( $this->person( 'owner', 'owner@a.test' ), $this->account( 'cleo', 'cleo@b.test' ), 'cleo' );
		$cleo     = $this->person( 'cleo', 'cleo@a.test' );
		$backfill = $this->preview( new Options( by_name: true ) );
		self::assertSame(
			array( 'conflict:username_taken', 'conflict:username_taken', 'link', 'conflict:username_taken' ),
			array_map( fn ( int $id ): string => $this->found( $backfill, $id ), array( $chief, $anna, $bert, $cleo ) )
		);
	}

	public function test_the_address_goes_before_the_username(): void {
		$there = $this->account( 'anna.there', 'anna@a.test' );
		$this->account( 'anna', 'other@b.test' );
		$id       = $this->person( 'anna', 'anna@a.test' );
		$backfill = $this->preview( new Options( by_name: true ) );
		self::assertSame( array( 'link', $there ), array( $this->found( $backfill, $id ), $this->item( $backfill, $id )->remote_id ) );
	}

	public function test_people_whose_addresses_differ_by_a_tag_are_pointed_out_on_either_side(): void {
		$maria = $this->person( 'maria', 'Maria@x.test' );
		$shop  = $this->person( 'maria-shop', 'maria+shop@x.test' );
		$bert  = $this->person( 'bert', 'bert+news@x.test' );
		$this->account( 'bert-there', 'BERT@x.test' );
		$plain = $this->person( 'plain', 'plain@x.test' );
		$this->account( 'plain', 'plain@x.test' );
		$this->account( 'accent', 'plain+tag@other.test' );
		$backfill = $this->preview();
		self::assertSame(
			array( 'May be the same person as maria+shop@x.test here.', 'May be the same person as Maria@x.test here.', 'May be the same person as bert@x.test on B.', '' ),
			array_map( fn ( int $id ): string => $this->item( $backfill, $id )->remark, array( $maria, $shop, $bert, $plain ) )
		);
		self::assertSame( 'create', $this->found( $backfill, $shop ), 'It is no conflict.' );
		self::assertSame( 3, $this->review->count_remarked( $backfill->id ) );
		self::assertSame( array( $maria, $shop, $bert ), array_map( static fn ( Item $item ): int => $item->user_id, $this->review->remarked( $backfill->id, 1, 10 ) ) );
	}

	public function test_nobody_is_pointed_out_for_the_account_that_is_theirs(): void {
		$same = $this->person( 'same', 'same@x.test' );
		$this->link( $same, $this->account( 'same', 'same@x.test' ), 'same' );
		$tag = $this->person( 'tag', 'tag@x.test' );
		$this->link( $tag, $this->account( 'tag', 'tag+b@x.test' ), 'tag' );
		// In the way, and no duplicate: the address is the same.
		$chief = $this->person( 'chief', 'chief@x.test' );
		$this->account( 'chief', 'chief@x.test', 'administrator' );
		$backfill = $this->preview();
		self::assertSame( array( '', '', '' ), array_map( fn ( int $id ): string => $this->item( $backfill, $id )->remark, array( $same, $tag, $chief ) ) );
	}

	public function test_who_was_compared_in_an_earlier_piece_is_pointed_out_too(): void {
		$first = $this->person( 'maria', 'maria@x.test' );
		$this->crowd( 250 );
		$last     = $this->person( 'maria-shop', 'maria+shop@x.test' );
		$backfill = $this->preview();
		self::assertSame( array( 'May be the same person as maria+shop@x.test here.', 'May be the same person as maria@x.test here.' ), array( $this->item( $backfill, $first )->remark, $this->item( $backfill, $last )->remark ) );
		self::assertSame( 2, $this->review->count_remarked( $backfill->id ) );
	}

	public function test_all_of_a_kind_are_decided_at_once_but_protected_accounts_and_those_who_were_decided(): void {
		$ids = array();
		foreach ( range( 1, 30 ) as $number ) {
			$this->account( "p$number", "p$number@b.test", 30 === $number ? 'administrator' : 'subscriber' );
			$ids[ $number ] = $this->person( "p$number", "p$number@a.test" );
		}
		$backfill = $this->preview();
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $ids[1] )->id ), 'ignore' );
		self::assertSame( array( array( 'code' => 'username_taken', 'people' => 30, 'undecided' => 29, 'protected' => 1 ) ), $this->review->kinds( $backfill->id ) );
		self::assertSame( 28, $this->plugin->backfill()->decide_all( $backfill->id, 'username_taken', 'link' ) );
		$backfill = $this->run_to_the_end( $backfill );
		self::assertSame( 28, $this->plugin->links()->count( $this->site->id ) );
		self::assertSame( array( 'ignored:username_taken', 'done', ':username_taken' ), array_map( fn ( int $number ): string => ( $this->item( $backfill, $ids[ $number ] )->progress->value ) . rtrim( ':' . $this->item( $backfill, $ids[ $number ] )->code, ':' ), array( 1, 2, 30 ) ) );
		self::assertSame( Finding::Conflict, $this->item( $backfill, $ids[30] )->finding );
	}
}
