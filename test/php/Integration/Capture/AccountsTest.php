<?php
/**
 * Which changes of an account are captured, and for which sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Remote\Link;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;

final class AccountsTest extends CaptureTestCase {

	private function link( int $user_id, ?RemoteSite $site = null ): void {
		$site ??= $this->site;
		$this->plugin->links()->save( new Link( $site->id, $user_id, 700 + $user_id, 'x' ) );
	}

	public function test_a_new_account_is_everything_of_it_and_the_password(): void {
		$names = $this->captured( $this->make_user() );
		self::assertContains( FieldSet::ALL, $names );
		self::assertContains( FieldSet::PASSWORD, $names );
	}

	/**
	 * @return iterable<string, array{\Closure( self, int ): mixed, list<string>}>
	 */
	public static function changes(): iterable {
		$update = static fn ( array $fields ): \Closure => static fn ( self $test, int $id ) => wp_update_user( array( 'ID' => $id ) + $fields );
		foreach (
			array(
				'user_email'   => 'new@a.test',
				'first_name'   => "O\\'Neil",
				'last_name'    => 'Ångström',
				'display_name' => 'Shown',
				'nickname'     => 'Nick',
				'user_url'     => 'https://ann.test',
				'description'  => 'Writes.',
				'locale'       => 'de_DE',
			) as $field => $value
		) {
			yield "wp_update_user(), $field" => array( $update( array( $field => $value ) ), array( $field ) );
		}
		yield 'wp_update_user(), role' => array( $update( array( 'role' => 'author' ) ), array( 'roles' ) );
		yield 'wp_update_user(), nothing new' => array( static fn ( self $test, int $id ) => wp_update_user( get_userdata( $id ) ), array() );
		yield 'set_role()' => array( static fn ( self $test, int $id ) => get_userdata( $id )->set_role( 'editor' ), array( 'roles' ) );
		yield 'set_role(), the same' => array( static fn ( self $test, int $id ) => get_userdata( $id )->set_role( 'subscriber' ), array() );
		yield 'set_role(), none' => array( static fn ( self $test, int $id ) => get_userdata( $id )->set_role( '' ), array( 'roles' ) );
		yield 'add_role()' => array( static fn ( self $test, int $id ) => get_userdata( $id )->add_role( 'editor' ), array( 'roles' ) );
		yield 'remove_role()' => array( static fn ( self $test, int $id ) => get_userdata( $id )->remove_role( 'subscriber' ), array( 'roles' ) );
		yield 'remove_all_caps()' => array( static fn ( self $test, int $id ) => get_userdata( $id )->remove_all_caps(), array( 'roles' ) );
		yield 'update_user_meta()' => array( static fn ( self $test, int $id ) => update_user_meta( $id, 'first_name', 'Ann' ), array( 'first_name' ) );
		yield 'update_user_meta(), the same' => array( static fn ( self $test, int $id ) => update_user_meta( $id, 'first_name', '' ), array() );
		yield 'delete_user_meta()' => array( static fn ( self $test, int $id ) => delete_user_meta( $id, 'description' ), array( 'description' ) );
		yield 'a meta key that the owner named' => array( static fn ( self $test, int $id ) => update_user_meta( $id, 'billing_phone', '1' ), array( 'meta:billing_phone' ) );
		yield 'another meta key' => array( static fn ( self $test, int $id ) => update_user_meta( $id, 'billing_city', 'Bern' ), array() );
		yield 'the roles of another site of a network' => array( static fn ( self $test, int $id ) => update_user_meta( $id, 'wp_2_capabilities', array( 'editor' => true ) ), array() );
		yield 'sessions' => array( static fn ( self $test, int $id ) => \WP_Session_Tokens::get_instance( $id )->create( time() + 60 ), array() );
		yield 'REST' => array(
			static fn ( self $test, int $id ) => $test->rest(
				"/wp/v2/users/$id",
				array(
					'first_name' => 'Ann',
					'roles'      => array( 'author' ),
					'email'      => 'rest@a.test',
				)
			),
			array( 'first_name', 'roles', 'user_email' ),
		);
		yield 'XML-RPC' => array( static fn ( self $test, int $id ) => $test->xml_rpc( $id ), array( 'last_name', 'user_url' ) );
		yield 'profile form' => array(
			static function ( self $test, int $id ): void {
				wp_set_current_user( 1 );
				$test->post(
					array(
						'email'        => get_userdata( $id )->user_email,
						'nickname'     => get_userdata( $id )->nickname,
						'display_name' => 'Shown',
						'url'          => 'https://ann.test',
						'role'         => 'author',
						'pass1'        => '',
						'pass2'        => '',
					)
				);
				self::assertSame( $id, edit_user( $id ) );
			},
			array( 'display_name', 'roles', 'user_url' ),
		);
	}

	/**
	 * @param \Closure( self, int ): mixed $change What is done.
	 * @param list<string>                 $fields What is captured.
	 */
	#[DataProvider( 'changes' )]
	public function test_what_has_changed_is_captured_and_nothing_else( \Closure $change, array $fields ): void {
		$this->decide( array( 'meta' => array( 'billing_phone' ) ) );
		$id   = $this->make_known_user();
		$more = $this->make_known_user();
		$change( $this, $id );
		self::assertSame( array() !== $fields, $this->end_request() );
		self::assertSame( $fields, $this->captured( $id ) );
		self::assertNull( $this->row( $more ) );
	}

	private function xml_rpc( int $id ): void {
		require_once ABSPATH . WPINC . '/IXR/class-IXR-server.php';
		require_once ABSPATH . WPINC . '/class-wp-xmlrpc-server.php';
		wp_set_password( 'secret', $id );
		$this->make_known_state( $id );
		$answer = ( new \wp_xmlrpc_server() )->wp_editProfile(
			array(
				0,
				get_userdata( $id )->user_login ?? '',
				'secret',
				array(
					'last_name' => 'Remote',
					'url'       => 'https://xml.test',
				),
			)
		);
		self::assertTrue( $answer );
	}

	private function make_known_state( int $id ): void {
		$this->end_request();
		$this->plugin->outbox()->discard( $this->row( $id )->id ?? 0 );
	}

	public function test_roles_of_many_users_changed_at_once_are_all_captured(): void {
		$ids = array_map( fn (): int => $this->make_known_user(), range( 1, 5 ) );
		foreach ( $ids as $id ) {
			// As users.php does.
			$user = new \WP_User( $id );
			$user->set_role( 'author' );
		}
		$this->end_request();
		foreach ( $ids as $id ) {
			self::assertSame( array( 'roles' ), $this->row( $id )->fields->names ?? null );
		}
	}

	public function test_meta_that_is_deleted_and_added_again_is_one_change(): void {
		$this->decide( array( 'meta' => array( 'billing_phone' ) ) );
		$id = $this->make_known_user();
		add_user_meta( $id, 'billing_phone', 'old' );
		$this->make_known_state( $id );
		delete_user_meta( $id, 'billing_phone' );
		add_user_meta( $id, 'billing_phone', 'new' );
		self::assertSame( array( 'meta:billing_phone' ), $this->captured( $id ) );
		$user = get_userdata( $id );
		self::assertNotFalse( $user );
		self::assertSame( array( 'billing_phone' => 'new' ), $this->plugin->reader()->read( $user, array( 'billing_phone' ) )->meta, 'The delivery reads what is there.' );
	}

	public function test_a_site_hears_only_of_what_it_receives(): void {
		$names = $this->connect( array( 'fields' => array( 'first_name', 'last_name' ) ) );
		$id    = $this->make_known_user();
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Ann',
				'user_email' => 'new@a.test',
			)
		);
		$this->end_request();
		self::assertSame( array( 'first_name' ), $this->row( $id, $names )->fields->names ?? null );
		self::assertSame( array( 'first_name', 'user_email' ), $this->row( $id )->fields->names ?? null );

		$other = $this->make_known_user();
		self::assertCount( 1, array_filter( $this->own_queries( static fn () => update_user_meta( $other, 'locale', 'de_DE' ) ), static fn ( string $query ): bool => str_starts_with( $query, 'INSERT' ) ) );
		$this->end_request();
		self::assertNull( $this->row( $other, $names ) );
	}

	public function test_a_user_who_is_not_covered_leaves_no_row(): void {
		$id = $this->make_user( array( 'role' => 'administrator' ) );
		self::assertNotNull( $this->row( $id ), 'Until the request ends nobody knows.' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_scope_is_decided_by_the_roles_at_the_end_of_the_request(): void {
		$id = $this->make_user( array( 'role' => 'administrator' ) );
		get_userdata( $id )->set_role( 'subscriber' );
		self::assertContains( FieldSet::ALL, $this->captured( $id ) );
		self::assertNotNull( $this->captured_password( $id ) );

		$this->decide(
			array(
				'users' => array(
					'mode'  => 'roles',
					'roles' => array( 'author' ),
				),
			)
		);
		$other = $this->make_known_user();
		get_userdata( $other )->set_role( 'author' );
		self::assertSame( array( 'roles' ), $this->captured( $other ) );
	}

	public function test_who_leaves_the_circle_takes_the_change_of_role_along_and_nothing_else(): void {
		$id = $this->make_known_user();
		$this->link( $id );
		get_userdata( $id )->set_role( 'administrator' );
		wp_set_password( 'of an administrator', $id );
		update_user_meta( $id, 'first_name', 'Boss' );
		self::assertTrue( $this->end_request() );
		self::assertSame( array( 'roles' ), $this->captured( $id ) );
		self::assertSame( '', $this->row( $id )->secret ?? null );

		$this->make_known_state( $id );
		update_user_meta( $id, 'first_name', 'Later' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_who_leaves_the_circle_without_being_known_there_sends_nothing(): void {
		$id = $this->make_known_user();
		get_userdata( $id )->set_role( 'administrator' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_sites_that_are_paused_held_or_away_collect_as_well(): void {
		$paused = $this->connect();
		$held   = $this->connect();
		$away   = $this->connect();
		$this->plugin->sites()->pause( $paused->id );
		$this->plugin->sites()->held( $held, 'x', 'x', 0 );
		$this->plugin->sites()->unreachable( $away, 'x', 'x', 0 );
		$id = $this->make_user();
		$this->end_request();
		foreach ( array( $this->site, $paused, $held, $away ) as $site ) {
			self::assertNotNull( $this->row( $id, $site ) );
			self::assertNotSame( '', $this->row( $id, $site )->secret ?? '' );
		}
	}

	public function test_a_deletion_keeps_the_name_and_address_of_who_is_gone(): void {
		$id = $this->make_known_user(
			array(
				'user_login' => 'gone',
				'user_email' => 'gone@a.test',
			)
		);
		wp_delete_user( $id );
		self::assertTrue( $this->end_request() );
		$row = $this->row( $id );
		self::assertTrue( $row?->fields->has( FieldSet::DELETED ) );
		self::assertSame( array( 'gone', 'gone@a.test' ), array( $row->details['login'] ?? null, $row->details['email'] ?? null ) );
	}

	public function test_a_deletion_is_not_lost_when_the_process_dies_right_after_it(): void {
		$id = $this->make_known_user( array( 'user_login' => 'gone' ) );
		wp_delete_user( $id );
		// No end of the request.
		$this->clock->now += Outbox::OPEN_SECONDS + 1;
		$rows              = $this->plugin->outbox()->claim( $this->site->id, 10, 30 );
		self::assertCount( 1, $rows );
		self::assertTrue( $rows[0]->fields->has( FieldSet::DELETED ) );
		self::assertSame( 'gone', $rows[0]->details['login'] ?? null );
	}

	public function test_a_deletion_is_written_down_before_it_happens_and_not_delivered_before(): void {
		$id   = $this->make_known_user();
		$was  = null;
		$sent = null;
		add_filter(
			'query',
			function ( string $query ) use ( $id, &$was, &$sent ): string {
				if ( null === $was && preg_match( '/^DELETE FROM `?wp_users/', $query ) ) {
					$was  = false;
					$was  = $this->row( $id )?->fields->has( FieldSet::DELETED );
					$sent = $this->plugin->outbox()->claim( $this->site->id, 10, 30 );
				}
				return $query;
			}
		);
		wp_delete_user( $id );
		self::assertTrue( $was );
		self::assertSame( array(), $sent );
	}

	public function test_a_deletion_that_was_flushed_too_early_is_said_again(): void {
		$id = $this->make_known_user();
		// A plugin whose clean-up touches so many others that a step is written down while the account still exists.
		add_action(
			'delete_user',
			function () use ( $id ): void {
				$this->end_request();
				$this->plugin->outbox()->discard( $this->row( $id )->id ?? 0 );
			},
			99
		);
		wp_delete_user( $id );
		self::assertContains( FieldSet::DELETED, $this->captured( $id ) );
		self::assertArrayHasKey( 'login', $this->row( $id )->details ?? array() );
	}

	public function test_a_user_made_and_deleted_in_one_request_is_a_deletion(): void {
		$id = $this->make_user();
		wp_delete_user( $id );
		self::assertContains( FieldSet::DELETED, $this->captured( $id ) );
		self::assertFalse( get_userdata( $id ) );
	}

	public function test_a_number_that_a_deleted_user_had_does_not_inherit_their_account_there(): void {
		$other = $this->connect();
		$next  = $this->make_known_user() + 1;
		$this->link( $next );
		$this->link( $next, $other );
		self::assertSame( $next, $this->make_user() );
		$this->end_request();
		self::assertSame( array(), $this->plugin->links()->of_user( $next ) );
	}

	public function test_a_request_that_touches_no_user_asks_nothing_of_our_tables(): void {
		$queries = $this->own_queries(
			function (): void {
				update_option( 'blogname', 'Another name' );
				wp_insert_post( array( 'post_title' => 'A post' ) );
				get_users();
				$this->end_request();
			}
		);
		self::assertSame( array(), $queries );
	}

	public function test_the_sites_are_read_once_in_a_request(): void {
		$queries = $this->own_queries(
			function (): void {
				$this->make_user();
				$this->make_user();
			}
		);
		self::assertCount( 1, array_filter( $queries, static fn ( string $query ): bool => (bool) preg_match( '/FROM `?wp_tandem_sites/', $query ) ) );
	}

	/**
	 * @return iterable<string, array{string, list<mixed>}>
	 */
	public static function odd_actions(): iterable {
		yield 'profile_update with an id alone' => array( 'profile_update', array( 1 ) );
		yield 'profile_update with a row of the table' => array( 'profile_update', array( '1', (object) array( 'ID' => 1 ) ) );
		yield 'user_register with a text' => array( 'user_register', array( '999999' ) );
		yield 'user_register with nothing' => array( 'user_register', array() );
		yield 'wp_update_user with an id alone' => array( 'wp_update_user', array( 1 ) );
		yield 'wp_set_password without the user before' => array( 'wp_set_password', array( 'secret', 1 ) );
		yield 'wp_set_password of nobody' => array( 'wp_set_password', array( null, null, false ) );
		yield 'after_password_reset without a password' => array( 'after_password_reset', array( new \WP_User() ) );
		yield 'user_profile_update_errors without a user' => array( 'user_profile_update_errors', array( new \WP_Error() ) );
		yield 'delete_user with a text' => array( 'delete_user', array( '999999' ) );
		yield 'deleted_user with an id alone' => array( 'deleted_user', array( 999999 ) );
		yield 'updated_user_meta with little' => array( 'updated_user_meta', array( 1 ) );
	}

	/**
	 * @param string      $hook Which.
	 * @param list<mixed> $args What another plugin hands over.
	 */
	#[DataProvider( 'odd_actions' )]
	public function test_actions_that_other_plugins_fire_with_other_arguments_end_nobodys_save( string $hook, array $args ): void {
		// Core's own, in wp-admin only, does not put up with it.
		remove_action( 'profile_update', 'default_password_nag_edit_user' );
		do_action( $hook, ...$args );
		$this->end_request();
		self::assertFalse( get_option( 'tandem_trouble' ) );
		self::assertNull( $this->row( 0 ) );
	}
}
