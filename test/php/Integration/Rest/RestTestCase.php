<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Activity\Log;
use Tandem\Database\Connection;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Rest\Api;
use Tandem\Sync\Outbox;
use Tandem\Tests\RemoteWordPress;
use Tandem\Tests\TestCase;
use Tandem\Time\SystemClock;

/**
 * Asks the plugin's REST routes as WordPress's server does, with the plugin's own objects behind them.
 */
abstract class RestTestCase extends TestCase {

	protected Sites $sites;
	protected Links $links;
	protected Outbox $outbox;
	protected Log $log;

	protected function setUp(): void {
		parent::setUp();
		$db           = new Connection( $GLOBALS['wpdb'] );
		$clock        = new SystemClock();
		$this->sites  = new Sites( $db, $clock );
		$this->links  = new Links( $db );
		$this->outbox = new Outbox( $db, $clock );
		$this->log    = new Log( $db, $clock );
		wp_set_current_user( 1 );
	}

	/**
	 * Asks a route.
	 *
	 * @param string               $method GET, POST…
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $params Query of a GET, body of anything else.
	 */
	protected function ask( string $method, string $path, array $params = array() ): \WP_REST_Response {
		$request = new \WP_REST_Request( $method, '/' . Api::NAMESPACE . $path );
		if ( 'GET' === $method ) {
			// As they come from an address: strings.
			parse_str( http_build_query( $params ), $query );
			$request->set_query_params( $query );
		} else {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) wp_json_encode( (object) $params ) );
		}
		return rest_do_request( $request );
	}

	/**
	 * What a route answers, as JSON carries it.
	 *
	 * @param string               $method GET, POST…
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $params Parameters.
	 */
	protected function answer( string $method, string $path, array $params = array() ): mixed {
		$response = $this->ask( $method, $path, $params );
		$data     = json_decode( (string) wp_json_encode( $response->get_data() ), true );
		self::assertLessThan( 300, $response->get_status(), "$method $path: " . wp_json_encode( $data ) );
		return $data;
	}

	/**
	 * The code with which a route refuses.
	 *
	 * @param int                  $status HTTP status that is expected.
	 * @param string               $method GET, POST…
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $params Parameters.
	 */
	protected function refusal( int $status, string $method, string $path, array $params = array() ): string {
		$response = $this->ask( $method, $path, $params );
		self::assertSame( $status, $response->get_status(), "$method $path: " . wp_json_encode( $response->get_data() ) );
		$data = $response->get_data();
		self::assertIsArray( $data );
		self::assertNotSame( '', $data['message'] );
		return $data['code'];
	}

	/**
	 * A site that is connected with the remote WordPress of the tests.
	 *
	 * @param RemoteWordPress $remote The remote WordPress.
	 */
	protected function connected( RemoteWordPress $remote ): RemoteSite {
		$site = $this->answer(
			'POST',
			'/sites',
			array(
				'url'      => $remote->url,
				'username' => RemoteWordPress::ADMIN,
				'password' => $remote->application_password,
			)
		);
		return $this->sites->get( $site['id'] );
	}

	/**
	 * A site with a good credential where nothing listens any more.
	 */
	protected function dead(): RemoteSite {
		$site = $this->connected( RemoteWordPress::clean() );
		$db   = new Connection( $GLOBALS['wpdb'] );
		$db->execute( 'UPDATE %i SET url = %s, rest_url = %s WHERE id = %d', $db->table( 'sites' ), 'http://127.0.0.1:9', 'http://127.0.0.1:9/wp-json/', $site->id );
		return $this->sites->get( $site->id );
	}

	/**
	 * A site that nobody talks to in this test.
	 */
	protected function silent(): RemoteSite {
		return $this->sites->add( 'Site B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Plain, 'admin', 1, false, SiteSettings::defaults() );
	}
}
