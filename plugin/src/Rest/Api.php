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
	 * Answers without HTTP, for the command line: whoever can use that may do everything anyway.
	 *
	 * @param string               $method GET, POST, PATCH or DELETE.
	 * @param string               $path   Path below the namespace, such as `/sites/3/test`.
	 * @param array<string, mixed> $args   Arguments.
	 * @return mixed The answer's data.
	 * @throws Refused With the code and the sentence that the page would show.
	 */
	public function call( string $method, string $path, array $args = array() ): mixed {
		foreach ( $this->controllers as $controller ) {
			foreach ( $controller->routes() as $route ) {
				if ( $route->method === $method && 1 === preg_match( '@^' . $route->path . '$@i', $path, $found ) ) {
					return $this->data( $route, $this->request( $route, $args + array_filter( $found, 'is_string', ARRAY_FILTER_USE_KEY ) ) );
				}
			}
		}
		throw new Refused( 'tandem_no_route', sprintf( 'There is no route %s %s.', $method, $path ), 404 );
	}

	/**
	 * A request as WordPress would hand it over.
	 *
	 * @param Route                $route The route.
	 * @param array<string, mixed> $args  Arguments.
	 */
	private function request( Route $route, array $args ): \WP_REST_Request {
		$request = new \WP_REST_Request( $route->method, '/' . self::NAMESPACE . $route->path );
		$request->set_attributes(
			array(
				'args' => array_map(
					static fn ( array $schema ): array => $schema + array(
						'validate_callback' => 'rest_validate_request_arg',
						'sanitize_callback' => 'rest_sanitize_request_arg',
					),
					$route->args
				),
			)
		);
		$request->set_url_params( $args );
		$request->set_default_params( array_map( static fn ( array $schema ): mixed => $schema['default'], array_filter( $route->args, static fn ( array $schema ): bool => isset( $schema['default'] ) ) ) );
		return $request;
	}

	/**
	 * What a route answers.
	 *
	 * @param Route            $route   The route.
	 * @param \WP_REST_Request $request The request.
	 * @throws Refused When it refuses.
	 */
	private function data( Route $route, \WP_REST_Request $request ): mixed {
		$valid  = $request->has_valid_params();
		$valid  = is_wp_error( $valid ) ? $valid : $request->sanitize_params();
		$answer = is_wp_error( $valid ) ? $valid : $this->answer( $route, $request );
		if ( is_wp_error( $answer ) ) {
			$details = array_filter( (array) ( $answer->get_error_data()['params'] ?? array() ), 'is_string' );
			throw new Refused( (string) $answer->get_error_code(), implode( ' ', array( $answer->get_error_message(), ...array_values( $details ) ) ) );
		}
		return $answer->get_data();
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
