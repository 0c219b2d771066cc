<?php
/**
 * What can go wrong on the way to a plain site: what the queue is told, and what the owner reads.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Remote\AddressChanges;
use Tandem\Remote\Credentials;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Options;
use Tandem\Remote\PlainSites;
use Tandem\Remote\PlainSiteTransport;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Security\Vault;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Time\SystemClock;

final class FaultsTest extends RemoteTestCase {

	private const SECRET = 'a password that nobody may read';

	/**
	 * Delivers a new person, with a password that must not be in what comes of it.
	 *
	 * @param RemoteSite|null $site The site.
	 */
	private function attempt( ?RemoteSite $site = null ): Outcome {
		$outcome = $this->deliver( $site ?? $this->connect(), $this->make_user( array( 'user_login' => 'anna' ) ), password: self::SECRET );
		$said    = print_r( $outcome, true ) . json_encode( $outcome->details ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions, WordPress.WP.AlternativeFunctions -- as a log would have it.
		self::assertStringNotContainsString( self::SECRET, $said );
		self::assertStringNotContainsString( $this->remote->application_password, $said );
		self::assertStringNotContainsString( base64_encode( 'admin:' . $this->remote->application_password ), $said ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		return $outcome;
	}

	public function test_a_site_that_refuses_connections(): void {
		$site = $this->connect();
		$this->remote->refuse();
		try {
			self::assertOutcome( OutcomeKind::Unreachable, 'refused', $this->attempt( $site ) );
			self::assertSame( OutcomeKind::Unreachable, $this->transport()->probe( $site )->kind );
		} finally {
			$this->remote->restore();
		}
		self::assertSame( OutcomeKind::Delivered, $this->transport()->probe( $site )->kind );
	}

	public function test_a_name_that_does_not_resolve(): void {
		self::assertOutcome( OutcomeKind::Unreachable, 'dns', $this->attempt( $this->connect( rest_url: 'http://nowhere.invalid/wp-json/' ) ) );
	}

	public function test_a_site_that_hangs(): void {
		$site = $this->connect();
		$this->remote->hang();
		$pool    = new \Tandem\Remote\Http\Pool( $this->client );
		$began   = microtime( true );
		$outcome = $pool->run( array( fn (): Outcome => $this->attempt( $site ) ), 1.2 )[0];
		self::assertLessThan( 3, microtime( true ) - $began );
		self::assertOutcome( OutcomeKind::Unreachable, 'timeout', $outcome );
	}

	public function test_errors_of_the_site_itself(): void {
		foreach ( array( 500, 502, 504 ) as $status ) {
			$this->remote->answer( $status, '<html><head><title>Bad thing ' . $status . '</title></head><body>' . self::SECRET . '</body></html>' );
			$outcome = $this->attempt_again();
			self::assertOutcome( OutcomeKind::Unreachable, 'server_error', $outcome );
			self::assertStringContainsString( "HTTP $status Bad thing $status", $outcome->message );
		}
	}

	private function attempt_again(): Outcome {
		$user = get_user_by( 'login', 'anna' );
		if ( false !== $user ) {
			wp_delete_user( $user->ID );
		}
		foreach ( $this->sites->all() as $site ) {
			return $this->attempt( $site );
		}
		return $this->attempt();
	}

	public function test_an_error_for_one_person_only_does_not_stop_the_others(): void {
		$this->remote->on_every_request( 'add_action( "user_register", function () { wp_die( "poison for anna", 500 ); } );' );
		$outcome = $this->attempt();
		self::assertOutcome( OutcomeKind::Retry, 'server_error', $outcome );
		self::assertStringContainsString( 'poison for anna', $outcome->message );
	}

	public function test_what_the_site_says_is_shown_without_secrets(): void {
		$this->remote->on_every_request( 'add_action( "rest_insert_user", function () { $in = file_get_contents( "php://input" ); header( "Content-Type: text/html", true, 500 ); echo "Dump: ", $in, " ", $_SERVER["PHP_AUTH_PW"] ?? "", " ", $_SERVER["HTTP_AUTHORIZATION"] ?? ""; exit; } );' );
		$outcome = $this->attempt();
		self::assertStringContainsString( 'Dump:', $outcome->message );
		self::assertStringContainsString( '…', $outcome->message );
	}

	public function test_half_an_answer(): void {
		$this->remote->send_half();
		self::assertOutcome( OutcomeKind::Unreachable, 'cut_short', $this->attempt() );
	}

	public function test_half_an_answer_that_claims_to_be_whole(): void {
		$this->remote->answer( 200, '[{"id":1,"username":"adm', array( 'Content-Type' => 'application/json' ) );
		self::assertOutcome( OutcomeKind::Unreachable, 'cut_short', $this->attempt() );
	}

	public function test_a_page_instead_of_data(): void {
		$this->remote->answer_html();
		$outcome = $this->attempt();
		self::assertOutcome( OutcomeKind::Unreachable, 'not_json', $outcome );
		self::assertStringContainsString( 'Back soon', $outcome->message );
	}

	public function test_json_that_is_not_of_wordpress(): void {
		$this->remote->answer( 200, '{"hello":"world"}', array( 'Content-Type' => 'application/json' ) );
		self::assertOutcome( OutcomeKind::Unreachable, 'unexpected', $this->attempt() );
	}

	public function test_a_warning_before_the_json_is_passed_over_and_said(): void {
		$this->remote->print_before();
		$outcome = $this->attempt();
		self::assertArrived( $outcome );
		self::assertStringContainsString( 'Undefined variable in /srv/plugin.php', implode( '', $outcome->warnings ) );
		self::assertTrue( $this->remote->user( 'anna' ) !== null );
	}

	public function test_data_before_the_json_is_not_guessed_at(): void {
		$this->remote->print_before( '[{"id":1,"username":"x"}]' );
		self::assertOutcome( OutcomeKind::Unreachable, 'cut_short', $this->attempt() );
	}

	public function test_a_log_in_page_with_status_200(): void {
		$this->remote->answer( 200, '<!DOCTYPE html><html><head><title>Log In</title></head><body><form id="loginform" action="/wp-login.php"><input type="password" name="pwd"></form></body></html>' );
		self::assertOutcome( OutcomeKind::Held, 'login_page', $this->attempt() );
	}

	public function test_a_redirect_to_the_log_in_page(): void {
		$this->remote->redirect_to_login();
		self::assertOutcome( OutcomeKind::Held, 'login_page', $this->attempt() );
	}

	public function test_redirects_are_not_followed_and_it_is_said_where_to(): void {
		foreach ( array( 301, 302, 307, 308 ) as $status ) {
			$this->remote->redirect( $this->remote->url . '/elsewhere?email=anna%40a.test', $status );
			$outcome = $this->attempt_again();
			self::assertOutcome( OutcomeKind::Held, 'moved', $outcome );
			self::assertStringContainsString( $this->remote->url . '/elsewhere.', $outcome->message );
			self::assertStringNotContainsString( 'email=', $outcome->message );
		}
		self::assertSame( array(), $this->remote->requests( '#elsewhere#' ) );
	}

	public function test_asked_to_wait_by_seconds_and_by_date(): void {
		$this->remote->answer( 429, '{"code":"too_many","message":"Slow down"}', array( 'Retry-After' => '77' ) );
		$outcome = $this->attempt_again();
		self::assertOutcome( OutcomeKind::Unreachable, 'rate_limited', $outcome );
		self::assertSame( 77, $outcome->retry_after );

		$this->remote->answer( 503, 'Briefly unavailable for scheduled maintenance.', array( 'Retry-After' => gmdate( 'D, d M Y H:i:s', time() + 600 ) . ' GMT' ) );
		$outcome = $this->attempt_again();
		self::assertOutcome( OutcomeKind::Unreachable, 'maintenance', $outcome );
		self::assertEqualsWithDelta( 600, $outcome->retry_after, 3 );

		$this->remote->answer( 503, '', array( 'Retry-After' => '99999999999999999999' ) );
		self::assertSame( DAY_IN_SECONDS, $this->attempt_again()->retry_after );
		$this->remote->answer( 503, '', array( 'Retry-After' => 'soon' ) );
		self::assertNull( $this->attempt_again()->retry_after );
	}

	public function test_a_revoked_credential(): void {
		$site = $this->connect();
		$this->remote->on_every_request( 'add_filter( "get_user_metadata", fn( $value, $id, $key ) => "_application_passwords" === $key ? array( array() ) : $value, 10, 3 );' );
		self::assertOutcome( OutcomeKind::Held, 'credential_refused', $this->attempt( $site ) );
		self::assertOutcome( OutcomeKind::Held, 'credential_refused', $this->transport()->probe( $site ) );
		self::assertSame( 1, $this->remote->count_users() );
	}

	public function test_a_revoked_credential_where_a_plugin_asks_early_who_is_there(): void {
		$this->remote->on_every_request( 'add_filter( "rest_authentication_errors", function ( $r ) { wp_get_current_user(); return $r; }, 1 ); add_filter( "get_user_metadata", fn( $value, $id, $key ) => "_application_passwords" === $key ? array( array() ) : $value, 10, 3 );' );
		self::assertOutcome( OutcomeKind::Held, 'credential_refused', $this->attempt() );
	}

	public function test_an_account_that_is_gone(): void {
		$this->remote->on_every_request( 'add_filter( "rest_authentication_errors", function ( $r ) { wp_get_current_user(); return $r; }, 1 );' );
		$site = $this->connect();
		$this->credentials->store( $site->id, 'nobody', 1, $this->remote->application_password );
		$outcome = $this->attempt( $this->sites->get( $site->id ) );
		self::assertOutcome( OutcomeKind::Held, 'account_gone', $outcome );
		self::assertStringContainsString( 'nobody', $outcome->message );
	}

	public function test_a_server_that_drops_the_authorization_header(): void {
		$this->remote->on_every_request( 'add_filter( "determine_current_user", fn() => 0, PHP_INT_MAX );' );
		// To a credential that has worked, this looks like being revoked: the sentence names both.
		$outcome = $this->attempt();
		self::assertOutcome( OutcomeKind::Held, 'credential_refused', $outcome );
		self::assertStringContainsString( 'Authorization header', $outcome->message );
		try {
			$this->plain_sites->with( 'Site B', $this->remote->rest_url(), 'admin', $this->remote->application_password )->me();
			self::fail( 'It was let in.' );
		} catch ( RemoteFailure $failure ) {
			self::assertSame( ProblemCode::HeaderStripped, $failure->problem->code );
		}
	}

	public function test_application_passwords_that_are_switched_off(): void {
		$this->remote->on_every_request( 'add_filter( "wp_is_application_passwords_available", "__return_false" );' );
		self::assertOutcome( OutcomeKind::Held, 'passwords_off', $this->attempt() );
	}

	public function test_rights_that_were_taken(): void {
		foreach ( array( 'create_users', 'list_users' ) as $right ) {
			$this->remote->on_every_request( "add_filter( 'user_has_cap', function ( \$all ) { unset( \$all['$right'] ); return \$all; } ); add_filter( 'rest_prepare_user', function ( \$r ) { \$d = \$r->get_data(); \$d['capabilities'] = (object) array_diff_key( (array) \$d['capabilities'], array( '$right' => 1 ) ); \$r->set_data( \$d ); return \$r; } );" );
			$outcome = $this->attempt_again();
			self::assertOutcome( OutcomeKind::Held, 'missing_right', $outcome );
			self::assertStringContainsString( $right, $outcome->message );
		}
	}

	public function test_one_person_who_is_out_of_reach_does_not_hold_the_site(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$this->remote->on_every_request( 'add_filter( "map_meta_cap", fn( $caps, $cap, $user, $args ) => "edit_user" === $cap && 1 !== (int) $args[0] ? array( "do_not_allow" ) : $caps, 10, 4 );' );
		self::assertOutcome( OutcomeKind::Attention, 'out_of_reach', $this->deliver( $site, $id, array( 'first_name' ), 'x' ) );
	}

	public function test_roles_that_may_not_be_changed_do_not_stop_the_rest(): void {
		$site = $this->connect();
		$id   = $this->make_user( array( 'user_login' => 'anna' ) );
		$this->deliver( $site, $id );
		$this->remote->on_every_request( 'add_filter( "user_has_cap", function ( $all ) { unset( $all["promote_users"] ); return $all; } );' );
		get_userdata( $id )->set_role( 'author' );
		$outcome = $this->deliver( $site, $id, array( 'roles' ), 'new one' );
		self::assertArrived( $outcome );
		self::assertStringContainsString( 'promote_users', implode( '', $outcome->warnings ) );
		self::assertTrue( $this->remote->can_log_in( 'anna', 'new one' ) );
	}

	public function test_a_closed_rest_api(): void {
		$this->remote->on_every_request( 'add_filter( "rest_authentication_errors", fn() => new WP_Error( "rest_cannot_access", "DRA: Only authenticated users can access the REST API.", array( "status" => 401 ) ), PHP_INT_MAX );' );
		$outcome = $this->attempt();
		self::assertOutcome( OutcomeKind::Held, 'rest_closed', $outcome );
		self::assertStringContainsString( 'DRA: Only authenticated', $outcome->message );
	}

	public function test_a_rest_api_without_users(): void {
		$this->remote->on_every_request( 'add_filter( "rest_endpoints", fn( $all ) => array_filter( $all, fn( $key ) => ! str_starts_with( $key, "/wp/v2/users" ), ARRAY_FILTER_USE_KEY ) );' );
		self::assertOutcome( OutcomeKind::Held, 'rest_missing', $this->attempt() );
	}

	public function test_a_firewall_that_refuses_everything_and_one_that_refuses_one_person(): void {
		$page = '<html><head><title>Access denied | Shield</title></head></html>';
		$this->remote->answer( 403, $page );
		self::assertOutcome( OutcomeKind::Held, 'firewall', $this->attempt_again() );
		$this->remote->answer( 403, $page, method: '#POST#' );
		$outcome = $this->attempt_again();
		self::assertOutcome( OutcomeKind::Attention, 'firewall', $outcome );
		self::assertStringContainsString( 'Access denied | Shield', $outcome->message );
	}

	public function test_a_password_of_the_server_itself(): void {
		$this->remote->answer( 401, '<html><head><title>401 Authorization Required</title></head></html>', array( 'WWW-Authenticate' => 'Basic realm="staging"' ) );
		self::assertOutcome( OutcomeKind::Held, 'server_password', $this->attempt() );
	}

	public function test_an_answer_without_end(): void {
		$this->remote->answer( 200, str_repeat( 'x', 17_000_000 ) );
		self::assertOutcome( OutcomeKind::Unreachable, 'too_large', $this->attempt() );
	}

	public function test_salts_that_were_changed(): void {
		$site      = $this->connect();
		$transport = new PlainSiteTransport( new PlainSites( $this->client, new Credentials( $this->sites, new Vault( 'other salts' ) ) ), $this->links, new AddressChanges( new SystemClock() ) );
		$outcome   = $transport->probe( $site );
		self::assertOutcome( OutcomeKind::Held, 'salts_changed', $outcome );
		self::assertSame( array(), $this->remote->requests() );
	}

	public function test_plain_http_is_refused_before_anything_is_sent(): void {
		$client    = new Client( new AddressPolicy( false ), new Options( 'test' ) );
		$transport = new PlainSiteTransport( new PlainSites( $client, $this->credentials ), $this->links, new AddressChanges( new SystemClock() ) );
		$outcome   = $transport->probe( $this->connect() );
		self::assertOutcome( OutcomeKind::Held, 'insecure', $outcome );
		self::assertSame( array(), $this->remote->requests() );
	}

	public function test_a_credential_that_lost_its_rights_does_not_pass_the_probe(): void {
		$site = $this->connect();
		$this->remote->on_every_request( 'add_filter( "rest_prepare_user", function ( $r ) { $d = $r->get_data(); $d["capabilities"] = (object) array( "read" => true ); $r->set_data( $d ); return $r; } );' );
		$outcome = $this->transport()->probe( $site );
		self::assertOutcome( OutcomeKind::Held, 'missing_right', $outcome );
		self::assertStringContainsString( 'create_users', $outcome->message );
	}

	private function transport(): PlainSiteTransport {
		return new PlainSiteTransport( $this->plain_sites, $this->links, new AddressChanges( new SystemClock() ) );
	}
}
