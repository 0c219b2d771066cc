<?php
/**
 * What is known of a paired site: who it is, its keys, what it understands, and how its clock goes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\HashFormat;
use Tandem\Security\PublicKeys;

final class Pairing {

	/** What a site says that takes tags (docs/protocol.md, `features`). */
	public const TAGS = 'tags';

	/** What a site says that can be asked for its people. */
	public const BRING = 'bring';

	/** Words that it may say of what it understands. */
	private const MOST_FEATURES = 50;

	/**
	 * @param string             $uuid           Its UUID.
	 * @param PublicKeys         $keys           Its keys.
	 * @param int                $clock_offset   Seconds by which its clock is ahead of ours.
	 * @param list<string>       $hashes         Formats of stored passwords that it verifies (`HashFormat`).
	 * @param int                $most_users     People that it takes in one message.
	 * @param int                $most_bytes     Bytes that it takes in one message.
	 * @param string             $versions       Its Tandem, WordPress and PHP, for people.
	 * @param bool               $reaches_us     Whether it could reach this site when they were paired.
	 * @param string             $our_key        Id of the key of ours that it knows.
	 * @param array<string, bool> $test          What came of the password test: `hashOut`, `sealedOut`, `hashIn`, `sealedIn`; without what is not known yet.
	 * @param list<string>       $features       What it understands, in words.
	 */
	public function __construct(
		public readonly string $uuid,
		public readonly PublicKeys $keys,
		public readonly int $clock_offset = 0,
		public readonly array $hashes = array(),
		public readonly int $most_users = 1,
		public readonly int $most_bytes = 100_000,
		public readonly string $versions = '',
		public readonly bool $reaches_us = false,
		public readonly string $our_key = '',
		public readonly array $test = array(),
		public readonly array $features = array(),
	) {
	}

	/**
	 * Its keys, if they have this id; null else. Those before are no good from the moment in which it has told us of
	 * others: they may have been replaced because somebody else has them.
	 *
	 * @param string $id Id of a key.
	 */
	public function key( string $id ): ?PublicKeys {
		return hash_equals( $this->keys->id(), $id ) ? $this->keys : null;
	}

	/**
	 * Whether a stored password can be handed over as it is. The format alone does not say it: a plugin that peppers
	 * passwords stores them in one that looks like any other. Where a test has shown that it does not work, that counts.
	 *
	 * @param string $hash As it lies in the database here.
	 */
	public function understands( #[\SensitiveParameter] string $hash ): bool {
		$format = HashFormat::of( $hash );
		return null !== $format && in_array( $format->value, $this->hashes, true ) && ( $this->test['hashOut'] ?? true );
	}

	/**
	 * The same with something else known.
	 *
	 * @param array<string, mixed> $changes Properties by name.
	 */
	public function with( array $changes ): self {
		return new self( ...array_merge( get_object_vars( $this ), $changes ) );
	}

	/**
	 * The same with what a description of the site says (docs/protocol.md). Keys are not taken from it.
	 *
	 * @param array<string, mixed> $data A checked description.
	 * @param int                  $now  Unix seconds here.
	 */
	public function described( array $data, int $now ): self {
		$limits = is_array( $data['limits'] ?? null ) ? $data['limits'] : array();
		$text   = static fn ( string $name ): string => is_string( $data[ $name ] ?? null ) ? mb_substr( sanitize_text_field( $data[ $name ] ), 0, 20 ) : '?';
		return $this->with(
			array(
				'clock_offset' => is_int( $data['time'] ?? null ) ? $data['time'] - $now : $this->clock_offset,
				'hashes'       => array_values( array_filter( is_array( $data['hashes'] ?? null ) ? $data['hashes'] : array(), 'is_string' ) ),
				'most_users'   => max( 1, min( 1000, is_int( $limits['users'] ?? null ) ? $limits['users'] : 1 ) ),
				'most_bytes'   => max( 10_000, min( 50_000_000, is_int( $limits['bytes'] ?? null ) ? $limits['bytes'] : 100_000 ) ),
				'features'     => self::known_features( $data['features'] ?? null ),
				'versions'     => sprintf( 'Tandem %s, WordPress %s, PHP %s', $text( 'tandem' ), $text( 'core' ), $text( 'php' ) ),
			)
		);
	}

	/**
	 * What a site says of what it understands.
	 *
	 * @param mixed $said Anything.
	 * @return list<string>
	 */
	public static function known_features( mixed $said ): array {
		$words = is_array( $said ) ? array_filter( array_slice( $said, 0, self::MOST_FEATURES ), static fn ( mixed $word ): bool => is_string( $word ) && 1 === preg_match( '/^[a-z][a-z0-9_-]{0,30}$/D', $word ) ) : array();
		$words = array_values( array_unique( $words ) );
		sort( $words );
		return $words;
	}

	/**
	 * As it lies in the database.
	 *
	 * @return array<string, mixed>
	 */
	public function to_array(): array {
		return array(
			'keys'        => $this->keys->to_array(),
			'clockOffset' => $this->clock_offset,
			'hashes'      => $this->hashes,
			'mostUsers'   => $this->most_users,
			'mostBytes'   => $this->most_bytes,
			'versions'    => $this->versions,
			'reachesUs'   => $this->reaches_us,
			'ourKey'      => $this->our_key,
			'test'        => $this->test,
			'features'    => $this->features,
		);
	}

	/**
	 * Reads it from the database; null when the site is not paired.
	 *
	 * @param string $uuid Its UUID, '' for none.
	 * @param string $json As `to_array()` gave it.
	 */
	public static function from_json( string $uuid, string $json ): ?self {
		$data = json_decode( $json, true );
		$keys = is_array( $data ) ? PublicKeys::from( $data['keys'] ?? null ) : null;
		if ( '' === $uuid || null === $keys ) {
			return null;
		}
		return new self(
			$uuid,
			$keys,
			(int) ( $data['clockOffset'] ?? 0 ),
			array_values( array_map( 'strval', (array) ( $data['hashes'] ?? array() ) ) ),
			(int) ( $data['mostUsers'] ?? 1 ),
			(int) ( $data['mostBytes'] ?? 100_000 ),
			(string) ( $data['versions'] ?? '' ),
			(bool) ( $data['reachesUs'] ?? false ),
			(string) ( $data['ourKey'] ?? '' ),
			array_map( 'boolval', (array) ( $data['test'] ?? array() ) ),
			self::known_features( $data['features'] ?? null )
		);
	}
}
