<?php
/**
 * Who a message is from, and whether it is accepted: signature, receiver, time, and that it comes for the first time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Time\Clock;

final class Gate {

	/** @var \WeakMap<\WP_REST_Request, RemoteSite> Who sent what was let in: WordPress asks for the permission twice (`rest_send_allow_header()`). */
	private \WeakMap $let_in;

	/**
	 * @param Sites        $sites    Remote sites.
	 * @param SiteIdentity $identity Which site this is.
	 * @param Messages     $messages Ids that came before.
	 * @param Refusals     $refusals Puts refusals on record.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly SiteIdentity $identity,
		private readonly Messages $messages,
		private readonly Refusals $refusals,
		private readonly Clock $clock,
	) {
		$this->let_in = new \WeakMap();
	}

	/**
	 * Permission callback of the routes for paired sites.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public function permits( \WP_REST_Request $request ): bool|\WP_Error {
		if ( isset( $this->let_in[ $request ] ) ) {
			return true;
		}
		try {
			$this->let_in[ $request ] = $this->check( $request );
			return true;
		} catch ( MessageRefused $refused ) {
			return $refused->to_error();
		}
	}

	/**
	 * Who sent a request that was let in.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public function sender( \WP_REST_Request $request ): RemoteSite {
		return $this->let_in[ $request ];
	}

	/**
	 * Checks a message.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @throws MessageRefused When it is not accepted.
	 */
	private function check( \WP_REST_Request $request ): RemoteSite {
		$body = (string) $request->get_body();
		if ( strlen( $body ) > Description::MOST_BYTES ) {
			throw new MessageRefused( MessageCode::TooLarge );
		}
		$envelope = Envelope::of_request( $request ) ?? throw new MessageRefused( MessageCode::Invalid, __( 'It is not signed.', 'tandem-user-sync' ) );
		$site     = $this->sites->find_by_uuid( $envelope->from );
		if ( null === $site || null === $site->pairing ) {
			throw new MessageRefused( MessageCode::UnknownSite );
		}
		try {
			$this->check_envelope( $site, $envelope, $body );
		} catch ( MessageRefused $refused ) {
			$this->refusals->of_message( $site, $refused );
			throw $refused;
		}
		if ( null !== $this->identity->copy_of() || SiteState::Paused === $site->state ) {
			throw new MessageRefused( MessageCode::Stopped );
		}
		if ( ! $this->messages->is_new( $site->id, $envelope->message ) ) {
			$refused = new MessageRefused( MessageCode::Replayed );
			$this->refusals->of_message( $site, $refused );
			throw $refused;
		}
		return $site;
	}

	/**
	 * Checks receiver, key, signature and time.
	 *
	 * @param RemoteSite $site     Who it says it is from.
	 * @param Envelope   $envelope Envelope.
	 * @param string     $body     Body.
	 * @throws MessageRefused When something does not fit.
	 */
	private function check_envelope( RemoteSite $site, Envelope $envelope, string $body ): void {
		if ( $envelope->to !== $this->identity->uuid() ) {
			throw new MessageRefused( MessageCode::Misdirected );
		}
		$keys = $site->pairing?->key( $envelope->key ) ?? throw new MessageRefused( MessageCode::UnknownKey );
		if ( ! $keys->verifies( $envelope->signature, $envelope->text( $body ) ) ) {
			throw new MessageRefused( MessageCode::BadSignature );
		}
		$now = $this->clock->now();
		if ( abs( $now - $envelope->time ) > Envelope::TOLERANCE ) {
			throw new MessageRefused( MessageCode::Clock, '', array( 'time' => $now ) );
		}
	}
}
