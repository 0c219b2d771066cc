<?php
/**
 * A test with an incoming webhook: requests as an automator sends them, through WordPress's REST server.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Webhook;

use Tandem\Activity\Item;
use Tandem\Activity\Query;
use Tandem\Plugin;
use Tandem\Security\WebhookSignature;
use Tandem\Tests\TestCase;
use Tandem\Webhook\Hook;
use Tandem\Webhook\HookSettings;
use Tandem\Webhook\HookState;

abstract class HookTestCase extends TestCase {

	protected Plugin $plugin;
	protected Hook $hook;
	protected string $secret;

	protected function setUp(): void {
		parent::setUp();
		$this->plugin = $GLOBALS['tandem_plugin'];
		$this->hook   = $this->plugin->hooks()->add( 'Newsletter', HookSettings::defaults() );
		$this->secret = $this->plugin->hook_secrets()->renew( $this->hook );
		$this->decide(
			array(
				'user_email' => '{email}',
				'first_name' => '{first}',
				'roles'      => '{role}',
				'tags'       => '{tags}',
				'meta:phone' => '{phone}',
			),
			array( 'roles' => array( 'subscriber', 'contributor' ) )
		);
	}

	/**
	 * Maps, decides and switches on.
	 *
	 * @param array<string, string>|null $map      Texts by field; as it is when null.
	 * @param array<string, mixed>       $settings Shape of `HookSettings` in admin-src/types.ts.
	 * @param HookState                  $state    What it does.
	 */
	protected function decide( ?array $map = null, array $settings = array(), HookState $state = HookState::On ): void {
		if ( null !== $map ) {
			$settings['map'] = array_map(
				static fn ( string $field, string $from ): array => array(
					'field' => $field,
					'from'  => $from,
				),
				array_keys( $map ),
				$map
			);
		}
		$this->plugin->hooks()->change( $this->hook->id, $this->hook->name, $state, HookSettings::from_array( $settings, $this->plugin->hooks()->get( $this->hook->id )->settings ) );
		$this->hook = $this->plugin->hooks()->get( $this->hook->id );
	}

	/**
	 * Sends JSON.
	 *
	 * @param mixed                      $body    Body.
	 * @param array<string, string>|null $headers Headers; with the secret when null.
	 * @param array<string, string>      $query   Of the address.
	 */
	protected function send( mixed $body, ?array $headers = null, array $query = array() ): \WP_REST_Response {
		return rest_do_request( $this->request( is_string( $body ) ? $body : (string) wp_json_encode( $body ), $headers ?? array( 'X-Tandem-Secret' => $this->secret ), $query ) );
	}

	/**
	 * A request.
	 *
	 * @param string                $raw     Body.
	 * @param array<string, string> $headers Headers.
	 * @param array<string, string> $query   Of the address.
	 */
	protected function request( string $raw, array $headers, array $query = array() ): \WP_REST_Request {
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/' . $this->hook->slug );
		$request->set_header( 'Content-Type', 'application/json' );
		foreach ( $headers as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$request->set_query_params( $query );
		$request->set_body( $raw );
		return $request;
	}

	/**
	 * Headers of a signed request.
	 *
	 * @param string      $raw    Body.
	 * @param string      $id     The message's id.
	 * @param int|null    $time   Unix seconds; now when null.
	 * @param string|null $secret Another secret.
	 * @return array<string, string>
	 */
	protected function signed( string $raw, string $id = 'msg_1', ?int $time = null, ?string $secret = null ): array {
		$time ??= time();
		return array(
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $time,
			'webhook-signature' => WebhookSignature::header( array( $secret ?? $this->secret ), $id, $time, $raw ),
		);
	}

	/**
	 * Asserts that a person was taken.
	 *
	 * @param string            $result   What was done.
	 * @param \WP_REST_Response $response Answer.
	 * @return \WP_User The account.
	 */
	protected static function assertTaken( string $result, \WP_REST_Response $response ): \WP_User {
		$data = (array) $response->get_data();
		self::assertSame( $result, $data['result'] ?? null, (string) wp_json_encode( $data ) );
		self::assertSame( 'created' === $result ? 201 : 200, $response->get_status() );
		$user = get_userdata( (int) $data['id'] );
		self::assertInstanceOf( \WP_User::class, $user );
		return $user;
	}

	/**
	 * Asserts that a request was refused, with a sentence.
	 *
	 * @param int               $status   HTTP status.
	 * @param string            $code     Code.
	 * @param \WP_REST_Response $response Answer.
	 */
	protected static function assertRefused( int $status, string $code, \WP_REST_Response $response ): void {
		$data = (array) $response->get_data();
		self::assertSame( array( $status, $code ), array( $response->get_status(), $data['code'] ?? null ), (string) wp_json_encode( $data ) );
		self::assertGreaterThan( 20, strlen( (string) $data['message'] ) );
	}

	/**
	 * The newest row of the record that came in.
	 */
	protected function last(): Item {
		foreach ( $this->plugin->log()->search( new Query() ) as $item ) {
			if ( \Tandem\Activity\Direction::In === $item->entry->direction ) {
				return $item;
			}
		}
		self::fail( 'Nothing that came in is on record.' );
	}

	/**
	 * Everybody here, to see that nobody was made or changed.
	 */
	protected static function everybody(): string {
		global $wpdb;
		return (string) wp_json_encode( array( $wpdb->get_results( "SELECT ID, user_login, user_email, user_pass, display_name FROM {$wpdb->users} ORDER BY ID" ), $wpdb->get_results( "SELECT user_id, meta_key, meta_value FROM {$wpdb->usermeta} ORDER BY umeta_id" ) ) );
	}
}
