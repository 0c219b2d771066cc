<?php
/**
 * `POST /work`: the request that this site sends to itself to deliver what is due.
 *
 * The only route that is not for administrators. Its right is a token that this
 * site made a moment ago from its own secret salts, and all it can do is to bring
 * forward what WP-Cron would do anyway.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Sync\Worker;

final class WakeUpController {

	/** Path below the namespace. */
	public const PATH = '/work';

	/**
	 * @param Worker $worker Delivers.
	 */
	public function __construct( private readonly Worker $worker ) {
	}

	/**
	 * Registers the route. For the action `rest_api_init`.
	 */
	public function register(): void {
		register_rest_route(
			Api::NAMESPACE,
			self::PATH,
			array(
				'methods'             => 'POST',
				'callback'            => $this->work( ... ),
				'permission_callback' => $this->may_work( ... ),
				'show_in_index'       => false,
				'args'                => array(
					'token' => array(
						'type'      => 'string',
						'required'  => true,
						'maxLength' => 200,
					),
				),
			)
		);
	}

	/**
	 * Delivers. Nobody reads the answer: the sender has hung up.
	 */
	private function work(): \WP_REST_Response {
		$this->worker->tick();
		return new \WP_REST_Response( null, 204 );
	}

	/**
	 * Whether this site itself is asking.
	 *
	 * @param \WP_REST_Request $request `token`.
	 */
	private function may_work( \WP_REST_Request $request ): bool|\WP_Error {
		return $this->worker->is_own_token( (string) $request['token'] ) ? true : new \WP_Error(
			'tandem_forbidden',
			__( 'Only this site itself may ask for this.', 'tandem-user-sync' ),
			array( 'status' => rest_authorization_required_code() )
		);
	}
}
