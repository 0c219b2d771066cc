<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Rest\Api;

/**
 * Every route of the plugin that WordPress knows, asked by everyone: a new one without a permission check fails here.
 */
final class PermissionTest extends RestTestCase {

	/** Routes that are not for administrators, with the reason. Whoever adds one must say why here. */
	private const WITH_A_TOKEN = array(
		'POST /tandem/v1/work' => 'this site wakes itself: a token made of its salts, good for a minute',
	);

	/** Routes that a person must find in the list; without this an empty list would pass. */
	private const AT_LEAST = array(
		'GET /tandem/v1/summary',
		'GET /tandem/v1/sites',
		'POST /tandem/v1/sites',
		'GET /tandem/v1/sites/(?P<id>[\d]+)',
		'PATCH /tandem/v1/sites/(?P<id>[\d]+)',
		'DELETE /tandem/v1/sites/(?P<id>[\d]+)',
		'POST /tandem/v1/sites/discover',
		'POST /tandem/v1/sites/connect',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/test',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/sync',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/pause',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/resume',
		'GET /tandem/v1/sites/(?P<id>[\d]+)/accounts',
		'GET /tandem/v1/choices',
		'GET /tandem/v1/activity',
		'GET /tandem/v1/outbox/causes',
		'POST /tandem/v1/outbox/retry',
		'GET /tandem/v1/conflicts',
		'POST /tandem/v1/conflicts/resolve',
		'GET /tandem/v1/backfills',
		'POST /tandem/v1/backfills',
		'GET /tandem/v1/backfills/(?P<id>[\d]+)',
		'PATCH /tandem/v1/backfills/(?P<id>[\d]+)',
		'GET /tandem/v1/backfills/(?P<id>[\d]+)/kinds',
		'GET /tandem/v1/backfills/(?P<id>[\d]+)/people',
		'POST /tandem/v1/backfills/(?P<id>[\d]+)/run',
		'POST /tandem/v1/backfills/(?P<id>[\d]+)/pause',
		'POST /tandem/v1/backfills/(?P<id>[\d]+)/resume',
		'POST /tandem/v1/backfills/(?P<id>[\d]+)/cancel',
		'GET /tandem/v1/backfills/(?P<id>[\d]+)/conflicts',
		'POST /tandem/v1/backfills/(?P<id>[\d]+)/conflicts',
		'GET /tandem/v1/backfills/(?P<id>[\d]+)/csv',
		'GET /tandem/v1/users/(?P<id>[\d]+)/explanation',
		'POST /tandem/v1/users/(?P<id>[\d]+)/sync',
		'GET /tandem/v1/verifications',
		'POST /tandem/v1/verifications',
		'POST /tandem/v1/verifications/(?P<id>[\d]+)/cancel',
		'POST /tandem/v1/verifications/(?P<id>[\d]+)/repair',
		'GET /tandem/v1/verifications/(?P<id>[\d]+)/findings',
		'GET /tandem/v1/import',
		'GET /tandem/v1/import/links',
		'POST /tandem/v1/import/links',
		'POST /tandem/v1/import/settings',
		'POST /tandem/v1/import/tags',
		'GET /tandem/v1/sites/(?P<id>[\d]+)/rules',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/rules',
		'GET /tandem/v1/sites/(?P<id>[\d]+)/rule-choices',
		'GET /tandem/v1/rule-subjects',
		'PATCH /tandem/v1/rules/(?P<id>[\d]+)',
		'DELETE /tandem/v1/rules/(?P<id>[\d]+)',
		'POST /tandem/v1/rules/(?P<id>[\d]+)/run',
		'GET /tandem/v1/settings',
		'PATCH /tandem/v1/settings',
		'POST /tandem/v1/identity',
		'POST /tandem/v1/identity/keys',
		'POST /tandem/v1/pairing-code',
		'POST /tandem/v1/sites/pair',
		'POST /tandem/v1/sites/(?P<id>[\d]+)/allow-removals',
		'POST /tandem/v1/webhooks',
		'POST /tandem/v1/webhooks/(?P<id>[\d]+)/address',
		'POST /tandem/v1/webhooks/(?P<id>[\d]+)/secret',
		'POST /tandem/v1/webhooks/(?P<id>[\d]+)/end-old-secret',
		'GET /tandem/v1/webhooks/in',
		'POST /tandem/v1/webhooks/in',
		'GET /tandem/v1/webhooks/in/(?P<id>[\d]+)',
		'PATCH /tandem/v1/webhooks/in/(?P<id>[\d]+)',
		'DELETE /tandem/v1/webhooks/in/(?P<id>[\d]+)',
		'POST /tandem/v1/webhooks/in/(?P<id>[\d]+)/secret',
		'POST /tandem/v1/webhooks/in/(?P<id>[\d]+)/end-old-secret',
		'POST /tandem/v1/webhooks/in/(?P<id>[\d]+)/access-key',
		'DELETE /tandem/v1/webhooks/in/(?P<id>[\d]+)/access-key',
		'DELETE /tandem/v1/webhooks/in/(?P<id>[\d]+)/request',
		'POST /tandem/v1/work',
	);

