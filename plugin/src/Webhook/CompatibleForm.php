<?php
/**
 * The form of address that WP Fusion's users have in their CRMs: `/?wpf_action=add&access_key=…`, with `role` and
 * `send_notification` (wpfusion.com/documentation/webhooks/about-webhooks/). Off until the owner makes a key for it, and
 * silent where WP Fusion itself is at work.
 *
 * WP Fusion asks the CRM for the contact whose number comes; Tandem has no access to CRMs, so that the request itself
 * must bring at least the e-mail address.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

final class CompatibleForm {

	/** Parameters that are not part of the person. */
	private const OWN = array( 'wpf_action', 'access_key', 'role', 'send_notification', 'async' );

	/** What may be asked for. `test` is how WP Fusion's own service looks whether an address is reachable. */
	private const ACTIONS = array( 'add', 'update', 'update_tags', 'test' );

	/**
	 * @param Hooks       $hooks   The webhooks.
	 * @param HookSecrets $secrets Compares keys.
	 * @param Intake      $intake  Carries requests out.
	 */
	public function __construct( private readonly Hooks $hooks, private readonly HookSecrets $secrets, private readonly Intake $intake ) {
	}

	/**
	 * Answers a request of that form.
	 *
	 * @param array<array-key, mixed> $params  Parameters of the address and of the form, without slashes.
	 * @param string                  $raw     The raw body.
	 * @param array<string, string>   $headers Headers by name, `_` for `-`.
	 * @return array<string, mixed>|null `success`, and `data`, with `status`; null when this is none of ours.
	 */
	public function answer( array $params, #[\SensitiveParameter] string $raw, array $headers ): ?array {
		$action = is_string( $params['wpf_action'] ?? null ) ? strtolower( $params['wpf_action'] ) : '';
		if ( self::is_wp_fusion_active() || ! in_array( $action, self::ACTIONS, true ) ) {
			return null;
		}
		$key  = is_string( $params['access_key'] ?? null ) ? $params['access_key'] : '';
		$hook = '' === $key ? null : $this->hooks->find_by_access_key( $this->secrets->fingerprint( $key ) );
		if ( null === $hook ) {
			return self::failure( new TurnedAway( 'hook_wrong_secret', __( 'The access key is wrong.', 'tandem-user-sync' ), 403 ) );
		}
		if ( 'test' === $action ) {
			return array(
				'status'  => 200,
				'success' => true,
			);
		}
		try {
			$answer = $this->intake->take( $hook, static fn (): Incoming => self::incoming( $action, $params, $raw, $headers ) );
		} catch ( TurnedAway $turned ) {
			return self::failure( $turned );
		}
		return array(
			'status'  => $answer['status'],
			'success' => true,
			'data'    => array_diff_key( $answer, array( 'status' => true ) ),
		);
	}

	/**
	 * Whether WP Fusion is active here, which answers these itself.
	 */
	private static function is_wp_fusion_active(): bool {
		return function_exists( 'wp_fusion' ) || defined( 'WP_FUSION_VERSION' );
	}

	/**
	 * Reads a request.
	 *
	 * @param string                  $action  What is asked for.
	 * @param array<array-key, mixed> $params  Parameters.
	 * @param string                  $raw     The raw body.
	 * @param array<string, string>   $headers Headers.
	 * @throws TurnedAway When it is too large.
	 */
	private static function incoming( string $action, array $params, string $raw, array $headers ): Incoming {
		$notify = $params['send_notification'] ?? null;
		$role   = $params['role'] ?? '';
		return new Incoming(
			Body::of_form( array_diff_key( $params, array_flip( self::OWN ) ), $raw, (int) ( $headers['content_length'] ?? 0 ) ),
			$headers,
			may_create: 'add' === $action,
			only_tags: 'update_tags' === $action,
			role: is_string( $role ) ? $role : '',
			mails: is_scalar( $notify ) ? filter_var( $notify, FILTER_VALIDATE_BOOLEAN ) : null
		);
	}

	/**
	 * The answer to a request that was not carried out.
	 *
	 * @param TurnedAway $turned Why.
	 * @return array<string, mixed>
	 */
	private static function failure( TurnedAway $turned ): array {
		return array(
			'status'  => $turned->status,
			'success' => false,
			'retry'   => $turned->retry_after,
			'data'    => array(
				'code'    => $turned->reason,
				'message' => $turned->getMessage(),
			),
		);
	}
}
