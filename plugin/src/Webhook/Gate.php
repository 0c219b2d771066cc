<?php
/**
 * Whether a request to an incoming webhook is let in: by a signature as Standard Webhooks 1.0 has it, or by the secret
 * itself in a header, for automators that can't sign. Whoever has the secret may do what the owner lets this webhook
 * do, and is nobody else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Security\Unreadable;
use Tandem\Security\WebhookSignature;
use Tandem\Time\Clock;

final class Gate {

	/** Bytes of a message's id. */
	private const LONGEST_ID = 255;

	/** @var \WeakMap<\WP_REST_Request, Hook|TurnedAway> What was found out: WordPress asks twice (`rest_send_allow_header()`). */
	private \WeakMap $asked;

	/**
	 * @param Hooks       $hooks   The webhooks.
	 * @param HookSecrets $secrets Their secrets.
	 * @param Journal     $journal Puts on record who was not let in.
	 * @param Clock       $clock   Time.
	 */
	public function __construct( private readonly Hooks $hooks, private readonly HookSecrets $secrets, private readonly Journal $journal, private readonly Clock $clock ) {
		$this->asked = new \WeakMap();
	}

	/**
	 * Whether a request is let in. For a route's `permission_callback`.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public function permits( \WP_REST_Request $request ): bool|\WP_Error {
		try {
			$this->hook( $request );
			return true;
		} catch ( TurnedAway $turned ) {
			return $turned->to_error();
		}
	}

	/**
	 * The webhook that a request is let in to.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @throws TurnedAway When it is not.
	 */
	public function hook( \WP_REST_Request $request ): Hook {
		if ( ! isset( $this->asked[ $request ] ) ) {
			try {
				$this->asked[ $request ] = $this->looked_at( $request );
			} catch ( TurnedAway $turned ) {
				$this->asked[ $request ] = $turned;
			}
		}
		$found = $this->asked[ $request ];
		return $found instanceof Hook ? $found : throw $found;
	}

	/**
	 * The id under which a message is repeated, or ''.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public static function message( \WP_REST_Request $request ): string {
		$id = (string) $request->get_header( 'webhook_id' );
		return strlen( $id ) <= self::LONGEST_ID ? $id : '';
	}

	/**
	 * Looks at a request.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @throws TurnedAway When it is not let in.
	 */
	private function looked_at( \WP_REST_Request $request ): Hook {
		$slug = $request->get_url_params()['key'] ?? '';
		$hook = is_string( $slug ) ? $this->hooks->find_by_slug( $slug ) : null;
		if ( null === $hook ) {
			throw new TurnedAway( 'hook_unknown', __( 'There is no webhook at this address (any more).', 'tandem-user-sync' ), 404 );
		}
		try {
			$secrets = $this->secrets->good( $hook );
		} catch ( Unreadable ) {
			$this->journal->not_let_in( $hook, 'hook_unreadable_secret', __( 'A request came, but the secret of this webhook can’t be read any more, because the salts in wp-config.php have changed. Make a new one.', 'tandem-user-sync' ) );
			throw new TurnedAway( 'hook_unreadable_secret', __( 'The secret of this webhook can’t be read any more. Its owner has to make a new one.', 'tandem-user-sync' ), 503 );
		}
		$signature = (string) $request->get_header( 'webhook_signature' );
		$turned    = '' === $signature ? $this->by_secret( $hook, $secrets, $request ) : $this->by_signature( $secrets, $signature, $request );
		if ( null !== $turned ) {
			$this->journal->not_let_in( $hook, $turned->reason, $turned->getMessage() );
			throw $turned;
		}
		return $hook;
	}

	/**
	 * Whether the secret is right.
	 *
	 * @param Hook                   $hook    The webhook.
	 * @param non-empty-list<string> $secrets Those that are good.
	 * @param \WP_REST_Request       $request The request.
	 * @return TurnedAway|null Why not, or null.
	 */
	private function by_secret( Hook $hook, #[\SensitiveParameter] array $secrets, \WP_REST_Request $request ): ?TurnedAway {
		$bearer  = (string) $request->get_header( 'authorization' );
		$asked   = $request->get_query_params()['secret'] ?? '';
		$given   = array(
			(string) $request->get_header( 'x_tandem_secret' ),
			1 === preg_match( '/^Bearer\s+(\S+)$/i', $bearer, $parts ) ? $parts[1] : '',
			$hook->settings->secret_in_address && is_string( $asked ) ? $asked : '',
		);
		$is_good = false;
		foreach ( $given as $text ) {
			foreach ( $secrets as $secret ) {
				$is_good = hash_equals( $secret, $text ) || $is_good;
			}
		}
		if ( $is_good ) {
			return null;
		}
		return '' === implode( '', $given )
			? new TurnedAway( 'hook_no_secret', __( 'The secret is missing. Send it in the header X-Tandem-Secret, or as “Authorization: Bearer …”, or sign the request.', 'tandem-user-sync' ), 401 )
			: new TurnedAway( 'hook_wrong_secret', __( 'The secret is not that of this webhook. If it was replaced, enter the new one.', 'tandem-user-sync' ), 401 );
	}

	/**
	 * Whether the signature is right, and of now.
	 *
	 * @param non-empty-list<string> $secrets   Those that are good.
	 * @param string                 $signature Header.
	 * @param \WP_REST_Request       $request   The request.
	 * @return TurnedAway|null Why not, or null.
	 */
	private function by_signature( #[\SensitiveParameter] array $secrets, string $signature, \WP_REST_Request $request ): ?TurnedAway {
		$id   = self::message( $request );
		$time = (string) $request->get_header( 'webhook_timestamp' );
		if ( '' === $id || 1 !== preg_match( '/^\d{1,12}$/D', $time ) || ! WebhookSignature::is_good( $secrets, $id, $time, $signature, (string) $request->get_body() ) ) {
			return new TurnedAway( 'hook_bad_signature', __( 'The signature does not fit. It is to be made over “id.timestamp.body” with the secret of this webhook, as Standard Webhooks says.', 'tandem-user-sync' ), 401 );
		}
		return abs( $this->clock->now() - (int) $time ) <= WebhookSignature::TOLERANCE
			? null
			: new TurnedAway( 'hook_old', __( 'The time of this request is more than five minutes off. Sign it when it is sent, and look at the sender’s clock.', 'tandem-user-sync' ), 401 );
	}
}
