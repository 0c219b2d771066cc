<?php
/**
 * Routes are registered where somebody may ask for them, and nowhere else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Tests\TestCase;

final class RegistrationTest extends TestCase {

	protected function tearDown(): void {
		unset( $GLOBALS['wp']->query_vars['rest_route'], $GLOBALS['wp_rest_server'] );
		parent::tearDown();
	}

	/**
	 * @dataProvider routes
	 */
	public function test_a_request_to_others_pays_nothing_for_our_routes( string $route, bool $is_registered ): void {
		self::assertSame( $is_registered, in_array( 'tandem/v1', $this->server_for( $route )->get_namespaces(), true ) );
	}

	/**
	 * Where a request goes, and whether ours may be asked for.
	 *
	 * @return array<string, array{string, bool}>
	 */
	public static function routes(): array {
		return array(
			'no REST request'   => array( '', true ),
			'the index'         => array( '/', true ),
			'ours'              => array( '/tandem/v1/settings', true ),
			'ours, in capitals' => array( '/Tandem/V1/settings', true ),
			'our index'         => array( '/tandem/v1', true ),
			'several at once'   => array( '/batch/v1', true ),
			'posts'             => array( '/wp/v2/posts', false ),
			'users'             => array( '/wp/v2/users/1', false ),
			'another plugin'    => array( '/shop/v3/orders', false ),
		);
	}

	public function test_who_asks_ours_within_a_request_to_others_is_answered(): void {
		$server = $this->server_for( '/wp/v2/posts' );
		self::assertSame( 401, rest_do_request( '/tandem/v1/settings' )->get_status(), 'Nobody is logged in.' );
		wp_set_current_user( 1 );
		self::assertSame( 200, rest_do_request( '/tandem/v1/settings' )->get_status() );
		self::assertSame( 200, rest_do_request( '/tandem/v1/sites' )->get_status() );
		self::assertCount( 1, array_filter( $server->get_routes()['/tandem/v1/settings'], static fn ( array $handler ): bool => isset( $handler['methods']['GET'] ) ), 'Registered once.' );
	}

	/**
	 * A REST server, as it is made for a request.
	 *
	 * @param string $route Route that is asked for.
	 */
	private function server_for( string $route ): \WP_REST_Server {
		$GLOBALS['wp']->query_vars['rest_route'] = $route;
		$GLOBALS['wp_rest_server']               = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- made anew.
		return rest_get_server();
	}
}
