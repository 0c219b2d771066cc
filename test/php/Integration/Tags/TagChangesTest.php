<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Tags;

use Tandem\Tags\Tag;
use Tandem\Tests\Integration\Peer\PeerTestCase;

/**
 * A tag that is given or taken here, whichever way.
 */
final class TagChangesTest extends PeerTestCase {

	private function changes(): \ArrayObject {
		return $this->calls( 'tandem_tags_changed' );
	}

	public function test_the_public_functions_give_take_and_tell(): void {
		$id      = $this->linked();
		$changes = $this->changes();
		self::assertTrue( tandem_add_tag( $id, 'VIP' ) );
		self::assertTrue( tandem_add_tag( $id, array( 'course 1', 'vip' ) ) );
		self::assertSame( array( 'course 1', 'vip' ), tandem_user_tags( $id ) );
		self::assertTrue( tandem_user_has_tag( 'Vip', $id ) );
		self::assertTrue( tandem_user_has_tag( array( 'x', 'course 1' ), $id ) );
		self::assertFalse( tandem_user_has_tag( 'x', $id ) );
		self::assertFalse( tandem_user_has_tag( 'vip' ), 'Nobody is logged in.' );
		wp_set_current_user( $id );
		self::assertTrue( tandem_user_has_tag( 'vip' ) );
		self::assertTrue( tandem_remove_tag( $id, 'VIP' ) );
		self::assertSame( array( 'course 1' ), tandem_user_tags( $id ) );
		self::assertSame( array( array( $id, array( 'vip' ), array() ), array( $id, array( 'course 1' ), array() ), array( $id, array(), array( 'vip' ) ) ), $changes->getArrayCopy() );
	}

	public function test_what_changes_nothing_says_nothing(): void {
		$id = $this->linked();
		tandem_add_tag( $id, 'vip' );
		$this->due( $id );
		$changes = $this->changes();
		self::assertTrue( tandem_add_tag( $id, 'VIP ' ) );
		self::assertTrue( tandem_remove_tag( $id, 'other' ) );
		self::assertFalse( tandem_add_tag( $id, str_repeat( 'x', 65 ) ) );
		self::assertFalse( tandem_add_tag( 0, 'vip' ) );
		self::assertFalse( tandem_add_tag( 999_999, 'vip' ) );
		self::assertCount( 0, $changes );
		self::assertSame( array(), get_user_meta( 999_999, 'tandem_tag' ) );
	}

	public function test_several_at_once_are_one_change(): void {
		$id      = $this->linked();
		$changes = $this->changes();
		tandem_add_tag( $id, array( 'a', 'b', 'c' ) );
		do_action( 'tandem_change_tags', $id, array( 'd' ), array( 'a', 'b' ) );
		self::assertSame( array( array( $id, array( 'a', 'b', 'c' ), array() ), array( $id, array( 'd' ), array( 'a', 'b' ) ) ), $changes->getArrayCopy() );
		self::assertSame( array( 'tag:a', 'tag:b', 'tag:c', 'tag:d' ), $this->due( $id ) );
	}

	/**
	 * @return iterable<string, array{\Closure( int ): void, list<string>, list<string>, list<string>}>
	 */
	public static function ways(): iterable {
		yield 'a row more' => array( static fn ( int $id ) => add_user_meta( $id, 'tandem_tag', 'New' ), array( 'tag:new' ), array( 'new' ), array() );
		yield 'a row less' => array( static fn ( int $id ) => delete_user_meta( $id, 'tandem_tag', 'a' ), array( 'tag:a' ), array(), array( 'a' ) );
		yield 'a row by its number' => array( static fn ( int $id ) => delete_metadata_by_mid( 'user', self::number( $id, 'b' ) ), array( 'tag:b' ), array(), array( 'b' ) );
		yield 'another value' => array( static fn ( int $id ) => update_user_meta( $id, 'tandem_tag', 'c', 'a' ), array( 'tag:a', 'tag:c' ), array( 'c' ), array( 'a' ) );
		yield 'another value by its number' => array( static fn ( int $id ) => update_metadata_by_mid( 'user', self::number( $id, 'a' ), 'c' ), array( 'tag:a', 'tag:c' ), array( 'c' ), array( 'a' ) );
		yield 'all rows of a person' => array( static fn ( int $id ) => delete_user_meta( $id, 'tandem_tag' ), array( 'tag:a', 'tag:b' ), array(), array( 'a', 'b' ) );
		yield 'all rows of everybody' => array( static fn () => delete_metadata( 'user', 0, 'tandem_tag', '', true ), array( 'tag:a', 'tag:b' ), array(), array( 'a', 'b' ) );
		yield 'one tag of everybody' => array( static fn () => delete_metadata( 'user', 0, 'tandem_tag', 'b', true ), array( 'tag:b' ), array(), array( 'b' ) );
	}

