<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Verify;

use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;
use Tandem\Tests\Integration\Peer\PeerTestCase;
use Tandem\Verify\LinkedPerson;
use Tandem\Verify\People;

/**
 * What is read in bulk is what a delivery would send: one way to read a user must not differ from the other.
 */
final class PeopleTest extends PeerTestCase {

	private const META = array( 'billing_phone', 'points', 'twice', 'none' );

	private function people(): People {
		return new People( new Connection( $GLOBALS['wpdb'] ), $this->plugin->reader() );
	}

	/**
	 * @return list<LinkedPerson>
	 */
	private function all( bool $asks = true ): array {
		return iterator_to_array( $this->people()->linked( $this->site->id, $asks, 0, People::END, self::META ), false );
	}

	public function test_what_is_read_in_bulk_is_what_is_sent(): void {
		global $wpdb;
		add_role( 'tandem_test', 'Test', array( 'read' => true ) );
		$plain = $this->linked( array( 'first_name' => 'Maria', 'locale' => 'de_DE', 'description' => "Two\nlines \\ ' \" <b>ü</b> 😀" ) );
		$odd   = $this->make_user( array( 'role' => '', 'user_url' => 'https://a.test/?a=1&b=2' ) );
		$user  = new \WP_User( $odd );
		$user->add_role( 'tandem_test' );
		$user->add_role( 'author' );
		$user->add_cap( 'some_capability' );
		remove_role( 'author' );
		update_user_meta( $odd, 'billing_phone', '0' );
		update_user_meta( $odd, 'Billing_Phone', 'another key' );
		update_user_meta( $odd, 'points', array( 'b' => 1, 'a' => array( true, null ) ) );
		add_user_meta( $odd, 'twice', 'first' );
		add_user_meta( $odd, 'twice', 'second' );
		add_user_meta( $odd, 'tandem_tag', 'vip' );
		add_user_meta( $odd, 'tandem_tag', 'Course 1' );
		$bare = $this->make_user();
		$wpdb->delete( $wpdb->usermeta, array( 'user_id' => $bare ) );
		clean_user_cache( $bare );
		foreach ( array( $odd => 42, $bare => 43 ) as $id => $ref ) {
			$this->link( $id, $ref );
		}
		$read = array();
		foreach ( $this->all() as $person ) {
			$read[ $person->ref ] = $person->state;
		}
		foreach ( array( $plain, $odd, $bare ) as $id ) {
			$sent = $this->plugin->reader()->read( $this->account( $id ), self::META );
			self::assertSame( $sent->values(), $read[ $id ]->values() );
			self::assertSame( array( $sent->login, $sent->registered_at ), array( $read[ $id ]->login, $read[ $id ]->registered_at ) );
		}
		self::assertContains( 'tandem_test', $read[ $odd ]->roles );
		self::assertSame( array( 'course 1', 'vip' ), $read[ $odd ]->tags );
		add_role( 'author', 'Author', array( 'read' => true ) );
		remove_role( 'tandem_test' );
	}

	public function test_people_are_named_by_the_id_on_the_site_that_asks(): void {
		$id = $this->linked();
		$this->plugin->records()->adopt_uid( $id, $this->uid( 41 ) );
		self::assertSame( array( $id, 41, $this->uid( 41 ) ), array( $this->all()[0]->ref, $this->all()[0]->remote_id, $this->all()[0]->uid ) );
		self::assertSame( array( 41, 41 ), array( $this->all( false )[0]->ref, $this->all( false )[0]->remote_id ) );
	}

	public function test_the_time_of_the_last_password_is_read(): void {
		global $wpdb;
		$id = $this->linked();
		$wpdb->delete( $wpdb->prefix . 'tandem_users', array( 'user_id' => $id ) );
		self::assertSame( '', $this->all()[0]->password_at );
		$this->plugin->records()->settle( UserState::of( $this->account( $id ) ), array( 'password' ), 'a hash' );
		self::assertNotNull( Stamp::from_string( $this->all()[0]->password_at ) );
	}

	public function test_a_link_without_an_account_and_links_of_another_site_are_passed_over(): void {
		global $wpdb;
		$gone = $this->linked();
		$this->plugin->links()->save( new Link( $this->other->id, $this->make_user(), 7, 'x', false, 1 ) );
		$wpdb->delete( $wpdb->users, array( 'ID' => $gone ) );
		self::assertSame( array(), $this->all() );
	}

	public function test_ranges_hold_so_many_people_and_leave_no_gap(): void {
		for ( $ref = 1; $ref <= 7; $ref++ ) {
			$ids[] = $this->make_user();
			$this->link( end( $ids ), $ref );
		}
		$ranges = $this->people()->ranges( $this->site->id, 0, 3, 10 );
		self::assertSame( array( array( 0, $ids[2] ), array( $ids[2], $ids[5] ), array( $ids[5], People::END ) ), $ranges );
		self::assertSame( array( array( $ids[2], $ids[5] ) ), $this->people()->ranges( $this->site->id, $ids[2], 3, 1 ) );
	}

	public function test_reading_many_people_needs_two_queries_for_five_hundred_and_no_more_memory(): void {
		global $wpdb;
		for ( $from = 0; $from < 2500; $from += 500 ) {
			$users = array();
			$links = array();
			for ( $i = $from; $i < $from + 500; $i++ ) {
				$users[] = $wpdb->prepare( "(%d, %s, 'x', %s, '2020-01-01 00:00:00')", 900_000 + $i, "crowd$i", "crowd$i@a.test" );
				$links[] = $wpdb->prepare( '(%d, %d, %d)', $this->site->id, 900_000 + $i, 1 + $i );
			}
			$wpdb->query( "INSERT INTO {$wpdb->users} (ID, user_login, user_pass, user_email, user_registered) VALUES " . implode( ',', $users ) ); // phpcs:ignore WordPress.DB.PreparedSQL -- prepared row by row.
			$wpdb->query( "INSERT INTO {$wpdb->prefix}tandem_links (site_id, user_id, remote_id) VALUES " . implode( ',', $links ) ); // phpcs:ignore WordPress.DB.PreparedSQL -- prepared row by row.
		}
		$before = $wpdb->num_queries;
		$count  = 0;
		$memory = array();
		foreach ( $this->people()->linked( $this->site->id, true, 0, People::END, array() ) as $person ) {
			++$count;
			if ( 0 === $count % 500 ) {
				$memory[] = memory_get_usage();
			}
			self::assertSame( 899_999 + $count, $person->ref );
		}
		self::assertSame( 2500, $count );
		self::assertLessThanOrEqual( 11, $wpdb->num_queries - $before );
		self::assertLessThan( 200_000, $memory[4] - $memory[1] );
	}
}
