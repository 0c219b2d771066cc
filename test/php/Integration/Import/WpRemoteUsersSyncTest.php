<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Import;

use Tandem\Import\WpRemoteUsersSync;
use Tandem\Peer\Policy;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

/**
 * What WP Remote Users Sync has left, as its option holds it.
 */
final class WpRemoteUsersSyncTest extends CaptureTestCase {

	/**
	 * @param array<string, mixed> $site What differs.
	 * @return array<string, mixed> Its option.
	 */
	private static function option( array $site = array() ): array {
		return array(
			'encryption'   => array(
				'aes_key'  => 'SECRET-AES',
				'hmac_key' => 'SECRET-HMAC',
			),
			'ip_whitelist' => '203.0.113.7',
			'sites'        => array(
				1 => $site + array(
					'url'                  => 'http://www.b.test/',
					'outgoing_actions'     => array( 'login' => '1', 'create' => '1', 'update' => '1', 'delete' => '1', 'password' => '1', 'role' => '', 'meta' => '1' ),
					'incoming_actions'     => array( 'create' => '1', 'role' => '1', 'meta' => '1' ),
					'outgoing_meta'        => array( 'billing_phone', 'wp_capabilities' ),
					'incoming_meta'        => array( 'shoe_size' ),
					'outgoing_roles'       => array( 'subscriber', 'administrator', 'no_such_role' ),
					'incoming_roles'       => array(),
					'incoming_roles_merge' => '1',
				),
				2 => array( 'url' => 'not an address at all' ),
				3 => 'broken',
			),
		);
	}

	private function switch_on(): void {
		update_option( 'active_plugins', array( ...(array) get_option( 'active_plugins' ), 'wp-remote-users-sync/wprus.php' ) );
	}

	public function test_its_settings_become_those_of_a_site(): void {
		update_option( 'wprus', self::option() );
		$proposals = WpRemoteUsersSync::proposals();
		self::assertCount( 1, $proposals );
		self::assertSame( 'http://www.b.test', $proposals[0]['url'] );
		self::assertSame( array( 'user_email', 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', 'password' ), $proposals[0]['settings']['fields'] );
		self::assertSame( array( 'billing_phone' ), $proposals[0]['settings']['meta'] );
		self::assertSame( array( 'subscriber' ), $proposals[0]['settings']['grantRoles'] );
		self::assertSame( array( true, false, false, true ), array( $proposals[0]['policy']['create'], $proposals[0]['policy']['update'], $proposals[0]['policy']['password'], $proposals[0]['policy']['roles'] ) );
		self::assertNotContains( 'administrator', $proposals[0]['policy']['roleList'] );
		self::assertContains( 'subscriber', $proposals[0]['policy']['roleList'], 'An empty list means all there.' );
		self::assertSame( array( 'shoe_size' ), $proposals[0]['policy']['metaList'] );
		self::assertCount( 3, $proposals[0]['notes'] );
		self::assertStringContainsString( 'wp_capabilities', $proposals[0]['notes'][2] );
		self::assertStringNotContainsString( 'SECRET', (string) wp_json_encode( $proposals ) );
	}

	/** @return iterable<string, array{mixed}> */
	public static function nonsense(): iterable {
		yield 'none' => array( false );
		yield 'a text' => array( 'x' );
		yield 'no sites' => array( array( 'sites' => 'x' ) );
		yield 'sites of nothing' => array( array( 'sites' => array( array( 'url' => array() ), null, array( 'url' => 'https://b.test', 'outgoing_actions' => 'x', 'incoming_meta' => array( array() ) ) ) ) );
	}

	/**
	 * @dataProvider nonsense
	 */
	public function test_whatever_lies_there_ends_nothing( mixed $option ): void {
		update_option( 'wprus', $option );
		$this->switch_on();
		foreach ( WpRemoteUsersSync::proposals() as $proposal ) {
			self::assertSame( array(), $proposal['settings']['fields'] );
		}
		self::assertFalse( WpRemoteUsersSync::sends_to( $this->site ) );
	}

	public function test_while_it_is_at_work_for_a_site_nothing_is_sent_there_and_nothing_is_lost(): void {
		update_option( 'wprus', self::option() );
		self::assertFalse( WpRemoteUsersSync::sends_to( $this->site ), 'It is switched off.' );
		$other = $this->plugin->sites()->add( 'C', 'https://c.test', 'https://c.test/wp-json/', SiteKind::Plain, 'x', 1, false, SiteSettings::defaults() );
		$id    = $this->make_user();
		$this->end_request();
		self::assertTrue( $this->plugin->dispatcher()->has_work() );
		$this->plugin->outbox()->discard( $this->row( $id, $other )->id ?? 0 );
		$this->switch_on();
		self::assertTrue( WpRemoteUsersSync::sends_to( $this->site ) );
		self::assertFalse( WpRemoteUsersSync::sends_to( $other ) );
		self::assertFalse( $this->plugin->dispatcher()->has_work() );
		self::assertSame( 0, $this->plugin->dispatcher()->run( \Tandem\Sync\Budget::request( 5.0 ) )->failed, 'Nothing was tried.' );
		self::assertTrue( $this->row( $id )?->fields->has( FieldSet::ALL ) );
		update_option( 'active_plugins', array() );
		self::assertTrue( $this->plugin->dispatcher()->has_work() );
	}

	public function test_what_only_logs_people_in_is_in_nobodys_way(): void {
		update_option( 'wprus', self::option( array( 'outgoing_actions' => array( 'login' => '1', 'logout' => '1', 'update' => '' ), 'incoming_actions' => array() ) ) );
		$this->switch_on();
		self::assertFalse( WpRemoteUsersSync::sends_to( $this->site ) );
	}

	public function test_the_page_is_told_and_takes_it_over(): void {
		wp_set_current_user( 1 );
		update_option( 'wprus', self::option() );
		$this->switch_on();
		$found = (array) rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/import' ) )->get_data();
		self::assertTrue( $found['isActive'] );
		self::assertSame( $this->site->id, $found['proposals'][0]['siteId'] );
		self::assertStringNotContainsString( 'SECRET', (string) wp_json_encode( $found ) );
		$sites = (array) rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/sites' ) )->get_data();
		self::assertSame( 'wprus', $sites[0]['heldBy'] );
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/import/settings' );
		$request->set_body_params( array( 'site' => $this->site->id ) );
		self::assertSame( 200, rest_do_request( $request )->get_status() );
		$now = $this->plugin->sites()->get( $this->site->id )->settings;
		self::assertSame( array( array( 'billing_phone' ), array( 'subscriber' ), false ), array( $now->meta, $now->grant_roles, in_array( 'roles', $now->fields, true ) ) );
	}

	public function test_a_paired_site_gets_the_policy_too(): void {
		wp_set_current_user( 1 );
		update_option( 'wprus', self::option( array( 'url' => 'https://p.test' ) ) );
		$paired  = $this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/import/settings' );
		$request->set_body_params( array( 'site' => $paired->id ) );
		self::assertSame( 200, rest_do_request( $request )->get_status() );
		$policy = Policy::from_array( $this->plugin->sites()->get( $paired->id )->policy );
		self::assertSame( array( true, false, array( 'shoe_size' ), 'ignore' ), array( $policy->create, $policy->password, $policy->meta_list, $policy->delete->value ) );
		$request->set_body_params( array( 'site' => $this->site->id ) );
		self::assertSame( 404, rest_do_request( $request )->get_status() );
	}
}
