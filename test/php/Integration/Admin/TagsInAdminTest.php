<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Admin\TagList;
use Tandem\Admin\TagPanel;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

/**
 * Tags on the profile and in the list of users: who may change them, and what is changed.
 */
final class TagsInAdminTest extends CaptureTestCase {

	private function panel(): TagPanel {
		return new TagPanel( $this->plugin->tags() );
	}

	private function list(): TagList {
		return new TagList( $this->plugin->tags() );
	}

	private function shown( int $user_id ): string {
		ob_start();
		$this->panel()->show( new \WP_User( $user_id ) );
		return (string) ob_get_clean();
	}

	private function typed( int $user_id, string $typed, string $shown, ?string $nonce = null ): void {
		$_POST = wp_slash(
			array(
				'tandem_tags'       => $typed,
				'tandem_tags_shown' => $shown,
				'tandem_tags_nonce' => $nonce ?? wp_create_nonce( "tandem_tags_$user_id" ),
			)
		);
		$this->panel()->save( $user_id );
	}

	public function test_an_administrator_sees_and_changes_somebodys_tags(): void {
		$id = $this->make_known_user();
		tandem_add_tag( $id, array( 'vip', '<b>' ) );
		tandem_add_tag( $id, "o'neil \"x\"" );
		wp_set_current_user( 1 );
		self::assertStringContainsString( 'value="o&#039;neil &quot;x&quot;, vip"', $this->shown( $id ) );
		$this->typed( $id, 'VIP, Course 1', "o'neil \"x\", vip" );
		self::assertSame( array( 'course 1', 'vip' ), tandem_user_tags( $id ) );
	}

	public function test_a_tag_that_has_come_since_the_form_was_opened_stays(): void {
		$id = $this->make_known_user();
		wp_set_current_user( 1 );
		tandem_add_tag( $id, array( 'shown', 'came meanwhile' ) );
		$this->typed( $id, 'typed', 'shown' );
		self::assertSame( array( 'came meanwhile', 'typed' ), tandem_user_tags( $id ) );
	}

	public function test_nobody_tags_themselves(): void {
		foreach ( array( 'subscriber', 'editor' ) as $role ) {
			$id = $this->make_known_user( array( 'role' => $role ) );
			wp_set_current_user( $id );
			self::assertSame( '', $this->shown( $id ), $role );
			$this->typed( $id, 'vip', '' );
			self::assertSame( array(), tandem_user_tags( $id ), $role );
		}
	}

	public function test_without_its_nonce_nothing_is_changed(): void {
		$id = $this->make_known_user();
		wp_set_current_user( 1 );
		$this->typed( $id, 'vip', '', 'wrong' );
		$this->typed( $id, 'vip', '', wp_create_nonce( 'tandem_tags_' . ( $id + 1 ) ) );
		self::assertSame( array(), tandem_user_tags( $id ) );
	}

	private function bulk( string $action, string $tag, array $ids, ?string $nonce = null ): mixed {
		$_GET['tandem_tag']           = wp_slash( $tag );
		$_REQUEST['tandem_tag_nonce'] = $nonce ?? wp_create_nonce( 'tandem_tag_nonce' );
		return $this->list()->act( 'https://a.test/wp-admin/users.php', $action, $ids );
	}

	public function test_many_are_tagged_at_once(): void {
		wp_set_current_user( 1 );
		$ids  = array( $this->make_known_user(), $this->make_known_user() );
		$back = $this->bulk( 'tandem_add_tag', 'VIP, b', $ids );
		self::assertStringContainsString( 'tandem_tagged=2', (string) $back );
		self::assertSame( array( array( 'b', 'vip' ), array( 'b', 'vip' ) ), array_map( 'tandem_user_tags', $ids ) );
		$back = $this->bulk( 'tandem_remove_tag', 'vip', array( $ids[0], $ids[0], 999_999 ) );
		self::assertStringContainsString( 'tandem_tagged=1', (string) $back );
		self::assertSame( array( array( 'b' ), array( 'b', 'vip' ) ), array_map( 'tandem_user_tags', $ids ) );
		self::assertStringContainsString( 'tandem_tagged=none', (string) $this->bulk( 'tandem_add_tag', ' ', $ids ) );
		self::assertSame( 'x', $this->list()->act( 'x', 'another_action', $ids ) );
	}

