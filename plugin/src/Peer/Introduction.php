<?php
/**
 * Makes a site known that introduces itself, with the word of an administrator of this one. Both directions at once.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\Address;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Pairing;
use Tandem\Remote\PeerLookup;
use Tandem\Remote\PlainSites;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Security\PublicKeys;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Time\Clock;

final class Introduction {

	/**
	 * @param Sites         $sites    Remote sites.
	 * @param SiteIdentity  $identity Which site this is.
	 * @param PeerLookup    $lookup   Asks a site who it is.
	 * @param PlainSites    $plain    Gives application passwords back.
	 * @param AddressPolicy $policy   Which addresses requests may go to.
	 * @param SiteKeys      $keys     This site's keys.
	 * @param Log           $log      Activity.
	 * @param Clock         $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly SiteIdentity $identity,
		private readonly PeerLookup $lookup,
		private readonly PlainSites $plain,
		private readonly AddressPolicy $policy,
		private readonly SiteKeys $keys,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * What the key of a site that introduces itself signs.
	 *
	 * @param string $from UUID of that site.
	 * @param string $to   UUID of the one that it wants to know.
	 * @param string $site Its description, as it is sent.
	 */
	public static function proof_text( string $from, string $to, string $site ): string {
		return "tandem-1-introduce\n$from\n$to\n" . hash( 'sha256', $site );
	}

	/**
	 * Takes an introduction.
	 *
	 * @param string $json  Description of the site, as it was sent.
	 * @param string $proof Its signature.
	 * @return bool Whether this site reaches it.
	 * @throws MessageRefused When something is not as it should be. Nothing is stored then.
	 */
	public function take( string $json, string $proof ): bool {
		$data = Description::checked( json_decode( $json, true ) );
		$keys = PublicKeys::from( $data['keys'] );
		if ( null === $keys || ! $keys->verifies( $proof, self::proof_text( $data['uuid'], $this->identity->uuid(), $json ) ) ) {
			throw new MessageRefused( MessageCode::BadSignature );
		}
		if ( $data['uuid'] === $this->identity->uuid() || Address::is_same( $data['url'], home_url() ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'It has the number or the address of this very site. If one of the two is a copy of the other, say so there first: “this is a copy”.', 'tandem-user-sync' ) );
		}
		if ( ! $this->policy->allows( $data['rest_url'] ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'Its address is not HTTPS.', 'tandem-user-sync' ) );
		}
		$reaches = $this->lookup->proves( $data['rest_url'], $data['uuid'], $keys );
		if ( false === $reaches ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'Another site than the one that introduces itself answers at its address.', 'tandem-user-sync' ) );
		}
		$there = null === $reaches ? $this->sites->find_at( $data['url'] ) : null;
		if ( null !== $there && $there->pairing?->uuid !== $data['uuid'] ) {
			// Whoever takes the place of a site takes its links or has them removed: not while that site is only away.
			/* translators: %s: address of a site. */
			throw new MessageRefused( MessageCode::Invalid, sprintf( __( 'This site is connected with another one at %s already, and nothing answers there now that would prove to be the one that introduces itself. Try again when it can be reached, or remove that connection first.', 'tandem-user-sync' ), $there->url ) );
		}
		// That it reaches us has just been shown.
		$this->store( $data, new Pairing( $data['uuid'], $keys, reaches_us: true, our_key: $this->keys->public_keys()->id() ), true === $reaches );
		return true === $reaches;
	}

	/**
	 * Stores a site that has introduced itself, or to which this one has.
	 *
	 * @param array<string, mixed> $data       Checked description.
	 * @param Pairing              $pairing    Its keys.
	 * @param bool                 $is_reached Whether this site reaches it.
	 */
	public function store( array $data, Pairing $pairing, bool $is_reached ): RemoteSite {
		$known = $this->sites->find_by_uuid( $data['uuid'] ) ?? $this->sites->find_at( $data['url'] );
		if ( null !== $known?->pairing && $known->pairing->uuid !== $data['uuid'] ) {
			// Another installation than the one that was there: its people have other numbers.
			$this->sites->remove( $known->id );
			$known = null;
		}
		$name = '' === trim( $data['name'] ) ? (string) wp_parse_url( $data['url'], PHP_URL_HOST ) : sanitize_text_field( $data['name'] );
		if ( null === $known ) {
			$known = $this->sites->add( $name, untrailingslashit( $data['url'] ), $data['rest_url'], SiteKind::Paired, '', 0, (bool) ( $data['multisite'] ?? false ), SiteSettings::defaults() );
			$this->sites->set_policy( $known->id, Policy::defaults()->to_array() );
		} else {
			if ( '' !== $known->credential ) {
				// It was a plain site until now. What nobody uses any more should open nothing.
				$this->plain->take_leave( $known );
			}
			$this->sites->set_address( $known->id, untrailingslashit( $data['url'] ), $data['rest_url'] );
			if ( array() === $known->policy ) {
				$this->sites->set_policy( $known->id, Policy::defaults()->to_array() );
			}
		}
		$this->sites->set_pairing( $known->id, $pairing->described( $data, $this->clock->now() ) );
		$this->sites->set_credential( $known->id, '', 0, '' );
		$this->log->add(
			new Entry(
				Action::Site,
				Result::Success,
				$known->id,
				message: $is_reached
					/* translators: %s: name of the other site. */
					? sprintf( __( 'Paired with %s. The two sites know each other’s keys now; changes can go both ways.', 'tandem-user-sync' ), $name )
					/* translators: %s: name of the other site. */
					: sprintf( __( 'Paired with %s, which can’t be reached from here: only its changes come here, ours wait. If that site is on a computer of your own, that is how it has to be.', 'tandem-user-sync' ), $name ),
				direction: Direction::In
			)
		);
		return $this->sites->get( $known->id );
	}
}
