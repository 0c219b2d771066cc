<?php
/**
 * The plugin's REST API for its admin page (`tandem/v1`): registers all routes,
 * each behind the same permission and the same translation of failures.
 *
 * Because both happen here, a route can't be added without them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class Api {

	public const NAMESPACE = 'tandem/v1';

	/** Who may use the API and the page. */
	public const CAPABILITY = 'manage_options';

	/** @var list<Controller> */
	private readonly array $controllers;

	/**
	 * @param Failures   $failures       Turns exceptions into answers.
	 * @param Controller ...$controllers What answers.
	 */
	public function __construct( private readonly Failures $failures, Controller ...$controllers ) {
		$this->controllers = array_values( $controllers );
	}

	/**
	 * Registers the routes. For the action `rest_api_init`.
	 */
	public function register(): void {
		foreach ( $this->controllers as $controller ) {
			foreach ( $controller->routes() as $route ) {
				register_rest_route(
					self::NAMESPACE,
					$route->path,
					array(
						'methods'             => $route->method,
						'callback'            => fn ( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error => $this->answer( $route, $request ),
						'permission_callback' => fn (): bool|\WP_Error => $this->may_use(),
						'args'                => $route->args,
					)
				);
			}
		}
	}

	/**
	 * Whether the one who asks may use the API. With a sentence, because it is shown as it is.
	 */
	private function may_use(): bool|\WP_Error {
		if ( current_user_can( self::CAPABILITY ) ) {
			return true;
		}
		return new \WP_Error(
			'tandem_forbidden',
			is_user_logged_in()
				? __( 'Only an administrator of this site may see and change the syncing of users.', 'tandem-user-sync' )
				: __( 'You are not logged in. Log in as an administrator and try again.', 'tandem-user-sync' ),
			array( 'status' => rest_authorization_required_code() )
		);
	}

	/**
	 * Lets a route answer. What it throws becomes an error with a code and a sentence.
	 *
	 * @param Route            $route   The route.
	 * @param \WP_REST_Request $request What was asked.
	 */
	private function answer( Route $route, \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		try {
			$answer = rest_ensure_response( ( $route->answer )( $request ) );
			if ( $answer instanceof \WP_REST_Response ) {
				// Names and addresses of people: not for a cache between here and the browser.
				$answer->header( 'Cache-Control', 'no-store, private' );
			}
			return $answer;
		} catch ( \Exception $exception ) {
			return $this->failures->answer( $exception );
		}
	}
}
