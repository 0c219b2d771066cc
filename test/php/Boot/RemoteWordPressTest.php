<?php
/**
 * The remote site of the tests does what they rely on.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Boot;

use Tandem\Tests\RemoteWordPress;
use Tandem\Tests\TestCase;

final class RemoteWordPressTest extends TestCase {

	private RemoteWordPress $remote;

	protected function setUp(): void {
		parent::setUp();
		$this->remote = RemoteWordPress::clean();
	}

	public function test_it_knows_its_administrator_by_the_application_password(): void {
		$answer = $this->get( 'wp/v2/users/me?context=edit' );
		self::assertIsArray( $answer );
		self::assertSame( 200, $answer['response']['code'], $answer['body'] );
		self::assertSame( 'admin', json_decode( $answer['body'], true )['username'] );
		self::assertSame( 401, wp_remote_get( $this->remote->rest_url() . 'wp/v2/users/me' )['response']['code'] ?? 0 );
		self::assertSame( array( true, false ), array_column( $this->remote->requests(), 'authorized' ) );
	}

	public function test_a_real_log_in_says_who_may_come_in(): void {
		self::assertTrue( $this->remote->can_log_in( RemoteWordPress::ADMIN, RemoteWordPress::ADMIN_PASSWORD ) );
		self::assertFalse( $this->remote->can_log_in( RemoteWordPress::ADMIN, 'another' ) );
		$this->remote->make_user(
			array(
				'user_login' => 'ada',
				'user_email' => 'ada@b.test',
				'user_pass'  => "O'Neil \\ \"\u{1F511}\"",
			)
		);
		self::assertTrue( $this->remote->can_log_in( 'ada', "O'Neil \\ \"\u{1F511}\"" ) );
		self::assertTrue( $this->remote->can_log_in( 'ada@b.test', "O'Neil \\ \"\u{1F511}\"" ) );
		self::assertFalse( $this->remote->can_log_in( 'ada', 'O' ) );
		self::assertSame( array(), $this->remote->requests(), 'log-ins of a test are no requests' );
	}

	public function test_it_forgets_its_users_and_keeps_its_administrator(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'ada',
				'user_email' => 'ada@b.test',
				'user_pass'  => 'x',
			)
		);
		$this->remote->run( 'wp_set_password( "changed", 1 ); WP_Application_Passwords::delete_all_application_passwords( 1 ); return null;' );
		self::assertSame( 401, $this->answered() );
		RemoteWordPress::clean();
		self::assertSame( 1, $this->remote->count_users() );
		self::assertNull( $this->remote->user( 'ada' ) );
		self::assertSame( 200, $this->answered() );
		self::assertTrue( $this->remote->can_log_in( RemoteWordPress::ADMIN, RemoteWordPress::ADMIN_PASSWORD ) );
	}

	public function test_code_of_every_request(): void {
		$this->remote->on_every_request( "register_meta( 'user', 'phone', array( 'type' => 'string', 'single' => true, 'show_in_rest' => true ) );" );
		$answer = $this->get( 'wp/v2/users/me?context=edit' );
		self::assertIsArray( $answer );
		self::assertArrayHasKey( 'phone', json_decode( $answer['body'], true )['meta'] );
	}

	public function test_what_the_code_throws_arrives(): void {
		$this->expectExceptionMessage( 'RuntimeException: oh' );
		$this->remote->run( 'throw new RuntimeException( "oh" );' );
	}

	public function test_it_hangs_until_it_is_healed(): void {
		$this->remote->hang();
		$answer = $this->get( 'wp/v2/users/me', 1 );
		self::assertInstanceOf( \WP_Error::class, $answer );
		self::assertStringContainsString( 'timed out', $answer->get_error_message() );
		$this->remote->heal();
		self::assertSame( 200, $this->answered() );
	}

	public function test_it_answers_late(): void {
		$this->remote->answer_after( 0.5, 1 );
		$start = microtime( true );
		self::assertSame( 200, $this->answered() );
		self::assertGreaterThan( 0.5, microtime( true ) - $start );
	}

	public function test_it_answers_what_it_is_told_so_many_times(): void {
		$this->remote->answer( 429, '{"code":"slow_down"}', array( 'Retry-After' => '17' ), 2 );
		$answer = $this->get( 'wp/v2/users/me' );
		self::assertIsArray( $answer );
		self::assertSame( 429, $answer['response']['code'] );
		self::assertSame( '17', wp_remote_retrieve_header( $answer, 'retry-after' ) );
		self::assertSame( 429, $this->answered() );
		self::assertSame( 200, $this->answered() );
	}

	public function test_a_fault_can_be_for_one_method(): void {
		$this->remote->answer( 500, method: '#^POST$#' );
		self::assertSame( 200, $this->answered() );
		self::assertSame( 500, wp_remote_post( $this->remote->rest_url() )['response']['code'] ?? 0 );
	}

	public function test_half_an_answer_of_something_that_is_done(): void {
		$this->remote->send_half();
		$answer = wp_remote_post(
			$this->remote->rest_url() . 'wp/v2/users',
			array(
				'headers' => $this->authorization(),
				'body'    => array(
					'username' => 'ada',
					'email'    => 'ada@b.test',
					'password' => 'x',
				),
			)
		);
		self::assertInstanceOf( \WP_Error::class, $answer );
		self::assertNotNull( $this->remote->user( 'ada' ) );
		self::assertCount( 1, $this->remote->writes() );
	}

	public function test_a_warning_before_the_json(): void {
		$this->remote->print_before();
		$answer = $this->get( 'wp/v2/users/me' );
		self::assertIsArray( $answer );
		self::assertStringStartsWith( "<br />\n<b>Warning</b>", $answer['body'] );
		self::assertStringEndsWith( '}', $answer['body'] );
	}

	public function test_html_instead_of_json(): void {
		$this->remote->answer_html();
		$answer = $this->get( 'wp/v2/users/me' );
		self::assertIsArray( $answer );
		self::assertSame( 200, $answer['response']['code'] );
		self::assertStringContainsString( 'Back soon', $answer['body'] );
	}

	public function test_a_redirect_that_is_followed_is_seen(): void {
		$this->remote->redirect( $this->remote->url . '/elsewhere' );
		$this->get( 'wp/v2/users/me' );
		self::assertCount( 1, $this->remote->requests( '#/elsewhere#' ) );
		$this->remote->redirect_to_login();
		$answer = $this->get( 'wp/v2/users/me' );
		self::assertIsArray( $answer );
		self::assertStringContainsString( 'loginform', $answer['body'] );
	}

	public function test_it_refuses_connections_and_comes_back(): void {
		$this->remote->refuse();
		$answer = $this->get( 'wp/v2/users/me' );
		self::assertInstanceOf( \WP_Error::class, $answer );
		$this->remote->restore();
		self::assertSame( 200, $this->answered() );
	}

	public function test_it_keeps_its_mails(): void {
		$this->remote->run( 'wp_mail( "ada@b.test", "Hello", "text" ); return null;' );
		self::assertSame( array( 'Hello' ), array_column( $this->remote->mails(), 'subject' ) );
	}

	private function answered(): int {
		$answer = $this->get( 'wp/v2/users/me' );
		return is_array( $answer ) ? (int) $answer['response']['code'] : 0;
	}

	/**
	 * @return array<string, string>
	 */
	private function authorization(): array {
		return array( 'Authorization' => 'Basic ' . base64_encode( RemoteWordPress::ADMIN . ':' . $this->remote->application_password ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as HTTP wants it.
	}

	/**
	 * @param string $route   Route.
	 * @param int    $timeout Seconds.
	 * @return array<string, mixed>|\WP_Error
	 */
	private function get( string $route, int $timeout = 10 ): array|\WP_Error {
		return wp_remote_get(
			$this->remote->rest_url() . $route,
			array(
				'headers' => $this->authorization(),
				'timeout' => $timeout,
			)
		);
	}
}
