<?php
/**
 * People who were deleted on a paired site, how many at most, and suspension.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Names;
use Tandem\Peer\Suspension;
use Tandem\Peer\UserResult;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;

final class RemovalTest extends PeerTestCase {

	private int $heir;

	protected function setUp(): void {
		parent::setUp();
		$this->heir = $this->make_known_user();
		$this->applier();
	}

	/**
	 * B says that a person was deleted.
	 *
	 * @param int $ref Their id there.
	 * @return array<string, mixed>
	 */
	private function deletion( int $ref = 41 ): array {
		return $this->person( array(), array( 'ref' => $ref, 'uid' => $this->uid( $ref ), 'deleted' => (string) $this->stamp() ) );
	}

	public function test_a_deletion_is_ignored_unless_the_owner_decided_otherwise(): void {
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->deletion() );
		self::assertSame( UserResult::DELETED, $result->result );
		self::assertStringContainsString( 'stays', $result->warnings[0] );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
		self::assertSame( array(), $this->due( $id, $this->other ) );
	}

	public function test_a_deleted_account_leaves_its_content_to_the_heir(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id     = $this->linked();
		$post   = wp_insert_post( array( 'post_title' => 'X', 'post_status' => 'publish', 'post_author' => $id ) );
		$known  = (string) $this->plugin->records()->find( $id )?->uid;
		$result = $this->receive( array( 'other_uids' => array( $known ) ) + $this->deletion() );
		self::assertSame( UserResult::DELETED, $result->result, $result->message );
		self::assertFalse( get_userdata( $id ) );
		self::assertSame( $this->heir, (int) get_post( $post )->post_author );
		self::assertSame( array( Action::Delete, Result::Success ), array( $this->last_in()->entry->action, $this->last_in()->entry->result ) );
		self::assertTrue( $this->plugin->records()->find_by_uid( $this->uid( 41 ) )?->is_gone() );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
		self::assertSame( array( 'deleted' ), $this->due( $id, $this->other ), 'The other sites hear of it.' );
		self::assertSame( array(), $this->due( $id ), 'This one knows.' );

		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion() )->result, 'Once more does no harm.' );
		self::assertSame( UserResult::GONE, $this->receive( $this->newcomer() )->result, 'A late message does not bring them back.' );
	}

	public function test_a_site_that_knew_a_person_by_another_uid_hears_of_the_one_here(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id    = $this->linked();
		$known = (string) $this->plugin->records()->find( $id )?->uid;
		$this->receive( $this->deletion() );
		self::assertSame( array( 'deleted' ), $this->due( $id ), 'It may have made them anew under that one meanwhile.' );
		self::assertTrue( $this->plugin->records()->find_by_uid( $known )?->is_gone() );
		self::assertTrue( $this->plugin->records()->find_by_uid( $this->uid( 41 ) )?->is_gone() );
	}

	public function test_a_late_message_under_any_uid_of_the_deleted_brings_nobody_back(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$this->receive( array( 'other_uids' => array( $this->uid( 7 ), $this->uid( 8 ) ) ) + $this->deletion() );
		foreach ( array( 7, 8, 41 ) as $number ) {
			self::assertSame( UserResult::GONE, $this->receive( $this->newcomer( array(), array( 'uid' => $this->uid( $number ) ) ), $this->other )->result );
		}
	}

	public function test_uids_of_others_named_in_a_deletion_remove_nobody(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$this->linked();
		$other = $this->make_known_user();
		$this->link( $other, 3, $this->other );
		$uid = (string) $this->plugin->records()->find( $other )?->uid;
		$this->receive( array( 'other_uids' => array( $uid ) ) + $this->deletion() );
		self::assertSame( $other, $this->plugin->records()->find_by_uid( $uid )?->user_id );
		self::assertSame( UserResult::UPDATED, $this->receive( $this->person( array( 'first_name' => 'X' ), array( 'ref' => 3, 'uid' => $uid ), $this->stamp( 1 ) ), $this->other )->result );
	}

	public function test_nobody_is_deleted_without_an_heir(): void {
		$id = $this->linked();
		foreach ( array( null, 0, 999999, $id ) as $heir ) {
			$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $heir ) );
			self::assert_refused( 'not_accepted', $this->assert_untouched( $id, $this->deletion() ) );
		}
	}

	public function test_a_deletion_that_died_on_the_way_is_completed(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id   = $this->linked();
		$dies = static fn () => throw new \RuntimeException( 'The process dies.' );
		add_action( 'deleted_user', $dies );
		self::assert_refused( 'failed', $this->receive( $this->deletion() ) );
		remove_action( 'deleted_user', $dies );
		self::assertSame( array( 'deleted' ), $this->due( $id, $this->other ), 'Written down before it happened.' );
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion() )->result );
		self::assertTrue( $this->plugin->records()->find_by_uid( $this->uid( 41 ) )?->is_gone() );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}

	public function test_roles_can_be_taken_in_place_of_a_deletion(): void {
		$this->decide_policy( array( 'delete' => 'roles' ) );
		$id = $this->linked();
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion() )->result );
		self::assertSame( array(), $this->account( $id )->roles );
		self::assertSame( array( 'roles' ), $this->due( $id, $this->other ) );
		self::assertSame( array(), $this->due( $id ) );
	}

	public function test_an_account_can_be_suspended_in_place_of_a_deletion_and_that_can_be_undone(): void {
		$this->decide_policy( array( 'delete' => 'suspend' ) );
		$id = $this->linked( array( 'user_pass' => 'secret', 'role' => 'author' ) );
		$this->account( $id )->add_role( 'contributor' );
		$this->account( $id )->add_cap( 'read_secrets' );
		\WP_Session_Tokens::get_instance( $id )->create( time() + 60 );
		add_filter( 'authenticate', $this->suspension->refuse( ... ), 100 );

		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion() )->result );
		$user = $this->account( $id );
		self::assertSame( array( array(), array() ), array( $user->roles, $user->caps ) );
		self::assertTrue( $this->suspension->is_suspended( $user ) );
		self::assertSame( $this->clock->now, $this->suspension->since( $id ) );
		self::assertSame( array(), \WP_Session_Tokens::get_instance( $id )->get_all() );
		$refused = wp_authenticate( 'maria', 'secret' );
		self::assertSame( 'tandem_suspended', is_wp_error( $refused ) ? $refused->get_error_code() : '' );
		$wrong = wp_authenticate( 'maria', 'wrong' );
		self::assertSame( 'incorrect_password', is_wp_error( $wrong ) ? $wrong->get_error_code() : '', 'Who has the wrong password does not learn of it.' );

		self::assertTrue( $this->suspension->suspend( $id ), 'Once more does no harm.' );
		self::assertTrue( $this->suspension->restore( $id ) );
		$user = $this->account( $id );
		self::assertEqualsCanonicalizing( array( 'author', 'contributor' ), $user->roles );
		self::assertTrue( $user->has_cap( 'read_secrets' ) );
		self::assertFalse( $this->suspension->is_suspended( $user ) );
		self::assertInstanceOf( \WP_User::class, wp_authenticate( 'maria', 'secret' ) );
		self::assertFalse( $this->suspension->restore( $id ) );
		self::assertContains( 'roles', $this->due( $id, $this->other ), 'Undoing it is a change of this site.' );
	}

	public function test_an_application_password_and_a_reset_link_are_of_no_use_to_who_is_suspended(): void {
		$id  = $this->linked();
		$add = $this->suspension->refuse_application_password( ... );
		add_action( 'wp_authenticate_application_password_errors', $add, 10, 2 );
		add_filter( 'allow_password_reset', $this->suspension->refuse_reset( ... ), 10, 2 );
		add_filter( 'wp_is_application_passwords_available', '__return_true' );
		add_filter( 'application_password_is_api_request', '__return_true' );
		list( $password ) = \WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'x' ) );
		self::assertInstanceOf( \WP_User::class, wp_authenticate_application_password( null, 'maria', $password ) );
		self::assertIsString( get_password_reset_key( $this->account( $id ) ) );
		$this->suspension->suspend( $id );
		self::assertInstanceOf( \WP_Error::class, wp_authenticate_application_password( null, 'maria', $password ) );
		self::assertInstanceOf( \WP_Error::class, get_password_reset_key( $this->account( $id ) ) );
	}

	public function test_a_protected_account_is_never_suspended(): void {
		$admin = $this->make_known_user( array( 'role' => 'administrator' ) );
		self::assertFalse( $this->suspension->suspend( $admin ) );
		self::assertFalse( $this->suspension->suspend( 999999 ) );
		self::assertFalse( ( new Suspension( new ProtectedAccounts( array( $this->heir ) ), $this->clock ) )->suspend( $this->heir ) );
		self::assertSame( array( 'administrator' ), $this->account( $admin )->roles );
	}

	public function test_roles_that_come_for_who_is_suspended_are_only_remembered(): void {
		$id = $this->linked();
		$this->suspension->suspend( $id );
		$this->end_request();
		$result = $this->receive( $this->person( array( 'roles' => array( 'author' ), 'first_name' => 'X' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( UserResult::UPDATED, $result->result );
		self::assertSame( array( array(), 'X' ), array( $this->account( $id )->roles, $this->account( $id )->first_name ) );
		$this->suspension->restore( $id );
		self::assertSame( array( 'author' ), $this->account( $id )->roles );
	}

	public function test_no_more_people_are_removed_in_an_hour_than_the_owner_allows(): void {
		$this->decide_policy( array( 'delete' => 'suspend', 'removalsPerHour' => 2 ) );
		$ids = array();
		foreach ( range( 1, 4 ) as $ref ) {
			$ids[ $ref ] = $this->make_known_user();
			$this->link( $ids[ $ref ], $ref );
		}
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion( 1 ) )->result );
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion( 2 ) )->result );
		$waits = $this->assert_untouched( $ids[3], $this->deletion( 3 ) );
		self::assert_refused( 'removal_limit', $waits );
		self::assertNotNull( $this->plugin->links()->find( $this->site->id, $ids[3] ), 'It only waits.' );
		self::assertSame( Result::Refused, $this->last_in()->entry->result );

		$other = $this->make_known_user();
		$this->link( $other, 1, $this->other );
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion( 1 ), $this->other )->result, 'Each site has its own limit.' );
		self::assertSame( UserResult::UPDATED, $this->receive( $this->person( array( 'first_name' => 'X' ), array( 'ref' => 3, 'uid' => $this->uid( 3 ) ), $this->stamp( 1 ) ) )->result, 'Only removals wait.' );

		$this->removals_until = $this->clock->now + 60;
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion( 3 ) )->result, 'The owner said yes.' );
		$this->removals_until = 0;
		self::assert_refused( 'removal_limit', $this->receive( $this->deletion( 4 ) ) );
		$this->clock->now += HOUR_IN_SECONDS;
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion( 4 ) )->result, 'Another hour.' );
	}

	public function test_the_same_person_counts_once(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir, 'removalsPerHour' => 1 ) );
		$this->linked();
		$dies = static fn () => throw new \RuntimeException( 'The process dies.' );
		add_action( 'delete_user', $dies );
		self::assert_refused( 'failed', $this->receive( $this->deletion() ) );
		remove_action( 'delete_user', $dies );
		self::assertSame( UserResult::DELETED, $this->receive( $this->deletion() )->result );
	}

	public function test_people_who_lose_all_roles_count_as_removed_and_the_rest_is_taken(): void {
		$this->decide_policy( array( 'removalsPerHour' => 0 ) );
		$id     = $this->linked();
		$result = $this->receive( $this->person( array( 'roles' => array(), 'first_name' => 'X' ), array(), $this->stamp( 1 ) ) );
		self::assertSame( array( UserResult::REFUSED, 'removal_limit', $id ), array( $result->result, $result->code, $result->id ) );
		self::assertSame( array( array( 'subscriber' ), 'X' ), array( $this->account( $id )->roles, $this->account( $id )->first_name ) );
		self::assertSame( UserResult::UPDATED, $this->receive( $this->person( array( 'roles' => array( 'author' ) ), array(), $this->stamp( 2 ) ) )->result, 'Another role is no removal.' );

		$this->decide_policy( array( 'removalsPerHour' => 1 ) );
		self::assertSame( UserResult::UPDATED, $this->receive( $this->person( array( 'roles' => array() ), array(), $this->stamp( 3 ) ) )->result );
		self::assertSame( array(), $this->account( $id )->roles );
	}

	public function test_a_deletion_of_somebody_who_is_not_linked_removes_nobody(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id = $this->make_known_user();
		$this->link( $id, 41, $this->other );
		$uid    = $this->plugin->records()->find( $id )->uid ?? '';
		$result = $this->assert_untouched( $id, array( 'uid' => $uid, 'id' => $id ) + $this->deletion( 5 ) );
		self::assertSame( UserResult::DELETED, $result->result );
		self::assertFalse( $this->plugin->records()->find( $id )?->is_gone() );
	}

	public function test_a_deletion_by_a_site_that_knows_the_person_under_another_account_removes_them(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id  = $this->linked();
		$uid = (string) $this->plugin->records()->find( $id )?->uid;
		$this->link( $id, 77 );
		$this->receive( array( 'uid' => $uid ) + $this->deletion( 41 ) );
		self::assertFalse( get_userdata( $id ) );
	}

	public function test_a_deletion_that_names_uid_and_address_removes_who_could_have_been_linked(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id = $this->make_known_user( array( 'user_email' => 'carol@c.test' ) );
		$this->link( $id, 3, $this->other );
		$uid = (string) $this->plugin->records()->find( $id )?->uid;
		$this->assert_untouched( $id, array( 'uid' => $uid, 'email' => 'else@c.test' ) + $this->deletion( 5 ) );
		$this->receive( array( 'uid' => $uid, 'email' => 'Carol@c.test' ) + $this->deletion( 5 ) );
		self::assertFalse( get_userdata( $id ) );
	}

	public function test_no_protected_account_is_removed_by_uid_and_address(): void {
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => $this->heir ) );
		$id = $this->make_known_user( array( 'user_email' => 'carol@c.test', 'role' => 'administrator' ) );
		$this->link( $id, 3, $this->other );
		$uid = (string) $this->plugin->records()->find( $id )?->uid;
		self::assert_refused( 'protected_account', $this->assert_untouched( $id, array( 'uid' => $uid, 'email' => 'carol@c.test' ) + $this->deletion( 5 ) ) );
	}

	public function test_what_is_remembered_of_the_suspended_is_never_synced(): void {
		self::assertFalse( SiteSettings::is_meta_key_allowed( $GLOBALS['wpdb']->get_blog_prefix() . Names::SUSPENDED_META ) );
	}
}
