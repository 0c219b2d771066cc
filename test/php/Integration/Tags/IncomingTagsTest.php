<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Tags;

use Tandem\Peer\UserResult;
use Tandem\Sync\Merge;
use Tandem\Sync\Stamp;
use Tandem\Tags\Tag;
use Tandem\Tests\Integration\Peer\PeerTestCase;

/**
 * Tags that come from a paired site.
 */
final class IncomingTagsTest extends PeerTestCase {

	public function test_a_new_person_comes_with_their_tags(): void {
		$changes = $this->calls( 'tandem_tags_changed' );
		$result  = $this->receive(
			$this->newcomer(
				array(
					'tag:vip'  => '1',
					'tag:gold' => '1',
					'tag:old'  => null,
				)
			)
		);
		self::assertSame( array( UserResult::CREATED, array() ), array( $result->result, $result->warnings ) );
		self::assertSame( array( 'gold', 'vip' ), tandem_user_tags( $result->id ) );
		self::assertSame( array( array( $result->id, array( 'gold', 'vip' ), array() ) ), $changes->getArrayCopy() );
		self::assertSame( (string) $this->stamp(), (string) $this->plugin->records()->find( $result->id )?->stamp( 'tag:old' ), 'That it was taken is remembered.' );
		self::assertSame( array(), $this->due( $result->id ), 'Nothing echoes.' );
	}

	public function test_a_new_person_by_two_statements_has_them_too(): void {
		$this->decide_policy( array( 'bare' => true, 'tags' => true ) );
		$result = $this->receive( $this->newcomer( array( 'tag:vip' => '1' ), array( 'claim' => 'backfill' ) ) );
		self::assertSame( array( 'vip' ), tandem_user_tags( $result->id ) );
	}

