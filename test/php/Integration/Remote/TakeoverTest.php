<?php
/**
 * Threats: somebody with an ordinary account here wants an account there that is not theirs,
 * best of all an administrator's.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\AddressChanges;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutcomeKind;
use Tandem\Tests\RemoteWordPress;
use Tandem\Time\SystemClock;

final class TakeoverTest extends RemoteTestCase {

	/** The most careless settings and the most trusting decision. */
	private function careless( int $connected_at ): RemoteSite {
		return $this->connected_at(
			$this->connect(
				array(
					'existing'   => 'trust',
					'missing'    => 'recreate',
					'grantRoles' => array( 'subscriber', 'author', 'editor', 'customer' ),
					'deletions'  => array(
						'enabled'  => true,
						'reassign' => 2,
					),
				)
			),
			$connected_at
		);
	}

	private function trusted( string $email ): Decision {
		return new Decision( trusted: true, recreate: true, email: $email );
	}

	private function administrators_address(): string {
		return (string) $this->remote->run( 'return get_option( "admin_email" );' );
	}

	private function assertAdministratorIsUntouched(): void {
		self::assertTrue( $this->remote->can_log_in( RemoteWordPress::ADMIN, RemoteWordPress::ADMIN_PASSWORD ) );
		$admin = $this->remote->user( 'admin' );
		self::assertSame( $this->administrators_address(), $admin['email'] ?? null );
		self::assertSame( array( 'administrator' ), $admin['roles'] ?? null );
	}

	public function test_the_service_account_and_administrators_are_never_linked_whatever_is_trusted(): void {
		$site = $this->careless( time() + 5 );
		foreach ( array( $this->administrators_address(), strtoupper( $this->administrators_address() ) ) as $number => $email ) {
			$id      = $this->make_user( array( 'user_login' => "mallory$number", 'user_email' => $email ) ); // phpcs:ignore WordPress.Arrays
			$outcome = $this->deliver( $site, $id, password: 'pwned', decision: $this->trusted( $email ) );
			self::assertOutcome( OutcomeKind::Attention, 'protected_account', $outcome );
			self::assertTrue( $outcome->details['there']['protected'] );
			self::assertNull( $outcome->link );
			wp_delete_user( $id );
		}
		self::assertSame( array(), $this->remote->writes() );
		$this->assertAdministratorIsUntouched();
	}

	public function test_power_without_the_name_administrator_is_protected_too(): void {
		$site = $this->careless( time() + 5 );
		foreach ( array( 'promote_users', 'edit_users', 'manage_options', 'create_users', 'activate_plugins' ) as $power ) {
			$login = str_replace( '_', '-', $power );
			$this->remote->make_user( array( 'user_login' => $login, 'user_email' => "$login@b.test", 'user_pass' => 'theirs', 'role' => 'subscriber' ) ); // phpcs:ignore WordPress.Arrays
			$this->remote->run( 'get_user_by( "login", $args[0] )->add_cap( $args[1] );', $login, $power );
			$id = $this->make_user( array( 'user_email' => "$login@b.test" ) );
			self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, password: 'pwned', decision: $this->trusted( "$login@b.test" ) ) );
			self::assertTrue( $this->remote->can_log_in( $login, 'theirs' ) );
		}
	}

	public function test_an_email_change_to_an_administrators_address_is_refused_and_changes_nothing(): void {
		$site = $this->careless( time() + 5 );
		$id   = $this->make_user( array( 'user_login' => 'mallory' ) );
		$this->deliver( $site, $id, password: 'mine' );
		wp_update_user( array( 'ID' => $id, 'user_email' => $this->administrators_address() ) ); // phpcs:ignore WordPress.Arrays
		self::assertOutcome( OutcomeKind::Attention, 'email_taken', $this->deliver( $site, $id, array( 'user_email' ), 'pwned' ) );
		$this->assertAdministratorIsUntouched();
		self::assertSame( 'mallory', $this->links->find( $site->id, $id )?->remote_login );
	}

	public function test_a_search_that_finds_parts_of_addresses_links_nobody_with_a_part(): void {
		$site = $this->careless( time() + 5 );
		$this->remote->make_user( array( 'user_login' => 'victim', 'user_email' => 'ann@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->make_user( array( 'user_login' => 'victim2', 'user_email' => 'joann@b.test.org', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		foreach ( array( 'nn@b.test', 'oann@b.test.org', 'joann@b.test' ) as $email ) {
			$id      = $this->make_user( array( 'user_email' => $email ) );
			$outcome = $this->deliver( $site, $id, password: 'mine', decision: $this->trusted( $email ) );
			self::assertArrived( $outcome );
			self::assertNotContains( $outcome->link?->remote_login, array( 'victim', 'victim2' ) );
		}
		self::assertTrue( $this->remote->can_log_in( 'victim', 'hers' ) );
		self::assertTrue( $this->remote->can_log_in( 'victim2', 'hers' ) );
	}

	/**
	 * Addresses that a database, a search or a clever comparison may take for the victim's. Put into the database
	 * directly: WordPress itself would not let them in.
	 *
	 * @dataProvider lookalikes
	 */
	public function test_an_address_that_looks_alike_is_not_the_same( string $email ): void {
		global $wpdb;
		$site = $this->careless( time() + 5 );
		$this->remote->make_user( array( 'user_login' => 'victim', 'user_email' => 'kate@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$id = $this->make_user( array( 'user_login' => 'mallory' ) );
		$wpdb->update( $wpdb->users, array( 'user_email' => $email ), array( 'ID' => $id ) );
		$outcome = $this->deliver( $site, $id, password: 'pwned', decision: $this->trusted( $email ) );
		self::assertNotSame( 'victim', $outcome->link?->remote_login, $outcome->kind->name );
		self::assertTrue( $this->remote->can_log_in( 'victim', 'hers' ) );
		self::assertFalse( $this->remote->can_log_in( 'victim', 'pwned' ) );
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function lookalikes(): array {
		return array(
			'a Kelvin sign'        => array( "\u{212A}ate@b.test" ),
			'an accent'            => array( 'káte@b.test' ),
			'full width'           => array( "\u{FF4B}ate@b.test" ),
			'a space before'       => array( ' kate@b.test' ),
			'a space behind'       => array( 'kate@b.test ' ),
			'a line break'         => array( "kate@b.test\n" ),
			'a zero width space'   => array( "kate\u{200B}@b.test" ),
			'a null byte'          => array( "kate@b.test\0" ),
			'a wildcard'           => array( '*' ),
			'wildcards around'     => array( '*kate@b.test*' ),
			'SQL wildcards'        => array( 'kate_b.test' ),
			'a percent sign'       => array( '%' ),
			'a URL-encoded letter' => array( 'k%61te@b.test' ),
			'a tag'                => array( 'kate<i></i>@b.test' ),
			'a plus tag'           => array( 'kate+shop@b.test' ),
			'a dot more'           => array( 'ka.te@b.test' ),
			'another top level'    => array( 'kate@b.test.test' ),
		);
	}

	public function test_a_username_that_looks_alike_is_not_taken_over(): void {
		global $wpdb;
		$site = $this->careless( time() + 5 );
		$id   = $this->make_user( array( 'user_email' => 'mallory@a.test' ) );
		$wpdb->delete( $wpdb->users, array( 'user_login' => 'admin' ) );
		$wpdb->update( $wpdb->users, array( 'user_login' => 'ADMIN' ), array( 'ID' => $id ) );
		$outcome = $this->deliver( $site, $id, password: 'pwned', decision: $this->trusted( 'mallory@a.test' ) );
		self::assertOutcome( OutcomeKind::Attention, 'username_taken', $outcome );
		self::assertTrue( $outcome->details['there']['protected'] );
		$this->assertAdministratorIsUntouched();
	}

	public function test_whoever_changes_their_address_here_is_not_linked_by_their_age(): void {
		$connected = time() - 3600;
		$site      = $this->connected_at( $this->connect(), $connected );
		$this->remote->make_user( array( 'user_login' => 'victim', 'user_email' => 'victim@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$id  = $this->make_user( array( 'user_login' => 'mallory', 'user_email' => 'mallory@a.test', 'user_registered' => gmdate( 'Y-m-d H:i:s', $connected - 9999 ) ) ); // phpcs:ignore WordPress.Arrays
		$old = clone get_userdata( $id );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'victim@b.test' ) ); // phpcs:ignore WordPress.Arrays

		// By the change itself, even if nobody noted it.
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $site, $id, array( 'user_email' ), 'pwned' ) );

		// By a later change, when the first was dropped: the note holds.
		( new AddressChanges( new SystemClock() ) )->note( $id, $old );
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $site, $id, array( 'first_name' ), 'pwned' ) );
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $site, $id, array( FieldSet::ALL ), 'pwned', new Decision( trusted: true ) ) );

		// While a backfill's trust in the old address waits in the queue.
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $site, $id, array( FieldSet::ALL ), 'pwned', $this->trusted( 'mallory@a.test' ) ) );
		self::assertTrue( $this->remote->can_log_in( 'victim', 'hers' ) );
		self::assertSame( array(), $this->remote->writes() );
	}

	public function test_a_link_does_not_follow_a_number_to_another_person(): void {
		$site = $this->careless( time() - 3600 );
		$id   = $this->make_user( array( 'user_login' => 'mallory' ) );
		$next = $this->remote->make_user( array( 'user_login' => 'next-one', 'user_email' => 'next@b.test', 'user_pass' => 'theirs' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, $id, $next, 'mallory' );
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'pwned' );
		self::assertArrived( $outcome );
		self::assertSame( 'mallory', $outcome->link?->remote_login );
		self::assertNotSame( $next, $outcome->link?->remote_id );
		self::assertTrue( $this->remote->can_log_in( 'next-one', 'theirs' ) );
	}

	public function test_a_deletion_does_not_follow_a_number_to_another_person(): void {
		$site = $this->careless( time() - 3600 );
		$next = $this->remote->make_user( array( 'user_login' => 'next-one', 'user_email' => 'next@b.test', 'user_pass' => 'theirs' ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->make_user( array( 'user_login' => 'heir', 'user_email' => 'heir@b.test', 'user_pass' => 'theirs' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, $next + 1, 'mallory' );
		self::assertArrived( $this->deliver( $site, 4711, array( FieldSet::DELETED ) ) );
		self::assertNotNull( $this->remote->user( 'next-one' ) );
		self::assertNotNull( $this->remote->user( 'heir' ) );
	}

	public function test_deleting_somebody_who_is_not_linked_deletes_nobody_with_their_name_or_address_there(): void {
		$site = $this->careless( time() - 3600 );
		$this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'other@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->make_user( array( 'user_login' => 'other', 'user_email' => 'anna@a.test', 'user_pass' => 'theirs' ) ); // phpcs:ignore WordPress.Arrays
		$id = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays
		wp_delete_user( $id );
		self::assertSame( OutcomeKind::Skipped, $this->deliver( $site, $id, array( FieldSet::DELETED ) )->kind );
		self::assertSame( array(), $this->remote->writes() );
	}

	public function test_a_linked_account_that_became_an_administrators_is_out_of_reach(): void {
		$site = $this->careless( time() - 3600 );
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id, password: 'hers' );
		$this->remote->run( 'get_user_by( "login", "anna" )->set_role( "administrator" );' );
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, array( 'first_name' ), 'pwned' ) );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'hers' ) );
		wp_delete_user( $id );
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, array( FieldSet::DELETED ) ) );
		self::assertNotNull( $this->remote->user( 'anna' ) );
	}

	public function test_only_the_owners_word_for_one_account_reaches_an_administrator_and_never_deletes_or_demotes(): void {
		$site    = $this->careless( time() - 3600 );
		$there   = $this->remote->make_user( array( 'user_login' => 'boss', 'user_email' => 'boss@b.test', 'user_pass' => 'old', 'role' => 'administrator' ) ); // phpcs:ignore WordPress.Arrays
		$id      = $this->make_user( array( 'user_login' => 'boss', 'user_email' => 'boss@b.test' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'new', new Decision( link_with: $there, link_protected: true ) );
		self::assertArrived( $outcome );
		self::assertTrue( $outcome->link?->approved );
		self::assertTrue( $this->remote->can_log_in( 'boss', 'new' ) );
		self::assertSame( array( 'administrator' ), $this->remote->user( 'boss' )['roles'] ?? null );
		self::assertArrived( $this->deliver( $site, $id, array( 'roles' ), 'newer' ) );
		self::assertSame( array( 'administrator' ), $this->remote->user( 'boss' )['roles'] ?? null );
		wp_delete_user( $id );
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, array( FieldSet::DELETED ) ) );
		self::assertNotNull( $this->remote->user( 'boss' ) );
	}

	public function test_the_owners_word_is_for_the_account_as_they_saw_it(): void {
		$site  = $this->careless( time() - 3600 );
		$there = $this->remote->make_user( array( 'user_login' => 'boss', 'user_email' => 'boss@b.test', 'user_pass' => 'his' ) ); // phpcs:ignore WordPress.Arrays
		$id    = $this->make_user( array( 'user_login' => 'boss', 'user_email' => 'mallory@a.test' ) ); // phpcs:ignore WordPress.Arrays
		// While the decision waits in the queue, that number belongs to somebody else.
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'pwned', new Decision( link_with: $there, link_login: 'another' ) );
		self::assertOutcome( OutcomeKind::Attention, 'removed_there', $outcome );
		self::assertNull( $outcome->link );
		// Or that account becomes an administrator's: nobody said "even so".
		$this->remote->run( 'get_user_by( "login", "boss" )->set_role( "administrator" );' );
		$outcome = $this->deliver( $site, $id, array( FieldSet::ALL ), 'pwned', new Decision( link_with: $there, link_login: 'BOSS' ) );
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $outcome );
		self::assertNull( $outcome->link );
		self::assertSame( array(), $this->remote->writes() );
		self::assertTrue( $this->remote->can_log_in( 'boss', 'his' ) );
	}

	public function test_the_owners_word_for_an_ordinary_account_ends_when_it_becomes_an_administrators(): void {
		$site     = $this->careless( time() - 3600 );
		$there    = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$id       = $this->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@a.test' ) ); // phpcs:ignore WordPress.Arrays
		$decision = new Decision( link_with: $there, link_login: 'anna' );
		self::assertArrived( $this->deliver( $site, $id, array( 'user_email' ), 'first', $decision ) );
		$this->remote->run( 'get_user_by( "login", "anna" )->set_role( "administrator" );' );
		// Also where the decision is still on the row.
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, array(), 'pwned', $decision ) );
		self::assertOutcome( OutcomeKind::Attention, 'protected_account', $this->deliver( $site, $id, array(), 'pwned' ) );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'first' ) );
	}

	public function test_a_harmless_role_here_that_is_powerful_there_is_taken_away_again(): void {
		add_role( 'customer', 'Customer', array( 'read' => true ) );
		$this->remote->on_every_request( 'add_action( "init", function () { add_role( "customer", "Customer", array( "read" => true, "manage_options" => true ) ); }, 1 ); wp_roles()->add_role( "customer", "Customer", array( "read" => true, "manage_options" => true ) );' );
		try {
			$site    = $this->careless( time() - 3600 );
			$id      = $this->make_user( array( 'user_login' => 'mallory', 'role' => 'customer' ) ); // phpcs:ignore WordPress.Arrays
			$outcome = $this->deliver( $site, $id, password: 'mine' );
			self::assertArrived( $outcome );
			self::assertStringContainsString( 'administrator’s rights', implode( '', $outcome->warnings ) );
			self::assertSame( array(), $this->remote->user( 'mallory' )['roles'] ?? null );
			self::assertFalse( $outcome->link?->approved );

			$known = $this->make_user( array( 'user_login' => 'mallet' ) );
			$this->deliver( $site, $known );
			get_userdata( $known )->set_role( 'customer' );
			$outcome = $this->deliver( $site, $known, array( 'roles' ) );
			self::assertStringContainsString( 'administrator’s rights', implode( '', $outcome->warnings ) );
			self::assertSame( array( 'subscriber' ), $this->remote->user( 'mallet' )['roles'] ?? null );
		} finally {
			remove_role( 'customer' );
			$this->remote->run( 'remove_role( "customer" );' );
		}
	}

	public function test_a_powerful_role_is_given_only_if_the_owner_named_it_and_the_account_stays_in_reach(): void {
		add_role( 'manager', 'Manager', array( 'read' => true, 'edit_users' => true ) ); // phpcs:ignore WordPress.Arrays
		$this->remote->run( 'add_role( "manager", "Manager", array( "read" => true, "edit_users" => true ) );' );
		try {
			$site = $this->connect( array( 'grantRoles' => array( 'subscriber', 'manager' ) ) );
			$id   = $this->make_user( array( 'user_login' => 'anna' ) );
			$this->deliver( $site, $id );
			get_userdata( $id )->set_role( 'manager' );
			$outcome = $this->deliver( $site, $id, array( 'roles' ) );
			self::assertArrived( $outcome );
			self::assertSame( array( 'manager' ), $this->remote->user( 'anna' )['roles'] ?? null );
			self::assertArrived( $this->deliver( $site, $id, array(), 'next' ) );
			get_userdata( $id )->set_role( 'subscriber' );
			self::assertArrived( $this->deliver( $site, $id, array( 'roles' ) ) );
			self::assertSame( array( 'subscriber' ), $this->remote->user( 'anna' )['roles'] ?? null );
		} finally {
			remove_role( 'manager' );
			$this->remote->run( 'remove_role( "manager" );' );
		}
	}

	public function test_administrator_is_no_role_to_give_unless_it_is_named(): void {
		$site = $this->connect();
		self::assertNotContains( 'administrator', SiteSettings::defaults()->grant_roles );
		$id      = $this->make_user( array( 'user_login' => 'boss', 'role' => 'administrator' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $id );
		self::assertArrived( $outcome );
		self::assertStringContainsString( 'administrator', implode( '', $outcome->warnings ) );
		self::assertSame( array( 'subscriber' ), $this->remote->user( 'boss' )['roles'] ?? null );
	}

	public function test_two_people_here_are_never_one_there(): void {
		$site  = $this->careless( time() - 3600 );
		$there = $this->remote->make_user( array( 'user_login' => 'anna', 'user_email' => 'anna@b.test', 'user_pass' => 'hers' ) ); // phpcs:ignore WordPress.Arrays
		$this->link( $site, 4711, $there, 'anna' );
		$id = $this->make_user( array( 'user_email' => 'anna@b.test' ) );
		self::assertOutcome( OutcomeKind::Attention, 'linked_to_other', $this->deliver( $site, $id, password: 'pwned', decision: $this->trusted( 'anna@b.test' ) ) );
		self::assertOutcome( OutcomeKind::Attention, 'linked_to_other', $this->deliver( $site, $id, password: 'pwned', decision: new Decision( link_with: $there ) ) );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'hers' ) );
	}

	public function test_an_account_whose_rights_are_hidden_is_not_trusted(): void {
		$this->remote->on_every_request( 'add_filter( "rest_prepare_user", function ( $response ) { $data = $response->get_data(); unset( $data["capabilities"] ); $response->set_data( $data ); return $response; } );' );
		$site = $this->careless( time() + 5 );
		$this->remote->make_user( array( 'user_login' => 'boss', 'user_email' => 'boss@b.test', 'user_pass' => 'his', 'role' => 'administrator' ) ); // phpcs:ignore WordPress.Arrays
		$outcome = $this->deliver( $site, $this->make_user( array( 'user_email' => 'boss@b.test' ) ), password: 'pwned' );
		self::assertOutcome( OutcomeKind::Unreachable, 'unexpected', $outcome );
		self::assertTrue( $this->remote->can_log_in( 'boss', 'his' ) );
	}

	public function test_on_a_multisite_age_and_trust_link_nobody_because_super_administrators_can_not_be_seen(): void {
		global $wpdb;
		$site = $this->careless( time() + 5 );
		$wpdb->update( $wpdb->prefix . 'tandem_sites', array( 'is_multisite' => 1 ), array( 'id' => $site->id ) );
		$site = $this->sites->get( $site->id );
		$this->remote->make_user( array( 'user_login' => 'super', 'user_email' => 'super@b.test', 'user_pass' => 'his' ) ); // phpcs:ignore WordPress.Arrays
		$id = $this->make_user( array( 'user_email' => 'super@b.test' ) );
		self::assertOutcome( OutcomeKind::Confirm, 'confirm_needed', $this->deliver( $site, $id, password: 'pwned' ) );
		self::assertTrue( $this->remote->can_log_in( 'super', 'his' ) );
	}
}
