<?php
/**
 * Connecting a site, and whoever would like to slip another one in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\ConnectFailed;
use Tandem\Remote\Connector;
use Tandem\Remote\Discovery;
use Tandem\Remote\RemoteSite;
use Tandem\Security\SiteIdentity;

final class ConnectorTest extends RemoteTestCase {

	private const BACK = 'http://127.0.0.1/wp-admin/users.php?page=tandem-user-sync';

	private Connector $connector;

	protected function setUp(): void {
		parent::setUp();
		$this->connector = new Connector( $this->discovery(), $this->plain_sites, $this->sites, $this->credentials, new SiteIdentity(), $this->pairer() );
		wp_set_current_user( 1 );
	}

	/**
	 * Begins, and approves on the other site as its administrator would.
	 *
	 * @param RemoteSite|null $site To renew.
	 * @return array{state: string, site_url: string, user_login: string, password: string} What comes back.
	 */
	private function approve( ?RemoteSite $site = null ): array {
		parse_str( (string) wp_parse_url( $this->connector->begin( $this->remote->url, $site, self::BACK ), PHP_URL_QUERY ), $query );
		self::assertTrue( wp_is_uuid( $query['app_id'] ) );
		self::assertStringStartsWith( 'Tandem User Sync: ', $query['app_name'] );
		// WordPress's own opinion, and its own password.
		$made = $this->remote->run(
			'require_once ABSPATH . "wp-admin/includes/user.php";
			$valid = wp_is_authorize_application_password_request_valid( $args[0], get_user_by( "id", 1 ) );
			if ( is_wp_error( $valid ) ) { return $valid->get_error_message(); }
			$made = WP_Application_Passwords::create_new_application_password( 1, array( "name" => $args[0]["app_name"], "app_id" => $args[0]["app_id"] ) );
			return array( "password" => $made[0], "site_url" => site_url() );',
			$query
		);
		self::assertIsArray( $made, (string) json_encode( $made ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- shown when it fails.
		parse_str( (string) wp_parse_url( $query['success_url'], PHP_URL_QUERY ), $back );
		self::assertSame( 'tandem-user-sync', $back['page'] );
		parse_str( (string) wp_parse_url( $query['reject_url'], PHP_URL_QUERY ), $rejected );
		self::assertSame( 'false', $rejected['success'] );
		return array(
			'state'      => $back['tandem_connect'],
			'site_url'   => $made['site_url'],
			'user_login' => 'admin',
			'password'   => $made['password'],
		);
	}

	/**
	 * @param string                $reason  Code.
	 * @param callable(): RemoteSite $connect What should fail.
	 */
	private static function assertFails( string $reason, callable $connect ): void {
		try {
			$connect();
			self::fail( 'It was connected.' );
		} catch ( ConnectFailed $error ) {
			self::assertSame( $reason, $error->reason, $error->getMessage() );
			self::assertNotSame( '', $error->getMessage() );
		}
	}

	public function test_a_site_is_connected_through_its_own_page(): void {
		$site = $this->connector->finish( ...array_values( $this->approve() ) );
		self::assertSame( $this->remote->url, $site->url );
		self::assertSame( 'admin', $site->username );
		self::assertSame( 1, $site->remote_user_id );
		self::assertSame( $this->remote->rest_url(), $site->rest_url );
		self::assertFalse( $site->is_multisite );
		self::assertSame( 1, $this->api( $site )->me()->id );
		self::assertStringStartsWith( 'Tandem User Sync: ', (string) ( $this->api( $site )->introspect()['name'] ?? '' ) );
	}

	public function test_the_state_works_once(): void {
		$answer = array_values( $this->approve() );
		$site   = $this->connector->finish( ...$answer );
		$this->sites->remove( $site->id );
		self::assertFails( 'state', fn () => $this->connector->finish( ...$answer ) );
	}

	public function test_a_state_that_was_never_given_or_is_somebody_elses_is_refused(): void {
		$answer = $this->approve();
		self::assertFails( 'state', fn () => $this->connector->finish( str_repeat( '0', 64 ), $answer['site_url'], 'admin', $answer['password'] ) );
		self::assertFails( 'state', fn () => $this->connector->finish( '', $answer['site_url'], 'admin', $answer['password'] ) );
		wp_set_current_user( $this->make_user( array( 'role' => 'administrator' ) ) );
		self::assertFails( 'other_user', fn () => $this->connector->finish( ...array_values( $answer ) ) );
		wp_set_current_user( 1 );
		self::assertFails( 'state', fn () => $this->connector->finish( ...array_values( $answer ) ) );
		self::assertSame( array(), $this->sites->all() );
	}

	public function test_the_state_is_stored_only_as_a_hash(): void {
		global $wpdb;
		$answer = $this->approve();
		$rows   = $wpdb->get_col( $wpdb->prepare( "SELECT CONCAT( option_name, ' ', option_value ) FROM {$wpdb->options} WHERE option_name LIKE %s", '%tandem_connect%' ) );
		self::assertNotEmpty( $rows );
		self::assertStringNotContainsString( $answer['state'], implode( "\n", $rows ) );
	}

	public function test_the_answer_of_another_site_is_refused(): void {
		$answer             = $this->approve();
		$answer['site_url'] = 'https://attacker.example';
		self::assertFails( 'other_site', fn () => $this->connector->finish( ...array_values( $answer ) ) );
		self::assertSame( array(), $this->sites->all() );
	}

	public function test_a_credential_that_does_not_work_is_not_stored(): void {
		$answer             = $this->approve();
		$answer['password'] = 'abcd abcd abcd abcd abcd abcd';
		self::assertFails( 'header_stripped', fn () => $this->connector->finish( ...array_values( $answer ) ) );
		self::assertFails( 'credential_refused', fn () => $this->connector->connect( $this->remote->url, 'admin', 'password of b' ) );
		self::assertFails( 'reachable', fn () => $this->connector->connect( 'http://127.0.0.1:1', 'admin', 'x' ) );
		self::assertSame( array(), $this->sites->all() );
	}

	public function test_an_account_without_the_rights_is_refused_and_its_password_revoked(): void {
		$answer = $this->approve();
		$id     = $this->remote->make_user( array( 'user_login' => 'editor', 'user_email' => 'e@b.test', 'user_pass' => 'x', 'role' => 'editor' ) ); // phpcs:ignore WordPress.Arrays
		$made   = $this->remote->run( 'return WP_Application_Passwords::create_new_application_password( $args[0], array( "name" => "Tandem User Sync: x" ) )[0];', $id );
		self::assertFails( 'missing_right', fn () => $this->connector->finish( $answer['state'], $answer['site_url'], 'editor', $made ) );
		self::assertSame( array(), $this->remote->run( 'return WP_Application_Passwords::get_user_application_passwords( $args[0] );', $id ) );
		self::assertSame( array(), $this->sites->all() );
	}

	public function test_by_hand_with_spaces_around_and_an_address_in_place_of_the_username(): void {
		$email = (string) $this->remote->user( 'admin' )['email'];
		$site  = $this->connector->connect( $this->remote->url . '/wp-admin/', " $email ", ' ' . $this->remote->application_password . " \n" );
		self::assertSame( 'admin', $site->username );
		self::assertSame( 1, $this->api( $site )->me()->id );
		self::assertFails( 'connected', fn () => $this->connector->connect( $this->remote->url, 'admin', $this->remote->application_password ) );
	}

	public function test_a_renewal_keeps_the_site_and_revokes_the_old_password(): void {
		$site  = $this->connector->finish( ...array_values( $this->approve() ) );
		$names = fn (): array => array_column( $this->remote->run( 'return WP_Application_Passwords::get_user_application_passwords( 1 );' ), 'uuid' );
		$old   = $this->api( $site )->introspect()['uuid'] ?? '';
		self::assertContains( $old, $names() );
		$again = $this->connector->finish( ...array_values( $this->approve( $site ) ) );
		self::assertSame( $site->id, $again->id );
		self::assertSame( $site->connected_at, $again->connected_at );
		self::assertNotContains( $old, $names() );
		self::assertSame( 1, $this->api( $again )->me()->id );
		self::assertCount( 1, $this->sites->all() );
	}

	public function test_a_renewal_by_hand_that_fails_keeps_the_old_one_and_never_revokes_what_is_not_ours(): void {
		$site = $this->connector->connect( $this->remote->url, 'admin', $this->remote->application_password );
		self::assertFails( 'credential_refused', fn () => $this->connector->reconnect( $site, 'admin', 'wrong' ) );
		self::assertSame( 1, $this->api( $this->sites->get( $site->id ) )->me()->id );
		$made = $this->remote->run( 'return WP_Application_Passwords::create_new_application_password( 1, array( "name" => "another" ) )[0];' );
		$this->connector->reconnect( $site, 'admin', $made );
		self::assertSame( 1, $this->plain_sites->with( 'B', $site->rest_url, 'admin', $this->remote->application_password )->me()->id );
	}

	public function test_the_password_is_in_no_table_and_in_no_error(): void {
		global $wpdb;
		$site = $this->connector->connect( $this->remote->url, 'admin', $this->remote->application_password );
		$row  = (string) json_encode( $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}tandem_sites WHERE id = %d", $site->id ) ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- to look into it.
		self::assertStringNotContainsString( $this->remote->application_password, $row );
		self::assertStringNotContainsString( str_replace( ' ', '', $this->remote->application_password ), $row );
	}
}