	/** Routes for paired sites: no person has a right to them, not even an administrator. */
	private const OF_PEERS = array(
		'GET /tandem/v1/peer',
		'POST /tandem/v1/peer/introduce',
		'POST /tandem/v1/peer/self-test',
		'POST /tandem/v1/peer/notice',
		'POST /tandem/v1/peer/accounts',
		'POST /tandem/v1/peer/users',
		'POST /tandem/v1/peer/links',
		'POST /tandem/v1/peer/digests',
		'POST /tandem/v1/peer/repair',
		'POST /tandem/v1/peer/login',
		'POST /tandem/v1/peer/offers',
		'POST /tandem/v1/peer/bring',
	);

	/** For automators and CRMs, which have a webhook's secret: who is logged in has no more right to it (Webhook\IntakeTest). */
	private const OF_AUTOMATORS = array( 'POST /tandem/v1/hooks/(?P<key>[0-9a-f]{32})' );

	/**
	 * All routes of the plugin.
	 *
	 * @return array<string, array{string, string, array<string, mixed>}> Pattern, method, what WordPress knows of it.
	 */
	public static function routes(): array {
		return array_diff_key( self::all_routes(), array_flip( array( ...self::OF_PEERS, ...self::OF_AUTOMATORS ) ) );
	}

	/**
	 * Those for people and those for paired sites.
	 *
	 * @return array<string, array{string, string, array<string, mixed>}> Pattern, method, what WordPress knows of it.
	 */
	private static function all_routes(): array {
		$routes = array();
		foreach ( rest_get_server()->get_routes( Api::NAMESPACE ) as $pattern => $handlers ) {
			// WordPress's own list of the routes of a namespace.
			if ( '/' . Api::NAMESPACE === $pattern ) {
				continue;
			}
			foreach ( $handlers as $handler ) {
				foreach ( array_keys( array_filter( $handler['methods'] ) ) as $method ) {
					$routes[ "$method $pattern" ] = array( $pattern, $method, $handler );
				}
			}
		}
		return $routes;
	}

	public function test_the_list_of_routes_is_complete(): void {
		self::assertEqualsCanonicalizing( array( ...self::AT_LEAST, ...self::OF_PEERS, ...self::OF_AUTOMATORS ), array_keys( self::all_routes() ) );
	}

	/**
	 * A request that passes every check but the one of rights.
	 *
	 * @param string               $pattern Route.
	 * @param string               $method  Method.
	 * @param array<string, mixed> $handler What WordPress knows of it.
	 */
	private function request( string $pattern, string $method, array $handler ): \WP_REST_Request {
		$request = new \WP_REST_Request( $method, str_replace( '(?P<id>[\d]+)', '1', $pattern ) );
		foreach ( $handler['args'] as $name => $schema ) {
			if ( 'id' !== $name && ! empty( $schema['required'] ) ) {
				$request->set_param( $name, self::example( $schema ) );
			}
		}
		return $request;
	}

	/**
	 * A value that a schema takes.
	 *
	 * @param array<string, mixed> $schema JSON schema.
	 */
	private static function example( array $schema ): mixed {
		return match ( true ) {
			isset( $schema['enum'] )       => $schema['enum'][0],
			'array' === $schema['type']    => array( self::example( $schema['items'] ) ),
			'integer' === $schema['type']  => 1,
			'boolean' === $schema['type']  => true,
			'object' === $schema['type']   => array(),
			default                        => str_repeat( 'x', $schema['minLength'] ?? 1 ),
		};
	}

	private function become( ?string $role ): void {
		wp_set_current_user( null === $role ? 0 : $this->make_user( array( 'role' => $role ) ) );
	}

