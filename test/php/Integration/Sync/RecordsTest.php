<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use Tandem\Database\Connection;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Record;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class RecordsTest extends TestCase {

	private const HERE  = '0b7e1111-1111-4111-8111-111111111111';
	private const THERE = 'ffff2222-2222-4222-8222-222222222222';
	private const UID_1 = '11111111-0000-4000-8000-000000000000';
	private const UID_2 = '22222222-0000-4000-8000-000000000000';
	private const UID_3 = '33333333-0000-4000-8000-000000000000';

	private FixedClock $clock;
	private Records $records;

	protected function setUp(): void {
		parent::setUp();
		$this->clock   = new FixedClock();
		$this->records = new Records( new Connection( $GLOBALS['wpdb'] ), $this->clock, self::HERE );
	}

	/**
	 * @param array<string, string> $fields    In place of the made-up ones.
	 * @param int                   $id        User.
	 * @param list<string>          $roles     Roles.
	 * @param array<string, mixed>  $meta      Meta.
	 */
	private static function user( array $fields = array(), int $id = 41, array $roles = array( 'subscriber' ), array $meta = array() ): UserState {
		return new UserState( $id, 'ann', 0, $fields + array( 'user_email' => 'ann@a.test', 'first_name' => 'Ann' ), $roles, $meta );
	}

	private static function there( int $ms ): Stamp {
		return new Stamp( $ms, self::THERE );
	}

	private function now(): Stamp {
		return new Stamp( $this->clock->now_ms(), self::HERE );
	}

	/**
	 * Queries of the plugin's table while something is done.
	 *
	 * @param \Closure(): mixed $work What.
	 * @return list<string> Their first words.
	 */
	private static function queries( \Closure $work ): array {
		$seen  = array();
		$watch = static function ( string $query ) use ( &$seen ): string {
			if ( str_contains( $query, 'tandem_users' ) ) {
				$seen[] = (string) strtok( $query, ' ' );
			}
			return $query;
		};
		add_filter( 'query', $watch );
		$work();
		remove_filter( 'query', $watch );
		return $seen;
	}

	/**
	 * Does something right before a statement reaches the database, once.
	 *
	 * @param string           $verb First word of the statement.
	 * @param \Closure(): void $work What another process does at that moment.
	 */
	private static function before( string $verb, \Closure $work ): void {
		$is_done = false;
		add_filter(
			'query',
			static function ( string $query ) use ( $verb, $work, &$is_done ): string {
				if ( ! $is_done && str_starts_with( $query, $verb ) && str_contains( $query, 'tandem_users' ) ) {
					$is_done = true;
					$work();
				}
				return $query;
			}
		);
	}

	public function test_the_first_look_at_a_user_stamps_only_what_was_touched(): void {
		$record = $this->records->settle( self::user(), array( 'first_name' ), 'hash' );
		self::assertSame( 41, $record->user_id );
		self::assertTrue( wp_is_uuid( $record->uid, 4 ) );
		self::assertEquals( $this->now(), $record->stamp( 'first_name' ) );
		self::assertSame( array( 'first_name' ), $record->renewed );
		foreach ( array( 'user_email', 'roles', FieldSet::PASSWORD, 'meta:phone' ) as $field ) {
			self::assertTrue( $record->stamp( $field )->is_zero(), $field );
		}
		$again = $this->records->find( 41 );
		self::assertEquals( $record->marks, $again?->marks );
		self::assertSame( array( $record->uid, 1, false ), array( $again->uid, $again->version, $again->is_gone() ) );
		self::assertEquals( $again, $this->records->find_by_uid( $record->uid ) );
	}

	public function test_settling_costs_one_read_and_at_most_one_write(): void {
		$settle = fn ( string $name ): \Closure => fn () => $this->records->settle( self::user( array( 'first_name' => $name ) ), array(), 'hash' );
		self::assertSame( array( 'SELECT', 'INSERT' ), self::queries( $settle( 'Ann' ) ) );
		self::assertSame( array( 'SELECT' ), self::queries( $settle( 'Ann' ) ) );
		self::assertSame( array( 'SELECT', 'UPDATE' ), self::queries( $settle( 'Anna' ) ) );
		self::assertSame( array( 'SELECT' ), self::queries( $settle( 'Anna' ) ) );
	}

	public function test_a_change_is_seen_whoever_made_it(): void {
		$this->records->settle( self::user( meta: array( 'phone' => '1' ) ), array(), 'hash' );
		$this->clock->ms = 7;
		$record          = $this->records->settle( self::user( array( 'first_name' => 'Anna' ), meta: array( 'phone' => null ) ), array(), 'rehashed' );
		self::assertSame( array( 'first_name', 'meta:phone' ), $record->renewed );
		self::assertSame( '1800000000007-' . self::HERE, (string) $record->stamp( 'first_name' ) );
		self::assertTrue( $record->stamp( FieldSet::PASSWORD )->is_zero() );
		self::assertTrue( $record->stamp( 'user_email' )->is_zero() );
	}

	public function test_the_order_of_roles_is_no_change(): void {
		$this->records->settle( self::user( roles: array( 'editor', 'customer' ) ), array(), null );
		self::assertSame( array(), $this->records->settle( self::user( roles: array( 'customer', 'editor' ) ), array(), null )->renewed );
		self::assertSame( array( 'roles' ), $this->records->settle( self::user( roles: array( 'customer' ) ), array(), null )->renewed );
	}

	public function test_a_real_user_settles_with_every_field_that_can_be_synced(): void {
		$id   = $this->make_user( array( 'description' => "it's “new”" ) );
		$user = get_userdata( $id );
		self::assertInstanceOf( \WP_User::class, $user );
		$record = $this->records->settle( self::reader()->read( $user, array( 'billing_phone' ) ), array( FieldSet::ALL, FieldSet::PASSWORD ), $user->user_pass );
		self::assertEqualsCanonicalizing( array( ...FieldSet::CORE, 'meta:billing_phone' ), array_keys( $record->marks ) );
		self::assertEqualsCanonicalizing( array_keys( $record->marks ), $record->renewed );
		$again = $this->records->settle( self::reader()->read( $user, array( 'billing_phone' ) ), array( FieldSet::ALL, FieldSet::PASSWORD ), $user->user_pass );
		self::assertSame( array(), $again->renewed );
	}

	public function test_two_processes_that_settle_the_same_field_never_give_one_stamp_to_two_values(): void {
		$this->records->settle( self::user(), array(), null );
		$first = null;
		self::before(
			'UPDATE',
			function () use ( &$first ): void {
				$first = $this->records->settle( self::user( array( 'first_name' => 'Anna' ) ), array(), null );
			}
		);
		$second = $this->records->settle( self::user( array( 'first_name' => 'Annie' ) ), array(), null );
		self::assertInstanceOf( Record::class, $first );
		self::assertTrue( $second->stamp( 'first_name' )->is_newer_than( $first->stamp( 'first_name' ) ) );
		self::assertEquals( $second->marks, $this->records->find( 41 )?->marks );
	}

	public function test_two_processes_that_meet_a_user_for_the_first_time_agree_on_the_uid(): void {
		$first = null;
		self::before(
			'INSERT',
			function () use ( &$first ): void {
				$first = $this->records->settle( self::user(), array( FieldSet::ALL ), null );
			}
		);
		$second = $this->records->settle( self::user( array( 'first_name' => 'Anna' ) ), array( FieldSet::ALL ), null );
		self::assertInstanceOf( Record::class, $first );
		self::assertSame( $first->uid, $second->uid );
		self::assertTrue( $second->stamp( 'first_name' )->is_newer_than( $first->stamp( 'first_name' ) ) );
	}

	public function test_incoming_fields_keep_their_stamps_and_what_a_hook_changed_gets_one_of_this_site(): void {
		$this->records->settle( self::user(), array(), 'hash' );
		$applied = $this->records->applied( self::user( array( 'first_name' => 'Anna', 'user_email' => 'hook@a.test' ) ), array( 'first_name' => self::there( 5 ), FieldSet::PASSWORD => self::there( 6 ) ), 'theirs', self::UID_1 );
		self::assertSame( array( 'user_email' ), $applied->changed_here );
		self::assertEquals( self::there( 5 ), $applied->record->stamp( 'first_name' ) );
		self::assertEquals( self::there( 6 ), $applied->record->stamp( FieldSet::PASSWORD ) );
		self::assertEquals( $this->now(), $applied->record->stamp( 'user_email' ) );
		$settled = $this->records->settle( self::user( array( 'first_name' => 'Anna', 'user_email' => 'hook@a.test' ) ), array( FieldSet::ALL, FieldSet::PASSWORD ), 'theirs' );
		self::assertSame( array( 'roles' ), $settled->renewed, 'what was never changed is the only thing that a touch stamps' );
		self::assertEquals( self::there( 5 ), $settled->stamp( 'first_name' ) );
	}

	public function test_a_new_account_takes_the_uid_that_it_came_with(): void {
		$applied = $this->records->applied( self::user(), array( 'first_name' => self::there( 5 ), 'user_email' => Stamp::zero() ), null, self::UID_1 );
		self::assertSame( array( self::UID_1, array(), false ), array( $applied->record->uid, $applied->changed_here, $applied->uid_changed ) );
		self::assertTrue( $applied->record->stamp( 'user_email' )->is_zero() );
		self::assertSame( 41, $this->records->find_by_uid( self::UID_1 )?->user_id );
	}

	public function test_of_two_uids_of_one_person_the_smaller_stays_and_both_find_them(): void {
		$this->records->applied( self::user(), array(), null, self::UID_2 );
		self::assertFalse( $this->records->adopt_uid( 41, self::UID_2 ) );
		self::assertFalse( $this->records->adopt_uid( 41, self::UID_3 ) );
		self::assertSame( self::UID_2, $this->records->find( 41 )?->uid );
		$applied = $this->records->applied( self::user( array( 'first_name' => 'Anna' ) ), array(), null, self::UID_1 );
		self::assertTrue( $applied->uid_changed );
		self::assertSame( self::UID_1, $applied->record->uid );
		self::assertSame( array( 'first_name' ), $applied->changed_here );
		foreach ( array( self::UID_1, self::UID_2, self::UID_3 ) as $uid ) {
			self::assertSame( 41, $this->records->find_by_uid( $uid )?->user_id, $uid );
			self::assertFalse( $this->records->adopt_uid( 41, $uid ) );
		}
		self::assertSame( array( self::UID_1, self::UID_2, self::UID_3 ), $this->records->all_uids( self::UID_1 ) );
	}

	public function test_a_uid_of_another_account_here_is_not_taken(): void {
		$this->records->applied( self::user(), array(), null, self::UID_2 );
		$this->records->applied( self::user( id: 42 ), array(), null, self::UID_1 );
		self::assertFalse( $this->records->adopt_uid( 41, self::UID_1 ) );
		self::assertSame( array( self::UID_2, self::UID_1 ), array( $this->records->find( 41 )?->uid, $this->records->find( 42 )?->uid ) );
		$third = $this->records->applied( self::user( id: 43 ), array(), null, self::UID_1 );
		self::assertNotSame( self::UID_1, $third->record->uid );
		self::assertFalse( $third->uid_changed );
	}

	public function test_a_deletion_leaves_nothing_but_a_tombstone_under_every_uid(): void {
		$this->records->settle( self::user(), array( FieldSet::ALL ), 'hash' );
		$this->records->adopt_uid( 41, self::UID_1 );
		$own  = (string) $this->records->find( 41 )?->uid;
		$gone = $this->records->bury( 41, array( self::UID_3 ), self::there( 9 ) );
		self::assertSame( $own, $gone->uid );
		self::assertNull( $this->records->find( 41 ) );
		foreach ( array( $own, self::UID_1, self::UID_3 ) as $uid ) {
			$found = $this->records->find_by_uid( $uid );
			self::assertTrue( $found?->is_gone(), $uid );
			self::assertSame( array( 0, array() ), array( $found->user_id, $found->marks ) );
		}
		self::assertEquals( self::there( 9 ), $gone->deleted );
	}

	public function test_a_number_that_is_used_again_does_not_inherit_the_record(): void {
		$old = $this->records->settle( self::user(), array( FieldSet::ALL ), 'hash' );
		$this->records->bury( 41, array(), self::there( 9 ) );
		$new = $this->records->settle( self::user(), array(), 'hash' );
		self::assertNotSame( $old->uid, $new->uid );
		self::assertTrue( $new->stamp( 'first_name' )->is_zero() );
	}

	public function test_somebody_who_never_was_here_can_be_gone_too(): void {
		$this->records->bury( 0, array( self::UID_1 ), self::there( 9 ) );
		$this->records->bury( 0, array( self::UID_1 ), self::there( 10 ) );
		self::assertEquals( self::there( 9 ), $this->records->find_by_uid( self::UID_1 )?->deleted );
		self::assertFalse( $this->records->adopt_uid( $this->records->settle( self::user(), array(), null )->user_id, self::UID_1 ) );
	}

	public function test_somebody_who_is_deleted_while_their_account_is_being_made_stays_gone(): void {
		$this->records->bury( 0, array( self::UID_1 ), self::there( 9 ) );
		$applied = $this->records->applied( self::user(), array( 'first_name' => self::there( 5 ) ), null, self::UID_1 );
		self::assertTrue( $applied->record->is_gone() );
		self::assertNull( $this->records->find( 41 ) );
	}

	public function test_a_deletion_that_names_a_uid_which_somebody_here_gave_up_leaves_them_alone(): void {
		$this->records->applied( self::user(), array(), null, self::UID_1 );
		$this->records->adopt_uid( 41, self::UID_2 );
		$this->records->bury( 0, array( self::UID_2 ), self::there( 9 ) );
		self::assertSame( 41, $this->records->find_by_uid( self::UID_2 )?->user_id );
		self::assertSame( 41, $this->records->find_by_uid( self::UID_1 )?->user_id );
	}

	public function test_all_uids_of_a_person_are_buried_with_them(): void {
		$this->records->applied( self::user(), array(), null, self::UID_1 );
		$this->records->adopt_uid( 41, self::UID_2 );
		$this->records->bury( 41, array( self::UID_3 ), self::there( 9 ) );
		foreach ( array( self::UID_1, self::UID_2, self::UID_3 ) as $uid ) {
			self::assertTrue( $this->records->find_by_uid( $uid )?->is_gone(), $uid );
		}
		self::assertEqualsCanonicalizing( array( self::UID_1, self::UID_2, self::UID_3 ), $this->records->all_uids( self::UID_1 ) );
	}

	public function test_old_tombstones_are_forgotten_and_the_living_are_not(): void {
		$this->records->bury( 0, array( self::UID_1 ), self::there( 9 ) );
		$this->clock->now += 100;
		$this->records->bury( 0, array( self::UID_2 ), self::there( 9 ) );
		$this->records->applied( self::user(), array(), null, self::UID_3 );
		self::assertSame( 1, $this->records->purge_tombstones( $this->clock->now ) );
		self::assertNull( $this->records->find_by_uid( self::UID_1 ) );
		self::assertNotNull( $this->records->find_by_uid( self::UID_2 ) );
		self::assertNotNull( $this->records->find( 41 ) );
	}

	public function test_what_lies_in_the_table_is_believed_even_if_it_is_beyond_the_year_2100(): void {
		$this->records->applied( self::user(), array( 'first_name' => new Stamp( Stamp::LATEST_MS, self::THERE ) ), null, self::UID_1 );
		$this->records->settle( self::user( array( 'first_name' => 'Anna' ) ), array(), null );
		self::assertSame( Stamp::LATEST_MS + 1, $this->records->find( 41 )?->stamp( 'first_name' )->ms );
	}
}
