<?php
/**
 * Seals secrets that must lie in the database: credentials of remote sites, and
 * passwords on their way to a plain site.
 *
 * libsodium's secretbox (XSalsa20-Poly1305) under a key derived from this site's
 * salts, which live in wp-config.php: a stolen database alone opens nothing. What
 * a secret belongs to is part of its key, so that one can't be put in the place of
 * another.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class Vault {

	private const PREFIX = 't1:';

	/**
	 * @param string $salts This site's secret salts.
	 */
	public function __construct( #[\SensitiveParameter] private readonly string $salts ) {
	}

	/**
	 * Seals a secret.
	 *
	 * @param string $plain   The secret.
	 * @param string $purpose What it belongs to, for example `credential:3` or `password:3:41`.
	 */
	public function seal( #[\SensitiveParameter] string $plain, string $purpose ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		$box   = sodium_crypto_secretbox( $plain, $nonce, $this->key( $purpose ) );
		return self::PREFIX . sodium_bin2base64( $nonce . $box, SODIUM_BASE64_VARIANT_ORIGINAL );
	}

	/**
	 * Opens what `seal()` made.
	 *
	 * @param string $sealed  The sealed text.
	 * @param string $purpose What it belongs to: the same words as when it was sealed.
	 * @throws Unreadable When the salts or the text have changed.
	 */
	public function open( string $sealed, string $purpose ): string {
		try {
			if ( ! str_starts_with( $sealed, self::PREFIX ) ) {
				throw new Unreadable( 'This is not a sealed secret.' );
			}
			$bytes = sodium_base642bin( substr( $sealed, strlen( self::PREFIX ) ), SODIUM_BASE64_VARIANT_ORIGINAL );
			$nonce = substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
			$plain = strlen( $nonce ) === SODIUM_CRYPTO_SECRETBOX_NONCEBYTES
				? sodium_crypto_secretbox_open( substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $nonce, $this->key( $purpose ) )
				: false;
		} catch ( \SodiumException ) {
			$plain = false;
		}
		if ( false === $plain ) {
			throw new Unreadable( 'A sealed secret could not be opened: the salts in wp-config.php have changed since it was stored.' );
		}
		return $plain;
	}

	/**
	 * A keyed fingerprint of a value, for tokens that are compared and never opened.
	 *
	 * @param string $value   The value.
	 * @param string $purpose What it is for.
	 */
	public function fingerprint( #[\SensitiveParameter] string $value, string $purpose ): string {
		return hash_hmac( 'sha256', $value, $this->key( 'fingerprint:' . $purpose ) );
	}

	/**
	 * The key for one purpose.
	 *
	 * @param string $purpose What it is for.
	 */
	private function key( string $purpose ): string {
		return hash_hkdf( 'sha256', $this->salts, SODIUM_CRYPTO_SECRETBOX_KEYBYTES, 'tandem-user-sync:' . $purpose );
	}
}
