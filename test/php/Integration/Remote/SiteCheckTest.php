<?php
/**
 * The test of a connected site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteCheck;
use Tandem\Tests\FixedClock;

final class SiteCheckTest extends RemoteTestCase {

	/**
	 * @return array{ok: bool, states: array<string, string>, messages: array<string, string>}
	 */
	private function check( RemoteSite $site, ?int $now = null ): array {
		$answer = ( new SiteCheck( $this->plain_sites, new FixedClock( $now ?? time() ) ) )->of( $site );
		return array(
			'ok'       => $answer['ok'],
			'states'   => array_column( $answer['checks'], 'state', 'code' ),
			'messages' => array_column( $answer['checks'], 'message', 'code' ),
		);
	}

	public function test_all_is_well_and_nothing_is_written(): void {
		$answer = $this->check( $this->connect() );
		self::assertTrue( $answer['ok'] );
		self::assertSame(
			array(
				'https'                 => 'warn',
				'reachable'             => 'pass',
				'rest'                  => 'pass',
				'authorization'         => 'pass',
				'account'               => 'pass',
				'rights'                => 'pass',
				'roles'                 => 'pass',
				'application_passwords' => 'pass',
				'clock'                 => 'pass',
			),
			$answer['states'],
			implode( "\n", $answer['messages'] )
		);
		self::assertStringContainsString( 'an administrator', $answer['messages']['account'] );
		self::assertSame( array(), $this->remote->writes() );
	}

	public function test_each_thing_in_the_way_is_on_its_own_line(): void {
		$site  = $this->connect();
		$cases = array(
			'rest'    => 'add_filter( "rest_authentication_errors", fn() => new WP_Error( "rest_disabled", "Off.", array( "status" => 403 ) ), 999 );',
			'account' => 'add_filter( "get_user_metadata", fn( $value, $id, $key ) => "_application_passwords" === $key ? array( array() ) : $value, 10, 3 );',
			'rights'  => 'add_filter( "rest_prepare_user", function ( $r ) { $d = $r->get_data(); $d["capabilities"] = (object) array( "read" => true ); $r->set_data( $d ); return $r; } );',
		);
		foreach ( $cases as $line => $code ) {
			$this->remote->on_every_request( $code );
			$answer = $this->check( $site );
			self::assertFalse( $answer['ok'], $line );
			self::assertSame( array( $line ), array_keys( $answer['states'], 'fail', true ), implode( "\n", $answer['messages'] ) );
		}
		$this->remote->on_every_request( '' );
		$this->remote->answer( 500, 'oh' );
		self::assertSame( array( 'reachable' ), array_keys( $this->check( $site )['states'], 'fail', true ) );
		$this->remote->redirect( 'https://elsewhere.example/' );
		self::assertSame( array( 'reachable' ), array_keys( $this->check( $site )['states'], 'fail', true ) );
	}

	public function test_a_clock_that_is_off_is_said_in_words(): void {
		$site   = $this->connect();
		$answer = $this->check( $site, time() + 3 * HOUR_IN_SECONDS );
		self::assertSame( 'warn', $answer['states']['clock'] );
		self::assertStringContainsString( '3 hours behind', $answer['messages']['clock'] );
		self::assertStringContainsString( '2 days ahead', $this->check( $site, time() - 2 * DAY_IN_SECONDS )['messages']['clock'] );
	}

	public function test_a_multisite_is_recognised_and_what_it_can_not_do_is_said(): void {
		$this->remote->on_every_request( 'add_filter( "rest_request_after_callbacks", function ( $r, $h, $request ) { if ( "/wp/v2/settings" === $request->get_route() ) { unset( $r["email"], $r["url"] ); } return $r; }, 10, 3 );' );
		$answer = $this->check( $this->connect() );
		self::assertSame( 'warn', $answer['states']['multisite'] );
		self::assertStringContainsString( 'does not delete', $answer['messages']['multisite'] );
	}

	public function test_deletions_need_the_right_and_an_heir(): void {
		$heir = $this->remote->make_user( array( 'user_login' => 'heir', 'user_email' => 'heir@b.test', 'user_pass' => 'x' ) ); // phpcs:ignore WordPress.Arrays
		$with = fn ( int $reassign ): RemoteSite => $this->connect( array( 'deletions' => array( 'enabled' => true, 'reassign' => $reassign ) ) ); // phpcs:ignore WordPress.Arrays
		self::assertStringContainsString( 'heir', $this->check( $with( $heir ) )['messages']['deletions'] );
		self::assertSame( 'fail', $this->check( $with( 4711 ) )['states']['deletions'] );
		$this->remote->on_every_request( 'add_filter( "rest_prepare_user", function ( $r ) { $d = $r->get_data(); $c = (array) ( $d["capabilities"] ?? array() ); unset( $c["delete_users"] ); $d["capabilities"] = (object) $c; $r->set_data( $d ); return $r; } );' );
		self::assertStringContainsString( 'delete_users', $this->check( $with( $heir ) )['messages']['deletions'] );
	}

	public function test_somebody_elses_credential_is_noticed(): void {
		$site = $this->connect();
		$this->credentials->store( $site->id, 'admin', 4711, $this->remote->application_password );
		self::assertSame( 'fail', $this->check( $this->sites->get( $site->id ) )['states']['account'] );
	}

	public function test_what_prints_into_answers_is_shown(): void {
		$this->remote->print_before();
		$answer = $this->check( $this->connect() );
		self::assertTrue( $answer['ok'] );
		self::assertStringContainsString( '/srv/plugin.php', $answer['messages']['noise'] );
	}
}
