<?php
/**
 * Every way in which WordPress sets a password, times every kind of password.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use PHPUnit\Framework\Attributes\DataProvider;

final class PasswordPathsTest extends CaptureTestCase {

	/** In every password, so that it can be searched for. */
	private const NEEDLE = 'needle8c1d';

	private const KINDS = array(
		'plain'              => 'correct horse ' . self::NEEDLE,
		'single quote'       => "O'Neil " . self::NEEDLE,
		'double quotes'      => 'say "hi" ' . self::NEEDLE,
		'spaces inside'      => 'two  blanks   ' . self::NEEDLE,
		'spaces at the ends' => '  ends ' . self::NEEDLE . '  ',
		'UTF-8'              => 'pässwörd 日本 🔑 ' . self::NEEDLE,
		'markup'             => '<b>&amp;%20%s ' . self::NEEDLE,
		'backslash'          => 'back\\slash ' . self::NEEDLE,
	);

	/**
	 * @return iterable<string, array{string, string}>
	 */
	public static function paths_and_kinds(): iterable {
		$kinds = self::KINDS + array(
			'80 bytes'   => str_pad( self::NEEDLE, 80, 'x' ),
			'4096 bytes' => str_pad( self::NEEDLE, 4096, 'y' ),
		);
		foreach ( array_keys( self::paths() ) as $path ) {
			foreach ( $kinds as $kind => $password ) {
				yield "$path, $kind" => array( $path, $password );
			}
		}
	}

	#[DataProvider( 'paths_and_kinds' )]
	public function test_the_password_is_captured_as_it_was_hashed( string $path, string $typed ): void {
		list( $user_id, $hashed ) = self::paths()[ $path ]( $this, $typed );
		if ( null === $hashed ) {
			self::assertNull( $this->captured_password( $user_id ), 'WordPress refused it.' );
		} else {
			$this->assert_captured_password( $user_id, $hashed );
		}
		$this->assert_nowhere_in_database( self::NEEDLE, get_userdata( $user_id )->user_login ?? '' );
	}

	/**
	 * How each path sets a password: the user, and what WordPress hashed, or null where it refuses.
	 *
	 * @return array<string, \Closure( self, string ): array{int, string|null}>
	 */
	private static function paths(): array {
		$refused = static fn ( string $typed, string $hashed ): ?string => str_contains( $typed, '\\' ) ? null : $hashed;
		return array(
			'wp_insert_user()'           => static fn ( self $test, string $typed ): array => array( $test->make_user( array( 'user_pass' => $typed ) ), $typed ),
			'wp_insert_user() of a form' => static fn ( self $test, string $typed ): array => array( $test->make_user( array( 'user_pass' => wp_slash( $typed ) ) ), wp_slash( $typed ) ),
			'wp_create_user()'           => static fn ( self $test, string $typed ): array => array( wp_create_user( 'created', $typed, 'created@a.test' ), $typed ),
			'wp_update_user(), array'    => static function ( self $test, string $typed ): array {
				$id = $test->make_known_user();
				wp_update_user(
					array(
						'ID'        => $id,
						'user_pass' => $typed,
					)
				);
				return array( $id, $typed );
			},
			'wp_update_user(), object'   => static function ( self $test, string $typed ): array {
				$id = $test->make_known_user();
				wp_update_user(
					(object) array(
						'ID'        => $id,
						'user_pass' => $typed,
					)
				);
				return array( $id, $typed );
			},
			'wp_update_user(), WP_User'  => static function ( self $test, string $typed ): array {
				$id              = $test->make_known_user();
				$user            = get_userdata( $id );
				$user->user_pass = $typed;
				wp_update_user( $user );
				return array( $id, $typed );
			},
			'wp_set_password()'          => static function ( self $test, string $typed ): array {
				$id = $test->make_known_user();
				wp_set_password( $typed, $id );
				return array( $id, $typed );
			},
			'reset link'                 => static function ( self $test, string $typed ): array {
				$id   = $test->make_known_user();
				$user = check_password_reset_key( get_password_reset_key( get_userdata( $id ) ), get_userdata( $id )->user_login );
				self::assertInstanceOf( \WP_User::class, $user );
				// wp-login.php gives it on with the slashes of the form.
				reset_password( $user, wp_slash( $typed ) );
				return array( $id, wp_slash( $typed ) );
			},
			'profile form, own'          => static fn ( self $test, string $typed ): array => self::profile( $test, $typed, true, $refused ),
			'profile form, another\'s'   => static fn ( self $test, string $typed ): array => self::profile( $test, $typed, false, $refused ),
			'form for a new user'        => static function ( self $test, string $typed ) use ( $refused ): array {
				wp_set_current_user( 1 );
				$test->post(
					array(
						'user_login' => 'fromform',
						'email'      => 'fromform@a.test',
						'pass1'      => $typed,
						'pass2'      => $typed,
						'role'       => 'subscriber',
					)
				);
				$id = edit_user();
				self::assertSame( null === $refused( $typed, '' ), is_wp_error( $id ) );
				return is_wp_error( $id ) ? array( 1, null ) : array( $id, wp_slash( trim( $typed ) ) );
			},
			'REST, create'               => static function ( self $test, string $typed ) use ( $refused ): array {
				$response = $test->rest(
					'/wp/v2/users',
					array(
						'username' => 'fromrest',
						'email'    => 'fromrest@a.test',
						'password' => $typed,
					)
				);
				self::assertSame( null === $refused( $typed, '' ) ? 400 : 201, $response->get_status() );
				return 201 === $response->get_status() ? array( $response->get_data()['id'], wp_slash( $typed ) ) : array( 1, null );
			},
			'REST, update'               => static function ( self $test, string $typed ) use ( $refused ): array {
				$id = $test->make_known_user();
				self::assertSame( null === $refused( $typed, '' ) ? 400 : 200, $test->rest( "/wp/v2/users/$id", array( 'password' => $typed ) )->get_status() );
				return array( $id, $refused( $typed, wp_slash( $typed ) ) );
			},
		);
	}

	/**
	 * Saves the profile form.
	 *
	 * @param self                              $test    The test.
	 * @param string                            $typed   The password.
	 * @param bool                              $own     Whether the person does so, not an administrator.
	 * @param \Closure( string, string ): ?string $refused Null when WordPress refuses it.
	 * @return array{int, string|null}
	 */
	private static function profile( self $test, string $typed, bool $own, \Closure $refused ): array {
		$id = $test->make_known_user();
		wp_set_current_user( $own ? $id : 1 );
		$test->post(
			array(
				'email'        => get_userdata( $id )->user_email,
				'nickname'     => get_userdata( $id )->nickname,
				'display_name' => get_userdata( $id )->display_name,
				'pass1'        => $typed,
				'pass2'        => $typed,
			)
		);
		self::assertSame( null === $refused( $typed, '' ), is_wp_error( edit_user( $id ) ) );
		return array( $id, $refused( $typed, wp_slash( trim( $typed ) ) ) );
	}

	public function test_somebody_who_registers_has_the_generated_password_until_they_choose_one(): void {
		$generated = null;
		add_filter(
			'random_password',
			static function ( string $password ) use ( &$generated ): string {
				return $generated ??= $password;
			}
		);
		$id = register_new_user( 'registered', 'registered@a.test' );
		self::assertIsInt( $id );
		$this->assert_captured_password( $id, (string) $generated );
		reset_password( get_userdata( $id ), 'their own' );
		$this->assert_captured_password( $id, 'their own' );
	}

	public function test_a_new_user_without_a_password_has_none_to_send(): void {
		// Core warns of it.
		add_filter( 'wp_trigger_error_trigger_error', '__return_false' );
		$id = wp_insert_user(
			array(
				'user_login' => 'nopass',
				'user_email' => 'nopass@a.test',
				'user_pass'  => '',
			)
		);
		self::assertIsInt( $id );
		self::assertNull( $this->captured_password( $id ) );
		self::assertContains( '*', $this->captured( $id ) );
	}

	public function test_a_password_that_is_too_long_for_wordpress_is_not_sent(): void {
		$id = $this->make_known_user();
		wp_set_password( str_repeat( 'x', 4097 ), $id );
		self::assertSame( '*', get_userdata( $id )->user_pass ?? '', 'Nobody can log in with it.' );
		self::assertNull( $this->captured_password( $id ) );
	}

	public function test_two_users_in_one_request_never_mix(): void {
		list( $one, $two, $three ) = array( $this->make_known_user(), $this->make_known_user(), $this->make_known_user() );
		add_action(
			'wp_set_password',
			static function ( string $password, int $user_id ) use ( $one, $two ): void {
				// A plugin that sets another's password in the middle of the first one's change.
				if ( $user_id === $one ) {
					wp_set_password( 'of two', $two );
				}
			},
			10,
			2
		);
		wp_update_user(
			array(
				'ID'        => $one,
				'user_pass' => 'of one',
			)
		);
		wp_update_user(
			array(
				'ID'         => $three,
				'first_name' => 'Three',
			)
		);
		$this->assert_captured_password( $one, 'of one' );
		if ( version_compare( get_bloginfo( 'version' ), '6.9', '>=' ) ) {
			$this->assert_captured_password( $two, 'of two' );
		}
		self::assertNull( $this->captured_password( $three ) );
		self::assertSame( array( 'first_name' ), $this->captured( $three ) );
	}

	public function test_the_last_of_several_passwords_is_sent(): void {
		$id = $this->make_user( array( 'user_pass' => 'first' ) );
		wp_set_password( 'second', $id );
		wp_update_user(
			array(
				'ID'        => $id,
				'user_pass' => 'third',
			)
		);
		$this->assert_captured_password( $id, 'third' );
	}

	public function test_a_reset_link_is_one_change(): void {
		$id   = $this->make_known_user();
		$user = get_userdata( $id );
		$made = $this->own_queries( static fn () => reset_password( $user, 'new secret' ) );
		self::assertCount( 1, array_filter( $made, static fn ( string $query ): bool => str_starts_with( $query, 'INSERT' ) ) );
		$this->assert_captured_password( $id, 'new secret' );
	}

	public function test_a_save_that_wordpress_refuses_sends_nothing(): void {
		$id    = $this->make_known_user();
		$taken = $this->make_known_user( array( 'user_email' => 'taken@a.test' ) );
		$hash  = get_userdata( $id )->user_pass ?? '';
		$saved = wp_update_user(
			array(
				'ID'         => $id,
				'user_email' => 'taken@a.test',
				'user_pass'  => 'never saved',
			)
		);
		self::assertWPError( $saved );
		self::assertSame( $hash, get_userdata( $id )->user_pass ?? '' );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
		self::assertNull( $this->row( $taken ) );

		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Later',
			)
		);
		self::assertNull( $this->captured_password( $id ), 'A later save does not confirm it either.' );
		self::assertSame( array( 'first_name' ), $this->captured( $id ) );

		$data              = get_userdata( $id )->to_array();
		$data['user_pass'] = wp_hash_password( 'unknown' );
		wp_insert_user( $data );
		self::assertNull( $this->captured_password( $id ), 'Nor does a ready hash that is written later.' );
	}

	public function test_a_profile_form_with_errors_sends_nothing_even_when_the_account_is_saved_later(): void {
		$id = $this->make_known_user();
		wp_set_current_user( 1 );
		$this->post(
			array(
				'email'    => 'no address',
				'nickname' => 'nick',
				'pass1'    => 'never saved',
				'pass2'    => 'never saved',
			)
		);
		self::assertWPError( edit_user( $id ) );
		// Code that writes a ready hash, as an import does.
		$data              = get_userdata( $id )->to_array();
		$data['user_pass'] = wp_hash_password( 'unknown' );
		wp_insert_user( $data );
		self::assertNull( $this->captured_password( $id ) );
	}

	public function test_a_form_that_does_not_change_the_password_sends_none(): void {
		$id = $this->make_known_user();
		wp_set_current_user( 1 );
		$this->post(
			array(
				'email'      => get_userdata( $id )->user_email,
				'nickname'   => 'nick',
				'first_name' => "O'Neil",
				'pass1'      => '',
				'pass2'      => '',
			)
		);
		self::assertSame( $id, edit_user( $id ) );
		self::assertNull( $this->captured_password( $id ) );
		self::assertSame( array( 'first_name', 'nickname' ), $this->captured( $id ) );
	}

	public function test_what_a_request_says_of_passwords_is_not_believed(): void {
		$id = $this->make_known_user();
		$this->post(
			array(
				'pass1'     => 'from the form',
				'user_pass' => 'from the form',
				'password'  => 'from the form',
			)
		);
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Ann',
			)
		);
		wp_set_password( 'from the code', $id );
		$this->assert_captured_password( $id, 'from the code' );
	}

	public function test_a_stored_hash_that_is_handed_through_is_no_password(): void {
		$id               = $this->make_known_user();
		$user             = get_userdata( $id );
		$user->first_name = 'Ann';
		wp_update_user( $user );
		self::assertNull( $this->captured_password( $id ) );
		self::assertSame( array( 'first_name' ), $this->captured( $id ) );
	}

	public function test_a_stored_hash_of_an_old_import_is_no_password_either(): void {
		global $wpdb;
		$id = $this->make_known_user();
		$wpdb->update( $wpdb->users, array( 'user_pass' => md5( 'secret' ) ), array( 'ID' => $id ) );
		clean_user_cache( $id );
		$user             = get_userdata( $id );
		$user->first_name = 'Ann';
		wp_update_user( $user );
		self::assertNull( $this->captured_password( $id ) );
		self::assertSame( array( 'first_name' ), $this->captured( $id ) );
	}

	public function test_a_reset_link_is_heard_where_a_plugin_has_replaced_how_passwords_are_set(): void {
		$id = $this->make_known_user();
		remove_all_actions( 'wp_set_password' );
		reset_password( get_userdata( $id ), 'new secret' );
		$this->assert_captured_password( $id, 'new secret' );
	}

	public function test_the_profile_form_is_heard_although_the_request_dies_while_wordpress_writes_its_mail(): void {
		// WordPress before 6.9 says it in no other way.
		remove_all_actions( 'wp_set_password' );
		add_filter( 'password_change_email', static fn () => throw new \RuntimeException( 'A mail plugin died.' ) );
		try {
			self::profile( $this, 'new secret', false, static fn ( string $typed, string $hashed ): string => $hashed );
			self::fail( 'The request goes on.' );
		} catch ( \RuntimeException ) {
			$id = (int) $GLOBALS['wpdb']->get_var( "SELECT MAX(ID) FROM {$GLOBALS['wpdb']->users}" );
		}
		$this->assert_captured_password( $id, 'new secret' );
	}

	public function test_a_hash_is_never_sent_even_if_core_takes_it_for_a_password(): void {
		$id               = $this->make_known_user();
		$stale            = get_userdata( $id );
		$stale->user_pass = '$P$B' . str_repeat( 'a', 30 );
		wp_update_user( $stale );
		self::assertNull( $this->captured_password( $id ) );

		$stale = get_userdata( $id );
		wp_set_password( 'new secret', $id );
		wp_update_user( $stale );
		self::assertSame( 'new secret', $this->captured_password( $id ) );
	}

	public function test_a_hash_that_code_writes_is_not_sent(): void {
		$id                = $this->make_known_user();
		$data              = get_userdata( $id )->to_array();
		$data['user_pass'] = wp_hash_password( 'unknown' );
		wp_insert_user( $data );
		self::assertTrue( wp_check_password( 'unknown', get_userdata( $id )->user_pass ?? '', $id ) );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_storing_a_reset_key_sends_nothing(): void {
		$id = $this->make_known_user();
		self::assertIsString( get_password_reset_key( get_userdata( $id ) ) );
		self::assertFalse( $this->end_request() );
		self::assertNull( $this->row( $id ) );
	}

	public function test_each_site_gets_it_sealed_for_itself(): void {
		$other = $this->connect();
		$id    = $this->make_user( array( 'user_pass' => 'secret' ) );
		self::assertSame( 'secret', $this->captured_password( $id ) );
		self::assertSame( 'secret', $this->captured_password( $id, $other ) );
		$this->expectException( \Tandem\Security\Unreadable::class );
		$this->plugin->vault()->open( $this->row( $id, $other )->secret ?? '', "password:{$this->site->id}:$id" );
	}

	public function test_a_site_that_receives_no_passwords_gets_none(): void {
		$without = $this->connect( array( 'fields' => array( 'user_email', 'first_name' ) ) );
		$id      = $this->make_user( array( 'user_pass' => 'secret' ) );
		self::assertNull( $this->captured_password( $id, $without ) );
		self::assertSame( 'secret', $this->captured_password( $id ) );
		$this->plugin->outbox()->discard( $this->row( $id, $without )->id ?? 0 );
		wp_set_password( 'another', $id );
		$this->end_request();
		self::assertNull( $this->row( $id, $without ) );
	}

	public function test_it_is_kept_for_as_long_as_the_owner_says(): void {
		( new \Tandem\Settings() )->update( array( 'passwordExpiryHours' => 5 ) );
		$id = $this->make_known_user();
		wp_set_password( 'secret', $id );
		$this->end_request();
		self::assertSame( $this->clock->now + 5 * HOUR_IN_SECONDS, $this->row( $id )->secret_expires_at ?? 0 );
	}

	public function test_it_is_not_in_memory_in_plain_text_after_it_was_captured(): void {
		$id = $this->make_known_user();
		wp_set_password( 'needle8c1d', $id );
		$held = print_r( // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- looks into the objects.
			array(
				( new \ReflectionProperty( \Tandem\Capture\Recorder::class, 'edits' ) )->getValue( $this->plugin->recorder() ),
				( new \ReflectionProperty( \Tandem\Capture\Passwords::class, 'tentative' ) )->getValue( ( new \ReflectionProperty( $this->plugin, 'made' ) )->getValue( $this->plugin )[ \Tandem\Capture\Passwords::class ] ),
			),
			true
		);
		self::assertStringContainsString( 't1:', $held );
		self::assertStringNotContainsString( 'needle8c1d', $held );
	}

	/**
	 * A WP_Error.
	 *
	 * @param mixed $value Anything.
	 */
	private static function assertWPError( mixed $value ): void {
		self::assertInstanceOf( \WP_Error::class, $value );
	}
}