	public function test_who_may_not_edit_users_tags_nobody(): void {
		$id = $this->make_known_user();
		wp_set_current_user( $this->make_user( array( 'role' => 'editor' ) ) );
		$this->bulk( 'tandem_add_tag', 'vip', array( $id, get_current_user_id() ) );
		self::assertSame( array(), tandem_user_tags( $id ) );
		self::assertSame( array(), tandem_user_tags( get_current_user_id() ) );
		self::assertSame( array(), $this->list()->add_actions( array() ) );
		self::assertSame( array(), $this->list()->filter( array() ) );
		self::assertSame( array(), $this->list()->add_column( array() ) );
	}

	public function test_of_many_only_those_are_tagged_whom_one_may_edit(): void {
		$ids = array( $this->make_known_user(), $this->make_known_user() );
		wp_set_current_user( 1 );
		add_filter( 'map_meta_cap', static fn ( array $caps, string $cap, int $user_id, array $args ): array => 'edit_user' === $cap && $ids[1] === (int) ( $args[0] ?? 0 ) ? array( 'do_not_allow' ) : $caps, 10, 4 );
		self::assertStringContainsString( 'tandem_tagged=1', (string) $this->bulk( 'tandem_add_tag', 'vip', $ids ) );
		self::assertSame( array(), tandem_user_tags( $ids[1] ) );
		self::assertSame( '', $this->shown( $ids[1] ) );
	}

	public function test_what_is_typed_below_the_list_counts(): void {
		wp_set_current_user( 1 );
		$id                       = $this->make_known_user();
		$_GET['tandem_tag_below'] = 'Below';
		$this->bulk( 'tandem_add_tag', 'above', array( $id ) );
		self::assertSame( array( 'below' ), tandem_user_tags( $id ) );
	}

	public function test_a_bulk_action_without_its_nonce_ends(): void {
		wp_set_current_user( 1 );
		$id = $this->make_known_user();
		add_filter( 'wp_die_handler', static fn (): \Closure => static fn () => throw new \RuntimeException( 'refused' ) );
		try {
			$this->bulk( 'tandem_add_tag', 'vip', array( $id ), 'wrong' );
			self::fail( 'It was done.' );
		} catch ( \RuntimeException $refused ) {
			self::assertSame( 'refused', $refused->getMessage() );
		}
		self::assertSame( array(), tandem_user_tags( $id ) );
	}

	public function test_the_list_is_filtered_by_a_tag_and_has_a_column_where_there_is_one(): void {
		wp_set_current_user( 1 );
		self::assertSame( array(), $this->list()->add_column( array() ) );
		$id = $this->make_known_user();
		$this->make_known_user();
		tandem_add_tag( $id, array( 'vip', 'r&d' ) );
		self::assertArrayHasKey( 'tandem_tags', $this->list()->add_column( array() ) );
		$cell = $this->list()->cell( '', 'tandem_tags', $id );
		self::assertStringContainsString( 'r&amp;d</a>', $cell );
		self::assertStringContainsString( 'tandem_tag=r%26d', $cell );
		self::assertSame( 'kept', $this->list()->cell( 'kept', 'another', $id ) );
		$_GET['tandem_tag'] = 'VIP';
		$found              = new \WP_User_Query( $this->list()->filter( array( 'fields' => 'ID' ) ) );
		self::assertSame( array( $id ), array_map( 'intval', $found->get_results() ) );
		$args = $this->list()->filter( array( 'meta_query' => array( array( 'key' => 'x' ) ) ) );
		self::assertSame( array( array( array( 'key' => 'x' ) ), array( 'key' => 'tandem_tag', 'value' => 'vip' ) ), $args['meta_query'] );
	}
}
