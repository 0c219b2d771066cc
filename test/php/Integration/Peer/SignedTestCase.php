<?php
/**
 * Site B signs messages to the routes of this site, as itself or as a thief of its keys would. Nobody answers there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Envelope;
use Tandem\Remote\Pairing;
use Tandem\Remote\PeerApi;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Security\PublicKeys;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

abstract class SignedTestCase extends CaptureTestCase {

	/** UUID of the site that signs. */
	protected const B = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';

	/** @var array{sign: string, box: string} Its keys, the secret halves too. */
	protected array $keys_of_b;

	protected function setUp(): void {
		parent::setUp();
		// Routes of a server that another test has made belong to that test's plugin.
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- what it is for.
		$this->plugin->sites()->remove( $this->site->id );
		$this->plugin->identity()->establish();
		$this->plugin->keys()->establish();
		$this->keys_of_b = $this->made_keys();
		$site            = $this->plugin->sites()->add( 'B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$this->plugin->sites()->set_pairing( $site->id, new Pairing( self::B, $this->public_keys( $this->keys_of_b ), hashes: array( 'wp-bcrypt' ), our_key: $this->plugin->keys()->public_keys()->id() ) );
		$this->site = $this->plugin->sites()->get( $site->id );
	}

	protected function tearDown(): void {
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- what it is for.
		parent::tearDown();
	}

	/**
	 * Keys of another site.
	 *
	 * @return array{sign: string, box: string} Secret ones.
	 */
	protected function made_keys(): array {
		return array(
			'sign' => sodium_crypto_sign_keypair(),
			'box'  => sodium_crypto_box_keypair(),
		);
	}

	/**
	 * Their public halves.
	 *
	 * @param array{sign: string, box: string} $keys Keys.
	 */
	protected function public_keys( array $keys ): PublicKeys {
		return PublicKeys::of( sodium_crypto_sign_publickey( $keys['sign'] ), sodium_crypto_box_publickey( $keys['box'] ) );
	}

	/**
	 * A message in B's name.
	 *
	 * @param array{sign: string, box: string} $keys  Whoever signs.
	 * @param string                           $route Below `peer/`.
	 * @param array<string, mixed>             $body  What it says.
	 * @return array{int, array<string, mixed>} Status and what was answered.
	 */
	protected function message( array $keys, string $route, array $body ): array {
		$json     = (string) wp_json_encode( (object) $body );
		$envelope = new Envelope( 'POST', "/tandem/v1/peer/$route", self::B, $this->plugin->identity()->uuid(), $this->clock->now(), bin2hex( random_bytes( 16 ) ) );
		$request  = new \WP_REST_Request( 'POST', "/tandem/v1/peer/$route" );
		$secret   = sodium_crypto_sign_secretkey( $keys['sign'] );
		foreach ( $envelope->headers( $this->public_keys( $keys )->id(), base64_encode( sodium_crypto_sign_detached( $envelope->text( $json ), $secret ) ) ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( $json );
		$response = rest_do_request( $request );
		return array( $response->get_status(), (array) json_decode( (string) wp_json_encode( $response->get_data() ), true ) );
	}

	/**
	 * The notice of new keys.
	 *
	 * @param array{sign: string, box: string} $by   Whoever signs it.
	 * @param array{sign: string, box: string} $keys The new ones.
	 * @return array{int, array<string, mixed>} Status and what was answered.
	 */
	protected function tell_keys( array $by, array $keys ): array {
		$public = $this->public_keys( $keys )->to_array();
		return $this->message(
			$by,
			'notice',
			array(
				'type'  => 'keys',
				'keys'  => $public,
				'proof' => base64_encode( sodium_crypto_sign_detached( PeerApi::keys_text( self::B, $this->plugin->identity()->uuid(), $public ), sodium_crypto_sign_secretkey( $keys['sign'] ) ) ),
			)
		);
	}

	/**
	 * What is known of B.
	 */
	protected function known(): Pairing {
		$pairing = $this->plugin->sites()->get( $this->site->id )->pairing;
		self::assertNotNull( $pairing );
		return $pairing;
	}
}
