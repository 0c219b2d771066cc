<?php
/**
 * "Moved, or a copy?": `POST /identity`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Peer\PairingCodes;
use Tandem\Remote\PeerSites;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Security\SiteKeys;
use Tandem\Time\Clock;
use Tandem\Webhook\Hooks;
use Tandem\Security\SiteIdentity;

final class IdentityController implements Controller {

	/**
	 * @param SiteIdentity $identity Which site this is.
	 * @param Sites        $sites    The remote sites.
	 * @param Log          $log      The record.
	 * @param SiteKeys     $keys     This site's keys.
	 * @param PeerSites    $peers    Conversations with paired sites.
	 * @param PairingCodes $codes    One-time codes.
	 * @param Hooks        $hooks    Incoming webhooks.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly SiteIdentity $identity,
		private readonly Sites $sites,
		private readonly Log $log,
		private readonly SiteKeys $keys,
		private readonly PeerSites $peers,
		private readonly PairingCodes $codes,
		private readonly Hooks $hooks,
		private readonly Clock $clock,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array(
			new Route(
				'POST',
				'/identity',
				$this->decide( ... ),
				array(
					'decision' => array(
						'type'        => 'string',
						'description' => __( 'Whether this site has moved here, or is a copy of the site at its former address.', 'tandem-user-sync' ),
						'enum'        => array( 'moved', 'copy' ),
						'required'    => true,
					),
				)
			),
			new Route( 'POST', '/identity/keys', $this->rotate( ... ) ),
			new Route( 'POST', '/pairing-code', $this->make_code( ... ) ),
		);
	}

	/**
	 * Goes on as the owner says. A copy loses its connections: their credentials and links are those of the
	 * original, which goes on using them.
	 *
	 * @param \WP_REST_Request $request `decision`.
	 * @return array{copyOf: string|null}
	 * @throws Refused When there is nothing to decide: an old window must not remove anything.
	 */
	private function decide( \WP_REST_Request $request ): array {
		$original = $this->identity->copy_of();
		if ( null === $original ) {
			throw new Refused( 'tandem_nothing_to_decide', __( 'This has been decided already. Load the page again.', 'tandem-user-sync' ), 409 );
		}
		if ( 'moved' === $request['decision'] ) {
			$this->identity->moved();
			foreach ( $this->sites->all() as $site ) {
				if ( SiteKind::Paired === $site->kind ) {
					$this->peers->notify(
						$site,
						array(
							'type'     => 'moved',
							'url'      => home_url(),
							'rest_url' => get_rest_url(),
						)
					);
				}
			}
			/* translators: %s: address of a site. */
			$message = __( 'This site has moved here from %s. Syncing goes on.', 'tandem-user-sync' );
		} else {
			foreach ( $this->sites->all() as $site ) {
				$this->sites->remove( $site->id );
			}
			// What is sent to the original with their secrets is not for this one.
			$this->hooks->switch_off();
			$this->identity->becomes_another();
			$this->keys->replace();
			/* translators: %s: address of a site. */
			$message = __( 'This site is a copy of %s. Its connections were removed; those of the original are as they were.', 'tandem-user-sync' );
		}
		$this->log->add( new Entry( Action::Site, Result::Success, 0, message: sprintf( $message, $original ) ) );
		return array( 'copyOf' => $this->identity->copy_of() );
	}

	/**
	 * Makes new keys. Paired sites are told with the next message to each, signed by the keys that they know.
	 *
	 * @return array{rotated: bool}
	 */
	private function rotate(): array {
		$this->keys->rotate( $this->sites->known_keys() );
		foreach ( $this->sites->all() as $site ) {
			if ( SiteKind::Paired === $site->kind ) {
				// Any message tells of them; one that does not arrive now is told later.
				$this->peers->notify(
					$site,
					array(
						'type' => 'again',
						'code' => 'not_accepted',
					)
				);
			}
		}
		/* translators: %s: username of an administrator. */
		$this->log->add( new Entry( Action::Site, Result::Success, 0, message: sprintf( __( '%s made new keys for this site. Each paired site is told with the next message to it, and from then on takes nothing signed by the ones before.', 'tandem-user-sync' ), Audit::who() ) ) );
		return array( 'rotated' => true );
	}

	/**
	 * A one-time code for the page of another site.
	 *
	 * @return array{code: string, goodUntil: int} `PairingCode`.
	 */
	private function make_code(): array {
		return array(
			'code'      => $this->codes->make(),
			'goodUntil' => $this->clock->now() + PairingCodes::SECONDS,
		);
	}
}
