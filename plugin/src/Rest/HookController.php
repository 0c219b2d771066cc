<?php
/**
 * The route that automators and CRMs send people to. Open by nature: whoever has a webhook's secret is let in
 * (`Webhook\Gate`), whoever is logged in here is not for that reason.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Database\Failure;
use Tandem\Webhook\Body;
use Tandem\Webhook\Gate;
use Tandem\Webhook\Incoming;
use Tandem\Webhook\Intake;
use Tandem\Webhook\TurnedAway;

final class HookController {

	/**
	 * @param Gate                $gate   Who is let in.
	 * @param \Closure(): Intake  $intake Makes what carries requests out: only when one was let in.
	 */
	public function __construct( private readonly Gate $gate, private readonly \Closure $intake ) {
	}

	/**
	 * Registers the route. For the action `rest_api_init`.
	 */
	public function register(): void {
		register_rest_route(
			Api::NAMESPACE,
			'/hooks/(?P<key>[0-9a-f]{32})',
			array(
				'methods'             => 'POST',
				'permission_callback' => $this->gate->permits( ... ),
				'callback'            => $this->take( ... ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * Takes a request.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	private function take( \WP_REST_Request $request ): \WP_REST_Response {
		nocache_headers();
		try {
			$answer = ( $this->intake )()->take( $this->gate->hook( $request ), static fn (): Incoming => new Incoming( Body::of( $request ), self::headers( $request ), Gate::message( $request ) ) );
			$status = (int) $answer['status'];
			unset( $answer['status'] );
			return new \WP_REST_Response( $answer, $status, array( 'Cache-Control' => 'no-store, private' ) );
		} catch ( TurnedAway $turned ) {
			return self::refusal( $turned );
		} catch ( Failure ) {
			return self::refusal( new TurnedAway( 'failed', __( 'The database of this site refused to answer. Send it again in a moment.', 'tandem-user-sync' ), 500 ) );
		}
	}

	/**
	 * An error as WordPress's REST API has it, with the time to wait.
	 *
	 * @param TurnedAway $turned Why.
	 */
	private static function refusal( TurnedAway $turned ): \WP_REST_Response {
		$response = rest_convert_error_to_response( $turned->to_error() );
		$response->header( 'Cache-Control', 'no-store, private' );
		if ( null !== $turned->retry_after ) {
			$response->header( 'Retry-After', (string) $turned->retry_after );
		}
		return $response;
	}

	/**
	 * Headers, one text each.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return array<string, string>
	 */
	private static function headers( \WP_REST_Request $request ): array {
		return array_map( static fn ( mixed $values ): string => implode( ', ', (array) $values ), $request->get_headers() );
	}
}
