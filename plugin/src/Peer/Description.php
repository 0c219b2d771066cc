<?php
/**
 * What a site says of itself to another one: docs/protocol.md, "Sites and keys".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Plugin;
use Tandem\Remote\Address;
use Tandem\Remote\Pairing;
use Tandem\Security\HashFormat;
use Tandem\Security\PublicKeys;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Time\Clock;
use Tandem\Verify\Engine;

final class Description {

	public const PROTOCOL = 1;

	/** People that this site takes in one message. */
	public const MOST_USERS = 200;

	/** Bytes that this site takes in one message. */
	public const MOST_BYTES = 2_000_000;

	/**
	 * @param SiteIdentity $identity Its UUID.
	 * @param SiteKeys     $keys     Its keys.
	 * @param Clock        $clock    Time.
	 */
	public function __construct( private readonly SiteIdentity $identity, private readonly SiteKeys $keys, private readonly Clock $clock ) {
	}

	/**
	 * What anybody may know.
	 *
	 * @return array<string, mixed>
	 */
	public function for_anybody(): array {
		return array(
			'uuid'      => $this->identity->uuid(),
			'name'      => trim( mb_substr( wp_strip_all_tags( html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) ), 0, 150 ) ),
			'url'       => untrailingslashit( home_url() ),
			'rest_url'  => get_rest_url(),
			'keys'      => $this->keys->public_keys()->to_array(),
			'tandem'    => Plugin::VERSION,
			'core'      => get_bloginfo( 'version' ),
			'protocol'  => self::PROTOCOL,
			'hashes'    => array_map( static fn ( HashFormat $format ): string => $format->value, HashFormat::understood() ),
			'limits'    => array(
				'users' => self::MOST_USERS,
				'bytes' => self::MOST_BYTES,
			),
			'features'  => self::features(),
			'multisite' => is_multisite(),
			'time'      => $this->clock->now(),
		);
	}

	/**
	 * What this site understands (docs/protocol.md, `features`).
	 *
	 * @return list<string>
	 */
	public static function features(): array {
		return array( 'users', 'accounts', Engine::FEATURE, Pairing::TAGS, Offers::FEATURE, 'login', Pairing::BRING );
	}

	/**
	 * What a site that is being paired may know besides.
	 *
	 * @return array<string, mixed>
	 */
	public function for_peer(): array {
		return $this->for_anybody() + array( 'php' => PHP_VERSION );
	}

	/**
	 * Checks what another site says of itself.
	 *
	 * @param mixed $data Decoded JSON.
	 * @return array<string, mixed>
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public static function checked( mixed $data ): array {
		$schema = array(
			'type'       => 'object',
			'required'   => array( 'uuid', 'name', 'url', 'rest_url', 'keys', 'protocol' ),
			'properties' => array(
				'uuid'      => array(
					'type'   => 'string',
					'format' => 'uuid',
				),
				'name'      => array(
					'type'      => 'string',
					'maxLength' => 200,
				),
				'url'       => self::address(),
				'rest_url'  => self::address(),
				'keys'      => array( 'type' => 'object' ),
				'protocol'  => array( 'type' => 'integer' ),
				'tandem'    => array( 'type' => 'string' ),
				'core'      => array( 'type' => 'string' ),
				'php'       => array( 'type' => 'string' ),
				'hashes'    => array(
					'type'  => 'array',
					'items' => array( 'type' => 'string' ),
				),
				'multisite' => array( 'type' => 'boolean' ),
				'time'      => array( 'type' => 'integer' ),
			),
		);
		$valid  = rest_validate_value_from_schema( $data, $schema, 'site' );
		if ( is_wp_error( $valid ) ) {
			throw new MessageRefused( MessageCode::Invalid, $valid->get_error_message() );
		}
		assert( is_array( $data ) );
		if ( null === PublicKeys::from( $data['keys'] ) || null === Address::typed( $data['url'] ) || null === Address::typed( $data['rest_url'] ) || ! Address::is_same_host( $data['url'], $data['rest_url'] ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'Its keys or its addresses are not in order.', 'tandem-user-sync' ) );
		}
		if ( self::PROTOCOL !== $data['protocol'] ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'The two sites run versions of Tandem that don’t understand each other. Update the older one.', 'tandem-user-sync' ) );
		}
		return $data;
	}

	/**
	 * What a key signs to prove that it belongs to an address.
	 *
	 * @param string $uuid      UUID of the site.
	 * @param string $challenge 32 hex digits of the one who asks.
	 */
	public static function proof_text( string $uuid, string $challenge ): string {
		return "tandem-1-proof\n$uuid\n$challenge";
	}

	/**
	 * Schema of an address.
	 *
	 * @return array<string, mixed>
	 */
	private static function address(): array {
		return array(
			'type'      => 'string',
			'maxLength' => 255,
			'minLength' => 8,
		);
	}
}
