<?php
/**
 * The last request that each incoming webhook received, for its owner to map: the body as paths and values, and a few
 * harmless headers. It is somebody's personal data: sealed, at most one for each webhook, for a week at most, and what
 * looks like a secret by its name is not kept at all.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Security\Unreadable;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class LastRequests {

	/** Seconds for which one is kept. */
	private const MEMORY = WEEK_IN_SECONDS;

	/** Names of what is not kept. */
	private const SECRET = '/pass|pwd|secret|token|api_?-?key|access_?-?key|auth|signature|nonce|cvv|cvc|iban|card_?-?num|ssn/i';

	/** Headers that are shown. None that a secret travels in. */
	private const HEADERS = array( 'content_type', 'user_agent', 'webhook_id', 'webhook_timestamp' );

	/** Characters of a value that are kept, and paths. */
	private const LONGEST = 300;
	private const MOST    = 200;

	/**
	 * @param Hooks $hooks Keeps them.
	 * @param Vault $vault Seals.
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Hooks $hooks, private readonly Vault $vault, private readonly Clock $clock ) {
	}

	/**
	 * Keeps a request.
	 *
	 * @param Hook                  $hook    The webhook.
	 * @param Body                  $body    What came.
	 * @param array<string, string> $headers Headers by name.
	 */
	public function keep( Hook $hook, Body $body, array $headers ): void {
		$fields = array();
		foreach ( array_slice( $body->leaves(), 0, self::MOST, true ) as $path => $value ) {
			$path     = (string) $path;
			$fields[] = array(
				'path'  => mb_substr( $path, 0, self::LONGEST ),
				'value' => 1 === preg_match( self::SECRET, $path ) ? '•••' : mb_substr( $value, 0, self::LONGEST ),
			);
		}
		$shown = array();
		foreach ( array_intersect_key( $headers, array_flip( self::HEADERS ) ) as $name => $value ) {
			$shown[] = array(
				'name'  => str_replace( '_', '-', $name ),
				'value' => mb_substr( mb_scrub( $value, 'UTF-8' ), 0, self::LONGEST ),
			);
		}
		$text = (string) wp_json_encode(
			array(
				'headers' => $shown,
				'fields'  => $fields,
			)
		);
		$this->hooks->set_last_request( $hook->id, $this->vault->seal( $text, self::purpose( $hook ) ) );
	}

	/**
	 * The last request, or null.
	 *
	 * @param Hook $hook The webhook.
	 * @return array{at: int, headers: list<array{name: string, value: string}>, fields: list<array{path: string, value: string}>}|null Shape of `HookRequest` in admin-src/types.ts.
	 */
	public function of( Hook $hook ): ?array {
		if ( '' === $hook->last_request ) {
			return null;
		}
		try {
			$kept = json_decode( $this->vault->open( $hook->last_request, self::purpose( $hook ) ), true );
		} catch ( Unreadable ) {
			return null;
		}
		return is_array( $kept )
			? array(
				'at'      => $hook->last_at,
				'headers' => array_map(
					static fn ( array $header ): array => array(
						'name'  => (string) $header['name'],
						'value' => (string) $header['value'],
					),
					array_values( (array) ( $kept['headers'] ?? array() ) )
				),
				'fields'  => array_map(
					static fn ( array $field ): array => array(
						'path'  => (string) $field['path'],
						'value' => (string) $field['value'],
					),
					array_values( (array) ( $kept['fields'] ?? array() ) )
				),
			)
			: null;
	}

	/**
	 * Webhooks whose last request names an e-mail address.
	 *
	 * @param string $email E-mail address.
	 * @return list<Hook>
	 */
	public function naming( string $email ): array {
		return array_values(
			array_filter(
				$this->hooks->all(),
				fn ( Hook $hook ): bool => array() !== array_filter( $this->of( $hook )['fields'] ?? array(), static fn ( array $field ): bool => false !== mb_stripos( $field['value'], $email ) )
			)
		);
	}

	/**
	 * Forgets what is older than a week.
	 */
	public function purge(): void {
		$this->hooks->forget_requests( $this->clock->now() - self::MEMORY );
	}

	/**
	 * What the sealed text belongs to.
	 *
	 * @param Hook $hook The webhook.
	 */
	private static function purpose( Hook $hook ): string {
		return 'hook-request:' . $hook->id;
	}
}
