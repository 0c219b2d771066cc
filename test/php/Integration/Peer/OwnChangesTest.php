<?php
/**
 * What a request that changes somebody writes down for paired sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

final class OwnChangesTest extends PeerTestCase {

	/**
	 * Somebody who has registered here.
	 */
	private function registered(): int {
		$id = $this->make_user(
			array(
				'first_name' => 'Ann',
				'last_name'  => 'Bee',
				'user_pass'  => 'secret',
			)
		);
		$this->end_request();
		return $id;
	}

	/**
	 * Another process writes a field and stamps it: past this one's caches.
	 *
	 * @param int    $id    User here.
	 * @param string $field `first_name` or `user_url`.
	 * @param string $value Its new value.
	 */
	private function write_elsewhere( int $id, string $field, string $value ): void {
		global $wpdb;
		if ( 'user_url' === $field ) {
			$wpdb->update( $wpdb->users, array( $field => $value ), array( 'ID' => $id ) );
		} else {
			$wpdb->update(
				$wpdb->usermeta,
				array( 'meta_value' => $value ),
				array(
					'user_id'  => $id,
					'meta_key' => $field,
				)
			);
		}
		$known             = UserState::of( $this->as_this_request_knows( $id ) );
		$state             = new UserState( $id, $known->login, $known->registered_at, array( $field => $value ) + $known->fields, $known->roles, array() );
		$this->clock->now += 1;
		( new Records( $this->db, $this->clock, $this->plugin->identity()->uuid() ) )->settle( $state, array( $field ), null );
		$this->clock->now += 1;
	}

	private function as_this_request_knows( int $id ): \WP_User {
		$user = get_userdata( $id );
		self::assertNotFalse( $user );
		return $user;
	}

	/**
	 * The stamp of a field.
	 */
	private function stamp_of( int $id, string $field ): Stamp {
		return $this->plugin->records()->find( $id )?->stamp( $field ) ?? Stamp::zero();
	}

	public function test_a_change_costs_four_statements_with_one_paired_site_and_two_more_for_each_further(): void {
		global $wpdb;
		$id       = 0;
		$register = function () use ( &$id ): void {
			$id = $this->registered();
		};
		$change   = function () use ( &$id ): void {
			wp_update_user(
				array(
					'ID'        => $id,
					'user_pass' => 'another',
				)
			);
			// As whatever answers the visitor does.
			self::assertSame( 'Bee', $this->as_this_request_knows( $id )->last_name );
			$this->end_request();
		};
		foreach ( array( $register, $change ) as $work ) {
			$queries = $this->own_queries( $work );
			self::assertCount( 6, $queries, implode( "\n", $queries ) );
		}
		$this->plugin->sites()->remove( $this->other->id );
		self::assertCount( 4, $this->own_queries( $register ) );
		self::assertCount( 4, $this->own_queries( $change ) );

		update_user_meta( $id, 'last_name', 'Dee' );
		$this->as_this_request_knows( $id )->get( 'last_name' );
		$reads = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$reads, $wpdb ): string {
				$reads[] = 1 === preg_match( "/FROM (?:{$wpdb->users}|{$wpdb->usermeta}) /", $query ) ? $query : null;
				return $query;
			}
		);
		$this->end_request();
		self::assertSame( array(), array_filter( $reads ), 'People are not read once more for the stamps.' );
		self::assertNotSame( array(), $reads );
	}

	public function test_what_another_process_has_stamped_is_not_stamped_again_with_the_older_value(): void {
		$id = $this->registered();
		update_user_meta( $id, 'last_name', 'Cee' );
		self::assertSame( 'Ann', $this->as_this_request_knows( $id )->first_name );
		$this->write_elsewhere( $id, 'first_name', 'Anna' );
		$newest = $this->stamp_of( $id, 'first_name' );
		$this->end_request();
		self::assertEquals( $newest, $this->stamp_of( $id, 'first_name' ) );
		self::assertTrue( $this->stamp_of( $id, 'last_name' )->is_newer_than( $this->stamp_of( $id, 'nickname' ) ), 'What was changed here is a change.' );
		self::assertSame( array(), $this->plugin->records()->settle( UserState::of( $this->account( $id ) ), array(), null )->renewed, 'The digests are those of what lies here.' );
	}

	public function test_what_was_stamped_between_the_reading_and_the_first_touch_is_not_either(): void {
		$id = $this->registered();
		// The columns of the account stay in the cache when its meta is written.
		self::assertSame( '', $this->as_this_request_knows( $id )->user_url );
		$this->write_elsewhere( $id, 'user_url', 'https://ann.test' );
		$newest = $this->stamp_of( $id, 'user_url' );
		update_user_meta( $id, 'last_name', 'Cee' );
		$this->end_request();
		self::assertEquals( $newest, $this->stamp_of( $id, 'user_url' ) );
		self::assertSame( 'https://ann.test', $this->as_this_request_knows( $id )->user_url );
	}

	public function test_a_change_past_the_hooks_goes_along_with_the_next_one(): void {
		$id = $this->registered();
		foreach ( array( $this->site, $this->other ) as $site ) {
			$this->plugin->outbox()->discard( $this->plugin->outbox()->find_for( $site->id, $id )->id ?? 0 );
		}
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->users, array( 'display_name' => 'The Ann' ), array( 'ID' => $id ) );
		clean_user_cache( $id );
		$this->clock->now += 1;
		update_user_meta( $id, 'last_name', 'Cee' );
		self::assertEqualsCanonicalizing( array( 'last_name', 'display_name' ), $this->due( $id ) );
	}
}
