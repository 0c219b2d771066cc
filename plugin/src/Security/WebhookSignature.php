<?php
/**
 * Signatures of webhooks, as Standard Webhooks 1.0 has them: HMAC-SHA256 over `<id>.<timestamp>.<body>`, in base64
 * after `v1,`; several are separated by blanks (github.com/standard-webhooks/standard-webhooks,
 * spec/standard-webhooks.md, "Webhook headers" and "Signature scheme").
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class WebhookSignature {

	/** Seconds by which a timestamp may be off: the specification's libraries take five minutes. */
	public const TOLERANCE = 5 * MINUTE_IN_SECONDS;

	/** Signatures of one request that are looked at. */
	private const MOST = 10;

	/**
	 * The header `webhook-signature`.
	 *
	 * @param non-empty-list<string> $secrets   Those that are good, the present one first.
	 * @param string                 $id        The message's id.
	 * @param int                    $timestamp Time of the attempt, Unix seconds.
	 * @param string                 $body      The body, byte for byte.
	 */
	public static function header( #[\SensitiveParameter] array $secrets, string $id, int $timestamp, string $body ): string {
		return implode( ' ', array_map( static fn ( string $secret ): string => 'v1,' . self::of( $secret, $id, (string) $timestamp, $body ), $secrets ) );
	}

	/**
	 * Whether one of the signatures of a request is right. Not whether its time is.
	 *
	 * @param non-empty-list<string> $secrets   Those that are good.
	 * @param string                 $id        Header `webhook-id`.
	 * @param string                 $timestamp Header `webhook-timestamp`.
	 * @param string                 $header    Header `webhook-signature`.
	 * @param string                 $body      The body, byte for byte.
	 */
	public static function is_good( #[\SensitiveParameter] array $secrets, string $id, string $timestamp, string $header, string $body ): bool {
		$is_good = false;
		foreach ( array_slice( explode( ' ', $header ), 0, self::MOST ) as $given ) {
			foreach ( $secrets as $secret ) {
				$is_good = hash_equals( 'v1,' . self::of( $secret, $id, $timestamp, $body ), $given ) || $is_good;
			}
		}
		return $is_good;
	}

	/**
	 * One signature.
	 *
	 * @param string $secret    The secret.
	 * @param string $id        The message's id.
	 * @param string $timestamp Unix seconds.
	 * @param string $body      The body.
	 */
	private static function of( #[\SensitiveParameter] string $secret, string $id, string $timestamp, string $body ): string {
		$key = sodium_base642bin( substr( $secret, strlen( SecretPair::PREFIX ) ), SODIUM_BASE64_VARIANT_ORIGINAL );
		return sodium_bin2base64( hash_hmac( 'sha256', "$id.$timestamp.$body", $key, true ), SODIUM_BASE64_VARIANT_ORIGINAL );
	}
}