	public function test_tags_of_both_sites_are_kept_and_the_newer_word_counts_for_each(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'ours', 'both' ) );
		$this->end_request();
		$changes = $this->calls( 'tandem_tags_changed' );
		$result  = $this->receive(
			$this->person(
				array(
					'tag:theirs' => '1',
					'tag:both'   => null,
				),
				array(),
				$this->stamp( 5 )
			)
		);
		self::assertSame( UserResult::UPDATED, $result->result );
		self::assertSame( array( 'ours', 'theirs' ), tandem_user_tags( $id ) );
		self::assertSame( array( array( $id, array( 'theirs' ), array( 'both' ) ) ), $changes->getArrayCopy() );
		self::assertSame( array( 'tag:both', 'tag:theirs' ), $this->last_in()->entry->fields->names );
	}

	public function test_an_older_removal_takes_nothing_and_an_older_gift_gives_nothing(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'kept', 'gone' ) );
		tandem_remove_tag( $id, 'gone' );
		$this->end_request();
		$result = $this->assert_untouched(
			$id,
			$this->person(
				array(
					'tag:kept' => null,
					'tag:gone' => '1',
				),
				array(),
				$this->stamp( -5 )
			)
		);
		self::assertSame( array( 'tag:kept', 'tag:gone' ), $result->newer );
	}

	public function test_they_go_on_to_the_other_sites_and_not_back(): void {
		$id = $this->linked();
		$this->receive( $this->person( array( 'tag:vip' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( array( 'tag:vip' ), $this->due( $id, $this->other ) );
		self::assertSame( array(), $this->due( $id ) );
	}

	public function test_the_same_message_again_changes_nothing(): void {
		$id      = $this->linked();
		$message = $this->person( array( 'tag:vip' => '1', 'tag:no' => null ), array(), $this->stamp( 5 ) );
		$this->receive( $message );
		$changes = $this->calls( 'tandem_tags_changed' );
		self::assertSame( UserResult::EQUAL, $this->assert_untouched( $id, $message )->result );
		self::assertCount( 0, $changes );
	}

	public function test_who_has_had_a_tag_since_before_tandem_looks_has_it_where_nothing_is_known_of_it(): void {
		$id = $this->linked();
		$this->receive( $this->person( array( 'tag:vip' => '1' ), array(), Stamp::zero() ) );
		self::assertSame( array( 'vip' ), tandem_user_tags( $id ) );
		self::assertTrue( $this->plugin->records()->find( $id )?->stamp( 'tag:vip' )->is_zero() );
		tandem_remove_tag( $id, 'vip' );
		$this->end_request();
		$this->assert_untouched( $id, $this->person( array( 'tag:vip' => '1' ), array(), Stamp::zero() ) );
	}

	public function test_a_policy_that_refuses_tags_takes_none(): void {
		$this->decide_policy( array( 'tags' => false ) );
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->person( array( 'tag:vip' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertStringContainsString( 'tag:vip', $result->warnings[0] );
		self::assertFalse( isset( $this->plugin->records()->find( $id )->marks['tag:vip'] ), 'Its stamp is not taken either.' );
	}

	public function test_a_policy_that_an_older_version_has_stored_takes_none(): void {
		$stored = \Tandem\Peer\Policy::defaults()->to_array();
		unset( $stored['tags'] );
		self::assertFalse( \Tandem\Peer\Policy::from_array( $stored )->tags );
		self::assertTrue( \Tandem\Peer\Policy::from_array( array() )->tags );
		self::assertTrue( \Tandem\Peer\Policy::from_array( array( 'create' => false ), \Tandem\Peer\Policy::defaults() )->tags );
		$this->decide_policy( $stored );
		$this->assert_untouched( $this->linked(), $this->person( array( 'tag:vip' => '1' ), array(), $this->stamp( 5 ) ) );
	}

	public function test_tags_need_no_right_to_change_profiles(): void {
		$this->decide_policy( array( 'update' => false, 'tags' => true ) );
		$id = $this->linked();
		$this->receive( $this->person( array( 'tag:vip' => '1', 'first_name' => 'Other' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( array( 'vip' ), tandem_user_tags( $id ) );
		self::assertNotSame( 'Other', $this->account( $id )->first_name );
	}

	/**
	 * @return iterable<string, array{string, mixed}>
	 */
	public static function nonsense(): iterable {
		yield 'capital letters' => array( 'tag:VIP', '1' );
		yield 'nothing' => array( 'tag:', '1' );
		yield 'too long' => array( 'tag:' . str_repeat( 'x', 65 ), '1' );
		yield 'markup' => array( 'tag:<b>x</b>', '1' );
		yield 'two in one' => array( 'tag:a,b', '1' );
		yield 'another value' => array( 'tag:vip', 'yes' );
		yield 'a number' => array( 'tag:vip', 1 );
		yield 'a list' => array( 'tag:vip', array( '1' ) );
		yield 'the list of all' => array( 'tags', array( 'vip' ) );
	}

	/**
	 * @dataProvider nonsense
	 */
	public function test_what_is_no_tag_is_not_taken( string $name, mixed $value ): void {
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->person( array( $name => $value ), array(), $this->stamp( 5 ) ) );
		self::assertNotSame( array(), $result->warnings );
	}

	public function test_a_protected_account_gets_none(): void {
		$id = $this->linked( array( 'role' => 'administrator' ) );
		self::assert_refused( 'protected_account', $this->assert_untouched( $id, $this->person( array( 'tag:vip' => '1' ), array(), $this->stamp( 5 ) ) ) );
	}

	public function test_tags_do_not_come_as_meta(): void {
		$this->decide_policy( array( 'metaList' => array( 'tandem_tag' ), 'tags' => false ) );
		$this->assert_untouched( $this->linked(), $this->person( array( 'meta:tandem_tag' => 'vip' ), array(), $this->stamp( 5 ) ) );
	}

	public function test_nobody_gets_more_than_they_may_have(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array_map( static fn ( int $number ): string => "t$number", range( 1, Tag::MOST - 1 ) ) );
		$this->end_request();
		$result = $this->receive( $this->person( array( 'tag:one' => '1', 'tag:two' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertCount( Tag::MOST, tandem_user_tags( $id ) );
		self::assertStringContainsString( 'two', $result->warnings[0] );
	}

	public function test_of_very_many_tags_that_were_taken_the_newest_are_remembered_and_the_others_go_no_further(): void {
		$id     = $this->linked();
		$fields = array();
		for ( $number = 0; $number < Merge::MOST_REMOVED_TAGS + 10; $number++ ) {
			$fields[ "tag:t$number" ] = null;
		}
		$this->receive( $this->person( $fields, array(), $this->stamp( 1 ) ) );
		$marks = $this->plugin->records()->find( $id )->marks ?? array();
		self::assertCount( Merge::MOST_REMOVED_TAGS, Merge::removed_tags( $marks ) );
		$onward = array_filter( $this->due( $id, $this->other ), static fn ( string $name ): bool => str_starts_with( $name, 'tag:' ) );
		self::assertCount( Merge::MOST_REMOVED_TAGS, $onward );
		$this->receive( $this->person( array( 'tag:newest' => null ), array(), $this->stamp( 2 ) ) );
		self::assertContains( 'tag:newest', Merge::removed_tags( $this->plugin->records()->find( $id )->marks ?? array() ) );
	}
}
