<?php
/**
 * This site's own keys. The secret halves lie sealed under its salts.
 *
 * Rotation keeps the keys before for a week: a site that has not been told of the new ones
 * is still spoken to with the old ones, and what was sealed to them can be opened.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

use Tandem\Time\Clock;

final class SiteKeys {

	public const OPTION = 'tandem_keys';

	/** Seconds for which the keys before are kept: until every site has been told, and what was sealed to them has arrived. */
	public const OVERLAP = WEEK_IN_SECONDS;

	private const SIGN = 'key:sign';
	private const BOX  = 'key:box';

	/**
	 * @param Vault $vault Seals the secret halves.
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Vault $vault, private readonly Clock $clock ) {
	}

	/**
	 * Makes keys, if there are none yet.
	 */
	public function establish(): void {
		if ( null === $this->stored() ) {
			update_option( self::OPTION, $this->fresh(), false );
		}
	}

	/**
	 * The public halves.
	 */
	public function public_keys(): PublicKeys {
		return self::read_public( $this->current() );
	}

	/**
	 * The public halves as they are by now: another process may have made new ones since this one looked.
	 */
	public function latest(): PublicKeys {
		wp_cache_delete( self::OPTION, 'options' );
		return $this->public_keys();
	}

	/**
	 * The keys with this id, if they are kept; else the present ones.
	 *
	 * @param string $id Id of a key, '' for the present ones.
	 */
	public function public_keys_with( string $id ): PublicKeys {
		return self::read_public( $this->with( $id ) );
	}

	/**
	 * Signs a text.
	 *
	 * @param string $text The text.
	 * @param string $id   Id of the key, '' for the present one.
	 * @return string Base64.
	 * @throws Unreadable When the salts have changed since the keys were made.
	 */
	public function sign( string $text, string $id = '' ): string {
		$secret = $this->secret( $this->with( $id ), 'sign', self::SIGN );
		assert( '' !== $secret );
		$signature = sodium_crypto_sign_detached( $text, $secret );
		self::wipe( $secret );
		return sodium_bin2base64( $signature, SODIUM_BASE64_VARIANT_ORIGINAL );
	}

	/**
	 * Opens what was sealed to this site's keys, or to those before.
	 *
	 * @param string $sealed Base64.
	 * @throws Unreadable When it can't be opened.
	 */
	public function open( string $sealed ): string {
		try {
			$box = sodium_base642bin( $sealed, SODIUM_BASE64_VARIANT_ORIGINAL );
		} catch ( \SodiumException ) {
			throw new Unreadable( 'This is not a sealed text.' );
		}
		foreach ( null === $this->previous() ? array( $this->current() ) : array( $this->current(), $this->previous() ) as $keys ) {
			$secret = $this->secret( $keys, 'box', self::BOX );
			$pair   = sodium_crypto_box_keypair_from_secretkey_and_publickey( $secret, self::read_public( $keys )->box );
			$plain  = sodium_crypto_box_seal_open( $box, $pair );
			self::wipe( $secret, $pair );
			if ( false !== $plain ) {
				return $plain;
			}
		}
		throw new Unreadable( 'A sealed text was sealed to other keys than this site’s.' );
	}

	/**
	 * Whether the secret halves can be read.
	 */
	public function are_readable(): bool {
		try {
			$this->sign( '' );
			return true;
		} catch ( Unreadable ) {
			return false;
		}
	}

	/**
	 * New keys.
	 *
	 * @return array<string, mixed>
	 */
	private function fresh(): array {
		$sign = sodium_crypto_sign_keypair();
		$box  = sodium_crypto_box_keypair();
		return array(
			'public' => PublicKeys::of( sodium_crypto_sign_publickey( $sign ), sodium_crypto_box_publickey( $box ) )->to_array(),
			'sign'   => $this->vault->seal( sodium_crypto_sign_secretkey( $sign ), self::SIGN ),
			'box'    => $this->vault->seal( sodium_crypto_box_secretkey( $box ), self::BOX ),
			'made'   => $this->clock->now(),
		);
	}

	/**
	 * Makes new keys and uses them from now on. The ones before are kept for a while.
	 */
	public function rotate(): void {
		$previous = $this->current();
		unset( $previous['previous'] );
		update_option( self::OPTION, array( 'previous' => array( 'until' => $this->clock->now() + self::OVERLAP ) + $previous ) + $this->fresh(), false );
	}

	/**
	 * Throws the keys away and makes others: this site becomes another one.
	 */
	public function replace(): void {
		update_option( self::OPTION, $this->fresh(), false );
	}

	/**
	 * Public halves.
	 *
	 * @param array<string, mixed> $keys Keys.
	 * @throws Unreadable When they are damaged.
	 */
	private static function read_public( array $keys ): PublicKeys {
		return PublicKeys::from( $keys['public'] ?? null ) ?? throw new Unreadable( 'The keys of this site are damaged.' );
	}

	/**
	 * The keys with this id, if they are kept; else the present ones.
	 *
	 * @param string $id Id of a key, '' for the present ones.
	 * @return array<string, mixed>
	 */
	private function with( string $id ): array {
		$previous = $this->previous();
		return null !== $previous && self::read_public( $previous )->id() === $id ? $previous : $this->current();
	}

	/**
	 * The present keys.
	 *
	 * @return array<string, mixed>
	 */
	private function current(): array {
		$keys = $this->stored();
		if ( null === $keys ) {
			$this->establish();
			$keys = (array) $this->stored();
		}
		return $keys;
	}

	/**
	 * The keys before, while they are good.
	 *
	 * @return array<string, mixed>|null
	 */
	private function previous(): ?array {
		$previous = $this->current()['previous'] ?? null;
		return is_array( $previous ) && (int) ( $previous['until'] ?? 0 ) > $this->clock->now() ? $previous : null;
	}

	/**
	 * What is stored.
	 *
	 * @return array<string, mixed>|null
	 */
	private function stored(): ?array {
		$keys = get_option( self::OPTION );
		return is_array( $keys ) ? $keys : null;
	}

	/**
	 * A secret half.
	 *
	 * @param array<string, mixed> $keys    Keys.
	 * @param string               $name    `sign` or `box`.
	 * @param string               $purpose What it is sealed for.
	 * @throws Unreadable When the salts have changed.
	 */
	private function secret( array $keys, string $name, string $purpose ): string {
		return $this->vault->open( (string) ( $keys[ $name ] ?? '' ), $purpose );
	}

	/**
	 * Overwrites secrets that are not needed any more, where PHP has libsodium itself. WordPress's stand-in for it can't,
	 * and throws.
	 *
	 * @param string ...$secrets Secrets.
	 */
	private static function wipe( #[\SensitiveParameter] string &...$secrets ): void {
		if ( ! extension_loaded( 'sodium' ) ) {
			return;
		}
		foreach ( $secrets as &$secret ) {
			sodium_memzero( $secret );
		}
	}
}