	/**
	 * @param array<string, mixed> $handler What WordPress knows of it.
	 */
	#[DataProvider( 'routes' )]
	public function test_who_lacks_the_right_gets_a_sentence_and_nothing_else( string $pattern, string $method, array $handler ): void {
		foreach ( array( null, 'subscriber', 'editor' ) as $role ) {
			$this->become( $role );
			$response = rest_do_request( $this->request( $pattern, $method, $handler ) );
			self::assertSame( null === $role ? 401 : 403, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
			$data = (array) $response->get_data();
			self::assertSame( 'tandem_forbidden', $data['code'] );
			self::assertGreaterThan( 20, strlen( $data['message'] ) );
			self::assertSame( array( 'code', 'message', 'data' ), array_keys( $data ) );
		}
	}

	public function test_nobody_is_a_paired_site_by_being_logged_in(): void {
		foreach ( array( null, 'subscriber', 'editor', 'administrator' ) as $role ) {
			$this->become( $role );
			foreach ( array( 'self-test', 'notice', 'accounts', 'users', 'offers', 'bring', 'login' ) as $name ) {
				$request = new \WP_REST_Request( 'POST', "/tandem/v1/peer/$name" );
				$request->set_body( '{}' );
				$response = rest_do_request( $request );
				self::assertSame( 400, $response->get_status(), $name );
				self::assertSame( 'invalid', ( (array) $response->get_data() )['code'] );
			}
			$request = new \WP_REST_Request( 'POST', '/tandem/v1/peer/introduce' );
			$request->set_body_params(
				array(
					'site'  => '{}',
					'proof' => 'x',
				)
			);
			self::assertSame( null === $role ? 401 : 403, rest_do_request( $request )->get_status() );
			$request->set_body_params( array( 'code' => '00000-00000-00000-00000' ) + $request->get_body_params() );
			self::assertSame( 403, rest_do_request( $request )->get_status() );
		}
	}

	public function test_nobody_is_an_automator_by_being_logged_in(): void {
		foreach ( array( null, 'subscriber', 'editor', 'administrator' ) as $role ) {
			$this->become( $role );
			$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/' . str_repeat( '0', 32 ) );
			$request->set_body( '{}' );
			$response = rest_do_request( $request );
			self::assertSame( array( 404, 'hook_unknown' ), array( $response->get_status(), ( (array) $response->get_data() )['code'] ) );
		}
	}

	public function test_what_anybody_may_know_of_this_site_holds_no_person_and_no_secret(): void {
		$about = (array) rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/peer' ) )->get_data();
		self::assertEqualsCanonicalizing( array( 'uuid', 'name', 'url', 'rest_url', 'keys', 'tandem', 'core', 'protocol', 'hashes', 'limits', 'features', 'multisite', 'time', 'authorization_arrived' ), array_keys( $about ) );
		self::assertSame( array( 'sign', 'box' ), array_keys( $about['keys'] ) );
	}

	/**
	 * @param array<string, mixed> $handler What WordPress knows of it.
	 */
	#[DataProvider( 'routes' )]
	public function test_an_administrator_may_use_it( string $pattern, string $method, array $handler ): void {
		$allowed = call_user_func( $handler['permission_callback'], $this->request( $pattern, $method, $handler ) );
		if ( isset( self::WITH_A_TOKEN[ "$method $pattern" ] ) ) {
			self::assertInstanceOf( \WP_Error::class, $allowed, 'Being an administrator is no token.' );
		} else {
			self::assertTrue( $allowed );
		}
	}

	/**
	 * @param array<string, mixed> $handler What WordPress knows of it.
	 */
	#[DataProvider( 'routes' )]
	public function test_every_argument_has_a_type_that_wordpress_checks( string $pattern, string $method, array $handler ): void {
		self::assertSame( str_contains( $pattern, '<id>' ), isset( $handler['args']['id'] ) );
		foreach ( $handler['args'] as $name => $schema ) {
			self::assertArrayHasKey( 'type', $schema, "$method $pattern: $name" );
			$request = $this->request( $pattern, $method, $handler );
			$request->set_param( $name, array( 'nonsense' => array( 'nonsense' ) ) );
			$response = rest_do_request( $request );
			self::assertSame( 400, $response->get_status(), "$method $pattern takes nonsense as $name" );
		}
	}
}
