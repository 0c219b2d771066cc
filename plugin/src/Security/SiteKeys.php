<?php
/**
 * This site's own keys. The secret halves lie sealed under its salts.
 *
 * Rotation keeps the keys before as long as a paired site knows no others, however long it is away: it is told of the
 * new ones by a message that those sign. And a week more, for what it had sealed to them until then.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

use Tandem\Time\Clock;

final class SiteKeys {

	public const OPTION = 'tandem_keys';

	/** Seconds for which keys are kept that no site knows any more: until what was sealed to them has arrived. */
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
	 * Opens what was sealed to this site's keys, or to some before that are kept.
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
		foreach ( $this->all() as $keys ) {
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
	 * Makes new keys and uses them from now on. The ones before are kept for as long as they are needed.
	 *
	 * @param list<string> $known Ids of keys that paired sites know.
	 */
	public function rotate( array $known ): void {
		$before = array_map( static fn ( array $keys ): array => array_diff_key( $keys, array( 'previous' => true ) ), $this->all() );
		update_option( self::OPTION, array( 'previous' => $this->needed( $before, $known ) ) + $this->fresh(), false );
	}

	/**
	 * Throws away what is not needed any more. For a time when nothing else is to be done.
	 *
	 * @param list<string> $known Ids of keys that paired sites know.
	 */
	public function tidy( array $known ): void {
		$before = $this->previous();
		$needed = $this->needed( $before, $known );
		if ( $needed !== $before ) {
			update_option( self::OPTION, array( 'previous' => $needed ) + $this->current(), false );
		}
	}

	/**
	 * Whether there are keys from before.
	 */
	public function has_previous(): bool {
		return array() !== $this->previous();
	}

	/**
	 * Ids of all keys that there are, the newest first, as they are by now: another process may have made new ones since
	 * this one looked.
	 *
	 * @return list<string>
	 */
	public function ids(): array {
		wp_cache_delete( self::OPTION, 'options' );
		return array_map( static fn ( array $keys ): string => self::read_public( $keys )->id(), $this->all() );
	}

	/**
	 * Which keys from before are still needed. The week begins when no site knows them any more.
	 *
	 * @param list<array<string, mixed>> $before Keys from before.
	 * @param list<string>               $known  Ids of keys that paired sites know.
	 * @return list<array<string, mixed>>
	 */
	private function needed( array $before, array $known ): array {
		$needed = array();
		foreach ( $before as $keys ) {
			if ( in_array( PublicKeys::from( $keys['public'] ?? null )?->id(), $known, true ) ) {
				unset( $keys['until'] );
				$needed[] = $keys;
			} elseif ( (int) ( $keys['until'] ?? PHP_INT_MAX ) > $this->clock->now() ) {
				$needed[] = $keys + array( 'until' => $this->clock->now() + self::OVERLAP );
			}
		}
		return $needed;
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
		foreach ( '' === $id ? array() : $this->previous() as $keys ) {
			if ( self::read_public( $keys )->id() === $id ) {
				return $keys;
			}
		}
		return $this->current();
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
	 * All keys, the newest first.
	 *
	 * @return non-empty-list<array<string, mixed>>
	 */
	private function all(): array {
		return array( $this->current(), ...$this->previous() );
	}

	/**
	 * The keys before that are kept, the newest first.
	 *
	 * @return list<array<string, mixed>>
	 */
	private function previous(): array {
		$previous = $this->current()['previous'] ?? array();
		// There was one such pair at most until there was a list.
		$list = isset( $previous['public'] ) ? array( $previous ) : $previous;
		return is_array( $list ) ? array_values( array_filter( $list, 'is_array' ) ) : array();
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
