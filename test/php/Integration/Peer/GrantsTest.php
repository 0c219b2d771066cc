<?php
/**
 * What rules of a paired site may do here: give and take what the owner lets them, and nothing but what they gave.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Contract\Courses;
use Tandem\Peer\Policy;
use Tandem\Peer\UserResult;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Granted;
use Tandem\Rules\Tags;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;
use Tandem\Verify\People;

final class GrantsTest extends PeerTestCase {

	/** @var array<string, bool> Who is enrolled: by user and course. */
	public array $enrolled = array();

	/** Whether the plugin with the courses is out of order. */
	public bool $breaks = false;

	/** @var list<string> What it was asked to do. */
	public array $calls = array();

	protected function setUp(): void {
		parent::setUp();
		add_role( 'student', 'Student', array( 'read' => true ) );
		add_filter( 'tandem_course_providers', fn ( array $providers ): array => array( ...$providers, $this->provider() ) );
	}

	protected function tearDown(): void {
		remove_role( 'student' );
		parent::tearDown();
	}

	private function provider(): Courses {
		return new class( $this ) implements Courses {

			public function __construct( private readonly GrantsTest $test ) {
			}

			public function id(): string {
				return 'school';
			}

			public function name(): string {
				return 'School';
			}

			public function courses(): array {
				$course = static fn ( string $id ): array => array(
					'id'    => $id,
					'title' => "Course $id",
					'kind'  => 'Course',
				);
				return array_map( static fn ( int $id ): array => $course( (string) $id ), range( 1, 1200 ) );
			}

			public function is_enrolled( int $user_id, string $id ): bool {
				return $this->test->enrolled[ "$user_id:$id" ] ?? false;
			}

			public function enrol( int $user_id, string $id ): void {
				$this->set( $user_id, $id, true );
			}

			public function unenrol( int $user_id, string $id ): void {
				$this->set( $user_id, $id, false );
			}

			private function set( int $user_id, string $id, bool $is_enrolled ): void {
				if ( $this->test->breaks ) {
					throw new \RuntimeException( 'Out of order.' );
				}
				$this->test->calls[]                    = ( $is_enrolled ? '+' : '-' ) . $id;
				$this->test->enrolled[ "$user_id:$id" ] = $is_enrolled;
			}
		};
	}

	/**
	 * What B wants for its account 41.
	 *
	 * @param array<string, int|null> $grants By deed and target, separated by a blank: 1, or null to undo.
	 * @return array{grants: list<array<string, mixed>>}
	 */
	private function grants( array $grants, int $later = 0 ): array {
		$list = array();
		foreach ( $grants as $name => $value ) {
			list( $deed, $target ) = explode( ' ', $name, 2 );
			$list[]                = array(
				'deed'   => $deed,
				'target' => $target,
				'v'      => $value,
				's'      => (string) $this->stamp( $later ),
			);
		}
		return array( 'grants' => $list );
	}

	/**
	 * B says what it wants for somebody whom both know.
	 *
	 * @param array<string, int|null> $grants As in `grants()`.
	 */
	private function told( array $grants, int $later = 0 ): UserResult {
		return $this->receive( $this->person( array(), array( 'id' => 5 ) + $this->grants( $grants, $later ) ) );
	}

	private function enrolled( int $id, string $course = '1' ): bool {
		return $this->enrolled[ "$id:$course" ] ?? false;
	}

	public function test_enrols_and_ends_it_again(): void {
		$id     = $this->linked();
		$result = $this->told( array( 'enrol school/1' => 1 ) );
		self::assertSame( array( UserResult::UPDATED, 1 ), array( $result->result, $result->granted ) );
		self::assertTrue( $this->enrolled( $id ) );
		self::assertSame( array( FieldSet::GRANTS ), $this->last_in()->entry->fields->names );
		self::assertStringContainsString( 'Course 1', $this->last_in()->entry->message );
		self::assertSame( UserResult::EQUAL, $this->told( array( 'enrol school/1' => 1 ) )->result, 'The same message again.' );
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => null ), 1 )->result );
		self::assertFalse( $this->enrolled( $id ) );
		self::assertSame( UserResult::EQUAL, $this->told( array( 'enrol school/1' => 1 ) )->result, 'An older message that was on its way.' );
		self::assertSame( array( '+1', '-1' ), $this->calls );
	}

	public function test_somebody_new_gets_it_with_their_account(): void {
		$result = $this->receive( $this->newcomer( array(), $this->grants( array( 'enrol school/1' => 1, 'give_role student' => 1, 'add_tag vip' => 1 ) ) ) ); // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertTrue( $this->enrolled( $result->id ) );
		self::assertSame( array( 'subscriber', 'student' ), array_values( $this->account( $result->id )->roles ) );
		self::assertTrue( ( new Tags( $this->plugin->tags(), $this->plugin->tag_changes() ) )->has( $result->id, 'vip' ) );
	}

	public function test_what_somebody_had_by_themselves_stays(): void {
		$id = $this->linked( array( 'role' => 'student' ) );

		$this->enrolled[ "$id:1" ] = true;
		( new Tags( $this->plugin->tags(), $this->plugin->tag_changes() ) )->add( $id, 'vip' );
		$names = array( 'enrol school/1', 'give_role student', 'add_tag vip' );
		self::assertSame( UserResult::EQUAL, $this->told( array_fill_keys( $names, 1 ) )->result );
		self::assertSame( UserResult::EQUAL, $this->told( array_fill_keys( $names, null ), 1 )->result );
		self::assertTrue( $this->enrolled( $id ) );
		self::assertSame( array( 'student' ), array_values( $this->account( $id )->roles ) );
		self::assertTrue( ( new Tags( $this->plugin->tags(), $this->plugin->tag_changes() ) )->has( $id, 'vip' ) );
		self::assertSame( array(), $this->calls );
	}

	public function test_what_is_taken_away_is_given_back_to_who_had_it(): void {
		$id = $this->linked( array( 'role' => 'student' ) );
		( new \WP_User( $id ) )->add_role( 'author' );
		$this->told( array( 'take_role student' => 1 ) );
		self::assertSame( array( 'author' ), array_values( $this->account( $id )->roles ) );
		$this->told( array( 'take_role student' => null ), 1 );
		self::assertEqualsCanonicalizing( array( 'author', 'student' ), $this->account( $id )->roles );
		$this->told( array( 'unenrol school/1' => 1 ), 2 );
		$this->told( array( 'unenrol school/1' => null ), 3 );
		self::assertFalse( $this->enrolled( $id ), 'They were not enrolled before.' );
	}

	public function test_two_sites_that_give_the_same_do_not_take_it_from_each_other(): void {
		$id = $this->linked();
		$this->link( $id, 77, $this->other );
		$from_c = fn ( array $grants, int $later ): UserResult => $this->receive(
			$this->person(
				array(),
				array(
					'ref' => 77,
					'id'  => 5,
				) + $this->grants( $grants, $later )
			),
			$this->other
		);
		$this->told( array( 'enrol school/1' => 1 ) );
		$from_c( array( 'enrol school/1' => 1 ), 1 );
		$this->told( array( 'enrol school/1' => null ), 2 );
		self::assertTrue( $this->enrolled( $id ) );
		$from_c( array( 'enrol school/1' => null ), 3 );
		self::assertFalse( $this->enrolled( $id ) );
	}

	public function test_of_two_that_contradict_each_other_the_newer_counts_whatever_comes_first(): void {
		$id = $this->linked();
		$this->told( array( 'take_role student' => 1 ), 5 );
		$this->told( array( 'give_role student' => 1 ), 1 );
		self::assertSame( array( 'subscriber' ), array_values( $this->account( $id )->roles ) );
		$this->told( array( 'take_role student' => null ), 6 );
		self::assertContains( 'student', $this->account( $id )->roles );
	}

	public function test_a_course_that_the_owner_does_not_allow_is_refused_and_on_record(): void {
		$id = $this->linked();
		foreach ( array( array( 'courses' => 'none' ), array( 'courses' => 'some', 'courseList' => array( 'school/2' ) ), array( 'create' => true ) ) as $policy ) { // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
			$this->decide_policy( $policy );
			$result = $this->told( array( 'enrol school/1' => 1 ) );
			self::assertSame( array( UserResult::REFUSED, 'grant_refused' ), array( $result->result, $result->code ) );
			self::assertFalse( $this->enrolled( $id ) );
			self::assertStringContainsString( 'school/1', $this->last_in()->entry->warnings[0] );
		}
		self::assertSame( array(), Granted::of( $id )->in_force() );
		// The owner changes their mind: the same message is taken then.
		$this->decide_policy(
			array(
				'courses'    => 'some',
				'courseList' => array( 'school/1' ),
			)
		);
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => 1 ) )->result );
		// And what was given may be taken back whatever the policy is by then.
		$this->decide_policy( array( 'courses' => 'none' ) );
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => null ), 1 )->result );
		self::assertFalse( $this->enrolled( $id ) );
	}

	public function test_a_connection_from_before_there_were_rules_enrols_nobody(): void {
		self::assertSame( Policy::NO_COURSES, Policy::from_array( array( 'create' => true ) )->courses );
		self::assertSame( Policy::ALL_COURSES, Policy::defaults()->courses );
		self::assertSame( Policy::SOME_COURSES, Policy::from_array( array( 'create' => false ), new Policy( true, true, true, true, Policy::defaults()->delete, true, array(), array(), Policy::defaults()->existing, 0, false, courses: Policy::SOME_COURSES, course_list: array( 'school/1' ) ) )->courses );
	}

	public function test_nobody_becomes_powerful_by_a_rule(): void {
		$id = $this->linked();
		$this->decide_policy( array( 'roleList' => array( 'administrator', 'editor', 'student', 'harmless' ) ) );
		foreach ( array( 'administrator', 'no_such_role', 'author' ) as $role ) {
			$before = $this->everything( $id );
			self::assertSame( 'grant_refused', $this->told( array( "give_role $role" => 1 ) )->code, $role );
			self::assertSame( $before, $this->everything( $id ) );
		}
		// One that looks harmless.
		add_role( 'harmless', 'Harmless', array( 'read' => true ) );
		add_filter( 'user_has_cap', static fn ( array $caps, array $asked, array $args, \WP_User $user ): array => in_array( 'harmless', $user->roles, true ) ? array( 'manage_options' => true ) + $caps : $caps, 10, 4 );
		self::assertSame( 'grant_refused', $this->told( array( 'give_role harmless' => 1 ) )->code );
		remove_role( 'harmless' );
		self::assertSame( array( 'subscriber' ), array_values( $this->account( $id )->roles ) );
		self::assertSame( array(), Granted::of( $id )->in_force() );
	}

	public function test_protected_accounts_are_out_of_reach(): void {
		$admin = $this->linked( array( 'role' => 'administrator' ) );
		$this->assert_untouched( $admin, $this->person( array(), array( 'id' => 5 ) + $this->grants( array( 'enrol school/1' => 1 ) ) ) );
		self::assertSame( array(), $this->calls );
		$result = $this->assert_untouched( $admin, $this->person( array(), array( 'id' => 5 ) + $this->grants( array( 'take_role administrator' => 1 ) ) ) );
		self::assertSame( 'protected_account', $result->code );
	}

	public function test_roles_that_rules_gave_are_nobody_elses_affair(): void {
		$id = $this->linked();
		$this->link( $id, 77, $this->other );
		$this->plugin->sites()->set_settings( $this->other->id, SiteSettings::from_array( array( 'fields' => array( 'roles' ) ) ) );
		$this->told( array( 'give_role student' => 1 ) );
		self::assertContains( 'student', $this->account( $id )->roles );
		self::assertSame( array(), $this->due( $id ), 'Nothing goes back.' );
		self::assertSame( array( FieldSet::UID ), $this->due( $id, $this->other ), 'Nor on to others, but that B knows them.' );
		$state = $this->plugin->reader()->read( $this->account( $id ) );
		self::assertSame( array( 'subscriber' ), $state->roles );
		foreach ( ( new People( $this->db, $this->plugin->reader() ) )->linked( $this->site->id, true, 0, PHP_INT_MAX, array() ) as $person ) {
			self::assertSame( $state->values(), $person->state->values(), 'Verify reads the same.' );
		}
		// The other site has never heard of the role, and says what its own are.
		$this->receive( $this->person( array( 'roles' => array( 'author' ) ), array( 'id' => 5 ), $this->stamp( 1 ) ) );
		self::assertEqualsCanonicalizing( array( 'author', 'student' ), $this->account( $id )->roles );
		$this->told( array( 'give_role student' => null ), 2 );
		self::assertSame( array( 'author' ), array_values( $this->account( $id )->roles ) );
	}

	public function test_a_role_that_somebody_gets_by_themselves_later_stays(): void {
		$id = $this->linked();
		$this->told( array( 'give_role student' => 1 ) );
		$this->receive( $this->person( array( 'roles' => array( 'subscriber', 'student' ) ), array( 'id' => 5 ), $this->stamp( 1 ) ) );
		$this->told( array( 'give_role student' => null ), 2 );
		self::assertEqualsCanonicalizing( array( 'subscriber', 'student' ), $this->account( $id )->roles );
	}

	public function test_who_is_suspended_gets_the_role_when_they_come_back(): void {
		$id = $this->linked();
		$this->applier();
		$this->suspension->suspend( $id );
		$this->told( array( 'give_role student' => 1 ) );
		self::assertSame( array(), $this->account( $id )->roles );
		$this->suspension->restore( $id );
		self::assertEqualsCanonicalizing( array( 'subscriber', 'student' ), $this->account( $id )->roles );
	}

	public function test_a_plugin_that_is_out_of_order_gets_it_again_later(): void {
		$id           = $this->linked();
		$this->breaks = true;
		$result       = $this->told( array( 'enrol school/1' => 1, 'give_role student' => 1 ) ); // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
		self::assertSame( array( UserResult::REFUSED, 'failed' ), array( $result->result, $result->code ) );
		self::assertContains( 'student', $this->account( $id )->roles, 'The rest is done.' );
		$this->breaks = false;
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => 1 ) )->result );
		self::assertTrue( $this->enrolled( $id ) );
		$this->breaks = true;
		self::assertSame( 'failed', $this->told( array( 'enrol school/1' => null ), 1 )->code );
		$this->breaks = false;
		$this->told( array( 'enrol school/1' => null ), 1 );
		self::assertFalse( $this->enrolled( $id ), 'It was given by the rule, also after two failures.' );
	}

	public function test_the_same_failure_any_number_of_times_is_got_over(): void {
		$id           = $this->linked();
		$this->breaks = true;
		for ( $try = 0; $try < 3; $try++ ) {
			self::assertSame( 'failed', $this->told( array( 'enrol school/1' => 1 ) )->code );
		}
		$this->breaks = false;
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => 1 ) )->result );
		self::assertTrue( $this->enrolled( $id ) );
	}

	public function test_what_the_owner_has_taken_by_hand_is_not_given_anew_by_the_same_order(): void {
		$id = $this->linked();
		$this->told( array( 'enrol school/1' => 1 ) );
		$this->enrolled[ "$id:1" ] = false;
		$this->told( array( 'enrol school/1' => 1 ) );
		self::assertFalse( $this->enrolled( $id ) );
		$this->told( array( 'enrol school/1' => 1 ), 1 );
		self::assertTrue( $this->enrolled( $id ), 'Another order, or it has run out meanwhile.' );
		$this->told( array( 'enrol school/1' => null ), 2 );
		self::assertFalse( $this->enrolled( $id ) );
		$this->enrolled[ "$id:1" ] = true;
		$this->told( array( 'give_role student' => null ), 3 );
		$this->told( array( 'enrol school/1' => null ), 4 );
		self::assertTrue( $this->enrolled( $id ), 'Enrolled by the owner since: nothing to undo.' );
	}

	public function test_nonsense_is_refused(): void {
		$id = $this->linked();
		foreach ( array(
			'a text',
			array( 'x' ),
			array( array( 'deed' => 'enrol' ) ),
			array( array( 'deed' => 'enrol', 'target' => array( 'x' ), 'v' => 1, 's' => (string) $this->stamp() ) ), // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
			array( array( 'deed' => 'enrol', 'target' => 'school/1', 'v' => 1, 's' => 'yesterday' ) ), // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
			array_fill( 0, 501, array( 'deed' => 'enrol', 'target' => 'school/1', 'v' => 1, 's' => (string) $this->stamp() ) ), // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
		) as $grants ) {
			try {
				$this->receive( $this->person( array(), array( 'id' => 5, 'grants' => $grants ) ) ); // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
				self::fail( (string) wp_json_encode( $grants ) );
			} catch ( \Tandem\Peer\Invalid ) {
				self::assertSame( array(), $this->calls );
			}
		}
		self::assertSame( 'grant_refused', $this->told( array( 'explode all' => 1 ) )->code, 'A deed of a later version.' );
		self::assertSame( 'grant_refused', $this->told( array( 'enrol school/9999' => 1 ) )->code, 'No such course.' );
		self::assertSame( 'grant_refused', $this->told( array( 'enrol ../../etc' => 1 ) )->code );
		self::assertSame( 'grant_refused', $this->told( array( 'add_tag <b>x</b>' => 1 ) )->code );
		self::assertSame( UserResult::EQUAL, $this->told( array( 'give_role student' => null ) )->result, 'Nothing to undo.' );
		self::assertSame( array( 'subscriber' ), array_values( $this->account( $id )->roles ) );
	}

	public function test_a_site_can_not_fill_an_account_without_end(): void {
		$id = $this->linked();
		for ( $batch = 0; $batch < 3; $batch++ ) {
			$courses = array_map( static fn ( int $number ): string => "enrol school/$number", range( 400 * $batch + 1, 400 * $batch + 400 ) );
			$result  = $this->told( array_fill_keys( $courses, 1 ), $batch );
		}
		self::assertSame( 'grant_refused', $result->code );
		self::assertCount( Granted::MOST, Granted::of( $id )->in_force() );
		self::assertSame( UserResult::UPDATED, $this->told( array( 'enrol school/1' => null ), 5 )->result, 'What is known may still be undone.' );
	}

	public function test_stamps_of_another_site_give_nobody_anything_to_hold_for_ever(): void {
		$this->linked();
		$grants = array(
			array(
				'deed'   => 'enrol',
				'target' => 'school/1',
				'v'      => 1,
				's'      => '9999999999999-' . self::B,
			),
		);
		self::assertNull( Stamp::from_string( $grants[0]['s'] ) );
		$this->expectException( \Tandem\Peer\Invalid::class );
		$this->receive( $this->person( array(), array( 'id' => 5, 'grants' => $grants ) ) ); // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing -- read as one.
	}

	/**
	 * What B wants for somebody who has ordered there without an account.
	 *
	 * @param array<string, int|null> $grants As for `grants()`.
	 */
	private function guest_says( array $grants, int $later = 0, bool $is_to_be_made = true ): UserResult {
		return $this->receive( $this->newcomer( array(), $this->grants( $grants, $later ) + array( 'ref' => 1_000_000_000_007, 'guest' => array( 'create' => $is_to_be_made ) ) ) );
	}

	public function test_a_guest_who_is_new_gets_an_account_with_what_rules_give_and_loses_it_again(): void {
		$this->policy = array( 'courses' => Policy::ALL_COURSES );
		$result       = $this->guest_says( array( 'enrol school/1' => 1 ) );
		self::assertSame( array( UserResult::CREATED, 0, 1 ), array( $result->result, $result->id, $result->granted ), $result->message );
		$id = (int) email_exists( 'maria@b.test' );
		self::assertTrue( $this->enrolled[ "$id:1" ] );
		self::assertSame( UserResult::UPDATED, $this->guest_says( array( 'enrol school/1' => null ), 5, false )->result );
		self::assertFalse( $this->enrolled[ "$id:1" ] );
	}

	public function test_an_account_that_exists_gets_what_is_given_and_nothing_else_of_it_changes(): void {
		$this->policy = array( 'courses' => Policy::ALL_COURSES );
		$id           = $this->make_known_user(
			array(
				'user_login' => 'holder',
				'user_email' => 'maria@b.test',
				'first_name' => 'Holder',
			)
		);
		$result       = $this->guest_says( array( 'enrol school/1' => 1 ) );
		self::assertSame( array( UserResult::UPDATED, 0, '' ), array( $result->result, $result->id, $result->login ), $result->message );
		self::assertTrue( $this->enrolled[ "$id:1" ] );
		self::assertSame( array( 'Holder', array( 'subscriber' ) ), array( $this->account( $id )->first_name, $this->account( $id )->roles ) );
		self::assertSame( array(), $this->plugin->links()->of_user( $id ) );
	}

	public function test_an_order_that_anybody_may_have_placed_takes_nothing_from_anybody(): void {
		$this->policy              = array( 'courses' => Policy::ALL_COURSES );
		$id                        = $this->make_known_user(
			array(
				'user_email' => 'maria@b.test',
				'role'       => 'student',
			)
		);
		$this->enrolled[ "$id:1" ] = true;
		$this->assert_untouched( $id, $this->newcomer( array(), $this->grants( array( 'unenrol school/1' => 1, 'take_role student' => 1 ) ) + array( 'ref' => 1_000_000_000_007, 'guest' => array( 'create' => true ) ) ) );
		self::assertSame( array(), $this->calls );
	}

	public function test_a_protected_account_gets_nothing_by_a_guests_order(): void {
		$this->policy = array( 'courses' => Policy::ALL_COURSES );
		$id           = $this->make_known_user(
			array(
				'user_email' => 'maria@b.test',
				'role'       => 'administrator',
			)
		);
		$result       = $this->assert_untouched( $id, $this->newcomer( array(), $this->grants( array( 'enrol school/1' => 1 ) ) + array( 'ref' => 1_000_000_000_007, 'guest' => array( 'create' => true ) ) ) );
		self::assertSame( array( UserResult::REFUSED, 'protected_account' ), array( $result->result, $result->code ) );
		self::assertSame( array(), $this->calls );
	}

	public function test_nobody_is_made_for_what_holds_no_longer(): void {
		$users  = count_users()['total_users'];
		$result = $this->guest_says( array( 'enrol school/1' => null ), 0, false );
		self::assertSame( array( UserResult::EQUAL, 1 ), array( $result->result, $result->granted ) );
		self::assertSame( $users, count_users()['total_users'] );
	}
}
