<?php
/**
 * Asks a site who it is: the one question that needs no signature (docs/protocol.md, `GET peer`).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Peer\Description;
use Tandem\Peer\MessageRefused;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Unreachable;
use Tandem\Security\PublicKeys;

final class PeerLookup {

	/** Route, below the REST index. */
	private const ROUTE = 'tandem/v1/peer';

	/** Seconds: a person waits, or another site. */
	private const TIMEOUT = 6.0;

	/**
	 * @param Client $client Sends requests.
	 */
	public function __construct( private readonly Client $client ) {
	}

	/**
	 * What a site says of itself; null when it does not answer as a site with Tandem does.
	 *
	 * @param string $rest_url  Address of its REST index.
	 * @param string $challenge 32 hex digits, or '' for none.
	 * @return array<string, mixed>|null
	 */
	public function describe( string $rest_url, string $challenge = '' ): ?array {
		$url = PlainSiteApi::address( $rest_url, self::ROUTE, '' === $challenge ? array() : array( 'challenge' => $challenge ) );
		try {
			// WordPress passes over a scheme that it does not know: it only shows whether the header arrives.
			$response = $this->client->send(
				new Request(
					'GET',
					$url,
					array(
						'Accept'        => 'application/json',
						'Authorization' => 'Tandem probe',
						'Cache-Control' => 'no-cache',
					),
					'',
					self::TIMEOUT
				)
			);
			return 200 === $response->status ? Description::checked( Json::read( $response->body )->value ) : null;
		} catch ( Unreachable | MessageRefused ) {
			return null;
		}
	}

	/**
	 * Whether a key lives at an address.
	 *
	 * @param string     $rest_url Address of a REST index.
	 * @param string     $uuid     UUID of the site that should answer.
	 * @param PublicKeys $keys     Its keys.
	 * @return bool|null Null when nothing answers.
	 */
	public function proves( string $rest_url, string $uuid, PublicKeys $keys ): ?bool {
		$challenge = bin2hex( random_bytes( 16 ) );
		$found     = $this->describe( $rest_url, $challenge );
		if ( null === $found ) {
			return null;
		}
		return $found['uuid'] === $uuid && is_string( $found['proof'] ?? null ) && $keys->verifies( $found['proof'], Description::proof_text( $uuid, $challenge ) );
	}
}
