<?php
/**
 * The route by which this site wakes itself: `POST tandem/v1/work`.
 *
 * It can only make happen now what WP-Cron would do within a minute, and needs a
 * token that only this site can make.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Sync\Worker;

final class WorkController {

	/**
	 * @param Worker $worker Delivers.
	 */
	public function __construct( private readonly Worker $worker ) {
	}

	/**
	 * Registers the route.
	 */
	public function register(): void {
		register_rest_route(
			'tandem/v1',
			'/work',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'work' ),
				'permission_callback' => array( $this, 'is_allowed' ),
				'show_in_index'       => false,
				'args'                => array(
					'token' => array(
						'type'      => 'string',
						'required'  => true,
						'maxLength' => 100,
					),
				),
			)
		);
	}

	/**
	 * Whether the request comes from this site itself.
	 *
	 * @param \WP_REST_Request<array{token: string}> $request The request.
	 */
	public function is_allowed( \WP_REST_Request $request ): bool|\WP_Error {
		return $this->worker->is_own_token( (string) $request['token'] )
			? true
			: new \WP_Error( 'tandem_not_this_site', __( 'Only this site can wake its own worker, and this is not its token.', 'tandem-user-sync' ), array( 'status' => 403 ) );
	}

	/**
	 * Delivers what is due.
	 */
	public function work(): \WP_REST_Response {
		$this->worker->tick();
		return new \WP_REST_Response( null, 204 );
	}
}
