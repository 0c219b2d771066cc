<?php
/**
 * Nothing captured is lost, and no save fails because of it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use Tandem\Capture\Unwritten;
use Tandem\Remote\Link;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;

final class RecorderTest extends CaptureTestCase {

	public function test_the_first_touch_opens_the_row_at_once(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		self::assertNotNull( $this->row( $id ) );
		self::assertSame( array(), $this->plugin->outbox()->claim( $this->site->id, 10, 30 ), 'Not due while the request goes on.' );
		$this->end_request();
		self::assertSame( $id, $this->plugin->outbox()->claim( $this->site->id, 10, 30 )[0]->user_id );
	}

	public function test_what_a_process_that_dies_has_touched_is_delivered_all_the_same(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$rows              = $this->plugin->outbox()->claim( $this->site->id, 10, 30 );
		self::assertCount( 1, $rows );
		self::assertTrue( $rows[0]->fields->has( FieldSet::ALL ) );
	}

	public function test_the_password_of_a_process_that_dies_is_delivered_and_never_in_plain_text_in_the_database(): void {
		$id = $this->make_known_user();
		wp_set_password( 'needle8c1d', $id );
		$this->assert_nowhere_in_database( 'needle8c1d', get_userdata( $id )->user_login ?? '' );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$row               = $this->plugin->outbox()->claim( $this->site->id, 10, 30 )[0];
		self::assertTrue( $row->fields->has( FieldSet::PASSWORD ) );
		self::assertSame( 'needle8c1d', $this->captured_password( $id ) );
	}

	public function test_a_password_that_follows_another_edit_is_written_down_at_once_too(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		wp_set_password( 'first', $id );
		wp_set_password( 'second', $id );
		self::assertSame( 'second', $this->open_secret( $id ) );
	}

	public function test_a_password_that_several_hooks_show_is_sealed_and_written_once(): void {
		$id      = $this->make_known_user();
		$queries = $this->own_queries( fn () => wp_update_user( array( 'ID' => $id, 'user_pass' => 'first' ) ) );
		self::assertCount( 1, array_filter( $queries, static fn ( string $query ): bool => ! str_starts_with( $query, 'SELECT' ) && str_contains( $query, 'tandem_outbox' ) ), implode( "\n", $queries ) );
		wp_set_password( 'second', $id );
		wp_set_password( 'first', $id );
		self::assertSame( 'first', $this->open_secret( $id ) );
		$this->end_request();
		self::assertSame( 'first', $this->captured_password( $id ) );
	}

	public function test_an_account_whose_process_dies_right_after_it_was_made_arrives_with_its_password(): void {
		$id                = $this->make_user( array( 'user_pass' => 'secret' ) );
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$fields            = $this->plugin->outbox()->claim( $this->site->id, 10, 30 )[0]->fields;
		self::assertTrue( $fields->has( FieldSet::ALL ) && $fields->has( FieldSet::PASSWORD ) );
		self::assertSame( 'secret', $this->open_secret( $id ) );
	}

	public function test_a_password_that_a_plugin_sets_while_an_account_is_announced_is_the_later_one(): void {
		foreach ( array( -10, 10, 100 ) as $priority ) {
			$set = static function ( int $id ) use ( $priority ): void {
				wp_set_password( "set at $priority", $id );
			};
			add_action( 'user_register', $set, $priority );
			$id = $this->make_user( array( 'user_pass' => 'as registered' ) );
			remove_action( 'user_register', $set, $priority );
			$this->end_request();
			self::assertSame( "set at $priority", $this->captured_password( $id ) );
		}
	}

	public function test_an_account_that_is_not_made_in_the_end_keeps_nobody_else_from_being_noticed(): void {
		$id   = $this->make_known_user();
		$fail = static fn (): array => array();
		add_filter( 'wp_pre_insert_user_data', $fail, 200 );
		self::assertInstanceOf( \WP_Error::class, wp_insert_user( array( 'user_login' => 'nobody', 'user_pass' => 'secret' ) ) );
		remove_filter( 'wp_pre_insert_user_data', $fail, 200 );
		update_user_meta( $id, 'first_name', 'Ann' );
		self::assertSame( array( 'first_name' ), $this->captured( $id ) );
	}

	public function test_a_new_account_does_not_inherit_the_link_of_a_deleted_one_but_keeps_its_own(): void {
		$left_over = function ( array $meta, \WP_User $user ): array {
			$this->plugin->links()->save( new \Tandem\Remote\Link( $this->site->id, $user->ID, 77, 'before', false, $this->clock->now - 100 ) );
			return $meta;
		};
		// As if the number had been somebody else's before.
		add_filter( 'insert_user_meta', $left_over, 10, 2 );
		$old = $this->make_user();
		remove_filter( 'insert_user_meta', $left_over );
		$next = $this->connect();
		// A long request was overtaken: the delivery has made a link already.
		$this->plugin->links()->save( new \Tandem\Remote\Link( $next->id, $old, 78, 'after', false, $this->clock->now + 70 ) );
		$this->clock->now += 80;
		$this->end_request();
		self::assertNull( $this->plugin->links()->find( $this->site->id, $old ) );
		self::assertNotNull( $this->plugin->links()->find( $next->id, $old ) );
	}

	public function test_many_edits_of_one_user_are_opened_and_completed_once(): void {
		$id      = $this->make_known_user();
		$queries = $this->own_queries(
			function () use ( $id ): void {
				for ( $i = 0; $i < 20; $i++ ) {
					update_user_meta( $id, 'first_name', "Ann $i" );
					update_user_meta( $id, 'last_name', "Bee $i" );
				}
				$this->end_request();
			}
		);
		self::assertCount( 1, array_filter( $queries, static fn ( string $query ): bool => str_starts_with( $query, 'INSERT' ) ) );
		self::assertCount( 1, array_filter( $queries, static fn ( string $query ): bool => str_starts_with( $query, 'UPDATE' ) ) );
	}

	public function test_a_change_costs_three_statements_and_two_more_for_each_further_site(): void {
		foreach ( array( 3, 5, 7 ) as $most ) {
			$id       = 0;
			$register = function () use ( &$id ): void {
				$id = $this->make_user( array( 'user_pass' => 'secret' ) );
				$this->end_request();
			};
			$change   = function () use ( &$id, $most ): void {
				update_user_meta( $id, 'first_name', "Ann $most" );
				$this->end_request();
			};
			$again    = function () use ( &$id, $most ): void {
				wp_set_password( "secret $most", $id );
				$this->end_request();
			};
			foreach ( array( $register, $change, $again ) as $number => $work ) {
				$queries = $this->own_queries( $work );
				self::assertCount( $most, $queries, "$number\n" . implode( "\n", $queries ) );
				self::assertSame( array( 'secret', 'secret', "secret $most" )[ $number ], $this->captured_password( $id ), 'What waited is not lost.' );
			}
			self::assertContains( FieldSet::ALL, $this->captured( $id ) );
			$this->connect();
		}
	}

	public function test_what_became_of_a_waiting_row_since_it_was_looked_at_is_kept(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		$this->end_request();
		update_user_meta( $id, 'last_name', 'Bee' );
		// Another process, in the middle of this request.
		$other = new Outbox( new \Tandem\Database\Connection( $GLOBALS['wpdb'] ), $this->clock );
		$other->open( $this->site->id, $id );
		$other->complete( $this->site->id, $id, new FieldSet( 'description' ), null, 0, array( 'decision' => array( 'choice' => 'link' ) ) );
		$this->end_request();
		self::assertEqualsCanonicalizing( array( 'first_name', 'last_name', 'description' ), $this->captured( $id ) );
		$row = $other->find_for( $this->site->id, $id );
		self::assertSame( 'link', $row->details['decision']['choice'] ?? null );
		self::assertSame( 1, count( $other->claim( $this->site->id, 10, 30 ) ), 'Nobody has it open any more.' );
	}

	public function test_a_state_that_a_waiting_row_got_since_it_was_looked_at_counts(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		$this->end_request();
		update_user_meta( $id, 'last_name', 'Bee' );
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->prefix . 'tandem_outbox', array( 'state' => 'confirm' ), array( 'user_id' => $id ) );
		$this->end_request();
		self::assertSame( 'confirm', $this->plugin->outbox()->find_for( $this->site->id, $id )->state->value ?? '', 'A person is asked once.' );
	}

	public function test_a_second_flush_has_nothing_to_say(): void {
		$this->make_user();
		self::assertTrue( $this->end_request() );
		self::assertFalse( $this->end_request() );
	}

	public function test_a_long_script_writes_down_what_it_has_in_steps(): void {
		global $wpdb;
		$table = $wpdb->prefix . 'tandem_outbox';
		$held  = new \ReflectionProperty( \Tandem\Capture\Recorder::class, 'edits' );
		$ids   = array();
		for ( $i = 0; $i < 120; $i++ ) {
			$ids[] = $this->make_user( array( 'user_pass' => "secret of $i" ) );
			self::assertLessThanOrEqual( 50, count( $held->getValue( $this->plugin->recorder() ) ) );
		}
		self::assertSame( '100', $wpdb->get_var( $wpdb->prepare( 'SELECT COUNT(*) FROM %i WHERE open_count = 0', $table ) ) );
		self::assertTrue( $this->end_request(), 'What was written in steps is to be delivered too.' );
		self::assertSame( '120', $wpdb->get_var( $wpdb->prepare( 'SELECT COUNT(*) FROM %i WHERE open_count = 0', $table ) ) );
		foreach ( array( 0, 49, 50, 119 ) as $i ) {
			self::assertSame( "secret of $i", $this->captured_password( $ids[ $i ] ) );
		}
	}

	public function test_only_what_was_written_in_steps_is_reported_for_delivery(): void {
		for ( $i = 0; $i < 50; $i++ ) {
			$this->make_user();
		}
		// The step is written when this one comes, who is not to be sent.
		$this->make_user( array( 'role' => 'administrator' ) );
		self::assertTrue( $this->end_request() );
	}

	public function test_a_long_script_sees_what_the_owner_changes_meanwhile(): void {
		$id = $this->make_known_user();
		update_user_meta( $id, 'first_name', 'Ann' );
		$this->end_request();
		$late = $this->connect();
		update_user_meta( $id, 'first_name', 'Bee' );
		$this->end_request();
		self::assertNotNull( $this->row( $id, $late ) );
	}

	public function test_a_save_succeeds_although_our_table_is_broken_and_the_owner_is_told_without_values(): void {
		$this->break_queries( '/wp_tandem_outbox/' );
		$id = $this->make_user(
			array(
				'user_login' => 'needlelogin',
				'user_pass'  => 'needle8c1d',
			)
		);
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Ann',
				'user_pass'  => 'needle8c1d again',
			)
		);
		wp_set_password( 'needle8c1d once more', $id );
		wp_delete_user( $this->make_user() );
		self::assertFalse( $this->end_request() );
		self::assertSame( 'Ann', get_userdata( $id )->first_name ?? null );
		$trouble = get_option( 'tandem_trouble' );
		self::assertIsArray( $trouble );
		self::assertSame( $this->clock->now, $trouble['at'] );
		self::assertStringNotContainsString( 'needle', (string) wp_json_encode( $trouble ) );
	}

	public function test_who_could_not_be_written_down_is_brought_once_the_database_takes_it(): void {
		$paired = $this->plugin->sites()->add( 'C', 'https://c.test', 'https://c.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::from_array( array() ) );
		$ann    = $this->make_known_user( array( 'user_login' => 'needleann' ) );
		$bob    = $this->make_known_user();
		$admin  = $this->make_known_user( array( 'role' => 'administrator' ) );
		$this->plugin->links()->save( new Link( $this->site->id, $bob, 77, 'bob', false ) );
		$this->decide( array( 'deletions' => array( 'enabled' => true, 'reassign' => 1 ) ) );
		$mend = $this->break_queries( '/wp_tandem_outbox/' );
		update_user_meta( $ann, 'first_name', 'Needle' );
		wp_set_password( 'needle8c1d', $ann );
		update_user_meta( $admin, 'first_name', 'Root' );
		$new = $this->make_user();
		wp_delete_user( $bob );
		self::assertFalse( $this->end_request() );
		$this->plugin->unwritten()->bring();
		$mend();
		self::assertNull( $this->row( $ann ), 'It still fails, and is kept.' );
		$this->plugin->unwritten()->bring();
		self::assertSame( array( '*' ), $this->row( $ann )->fields->names ?? array() );
		self::assertSame( array( '*', 'password' ), $this->row( $ann, $paired )->fields->names ?? array(), 'The stored password travels.' );
		self::assertSame( array( '*' ), $this->row( $new )->fields->names ?? array() );
		self::assertSame( array( 'deleted' ), $this->row( $bob )->fields->names ?? array() );
		self::assertNull( $this->row( $bob, $paired ), 'It never knew them.' );
		self::assertNull( $this->row( $admin ), 'Not one of those who are sent.' );
		self::assertFalse( get_option( Unwritten::OPTION ), 'Nothing is left.' );
		$this->plugin->outbox()->discard( (int) $this->row( $ann )?->id );
		$this->plugin->unwritten()->bring();
		self::assertNull( $this->row( $ann ), 'Once.' );
	}

	public function test_of_those_who_could_not_be_written_down_some_hundred_are_kept_by_number_alone(): void {
		$mend = $this->break_queries( '/wp_tandem_outbox/' );
		$id   = $this->make_user( array( 'user_login' => 'needlelogin', 'user_pass' => 'needle8c1d' ) );
		for ( $other = 1; $other <= 2 * Unwritten::MOST; $other++ ) {
			$this->plugin->unwritten()->note( 1_000_000 + $other );
		}
		$mend();
		$kept = (array) get_option( Unwritten::OPTION );
		self::assertCount( Unwritten::MOST, $kept );
		self::assertArrayHasKey( $id, $kept );
		self::assertStringNotContainsString( 'needle', (string) wp_json_encode( $kept ) );
	}

	public function test_a_save_succeeds_although_the_sites_can_not_be_read(): void {
		$this->decide( array( 'catchUpAtLogin' => true ) );
		$this->break_queries( '/wp_tandem_/' );
		$id = $this->make_user( array( 'user_pass' => 'secret' ) );
		self::assertInstanceOf( \WP_User::class, wp_authenticate( get_userdata( $id )->user_login ?? '', 'secret' ) );
		self::assertFalse( $this->end_request() );
		self::assertIsArray( get_option( 'tandem_trouble' ) );
	}

	public function test_what_fails_for_one_site_does_not_keep_it_from_the_next(): void {
		$next = $this->connect();
		$this->break_queries( '/wp_tandem_outbox.*\bVALUES \(\s*' . $this->site->id . ',/s' );
		$id = $this->make_user( array( 'user_pass' => 'secret' ) );
		self::assertTrue( $this->end_request() );
		self::assertNull( $this->row( $id ) );
		self::assertSame( 'secret', $this->captured_password( $id, $next ) );
		self::assertContains( FieldSet::ALL, $this->row( $id, $next )->fields->names ?? array() );
	}

	public function test_what_can_not_be_completed_for_one_site_is_for_the_next(): void {
		$next = $this->connect();
		$id   = $this->make_user( array( 'user_pass' => 'secret' ) );
		$this->break_queries( '/^(SELECT|UPDATE) .*`?wp_tandem_outbox`? .*WHERE site_id = ' . $this->site->id . '\b/s' );
		self::assertTrue( $this->end_request() );
		self::assertSame( 'secret', $this->captured_password( $id, $next ) );
		self::assertIsArray( get_option( 'tandem_trouble' ) );
	}

	public function test_a_registration_without_a_connected_site_costs_one_query_of_ours(): void {
		$this->plugin->sites()->remove( $this->site->id );
		self::assertCount( 1, $this->own_queries( fn () => $this->make_user() ) );
	}
}