	private static function number( int $id, string $tag ): int {
		global $wpdb;
		return (int) $wpdb->get_var( $wpdb->prepare( "SELECT umeta_id FROM $wpdb->usermeta WHERE user_id = %d AND meta_key = 'tandem_tag' AND meta_value = %s", $id, $tag ) );
	}

	/**
	 * @dataProvider ways
	 *
	 * @param \Closure( int ): void $change  Changes it.
	 * @param list<string>          $fields  What is to travel.
	 * @param list<string>          $added   What is told.
	 * @param list<string>          $removed What is told.
	 */
	public function test_rows_that_are_written_past_tandem_are_tags_too( \Closure $change, array $fields, array $added, array $removed ): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'a', 'b' ) );
		foreach ( array( $this->site, $this->other ) as $site ) {
			$this->due( $id, $site );
			$this->plugin->outbox()->discard( $this->row( $id, $site )->id ?? 0 );
		}
		$this->clock->now += 60;
		$changes           = $this->changes();
		$change( $id );
		self::assertSame( $fields, $this->due( $id ) );
		self::assertSame( $fields, $this->due( $id, $this->other ) );
		$record = $this->plugin->records()->find( $id );
		foreach ( $fields as $field ) {
			self::assertSame( $this->clock->now_ms(), $record?->stamp( $field )->ms, $field );
		}
		$told = array_map( static fn ( array $call ): array => array( $call[1], $call[2] ), $changes->getArrayCopy() );
		self::assertSame( $added, array_merge( ...array_column( $told, 0 ) ) );
		$gone = array_merge( ...array_column( $told, 1 ) );
		sort( $gone );
		self::assertSame( $removed, $gone );
	}

	public function test_a_tag_is_taken_and_not_one_that_only_looks_like_it(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array( 'resume', 'résumé' ) );
		self::assertSame( array( 'resume', 'résumé' ), tandem_user_tags( $id ) );
		tandem_remove_tag( $id, 'resume' );
		self::assertSame( array( 'résumé' ), tandem_user_tags( $id ) );
	}

	public function test_a_row_in_another_spelling_is_the_same_tag(): void {
		$id = $this->linked();
		add_user_meta( $id, 'tandem_tag', 'VIP ' );
		add_user_meta( $id, 'tandem_tag', 'vip' );
		self::assertSame( array( 'vip' ), tandem_user_tags( $id ) );
		tandem_remove_tag( $id, 'vip' );
		self::assertSame( array(), get_user_meta( $id, 'tandem_tag' ) );
	}

	public function test_nobody_gets_more_than_they_may_have(): void {
		$id = $this->linked();
		tandem_add_tag( $id, array_map( static fn ( int $number ): string => "t$number", range( 1, Tag::MOST + 5 ) ) );
		self::assertCount( Tag::MOST, tandem_user_tags( $id ) );
		self::assertFalse( tandem_add_tag( $id, 'one more' ) );
	}

	public function test_a_plain_site_and_a_site_that_is_not_sent_tags_hear_nothing(): void {
		$this->decide( array( 'fields' => array( 'first_name' ) ) );
		$id = $this->linked();
		tandem_add_tag( $id, 'vip' );
		self::assertSame( array(), $this->due( $id ) );
		self::assertSame( array( 'tag:vip' ), $this->due( $id, $this->other ) );
	}

	public function test_of_somebody_who_is_being_deleted_nothing_is_told(): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		$id = $this->linked();
		tandem_add_tag( $id, 'vip' );
		$changes = $this->changes();
		wp_delete_user( $id );
		self::assertCount( 0, $changes );
	}

	public function test_a_listener_that_fails_ends_nobodys_save(): void {
		$id = $this->linked();
		add_action( 'tandem_tags_changed', static fn () => throw new \RuntimeException( 'a fault' ) );
		tandem_add_tag( $id, 'vip' );
		self::assertSame( array( 'tag:vip' ), $this->due( $id ) );
		self::assertSame( 'tandem_tags_changed', get_option( \Tandem\Admin\SiteHealth::TROUBLE )['hook'] ?? '' );
	}

	public function test_a_listener_that_changes_tags_itself_is_heard(): void {
		$id = $this->linked();
		add_action(
			'tandem_tags_changed',
			static function ( int $user_id, array $added ): void {
				if ( in_array( 'vip', $added, true ) ) {
					tandem_add_tag( $user_id, 'lounge' );
				}
			},
			10,
			2
		);
		tandem_add_tag( $id, 'vip' );
		self::assertSame( array( 'tag:lounge', 'tag:vip' ), $this->due( $id ) );
	}
}
