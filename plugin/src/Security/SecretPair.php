<?php
/**
 * A shared secret and, for a while after it was replaced, the one before: whoever holds the old one has time to learn
 * the new one.
 *
 * Secrets have the form of Standard Webhooks 1.0: `whsec_` and the base64 of 24 random bytes
 * (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Secret").
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class SecretPair {

	/** Seconds for which the old one is still good. */
	public const OVERLAP = DAY_IN_SECONDS;

	/** What a secret begins with. */
	public const PREFIX = 'whsec_';

	/**
	 * @param string $secret    The present one.
	 * @param string $old       The one before, or ''.
	 * @param int    $old_until Until when that is good, Unix seconds, or 0.
	 */
	public function __construct( #[\SensitiveParameter] public readonly string $secret, #[\SensitiveParameter] public readonly string $old = '', public readonly int $old_until = 0 ) {
	}

	/**
	 * A new one. Its letters can stand in an address as they are: no `+` and no `/`.
	 */
	public static function make(): self {
		do {
			$letters = sodium_bin2base64( random_bytes( 24 ), SODIUM_BASE64_VARIANT_ORIGINAL );
		} while ( 1 === preg_match( '#[+/]#', $letters ) );
		return new self( self::PREFIX . $letters );
	}

	/**
	 * Another secret; this one stays good for a day.
	 *
	 * @param int $now Unix seconds.
	 */
	public function renewed( int $now ): self {
		return new self( self::make()->secret, $this->secret, $now + self::OVERLAP );
	}

	/**
	 * Without the old one.
	 */
	public function without_old(): self {
		return new self( $this->secret );
	}

	/**
	 * Those that are good, the present one first.
	 *
	 * @param int $now Unix seconds.
	 * @return non-empty-list<string>
	 */
	public function good( int $now ): array {
		return $this->old_is_good( $now ) ? array( $this->secret, $this->old ) : array( $this->secret );
	}

	/**
	 * Whether there is an old one that is still good.
	 *
	 * @param int $now Unix seconds.
	 */
	public function old_is_good( int $now ): bool {
		return '' !== $this->old && $this->old_until > $now;
	}

	/**
	 * As it is sealed.
	 */
	public function to_text(): string {
		return (string) wp_json_encode( array( $this->secret, $this->old, $this->old_until ) );
	}

	/**
	 * Reads what `to_text()` wrote.
	 *
	 * @param string $text Text.
	 * @throws Unreadable When it is something else.
	 */
	public static function from_text( #[\SensitiveParameter] string $text ): self {
		$parts = json_decode( $text, true );
		if ( ! is_array( $parts ) || ! is_string( $parts[0] ?? null ) || '' === $parts[0] || ! is_string( $parts[1] ?? null ) || ! is_int( $parts[2] ?? null ) ) {
			throw new Unreadable( 'This is not a stored secret.' );
		}
		return new self( $parts[0], $parts[1], $parts[2] );
	}

	/**
	 * What `var_dump()` and `print_r()` see.
	 *
	 * @return array<string, int>
	 */
	public function __debugInfo(): array {
		return array( 'old_until' => $this->old_until );
	}
}
