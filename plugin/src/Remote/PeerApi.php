<?php
/**
 * A conversation with one paired site: signed messages to `tandem/v1/peer/…` (docs/protocol.md).
 *
 * Differences between the clocks are learned and allowed for; a site that has not been
 * told of new keys is told first.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Peer\Envelope;
use Tandem\Peer\MessageCode;
use Tandem\Peer\Offers;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\Unreachable;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Sync\OutcomeKind;
use Tandem\Time\Clock;

final class PeerApi {

	/** Route of the peers, as it is signed. */
	private const ROUTE = '/tandem/v1/peer/';

	private string $noise = '';

	/**
	 * @param Client        $client   Sends requests.
	 * @param ProblemReader $problems Understands what comes back.
	 * @param RemoteSite    $site     The site.
	 * @param Pairing       $pairing  What is known of it.
	 * @param SiteKeys      $keys     This site's keys.
	 * @param SiteIdentity  $identity Which site this is.
	 * @param Sites         $sites    To keep what is learned of it.
	 * @param Clock         $clock    Time.
	 */
	public function __construct(
		private readonly Client $client,
		private readonly ProblemReader $problems,
		private readonly RemoteSite $site,
		private Pairing $pairing,
		private readonly SiteKeys $keys,
		private readonly SiteIdentity $identity,
		private readonly Sites $sites,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Sends a message and reads the answer.
	 *
	 * @param string               $route   Below `peer/`: `users`, `notice`…
	 * @param array<string, mixed> $body    What to say.
	 * @param float                $timeout Seconds.
	 * @return array<array-key, mixed> Decoded JSON.
	 * @throws RemoteFailure When it is not accepted or does not arrive.
	 */
	public function call( string $route, array $body, float $timeout = 15.0 ): array {
		$this->tell_new_keys();
		return $this->send( $route, $body, $timeout );
	}

	/**
	 * Asks something that changes nothing and that any policy there answers, to see whether it is well.
	 *
	 * @param float $timeout Seconds.
	 * @throws RemoteFailure When it is not.
	 */
	public function greet( float $timeout = 15.0 ): void {
		// One from before there were rules knows no such route.
		in_array( Offers::FEATURE, $this->pairing->features, true ) ? $this->call( 'offers', array(), $timeout ) : $this->call( 'accounts', array( 'limit' => 1 ), $timeout );
	}

	/**
	 * A problem with its own sentence.
	 *
	 * @param ProblemCode $code   Which one.
	 * @param string      $detail What the sentence needs.
	 */
	public function problem( ProblemCode $code, string $detail = '' ): Problem {
		return $this->problems->problem( $code, $detail );
	}

	/**
	 * A text of the site that may be shown: its first line, without markup and secrets.
	 *
	 * @param string $text Text.
	 */
	public function shown( string $text ): string {
		return $this->problems->first_line_of( $text );
	}

	/**
	 * First line of what was printed into the answers so far, or ''.
	 */
	public function noise(): string {
		return $this->noise;
	}

	/**
	 * What is known of the site by now.
	 */
	public function pairing(): Pairing {
		return $this->pairing;
	}

	/**
	 * Signs and sends. When the clocks differ more than was known, once more by the other one; when it came before, once
	 * more as another message. And by another key of ours where the one that is known there is not what we took it for:
	 * another process has told the site of new keys in this moment, or its answer to that was lost.
	 *
	 * @param string               $route   Below `peer/`.
	 * @param array<string, mixed> $body    What to say.
	 * @param float                $timeout Seconds.
	 * @return array<array-key, mixed>
	 * @throws RemoteFailure When it is not accepted or does not arrive.
	 */
	private function send( string $route, #[\SensitiveParameter] array $body, float $timeout ): array {
		$json = (string) wp_json_encode( (object) $body, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES );
		$url  = PlainSiteApi::address( $this->site->rest_url, ltrim( self::ROUTE, '/' ) . $route, array() );
		$key  = $this->pairing->our_key;
		$ours = null;
		for ( $is_again = false; ; ) {
			$response = $this->transfer( $url, $route, $json, $timeout, $key );
			$read     = Json::read( $response->body );
			if ( '' !== $read->noise && '' === $this->noise ) {
				$this->noise = $this->problems->first_line_of( $read->noise );
			}
			if ( 200 === $response->status && is_array( $read->value ) ) {
				if ( $key !== $this->pairing->our_key ) {
					$this->learn( array( 'our_key' => $key ) );
				}
				$this->learn_features( $read->value['features'] ?? null );
				return $read->value;
			}
			$there = self::time_of_refusal( $read->value );
			$code  = is_array( $read->value ) ? $read->value['code'] ?? '' : '';
			// What came twice on its way (a proxy that tries again) came once at least; saying it anew does no harm.
			if ( ! $is_again && ( null !== $there || MessageCode::Replayed->value === $code ) ) {
				$is_again = true;
				if ( null !== $there ) {
					$this->learn( array( 'clock_offset' => $there - $this->clock->now() ) );
				}
				continue;
			}
			if ( self::is_unknown_key( $read->value ) ) {
				$ours ??= array_diff( $this->keys->ids(), array( $key ) );
				$key    = array_shift( $ours );
			} else {
				$key = null;
			}
			if ( null === $key ) {
				throw new RemoteFailure( $this->refusal( $response, $url, $read->value ) );
			}
		}
	}

	/**
	 * A message was refused. What is not known here, and may be accepted later by the word of the other site, is no
	 * question for a person.
	 *
	 * @param Response $response The answer.
	 * @param string   $url      The address that was asked.
	 * @param mixed    $json     What JSON it holds.
	 */
	private function refusal( Response $response, string $url, mixed $json ): Problem {
		$problem = $this->problems->of_response( $response, $url, $json );
		$retries = is_array( $json ) && true === ( $json['data']['retry'] ?? null );
		return $retries && OutcomeKind::Attention === $problem->kind ? $this->problem( ProblemCode::ServerError, $problem->first_line )->as_kind( OutcomeKind::Retry ) : $problem;
	}

	/**
	 * One request.
	 *
	 * @param string $url     Address.
	 * @param string $route   Below `peer/`.
	 * @param string $json    Body.
	 * @param float  $timeout Seconds.
	 * @param string $key     Id of the key of ours that is known there, '' for the present one.
	 * @throws RemoteFailure When no whole answer comes.
	 */
	private function transfer( string $url, string $route, #[\SensitiveParameter] string $json, float $timeout, string $key ): Response {
		$envelope = new Envelope( 'POST', self::ROUTE . $route, $this->identity->uuid(), $this->pairing->uuid, $this->clock->now() + $this->pairing->clock_offset, bin2hex( random_bytes( 16 ) ) );
		$headers  = $envelope->headers( $this->keys->public_keys_with( $key )->id(), $this->keys->sign( $envelope->text( $json ), $key ) );
		try {
			return $this->client->send(
				new Request(
					'POST',
					$url,
					$headers + array(
						'Content-Type'  => 'application/json',
						'Accept'        => 'application/json',
						'Cache-Control' => 'no-cache',
					),
					$json,
					$timeout,
					16_000_000
				)
			);
		} catch ( Unreachable $error ) {
			throw new RemoteFailure( $this->problems->of_unreachable( $error, $url ) );
		}
	}

	/**
	 * Tells the site of new keys of ours, signed by those that it knows.
	 *
	 * @throws RemoteFailure When it can't be told.
	 */
	private function tell_new_keys(): void {
		$now = $this->keys->public_keys();
		if ( '' === $this->pairing->our_key || $this->pairing->our_key === $now->id() ) {
			return;
		}
		if ( $this->keys->public_keys_with( $this->pairing->our_key )->id() !== $now->id() ) {
			$text = self::keys_text( $this->identity->uuid(), $this->pairing->uuid, $now->to_array() );
			$this->send(
				'notice',
				array(
					'type'  => 'keys',
					'keys'  => $now->to_array(),
					'proof' => $this->keys->sign( $text ),
				),
				10.0
			);
		}
		$this->learn( array( 'our_key' => $now->id() ) );
	}

	/**
	 * What new keys sign to show that their owner wants them.
	 *
	 * @param string                           $from UUID of the owner.
	 * @param string                           $to   UUID of the one who is told.
	 * @param array{sign: string, box: string} $keys The new keys.
	 */
	public static function keys_text( string $from, string $to, array $keys ): string {
		return "tandem-1-keys\n$from\n$to\n{$keys['sign']}\n{$keys['box']}";
	}

	/**
	 * Keeps what the site understands: an answer says it, and after an update it is something else.
	 *
	 * @param mixed $said `features` of an answer, if it has them.
	 */
	private function learn_features( mixed $said ): void {
		$features = Pairing::known_features( $said );
		if ( is_array( $said ) && $features !== $this->pairing->features ) {
			$this->learn( array( 'features' => $features ) );
		}
	}

	/**
	 * Keeps what was learned of the site.
	 *
	 * @param array<string, mixed> $changes Properties of `Pairing`.
	 */
	private function learn( array $changes ): void {
		// Somebody else may have learned something meanwhile.
		$this->pairing = ( $this->sites->find( $this->site->id )->pairing ?? $this->pairing )->with( $changes );
		$this->sites->set_pairing( $this->site->id, $this->pairing );
	}

	/**
	 * Whether a site does not know the key that has signed our message.
	 *
	 * @param mixed $json Decoded JSON.
	 */
	private static function is_unknown_key( mixed $json ): bool {
		return is_array( $json ) && MessageCode::UnknownKey->value === ( $json['code'] ?? '' );
	}

	/**
	 * The time of a site that found our message too old or too early.
	 *
	 * @param mixed $json Decoded JSON.
	 */
	private static function time_of_refusal( mixed $json ): ?int {
		return is_array( $json ) && MessageCode::Clock->value === ( $json['code'] ?? '' ) && is_int( $json['data']['time'] ?? null ) ? $json['data']['time'] : null;
	}
}
