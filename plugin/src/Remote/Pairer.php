<?php
/**
 * Introduces this site to another one that runs Tandem, and tries whether passwords really work there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Peer\Description;
use Tandem\Peer\Introduction;
use Tandem\Peer\IntroductionCode;
use Tandem\Peer\MessageCode;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\PasswordTest;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Unreachable;
use Tandem\Security\PublicKeys;
use Tandem\Security\SiteKeys;
use Tandem\Security\Unreadable;

final class Pairer {

	private const ROUTE = 'tandem/v1/peer/introduce';

	/** Seconds: the other site asks back meanwhile. */
	private const TIMEOUT = 20.0;

	/**
	 * @param Client       $client       Sends requests.
	 * @param PeerLookup   $lookup       Asks a site who it is.
	 * @param Description  $description  What this site says of itself.
	 * @param SiteKeys     $keys         This site's keys.
	 * @param Introduction $introduction Stores the other site.
	 * @param PeerSites    $peers        Begins conversations.
	 * @param PasswordTest $test         Tries passwords.
	 * @param Sites        $sites        Remote sites.
	 */
	public function __construct(
		private readonly Client $client,
		private readonly PeerLookup $lookup,
		private readonly Description $description,
		private readonly SiteKeys $keys,
		private readonly Introduction $introduction,
		private readonly PeerSites $peers,
		private readonly PasswordTest $test,
		private readonly Sites $sites,
	) {
	}

	/**
	 * Introduces this site.
	 *
	 * @param Discovered  $found    The other site.
	 * @param string|null $username Account there whose application password this is; null with a code.
	 * @param string      $secret   Application password, or one-time code.
	 * @return RemoteSite The other site, paired.
	 * @throws ConnectFailed When it can't work. Nothing is stored then.
	 */
	public function introduce( Discovered $found, ?string $username, #[\SensitiveParameter] string $secret ): RemoteSite {
		$there = $this->lookup->describe( $found->rest_url );
		if ( null === $there || ! Address::is_same_host( $there['rest_url'], $found->rest_url ) ) {
			/* translators: %s: name of the other site. */
			throw new ConnectFailed( 'tandem', sprintf( __( '%s does not answer as a site with Tandem does. A security plugin there may close the REST API to visitors: allow /wp-json/tandem/v1/ for everybody; every message is signed.', 'tandem-user-sync' ), $found->name ) );
		}
		$ours    = $this->description->for_peer();
		$json    = (string) wp_json_encode( $ours );
		$proof   = $this->sign( Introduction::proof_text( (string) $ours['uuid'], (string) $there['uuid'], $json ) );
		$body    = array(
			'site'  => $json,
			'proof' => $proof,
		);
		$answer  = $this->ask( $found, $username, $secret, null === $username ? $body + array( 'code' => $secret ) : $body );
		$theirs  = $this->described( $found, $answer, (string) $there['uuid'] );
		$keys    = PublicKeys::from( $theirs['keys'] );
		$pairing = new Pairing( (string) $theirs['uuid'], $keys ?? throw new ConnectFailed( 'tandem', __( 'It sent no keys.', 'tandem-user-sync' ) ), reaches_us: true === ( $answer['reachable'] ?? false ), our_key: $this->keys->public_keys()->id() );
		return $this->test_passwords( $this->introduction->store( $theirs, $pairing, true ) );
	}

	/**
	 * Tries whether a password that is set here works there, and the other way round, and tells the other site what was
	 * found here. When there is no answer, what was found before still counts.
	 *
	 * @param RemoteSite $site A paired site.
	 * @return RemoteSite With what came of it.
	 */
	public function test_passwords( RemoteSite $site ): RemoteSite {
		$pairing = $site->pairing;
		if ( null === $pairing ) {
			return $site;
		}
		try {
			$answer = $this->peers->api( $site )->call( 'self-test', $this->test->make( $pairing->keys ) );
			$ours   = is_array( $answer['test'] ?? null ) ? $this->test->check( $answer['test'] ) : array();
			$result = array(
				'hashOut'   => true === ( $answer['hash'] ?? null ),
				'sealedOut' => true === ( $answer['sealed'] ?? null ),
				'hashIn'    => true === ( $ours['hash'] ?? null ),
				'sealedIn'  => true === ( $ours['sealed'] ?? null ),
			);
		} catch ( RemoteFailure | Unreadable ) {
			return $this->sites->get( $site->id );
		}
		$this->sites->set_pairing( $site->id, ( $this->sites->get( $site->id )->pairing ?? $pairing )->with( array( 'test' => $result ) ) );
		$site = $this->sites->get( $site->id );
		$this->peers->notify(
			$site,
			array(
				'type'   => 'tested',
				'hash'   => $result['hashIn'],
				'sealed' => $result['sealedIn'],
			)
		);
		return $site;
	}

	/**
	 * Sends the introduction.
	 *
	 * @param Discovered           $found    The other site.
	 * @param string|null          $username Account there, or null.
	 * @param string               $secret   Application password.
	 * @param array<string, mixed> $body     What to say.
	 * @return array<array-key, mixed>
	 * @throws ConnectFailed When it is refused or does not arrive.
	 */
	private function ask( Discovered $found, ?string $username, #[\SensitiveParameter] string $secret, #[\SensitiveParameter] array $body ): array {
		$url     = PlainSiteApi::address( $found->rest_url, self::ROUTE, array() );
		$headers = array(
			'Content-Type' => 'application/json',
			'Accept'       => 'application/json',
		);
		$shown   = new Excerpt( $secret, (string) preg_replace( '/[^a-z\d]/i', '', $secret ) );
		$reader  = new ProblemReader( $found->name, (string) $username, $shown );
		if ( null !== $username ) {
			// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- Basic authentication.
			$headers['Authorization'] = 'Basic ' . base64_encode( $username . ':' . trim( $secret ) );
		}
		try {
			$response = $this->client->send( new Request( 'POST', $url, $headers, (string) wp_json_encode( $body ), self::TIMEOUT ) );
		} catch ( Unreachable $error ) {
			$problem = $reader->of_unreachable( $error, $url );
			throw new ConnectFailed( $problem->code->value, $problem->message );
		}
		$json = Json::read( $response->body )->value;
		if ( 200 === $response->status && is_array( $json ) ) {
			return $json;
		}
		if ( is_array( $json ) && in_array( $json['code'] ?? '', array( IntroductionCode::NotIntroduced->value, IntroductionCode::CodeWrong->value, MessageCode::Invalid->value, MessageCode::BadSignature->value ), true ) && is_string( $json['message'] ?? null ) ) {
			/* translators: 1: name of the other site, 2: what it said. */
			throw new ConnectFailed( $json['code'], sprintf( __( '%1$s says: %2$s', 'tandem-user-sync' ), $found->name, $shown->first_line( $json['message'] ) ) );
		}
		$problem = $reader->of_response( $response, $url, $json );
		throw new ConnectFailed( $problem->code->value, ProblemCode::HeaderStripped === $problem->code ? $problem->message . ' ' . __( 'Or connect with a pairing code.', 'tandem-user-sync' ) : $problem->message );
	}

	/**
	 * What the other site says of itself, checked.
	 *
	 * @param Discovered              $found  The other site.
	 * @param array<array-key, mixed> $answer Its answer.
	 * @param string                  $uuid   UUID that it had before.
	 * @return array<string, mixed>
	 * @throws ConnectFailed When it is another one.
	 */
	private function described( Discovered $found, array $answer, string $uuid ): array {
		try {
			$theirs = Description::checked( $answer['site'] ?? null );
		} catch ( MessageRefused $refused ) {
			throw new ConnectFailed( 'tandem', $refused->getMessage() );
		}
		if ( $theirs['uuid'] !== $uuid || ! Address::is_same_host( $theirs['rest_url'], $found->rest_url ) ) {
			throw new ConnectFailed( 'other_site', __( 'Another site than the one that was asked has answered. Nothing was connected.', 'tandem-user-sync' ) );
		}
		return $theirs;
	}

	/**
	 * Signs with this site's key.
	 *
	 * @param string $text The text.
	 * @throws ConnectFailed When the salts have changed since the keys were made.
	 */
	private function sign( string $text ): string {
		try {
			return $this->keys->sign( $text );
		} catch ( Unreadable ) {
			// The keys can't be read any more, and the sites that know them can't be spoken to anyhow.
			$this->keys->replace();
			return $this->keys->sign( $text );
		}
	}
}
