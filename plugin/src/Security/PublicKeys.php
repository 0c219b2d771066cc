<?php
/**
 * The public halves of a site's keys: Ed25519 for signatures, X25519 for sealing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class PublicKeys {

	/**
	 * @param string $sign Raw Ed25519 public key.
	 * @param string $box  Raw X25519 public key.
	 */
	private function __construct( public readonly string $sign, public readonly string $box ) {
	}

	/**
	 * From raw keys.
	 *
	 * @param string $sign Raw Ed25519 public key.
	 * @param string $box  Raw X25519 public key.
	 */
	public static function of( string $sign, string $box ): self {
		return new self( $sign, $box );
	}

	/**
	 * From what travels; null when these are no keys.
	 *
	 * @param mixed $data `{ sign, box }`, each base64.
	 */
	public static function from( mixed $data ): ?self {
		if ( ! is_array( $data ) || ! is_string( $data['sign'] ?? null ) || ! is_string( $data['box'] ?? null ) ) {
			return null;
		}
		$sign = self::raw( $data['sign'], SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES );
		$box  = self::raw( $data['box'], SODIUM_CRYPTO_BOX_PUBLICKEYBYTES );
		return null === $sign || null === $box ? null : new self( $sign, $box );
	}

	/**
	 * As they travel.
	 *
	 * @return array{sign: string, box: string}
	 */
	public function to_array(): array {
		return array(
			'sign' => sodium_bin2base64( $this->sign, SODIUM_BASE64_VARIANT_ORIGINAL ),
			'box'  => sodium_bin2base64( $this->box, SODIUM_BASE64_VARIANT_ORIGINAL ),
		);
	}

	/**
	 * Short name of the signing key.
	 */
	public function id(): string {
		return substr( hash( 'sha256', $this->sign ), 0, 16 );
	}

	/**
	 * Whether a signature is by these keys.
	 *
	 * @param string $signature Base64.
	 * @param string $text      What was signed.
	 */
	public function verifies( string $signature, string $text ): bool {
		$raw = self::raw( $signature, SODIUM_CRYPTO_SIGN_BYTES );
		return null !== $raw && '' !== $raw && '' !== $this->sign && sodium_crypto_sign_verify_detached( $raw, $text, $this->sign );
	}

	/**
	 * Seals a text so that only the owner of the keys can open it: not even this site can.
	 *
	 * @param string $plain The text.
	 * @return string Base64.
	 */
	public function seal( #[\SensitiveParameter] string $plain ): string {
		return sodium_bin2base64( sodium_crypto_box_seal( $plain, $this->box ), SODIUM_BASE64_VARIANT_ORIGINAL );
	}

	/**
	 * Raw bytes of base64, or null.
	 *
	 * @param string $text   Base64.
	 * @param int    $length How many bytes there must be.
	 */
	private static function raw( string $text, int $length ): ?string {
		try {
			$raw = sodium_base642bin( $text, SODIUM_BASE64_VARIANT_ORIGINAL );
		} catch ( \SodiumException ) {
			return null;
		}
		return strlen( $raw ) === $length ? $raw : null;
	}
}
