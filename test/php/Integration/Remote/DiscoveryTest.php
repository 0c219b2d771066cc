<?php
/**
 * What is found at an address.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\CheckState;
use Tandem\Remote\Discovered;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Options;
use Tandem\Remote\SiteKind;

final class DiscoveryTest extends RemoteTestCase {

	private function discover( string $typed ): Discovered {
		return $this->discovery()->discover( $typed );
	}

	/**
	 * @param Discovered $found What was found.
	 * @return array<string, string> States by code.
	 */
	private static function states( Discovered $found ): array {
		$states = array();
		foreach ( $found->checklist->checks() as $check ) {
			$states[ $check->code ] = $check->state->value;
			self::assertNotSame( $check->code, $check->label );
			self::assertNotSame( '', $check->message );
		}
		return $states;
	}

	private static function message( Discovered $found, string $code ): string {
		foreach ( $found->checklist->checks() as $check ) {
			if ( $check->code === $code ) {
				return $check->message;
			}
		}
		return '';
	}

	/**
	 * @dataProvider ways_to_type_it
	 */
	public function test_an_address_is_understood_however_it_is_typed( string $typed ): void {
		$found = $this->discover( str_replace( 'HOST', substr( $this->remote->url, strlen( 'http://' ) ), $typed ) );
		self::assertSame( $this->remote->url, $found->url, print_r( $found->to_array(), true ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- shown when it fails.
		self::assertTrue( $found->can_connect() );
		self::assertSame( $this->remote->rest_url(), $found->rest_url );
		self::assertSame( $this->remote->url, $found->site_url );
		self::assertSame( SiteKind::Plain, $found->kind );
		self::assertStringStartsWith( $this->remote->url . '/wp-admin/authorize-application.php', $found->authorize_url );
		self::assertNotSame( '', $found->name );
		$states = self::states( $found );
		self::assertSame( 'warn', $states['https'] );
		self::assertSame( array( 'pass', 'pass', 'pass' ), array( $states['core'], $states['rest'], $states['application_passwords'] ) );
		foreach ( $this->remote->requests( '#.#' ) as $request ) {
			self::assertFalse( $request['authorized'] );
		}
	}

	/**
	 * @return list<array{string}>
	 */
	public static function ways_to_type_it(): array {
		return array( array( 'http://HOST' ), array( ' http://HOST/ ' ), array( 'HOST' ), array( 'http://HOST/wp-admin/users.php?x=1' ), array( 'http://HOST/wp-login.php' ), array( 'http://HOST/wp-json/' ), array( 'HTTP://HOST/#top' ) );
	}

	/**
	 * @dataProvider no_addresses
	 */
	public function test_what_is_no_address_is_said( string $typed ): void {
		$found = $this->discover( $typed );
		self::assertSame( array( 'address' => 'fail' ), self::states( $found ) );
		self::assertFalse( $found->can_connect() );
	}

	/**
	 * @return list<array{string}>
	 */
	public static function no_addresses(): array {
		return array( array( '' ), array( 'not an address' ), array( 'ftp://example.com' ), array( 'javascript:alert(1)' ), array( 'https://user:pass@example.com' ), array( 'file:///etc/passwd' ), array( 'https://' ), array( "https://exa\nmple.com" ) );
	}

	public function test_nothing_there(): void {
		self::assertSame( array( 'reachable' => 'fail' ), self::states( $this->discover( 'http://127.0.0.1:1' ) ) );
		self::assertSame( array( 'reachable' => 'fail' ), self::states( $this->discover( 'http://nowhere.invalid' ) ) );
	}

	public function test_a_site_that_is_only_being_looked_at_is_named_as_it_was_typed_and_not_said_to_be_tried_again(): void {
		$message = $this->discover( 'http://127.0.0.1:1' )->checklist->first_failure()?->message ?? '';
		self::assertStringStartsWith( 'http://127.0.0.1:1 ', $message );
		self::assertStringNotContainsString( 'tried again', $message );
	}

	public function test_a_rest_api_that_is_too_slow_is_not_taken_for_one_that_is_switched_off(): void {
		$this->remote->hang();
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['rest'] );
		self::assertStringContainsString( 'doesn’t answer in time', $found->checklist->first_failure()?->message ?? '' );
	}

	public function test_a_page_that_is_no_wordpress(): void {
		$this->remote->answer( 200, '<html><body>Hello</body></html>', array(), null, '#.#' );
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['core'] );
		self::assertFalse( $found->can_connect() );
	}

	public function test_redirects_are_followed_without_credentials_and_the_last_address_is_told(): void {
		$this->remote->answer( 301, '', array( 'Location' => $this->remote->url . '/' ), 1, '#old-address#' );
		$found = $this->discover( $this->remote->url . '/old-address' );
		self::assertSame( $this->remote->url, $found->url );
		self::assertSame( 'warn', self::states( $found )['reachable'] );
		self::assertStringContainsString( $this->remote->url, self::message( $found, 'reachable' ) );
		self::assertTrue( $found->can_connect() );
	}

	public function test_redirects_without_end(): void {
		$this->remote->answer( 302, '', array( 'Location' => $this->remote->url . '/again' ), null, '#.#' );
		self::assertSame( array( 'reachable' => 'fail' ), self::states( $this->discover( $this->remote->url ) ) );
		self::assertCount( 4, $this->remote->requests( '#.#' ) );
	}

	public function test_a_redirect_to_plain_http_is_not_followed_where_that_is_not_allowed(): void {
		$discovery = $this->discovery( new Client( new AddressPolicy( false ), new Options( 'test' ) ) );
		$found     = $discovery->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['reachable'] );
		self::assertStringStartsWith( 'https://', $found->url );
		self::assertSame( array(), $this->remote->requests( '#.#' ) );
	}

	public function test_plain_permalinks(): void {
		$this->remote->on_every_request( 'add_filter( "pre_option_permalink_structure", fn() => "" ); $GLOBALS["wp_rewrite"]->init();' );
		$found = $this->discover( $this->remote->url );
		self::assertTrue( $found->can_connect() );
		self::assertStringContainsString( 'rest_route=/', $found->rest_url );
		self::assertSame( 'pass', self::states( $found )['permalinks'] );
		$this->credentials->store( $this->connect( rest_url: $found->rest_url )->id, 'admin', 1, $this->remote->application_password );
		self::assertSame( 1, $this->api( $this->sites->all()[0] )->me()->id );
	}

	public function test_a_rest_api_that_is_closed_to_visitors_may_still_be_connected(): void {
		$this->remote->on_every_request( 'add_filter( "rest_authentication_errors", fn( $r ) => is_user_logged_in() ? $r : new WP_Error( "rest_cannot_access", "Only for members.", array( "status" => 401 ) ), 99 );' );
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'warn', self::states( $found )['rest'] );
		self::assertTrue( $found->can_connect() );
		self::assertSame( $this->remote->url . '/wp-admin/authorize-application.php', $found->authorize_url );
	}

	public function test_a_rest_api_that_is_switched_off(): void {
		$this->remote->answer( 404, '<html>Not found</html>' );
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['rest'] );
		self::assertFalse( $found->can_connect() );
	}

	public function test_application_passwords_that_are_switched_off(): void {
		$this->remote->on_every_request( 'add_filter( "wp_is_application_passwords_available", "__return_false" );' );
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['application_passwords'] );
		self::assertFalse( $found->can_connect() );
	}

	public function test_a_site_that_sends_the_owner_elsewhere_to_approve_is_not_believed(): void {
		$this->remote->on_every_request( 'add_filter( "rest_index", function ( $r ) { $d = $r->get_data(); $d["authentication"]["application-passwords"]["endpoints"]["authorization"] = "https://phisher.example/authorize"; $r->set_data( $d ); return $r; }, 99 );' );
		$found = $this->discover( $this->remote->url );
		self::assertFalse( $found->can_connect() );
		self::assertSame( '', $found->authorize_url );
		self::assertStringContainsString( 'phisher.example', self::message( $found, 'application_passwords' ) );
	}

	public function test_this_very_site_and_one_that_is_connected_already(): void {
		add_filter( 'pre_option_home', fn (): string => $this->remote->url );
		self::assertSame( 'fail', self::states( $this->discover( $this->remote->url ) )['this_site'] );
		remove_all_filters( 'pre_option_home' );

		$site  = $this->connect();
		$found = $this->discover( $this->remote->url );
		self::assertSame( 'fail', self::states( $found )['connected'] );
		self::assertStringContainsString( 'Site B', self::message( $found, 'connected' ) );
		self::assertTrue( $this->discovery()->discover( $site->url, $site )->can_connect() );
	}

	public function test_a_site_with_tandem_that_does_not_answer_for_itself_is_not_connected(): void {
		$this->remote->on_every_request( 'add_action( "rest_api_init", fn() => register_rest_route( "tandem/v1", "/hello", array( "callback" => "__return_true", "permission_callback" => "__return_true" ) ) );' );
		$found = $this->discover( $this->remote->url );
		self::assertSame( SiteKind::Paired, $found->kind );
		self::assertSame( 'fail', self::states( $found )['tandem'] );
		self::assertFalse( $found->can_connect() );
	}

	public function test_every_line_has_the_shape_that_the_page_expects(): void {
		$answer = $this->discover( $this->remote->url )->to_array();
		self::assertSame( array( 'url', 'name', 'kind', 'checks', 'canConnect' ), array_keys( $answer ) );
		foreach ( $answer['checks'] as $check ) {
			self::assertSame( array( 'code', 'state', 'label', 'message' ), array_keys( $check ) );
			self::assertNotNull( CheckState::tryFrom( $check['state'] ) );
		}
	}
}
