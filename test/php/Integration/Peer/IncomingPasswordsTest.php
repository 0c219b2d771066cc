<?php
/**
 * Passwords that come from a paired site, and real log-ins with them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Peer\IncomingPassword;
use Tandem\Peer\UserResult;
use Tandem\Sync\Stamp;

final class IncomingPasswordsTest extends PeerTestCase {

	/**
	 * What a person types, and what WordPress makes of it before it hashes (`wp_magic_quotes()`).
	 *
	 * @return array<string, array{string}>
	 */
	public static function passwords(): array {
		return array(
			'simple'             => array( 'correct horse' ),
			'backslash'          => array( 'back\\slash\\\\two\\' ),
			'quotes'             => array( 'O\'Neil "and" co' ),
			'UTF-8'              => array( 'Žluťoučký kůň 🐎' ),
			'4,096 bytes'        => array( str_repeat( 'longest ', 512 ) . '' ),
			'blanks at its ends' => array( '  blanks  ' ),
			'HTML'               => array( '<b>&amp;</b>' ),
			'Latin-1'            => array( "caf\xE9" ),
			'looks like a hash'  => array( '$wp$2y$10$abcdefghijklmnopqrstuuXCOzLOVPkuHEVJfLpcBvRZpJrMLTDPO' ),
		);
	}

	/**
	 * Logs in as WordPress's form does: what was typed arrives with slashes.
	 *
	 * @param string $typed What the person types.
	 */
	private function log_in( string $typed ): \WP_User|\WP_Error {
		return wp_authenticate( 'maria', wp_slash( $typed ) );
	}

	private function assert_logs_in( int $id, string $typed ): void {
		$user = $this->log_in( $typed );
		self::assertInstanceOf( \WP_User::class, $user, is_wp_error( $user ) ? (string) $user->get_error_code() : '' );
		self::assertSame( $id, $user->ID );
		self::assertInstanceOf( \WP_Error::class, $this->log_in( 'not ' . $typed ) );
	}

	#[DataProvider( 'passwords' )]
	public function test_a_hash_that_came_opens_a_new_account( string $typed ): void {
		$result = $this->receive( $this->password( 'hash', wp_hash_password( wp_slash( $typed ) ) ) + array( 'password' => null ) + $this->newcomer() );
		self::assertSame( array( UserResult::CREATED, array() ), array( $result->result, $result->warnings ) );
		$this->assert_logs_in( $result->id, $typed );
	}

	#[DataProvider( 'passwords' )]
	public function test_a_hash_that_came_opens_an_existing_account( string $typed ): void {
		$id     = $this->linked();
		$hash   = wp_hash_password( wp_slash( $typed ) );
		$result = $this->receive( $this->password( 'hash', $hash, $this->stamp( 1 ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
		self::assertSame( array( UserResult::UPDATED, array() ), array( $result->result, $result->warnings ) );
		self::assertSame( $hash, $this->account( $id )->user_pass, 'Byte for byte.' );
		$this->assert_logs_in( $id, $typed );
	}

	#[DataProvider( 'passwords' )]
	public function test_a_plain_password_opens_a_new_account( string $typed ): void {
		$result = $this->receive( $this->password( 'plain', wp_slash( $typed ) ) + $this->newcomer() );
		if ( strlen( wp_slash( $typed ) ) > 4096 ) {
			self::assertNotSame( array(), $result->warnings );
			return;
		}
		self::assertSame( array(), $result->warnings );
		$this->assert_logs_in( $result->id, $typed );
	}

	#[DataProvider( 'passwords' )]
	public function test_a_plain_password_opens_an_existing_account( string $typed ): void {
		$id = $this->linked();
		$this->receive( $this->password( 'plain', wp_slash( $typed ), $this->stamp( 1 ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
		$this->assert_logs_in( $id, $typed );
	}

	public function test_old_formats_of_wordpress_are_understood_and_renewed_at_log_in_without_being_a_change(): void {
		require_once ABSPATH . WPINC . '/class-phpass.php';
		$id = $this->linked();
		foreach ( array( ( new \PasswordHash( 8, true ) )->HashPassword( 'old secret' ), password_hash( 'old secret', PASSWORD_BCRYPT, array( 'cost' => 4 ) ) ) as $number => $hash ) {
			$stamp  = $this->stamp( 1 + $number );
			$result = $this->receive( $this->password( 'hash', $hash, $stamp ) + $this->person( array(), array(), $stamp ) );
			self::assertSame( array(), $result->warnings );
			self::assertSame( $hash, $this->account( $id )->user_pass );
			$this->assert_logs_in( $id, 'old secret' );
			self::assertNotSame( $hash, $this->account( $id )->user_pass, 'WordPress has renewed it.' );
			self::assertNotContains( 'password', $this->due( $id ) );

			// The next message settles the record: still the stamp that came.
			$this->receive( $this->person( array( 'first_name' => "X$number" ), array(), $stamp ) );
			self::assertSame( (string) $stamp, (string) $this->plugin->records()->find( $id )?->stamp( 'password' ) );
		}
	}

	public function test_an_equal_password_is_not_written_again_and_nobody_is_logged_out(): void {
		$hash = wp_hash_password( 'secret' );
		$id   = $this->receive( $this->password( 'hash', $hash ) + $this->newcomer() )->id;
		\WP_Session_Tokens::get_instance( $id )->create( time() + 60 );
		foreach ( array( $this->password( 'hash', $hash, $this->stamp( 1 ) ), $this->password( 'plain', 'secret', $this->stamp( 2 ) ), $this->password( 'plain', ' secret ', $this->stamp( 3 ) ) ) as $password ) {
			$result = $this->assert_untouched( $id, $password + $this->person( array(), array(), $this->stamp() ) );
			self::assertSame( UserResult::EQUAL, $result->result );
		}
		self::assertCount( 1, \WP_Session_Tokens::get_instance( $id )->get_all() );
		self::assertSame( (string) $this->stamp( 3 ), (string) $this->plugin->records()->find( $id )?->stamp( 'password' ), 'Its stamp is taken.' );
	}

	public function test_a_changed_password_ends_all_sessions_and_old_reset_links(): void {
		$id = $this->linked();
		foreach ( array( 'hash' => wp_hash_password( 'one' ), 'plain' => 'two' ) as $kind => $value ) {
			\WP_Session_Tokens::get_instance( $id )->create( time() + 60 );
			$key   = get_password_reset_key( $this->account( $id ) );
			$stamp = $this->stamp( 'hash' === $kind ? 1 : 2 );
			self::assertIsString( $key );
			$this->receive( $this->password( $kind, $value, $stamp ) + $this->person( array(), array(), $stamp ) );
			self::assertSame( array(), \WP_Session_Tokens::get_instance( $id )->get_all(), $kind );
			self::assertInstanceOf( \WP_Error::class, check_password_reset_key( $key, 'maria' ), $kind );
		}
	}

	public function test_other_changes_end_no_session(): void {
		$id = $this->linked();
		\WP_Session_Tokens::get_instance( $id )->create( time() + 60 );
		$this->receive( $this->person( array( 'first_name' => 'X', 'user_email' => 'x@b.test' ), array(), $this->stamp( 1 ) ) );
		self::assertCount( 1, \WP_Session_Tokens::get_instance( $id )->get_all() );
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function bad_hashes(): array {
		return array(
			'MD5'                         => array( md5( 'x' ) ),
			'short'                       => array( 'x' ),
			'nothing'                     => array( '' ),
			'a text'                      => array( 'not a hash at all, but long enough to be one, and longer' ),
			'bcrypt of cost 31'           => array( '$2y$31$vwF86DCIh86d/9U85eccBO8GImx9fFKAxwEE5pX6DRvE.Cy.OJUhe' ),
			'WordPress’s of cost 31'      => array( '$wp$2y$31$ay2.ycUQH6b473owDj8y8uTKU1Mvqf4XCtu3mmt8Cu0ffCwA4lVPm' ),
			'phpass of 2^30 rounds'       => array( '$P$SabcdefghTAwzOH2Bm8x/JrAnTzEhp.' ),
			'Argon2 of four gigabytes'    => array( '$argon2id$v=19$m=4194304,t=3,p=1$N1lKL2JINzIzeUc2YXJGaw$Gqp4d4ATo9sxiUgvQ4fR/61mMgpE1fc8VFdBOE8VqFo' ),
			'Argon2 of a thousand passes' => array( '$argon2id$v=19$m=8,t=1000,p=1$N1lKL2JINzIzeUc2YXJGaw$Gqp4d4ATo9sxiUgvQ4fR/61mMgpE1fc8VFdBOE8VqFo' ),
			'SHA-512'                     => array( '$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36eYJhc' ),
			'a line more'                 => array( '$wp$2y$04$ay2.ycUQH6b473owDj8y8uTKU1Mvqf4XCtu3mmt8Cu0ffCwA4lVPm' . "\n" ),
			'SQL'                         => array( "x', user_login = 'admin" ),
		);
	}

	#[DataProvider( 'bad_hashes' )]
	public function test_what_is_no_hash_or_too_dear_a_one_is_not_stored( string $hash ): void {
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->password( 'hash', $hash, $this->stamp( 1 ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
		self::assertStringContainsString( 'password', $result->warnings[0] );
		self::assertNotSame( (string) $this->stamp( 1 ), (string) $this->plugin->records()->find( $id )?->stamp( 'password' ) );

		$new = $this->receive( $this->password( 'hash', $hash ) + $this->newcomer( array( 'user_email' => 'n@b.test' ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertSame( UserResult::CREATED, $new->result );
		self::assertNotSame( $hash, $this->account( $new->id )->user_pass );
	}

	public function test_what_is_no_password_to_wordpress_is_not_stored(): void {
		$id = $this->linked();
		foreach ( array( str_repeat( 'x', 4097 ), '', '0', '   ', ' 0 ' ) as $number => $password ) {
			$result = $this->assert_untouched( $id, $this->password( 'plain', $password, $this->stamp( 1 + $number ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
			self::assertStringContainsString( 'password', $result->warnings[0] );
		}
		self::assertSame( UserResult::CREATED, $this->receive( $this->password( 'plain', '0' ) + $this->newcomer( array( 'user_email' => 'n@b.test' ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) )->result );
	}

	public function test_what_can_not_be_opened_is_said_and_the_rest_is_taken(): void {
		$id      = $this->linked();
		$message = array( 'password' => array( 's' => (string) $this->stamp( 1 ), 'sealed' => 'garbage' ) ) + $this->person( array( 'first_name' => 'X' ), array(), $this->stamp( 1 ) );
		$result  = $this->receive( $message );
		self::assertSame( UserResult::UPDATED, $result->result );
		self::assertStringContainsString( 'password', $result->warnings[0] );
		self::assertSame( 'X', $this->account( $id )->first_name );
	}

	public function test_an_older_password_is_not_taken(): void {
		$id = $this->linked();
		$this->receive( $this->password( 'plain', 'newer', $this->stamp( 5 ) ) + $this->person( array(), array(), $this->stamp( 5 ) ) );
		$this->assert_untouched( $id, $this->password( 'plain', 'older', $this->stamp( 4 ) ) + $this->person( array(), array(), $this->stamp( 4 ) ) );
	}

	public function test_listeners_see_the_plain_password_where_it_came_and_else_none_that_is_true(): void {
		$set   = $this->calls( 'wp_set_password' );
		$plain = $this->receive( $this->password( 'plain', 'secret' ) + $this->newcomer() );
		self::assertSame( 'secret', $set[0][0] );
		$hash = $this->receive( $this->password( 'hash', wp_hash_password( 'hidden' ) ) + $this->newcomer( array( 'user_email' => 'n@b.test' ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertNotSame( 'hidden', $set[1][0] );
		self::assertFalse( wp_check_password( (string) $set[1][0], $this->account( $hash->id )->user_pass ) );
		$count = count( $set );
		$this->receive( $this->password( 'hash', wp_hash_password( 'another' ), $this->stamp( 1 ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
		self::assertCount( $count, $set, 'For a change by a hash no password is made up.' );
		self::assertTrue( wp_check_password( 'another', $this->account( $plain->id )->user_pass ) );
	}

	public function test_a_hash_is_put_into_its_own_account_only(): void {
		$hash = wp_hash_password( 'mine' );
		$else = 0;
		add_action(
			'user_register',
			function () use ( &$else ): void {
				if ( 0 === $else ) {
					$else = -1;
					$else = $this->make_user( array( 'user_pass' => 'theirs' ) );
				}
			}
		);
		$id = $this->receive( $this->password( 'hash', $hash ) + $this->newcomer() )->id;
		self::assertSame( $hash, $this->account( $id )->user_pass );
		self::assertTrue( wp_check_password( 'theirs', $this->account( $else )->user_pass ) );
	}

	public function test_the_throw_away_hash_is_cheap_and_no_other_is(): void {
		// The suite hashes cheaply as a rule: here as an owner would have it.
		add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 6 ), 5000 );
		$else = '';
		add_action(
			'user_register',
			static function () use ( &$else ): void {
				$else = wp_hash_password( 'x' );
			}
		);
		$made = '';
		add_filter(
			'wp_pre_insert_user_data',
			static function ( array $data ) use ( &$made ): array {
				$made = $data['user_pass'];
				return $data;
			}
		);
		$this->receive( $this->password( 'hash', wp_hash_password( 'x' ) ) + $this->newcomer() );
		self::assertStringStartsWith( '$wp$2y$04$', $made );
		self::assertStringStartsWith( '$wp$2y$06$', $else );
	}

	public function test_the_password_is_not_shown_by_accident(): void {
		$password = new IncomingPassword( Stamp::zero(), false, 'secret' );
		self::assertStringNotContainsString( 'secret', print_r( $password, true ) . wp_json_encode( $password ) );
		ob_start();
		var_dump( $password );
		self::assertStringNotContainsString( 'secret', (string) ob_get_clean() );
		$this->expectException( \LogicException::class );
		serialize( $password );
	}
}
