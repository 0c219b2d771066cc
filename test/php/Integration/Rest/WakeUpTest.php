<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Plugin;
use Tandem\Sync\FieldSet;
use Tandem\Tests\RemoteWordPress;

/**
 * The one route that is not for administrators: this site wakes itself.
 */
final class WakeUpTest extends RestTestCase {

	protected function setUp(): void {
		parent::setUp();
		// One that another test has made asks that test's plugin, with that test's clock.
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- made anew when it is asked for.
	}

	private function plugin(): Plugin {
		return $GLOBALS['tandem_plugin'];
	}

	/**
	 * A token as this site makes it.
	 *
	 * @param int    $time    Unix seconds.
	 * @param string $purpose What it is made for.
	 */
	private function token( int $time, string $purpose = 'wake' ): string {
		return "$time." . $this->plugin()->vault()->fingerprint( (string) $time, $purpose );
	}

	public function test_a_visitors_request_with_the_token_of_this_site_delivers_what_is_due(): void {
		$remote = RemoteWordPress::clean();
		$id     = $this->make_user( array( 'user_login' => 'anna' ) );
		// What the plugin that is loaded has heard of them in this request.
		$this->plugin()->recorder()->flush();
		$site = $this->connected( $remote );
		$this->outbox->enqueue( $site->id, $id, new FieldSet( FieldSet::ALL ) );
		wp_set_current_user( 0 );
		$response = $this->ask( 'POST', '/work', array( 'token' => $this->token( time() ) ) );
		self::assertSame( array( 204, null ), array( $response->get_status(), $response->get_data() ) );
		self::assertNotNull( $remote->user( 'anna' ) );
	}

	/**
	 * @return iterable<string, array{\Closure( self ): string}>
	 */
	public static function no_tokens(): iterable {
		yield 'an old one' => array( static fn ( self $test ): string => $test->token( time() - 120 ) );
		yield 'one of tomorrow' => array( static fn ( self $test ): string => $test->token( time() + DAY_IN_SECONDS ) );
		yield 'one made for something else' => array( static fn ( self $test ): string => $test->token( time(), 'confirm:1' ) );
		yield 'the proof of another time' => array( static fn ( self $test ): string => time() . '.' . explode( '.', $test->token( time() - 1 ) )[1] );
		yield 'a time without a proof' => array( static fn (): string => (string) time() );
		yield 'an empty proof' => array( static fn (): string => time() . '.' );
		yield 'nothing' => array( static fn (): string => '' );
		yield 'dots' => array( static fn (): string => '...' );
		yield 'a number that is too large' => array( static fn (): string => str_repeat( '9', 100 ) . '.x' );
		yield 'a time below zero' => array( static fn ( self $test ): string => $test->token( -time() ) );
	}

	/**
	 * @param \Closure( self ): string $token Makes it.
	 */
	#[DataProvider( 'no_tokens' )]
	public function test_nobody_else_can_have_it_work( \Closure $token ): void {
		foreach ( array( 0, 1 ) as $user_id ) {
			wp_set_current_user( $user_id );
			self::assertSame( 'tandem_forbidden', $this->refusal( 0 === $user_id ? 401 : 403, 'POST', '/work', array( 'token' => $token( $this ) ) ) );
		}
	}

	public function test_the_token_opens_nothing_else(): void {
		wp_set_current_user( 0 );
		foreach ( array( '/sites', '/activity', '/conflicts', '/settings' ) as $path ) {
			self::assertSame( 'tandem_forbidden', $this->refusal( 401, 'GET', $path, array( 'token' => $this->token( time() ) ) ) );
		}
		self::assertSame( 'rest_no_route', $this->refusal( 404, 'GET', '/work', array( 'token' => $this->token( time() ) ) ) );
	}
}
