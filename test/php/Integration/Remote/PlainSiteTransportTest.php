<?php
/**
 * What a delivery does to a real plain WordPress.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Activity\Action;
use Tandem\Remote\Link;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutcomeKind;

final class PlainSiteTransportTest extends RemoteTestCase {

	public function test_a_new_user_is_created_with_all_fields_and_can_log_in(): void {
		$site = $this->connect();
		$id   = $this->make_user(
			array(
				'user_login'   => 'anna',
				'user_email'   => 'Anna@a.test',
				'first_name'   => 'Anna "the" O\\\'Neil',
				'last_name'    => 'Ångström',
				'display_name' => 'Anna Å.',
				'nickname'     => 'an',
				'user_url'     => 'https://anna.test/?a=1&b=2',
				'description'  => "Two\nlines & more",
				'role'         => 'author',
			)
		);

		$outcome = $this->deliver( $site, $id, password: 'it is secret' );

		self::assertArrived( $outcome );
		self::assertSame( Action::Create, $outcome->action );
		self::assertSame( array(), $outcome->warnings );
		$there = $this->remote->user( 'anna' );
		$here  = get_userdata( $id );
		self::assertNotNull( $there );
		self::assertNotFalse( $here );
		self::assertSame( 'Anna@a.test', $there['email'] );
		self::assertSame( array( 'author' ), $there['roles'] );
		foreach ( array( 'first_name', 'last_name', 'display_name', 'nickname', 'description' ) as $field ) {
			self::assertSame( $here->get( $field ), $there[ $field ], $field );
		}
		self::assertSame( $here->user_url, $there['url'] );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'it is secret' ) );
		self::assertCount( 1, $this->remote->writes() );
		self::assertEquals( new Link( $site->id, $id, $there['id'], 'anna' ), $outcome->link );
		self::assertEquals( 'anna', $this->intent?->login );
	}

	public function test_a_user_without_a_known_password_gets_a_random_one_and_it_is_said(): void {
		$site    = $this->connect();
		$outcome = $this->deliver( $site, $this->make_user( array( 'user_login' => 'anna', 'user_pass' => 'known here' ) ) ); // phpcs:ignore WordPress.Arrays
		self::assertArrived( $outcome );
		self::assertStringContainsString( 'random password', $outcome->warnings[0] );
		self::assertStringContainsString( $this->remote->url . '/wp-login.php?action=lostpassword', $outcome->warnings[0] );
		self::assertFalse( $outcome->fields->has( FieldSet::PASSWORD ) );
		self::assertFalse( $this->remote->can_log_in( 'anna', 'known here' ) );
	}

	public function test_only_fields_that_are_due_and_differ_are_written(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'New',
				'last_name'  => 'New too',
			)
		);
		$outcome = $this->deliver( $site, $id, array( 'first_name', 'nickname' ) );
		self::assertArrived( $outcome );
		self::assertSame( array( 'first_name' ), $outcome->fields->names );
		$writes = $this->remote->writes();
		self::assertSame( array( 'first_name' => 'New' ), json_decode( $writes[1]['body'], true ) );
		self::assertSame( OutcomeKind::Skipped, $this->deliver( $site, $id, array( 'first_name' ) )->kind );
		self::assertCount( 2, $this->remote->writes() );
	}

	public function test_fields_that_the_owner_does_not_send_stay_away(): void {
		$site = $this->connect( array( 'fields' => array( 'user_email', 'first_name' ) ) );
		$id   = $this->make_user(
			array(
				'user_login' => 'anna',
				'last_name'  => 'Secret',
				'role'       => 'author',
			)
		);
		self::assertArrived( $this->deliver( $site, $id, password: 'not for b' ) );
		$there = $this->remote->user( 'anna' );
		self::assertSame( '', $there['last_name'] ?? null );
		self::assertSame( array( 'subscriber' ), $there['roles'] ?? null );
		self::assertFalse( $this->remote->can_log_in( 'anna', 'not for b' ) );
	}

	public function test_a_new_password_replaces_the_old_one(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id, password: 'old one' );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'old one' ) );
		$outcome = $this->deliver( $site, $id, array(), wp_slash( 'Quote\'s "two" ünï  ' ) );
		self::assertArrived( $outcome );
		self::assertSame( array( FieldSet::PASSWORD ), $outcome->fields->names );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'Quote\'s "two" ünï  ' ) );
		self::assertFalse( $this->remote->can_log_in( 'anna', 'old one' ) );
	}

	public function test_a_password_with_a_backslash_does_not_stop_the_rest(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id, password: 'old one' );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'New' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id, array( 'first_name' ), 'back\\\\slash' );
		self::assertOutcome( OutcomeKind::Delivered, 'password_backslash', $outcome );
		self::assertStringContainsString( '/wp-login.php?action=lostpassword', implode( '', $outcome->warnings ) );
		self::assertSame( array( 'first_name' ), $outcome->fields->names );
		self::assertSame( 'New', $this->remote->user( 'anna' )['first_name'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'old one' ) );
	}

	public function test_a_new_user_whose_password_can_not_be_sent_is_created_all_the_same(): void {
		$site = $this->connect();
		self::assertOutcome( OutcomeKind::Delivered, 'password_backslash', $this->deliver( $site, $this->make_user( array( 'user_login' => 'anna' ) ), password: 'back\\\\slash' ) ); // phpcs:ignore WordPress.Arrays
		self::assertOutcome( OutcomeKind::Delivered, 'password_encoding', $this->deliver( $site, $this->make_user( array( 'user_login' => 'bert' ) ), password: "lat\xEDn" ) ); // phpcs:ignore WordPress.Arrays
		self::assertNotNull( $this->remote->user( 'anna' ) );
		self::assertNotNull( $this->remote->user( 'bert' ) );
	}

	public function test_roles_follow_and_removing_all_of_them_does_too(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$user = get_userdata( $id );
		self::assertNotFalse( $user );
		$user->set_role( 'author' );
		$user->add_role( 'contributor' );
		self::assertArrived( $this->deliver( $site, $id, array( 'roles' ) ) );
		self::assertEqualsCanonicalizing( array( 'author', 'contributor' ), $this->remote->user( 'anna' )['roles'] ?? null );
		$user->set_role( '' );
		self::assertArrived( $this->deliver( $site, $id, array( 'roles' ) ) );
		self::assertSame( array(), $this->remote->user( 'anna' )['roles'] ?? null );
	}

	public function test_a_role_that_is_not_on_the_list_is_not_given(): void {
		$site = $this->connect( array( 'grantRoles' => array( 'subscriber', 'author' ) ) );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		get_userdata( $id )->set_role( 'editor' );
		$outcome = $this->deliver( $site, $id, array( 'roles' ) );
		self::assertStringContainsString( 'editor', implode( '', $outcome->warnings ) );
		self::assertSame( array( 'subscriber' ), $this->remote->user( 'anna' )['roles'] ?? null );
	}

	public function test_roles_that_were_given_there_and_are_not_on_the_list_are_kept(): void {
		$site = $this->connect( array( 'grantRoles' => array( 'subscriber', 'author' ) ) );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$this->remote->run( 'get_user_by( "login", "anna" )->set_role( "editor" ); get_user_by( "login", "anna" )->add_role( "subscriber" );' );
		get_userdata( $id )->set_role( 'author' );
		self::assertArrived( $this->deliver( $site, $id, array( 'roles' ) ) );
		self::assertEqualsCanonicalizing( array( 'editor', 'author' ), $this->remote->user( 'anna' )['roles'] ?? null );
	}

	public function test_a_role_that_does_not_exist_there_is_left_out_and_said(): void {
		add_role( 'member', 'Member', array( 'read' => true ) );
		try {
			$site    = $this->connect();
			$id      = $this->make_user( array( 'user_login' => 'anna', 'role' => 'member' ) ); // phpcs:ignore WordPress.Arrays
			$outcome = $this->deliver( $site, $id );
			self::assertArrived( $outcome );
			self::assertStringContainsString( '“member” does not exist', implode( '', $outcome->warnings ) );
			get_userdata( $id )->add_role( 'author' );
			$outcome = $this->deliver( $site, $id, array( 'roles' ) );
			self::assertArrived( $outcome );
			self::assertSame( array( 'author' ), $this->remote->user( 'anna' )['roles'] ?? null );
		} finally {
			remove_role( 'member' );
		}
	}

	public function test_a_language_that_it_lacks_is_left_out_and_said(): void {
		$site    = $this->connect();
		$id      = $this->make_user( array( 'user_login' => 'anna', 'locale' => 'de_DE', 'first_name' => 'Anna' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id );
		self::assertArrived( $outcome );
		self::assertStringContainsString( 'locale', implode( '', $outcome->warnings ) );
		self::assertFalse( $outcome->fields->has( 'locale' ) );
		self::assertSame( 'Anna', $this->remote->user( 'anna' )['first_name'] ?? null );
	}

	public function test_meta_that_is_registered_there_arrives_and_other_meta_is_said(): void {
		$this->remote->on_every_request(
			'register_meta( "user", "phone", array( "type" => "string", "single" => true, "show_in_rest" => true ) );
			register_meta( "user", "points", array( "type" => "integer", "single" => true, "show_in_rest" => true ) );'
		);
		$site = $this->connect( array( 'meta' => array( 'phone', 'points', 'unknown' ) ) );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		update_user_meta( $id, 'phone', '+49 1' );
		update_user_meta( $id, 'points', 'many' );
		update_user_meta( $id, 'unknown', 'x' );

		$outcome = $this->deliver( $site, $id, password: 'p' );
		self::assertArrived( $outcome );
		self::assertSame( '+49 1', $this->meta( 'phone' ) );
		self::assertSame( '', $this->meta( 'points' ) );
		self::assertStringContainsString( '“unknown” is not registered', implode( '', $outcome->warnings ) );
		self::assertStringContainsString( '“meta:points”', implode( '', $outcome->warnings ) );
		self::assertTrue( $outcome->fields->has( 'meta:phone' ) );
		self::assertFalse( $outcome->fields->has( 'meta:points' ) );
		self::assertSame( 1, $this->remote->count_users() - 1 );

		// On a known account WordPress writes the rest before it refuses a meta key: the password goes once.
		update_user_meta( $id, 'phone', '+49 2' );
		$before  = count( $this->remote->writes() );
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'second' );
		self::assertArrived( $outcome );
		self::assertSame( '+49 2', $this->meta( 'phone' ) );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'second' ) );
		$with_password = array_filter( array_slice( $this->remote->writes(), $before ), static fn ( array $write ): bool => str_contains( $write['body'], 'second' ) );
		self::assertCount( 1, $with_password );

		delete_user_meta( $id, 'phone' );
		update_user_meta( $id, 'points', '7' );
		self::assertArrived( $this->deliver( $site, $id, array( 'meta:phone', 'meta:points' ) ) );
		self::assertSame( '', $this->meta( 'phone' ) );
		self::assertSame( '7', $this->meta( 'points' ) );
	}

	private function meta( string $key ): mixed {
		return $this->remote->run( 'return get_user_meta( get_user_by( "login", "anna" )->ID, $args[0], true );', $key );
	}

	public function test_the_same_delivery_twice_does_no_harm(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id, password: 'p w' );
		$this->deliver( $site, $id, password: 'p w' );
		self::assertSame( 2, $this->remote->count_users() );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'p w' ) );
	}

	public function test_when_the_answer_to_a_creation_is_lost_the_account_is_known_as_our_own(): void {
		$site = $this->connect( array( 'existing' => 'never' ) );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->remote->send_half( 1, method: '#POST#' );
		$outcome = $this->deliver( $site, $id, password: 'p w' );
		self::assertOutcome( OutcomeKind::Retry, 'cut_short', $outcome );
		self::assertNotNull( $this->remote->user( 'anna' ) );
		self::assertNotNull( $this->intent );

		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'p w', intent: $this->intent );
		self::assertArrived( $outcome );
		self::assertSame( Action::Create, $outcome->action );
		self::assertSame( 2, $this->remote->count_users() );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'p w' ) );
	}

	public function test_an_account_that_was_there_before_we_meant_to_create_one_is_not_our_own(): void {
		$site = $this->connect( array( 'existing' => 'never' ) );
		$id   = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test', 'user_pass' => 'hers', 'user_registered' => gmdate( 'Y-m-d H:i:s', time() - 60 ) ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'mine', intent: new CreateIntent( 'anna', 'anna@a.test', time() - 30 ) );
		self::assertOutcome( OutcomeKind::Attention, 'account_exists', $outcome );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'hers' ) );
	}

	public function test_somebody_older_than_the_connection_is_linked_by_their_address(): void {
		$site  = $this->connected_at( $this->connect(), time() + 5 );
		$there = $this->remote->make_user( array( 'user_login' => 'anna-b', 'user_email' => 'ANNA@a.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->make_user( array( 'user_login' => 'joanna', 'user_email' => 'joanna@a.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$id      = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test', 'first_name' => 'Anna' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id, array( 'first_name' ), 'from a' );
		self::assertArrived( $outcome );
		self::assertSame( Action::Link, $outcome->action );
		self::assertSame( $there, $outcome->link?->remote_id );
		self::assertSame( 'Anna', $this->remote->user( 'anna-b' )['first_name'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'anna-b', 'from a' ) );
	}

	public function test_somebody_newer_is_asked_or_left_or_trusted_as_the_owner_decided(): void {
		$this->remote->make_user( array( 'user_login' => 'anna-b', 'user_email' => 'anna@a.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$id   = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test', 'first_name' => 'Anna' ) ); // phpcs:ignore WordPress.Arrays
		$site = $this->connected_at( $this->connect(), time() - 3600 );

		$outcome = $this->deliver( $site, $id, password: 'mine' );
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $outcome );
		self::assertNull( $outcome->link );
		self::assertSame( 'anna-b', $outcome->details['there']['username'] );
		self::assertFalse( $outcome->details['there']['protected'] );
		self::assertSame( array(), $this->remote->writes() );
		self::assertTrue( $this->remote->can_log_in( 'anna-b', 'hers' ) );

		$this->sites->set_settings( $site->id, \Tandem\Remote\SiteSettings::from_array( array( 'existing' => 'never' ) ) );
		self::assertOutcome( OutcomeKind::Attention, 'account_exists', $this->deliver( $this->sites->get( $site->id ), $id, password: 'mine' ) );

		// The holder has confirmed by mail.
		self::assertArrived( $this->deliver( $site, $id, array( FieldSet::ALL ), 'mine', new Decision( trusted: true, email: 'anna@a.test' ) ) );
		self::assertTrue( $this->remote->can_log_in( 'anna-b', 'mine' ) );

		$this->links->remove( $site->id, $id );
		$this->sites->set_settings( $site->id, \Tandem\Remote\SiteSettings::from_array( array( 'existing' => 'trust' ) ) );
		self::assertArrived( $this->deliver( $this->sites->get( $site->id ), $id, password: 'mine too' ) );
		self::assertTrue( $this->remote->can_log_in( 'anna-b', 'mine too' ) );
	}

	public function test_whom_a_backfill_has_just_seen_to_be_new_is_made_with_one_request_and_found_if_they_are_not(): void {
		$site   = $this->connect();
		$is_new = static fn ( string $email ): Decision => new Decision( trusted: true, email: $email, is_new: true );
		$id     = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays
		$before = count( $this->remote->requests() );
		self::assertArrived( $this->deliver( $site, $id, decision: $is_new( 'anna@a.test' ) ) );
		self::assertSame( 1, count( $this->remote->requests() ) - $before );

		// Somebody has registered there since the backfill looked.
		$there = $this->remote->make_user( array( 'user_login' => 'ben-b', 'user_email' => 'ben@a.test', 'user_pass' => 'his' ) ); // phpcs:ignore WordPress.Arrays
		$ben   = $this->make_user( array( 'user_login' => 'ben', 'user_email' => 'ben@a.test' ) ); // phpcs:ignore WordPress.Arrays
		self::assertArrived( $this->deliver( $site, $ben, decision: $is_new( 'ben@a.test' ) ) );
		self::assertSame( $there, $this->links->find( $site->id, $ben )?->remote_id );

		// They have changed their address since.
		$this->remote->make_user( array( 'user_login' => 'cleo-b', 'user_email' => 'cleo@a.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$cleo = $this->make_user( array( 'user_login' => 'cleo', 'user_email' => 'cleo@a.test' ) ); // phpcs:ignore WordPress.Arrays
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $this->connected_at( $site, time() - 3600 ), $cleo, password: 'mine', decision: $is_new( 'old@a.test' ) ) );
		self::assertTrue( $this->remote->can_log_in( 'cleo-b', 'hers' ) );
	}

	public function test_the_same_username_with_another_address_is_a_conflict_with_three_choices(): void {
		$site  = $this->connect();
		$there = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'other@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$id    = $this->make_user( array( 'user_login' => 'Anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays

		$outcome = $this->deliver( $site, $id, password: 'mine' );
		self::assertOutcome( OutcomeKind::Attention, 'username_taken', $outcome );
		self::assertSame( $there, $outcome->details['there']['id'] );
		self::assertSame( 'other@b.test', $outcome->details['there']['email'] );

		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'mine', new Decision( create_as: 'anna2' ) );
		self::assertArrived( $outcome );
		self::assertSame( 'anna2', $outcome->link?->remote_login );
		self::assertSame( 'anna@a.test', $this->remote->user( 'anna2' )['email'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'hers' ) );

		$this->links->remove( $site->id, $id );
		$this->remote->run( 'require_once ABSPATH . "wp-admin/includes/user.php"; wp_delete_user( get_user_by( "login", "anna2" )->ID );' );
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'mine', new Decision( link_with: $there ) );
		self::assertArrived( $outcome );
		self::assertFalse( $outcome->link?->approved );
		self::assertSame( 'anna@a.test', $this->remote->user( 'anna' )['email'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'mine' ) );
	}

	public function test_an_account_that_was_removed_there_is_asked_about_made_again_or_unlinked(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$remove = 'require_once ABSPATH . "wp-admin/includes/user.php"; wp_delete_user( get_user_by( "login", "anna" )->ID );';
		$this->remote->run( $remove );

		$outcome = $this->deliver( $site, $id, array( 'first_name' ) );
		self::assertOutcome( OutcomeKind::Attention, 'removed_there', $outcome );
		self::assertNull( $this->remote->user( 'anna' ) );
		self::assertArrived( $this->deliver( $site, $id, array( 'first_name' ), decision: new Decision( recreate: true ) ) );
		self::assertNotNull( $this->remote->user( 'anna' ) );

		$this->remote->run( $remove );
		$this->sites->set_settings( $site->id, \Tandem\Remote\SiteSettings::from_array( array( 'missing' => 'recreate' ) ) );
		self::assertArrived( $this->deliver( $this->sites->get( $site->id ), $id, array( 'first_name' ) ) );
		self::assertNotNull( $this->remote->user( 'anna' ) );

		$this->remote->run( $remove );
		$this->sites->set_settings( $site->id, \Tandem\Remote\SiteSettings::from_array( array( 'missing' => 'unlink' ) ) );
		self::assertOutcome( OutcomeKind::Skipped, 'removed_there', $this->deliver( $this->sites->get( $site->id ), $id, array( 'first_name' ) ) );
		self::assertNull( $this->links->find( $site->id, $id ) );
		self::assertNull( $this->remote->user( 'anna' ) );
	}

	public function test_an_address_that_somebody_else_has_there_does_not_keep_the_password_waiting(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays
		$this->deliver( $site, $id, password: 'old one' );
		$this->remote->make_user( array( 'user_login' => 'bert', 'user_email' => 'bert@b.test', 'user_pass' => 'his' ) ); // phpcs:ignore WordPress.Arrays
		wp_update_user( array( 'ID' => $id, 'user_email' => 'bert@b.test' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id, array( 'user_email' ), 'new one' );
		self::assertOutcome( OutcomeKind::Attention, 'email_taken', $outcome );
		self::assertSame( 'bert', $outcome->details['there']['username'] );
		self::assertSame( 'anna@a.test', $this->remote->user( 'anna' )['email'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'new one' ) );
		self::assertTrue( $this->remote->can_log_in( 'bert', 'his' ) );
	}

	public function test_a_deletion_gives_the_content_to_the_chosen_account(): void {
		$heir = $this->remote->make_user( array( 'user_login' => 'heir', 'user_email' => 'heir@b.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$site = $this->connect( array( 'deletions' => array( 'enabled' => true, 'reassign' => $heir ) ) ); // phpcs:ignore WordPress.Arrays
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$post = $this->remote->run( 'return wp_insert_post( array( "post_title" => "x", "post_status" => "publish", "post_author" => get_user_by( "login", "anna" )->ID ) );' );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );

		$outcome = $this->deliver( $site, $id, array( FieldSet::DELETED ) );
		self::assertArrived( $outcome );
		self::assertSame( Action::Delete, $outcome->action );
		self::assertNull( $this->remote->user( 'anna' ) );
		self::assertSame( $heir, $this->remote->run( 'return (int) get_post( $args[0] )->post_author;', $post ) );
		self::assertNull( $this->links->find( $site->id, $id ) );
		self::assertSame( OutcomeKind::Skipped, $this->deliver( $site, $id, array( FieldSet::DELETED ) )->kind );
	}

	public function test_a_deletion_of_what_is_gone_already_is_fine(): void {
		$site = $this->connect( array( 'deletions' => array( 'enabled' => true, 'reassign' => 1 ) ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, 815, 'gone' );
		self::assertArrived( $this->deliver( $site, 4711, array( FieldSet::DELETED ) ) );
		self::assertNull( $this->links->find( $site->id, 4711 ) );
	}

	public function test_a_deletion_that_is_switched_off_only_removes_the_link(): void {
		$site = $this->connect();
		$id   = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'a@a.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, $id, 'anna' );
		self::assertSame( OutcomeKind::Skipped, $this->deliver( $site, 4711, array( FieldSet::DELETED ) )->kind );
		self::assertNotNull( $this->remote->user( 'anna' ) );
		self::assertNull( $this->links->find( $site->id, 4711 ) );
	}

	public function test_a_heir_who_is_missing_stops_a_deletion(): void {
		$site = $this->connect( array( 'deletions' => array( 'enabled' => true, 'reassign' => 999 ) ) ); // phpcs:ignore WordPress.Arrays
		$id   = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'a@a.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, $id, 'anna' );
		self::assertOutcome( OutcomeKind::Attention, 'reassign_missing', $this->deliver( $site, 4711, array( FieldSet::DELETED ) ) );
		self::assertNotNull( $this->remote->user( 'anna' ) );
	}

	public function test_without_the_right_to_delete_only_the_deletion_waits(): void {
		$site = $this->connect( array( 'deletions' => array( 'enabled' => true, 'reassign' => 1 ) ) ); // phpcs:ignore WordPress.Arrays
		$id   = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'a@a.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, $id, 'anna' );
		$this->remote->on_every_request( 'add_filter( "user_has_cap", function ( $all ) { unset( $all["delete_users"] ); return $all; } ); add_filter( "rest_prepare_user", function ( $r ) { $d = $r->get_data(); $c = (array) ( $d["capabilities"] ?? array() ); unset( $c["delete_users"] ); $d["capabilities"] = (object) $c; $r->set_data( $d ); return $r; } );' );
		$outcome = $this->deliver( $site, 4711, array( FieldSet::DELETED ) );
		self::assertOutcome( OutcomeKind::Attention, 'missing_right', $outcome );
		self::assertStringContainsString( 'delete_users', $outcome->message );
	}

	public function test_a_site_with_plain_permalinks_works_too(): void {
		$site = $this->connect( rest_url: $this->remote->url . '/?rest_route=/' );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		self::assertArrived( $this->deliver( $site, $id ) );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Anna' ) ); // phpcs:ignore WordPress.Arrays
		self::assertArrived( $this->deliver( $site, $id, array( 'first_name' ) ) );
		self::assertSame( 'Anna', $this->remote->user( 'anna' )['first_name'] ?? null );
	}

	public function test_a_username_that_it_refuses_waits_for_a_person_with_its_own_words(): void {
		$this->remote->on_every_request( 'add_filter( "illegal_user_logins", fn() => array( "anna" ) );' );
		$outcome = $this->deliver( $this->connect(), $this->make_user( array( 'user_login' => 'anna' ) ) );
		self::assertOutcome( OutcomeKind::Attention, 'username_invalid', $outcome );
		self::assertStringContainsString( 'not allowed', $outcome->message );
	}

	public function test_somebody_without_an_address_is_not_mistaken_for_anybody(): void {
		global $wpdb;
		$site = $this->connected_at( $this->connect( array( 'existing' => 'trust' ) ), time() + 5 );
		$this->remote->run( '$id = wp_insert_user( array( "user_login" => "noone", "user_email" => "x@b.test", "user_pass" => "x" ) ); $GLOBALS["wpdb"]->update( $GLOBALS["wpdb"]->users, array( "user_email" => "" ), array( "ID" => $id ) );' );
		$id = $this->make_user();
		$wpdb->update( $wpdb->users, array( 'user_email' => '' ), array( 'ID' => $id ) );
		self::assertOutcome( OutcomeKind::Attention, 'email_missing', $this->deliver( $site, $id, password: 'x' ) );
	}
}
