<?php
/**
 * Short messages of a paired site: it leaves, has new keys, has moved, has tried passwords, or wants something again.
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
use Tandem\Remote\PeerApi;
use Tandem\Remote\PeerLookup;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Security\PublicKeys;
use Tandem\Security\SiteIdentity;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Notices {

	/**
	 * @param Sites         $sites    Remote sites.
	 * @param Outbox        $outbox   What waits.
	 * @param PeerLookup    $lookup   Asks a site who it is.
	 * @param AddressPolicy $policy   Which addresses requests may go to.
	 * @param SiteIdentity  $identity Which site this is.
	 * @param SelfTest      $tests    Keeps what a test of passwords has found.
	 * @param Log           $log      Activity.
	 * @param \Closure      $wake     Has deliveries begin.
	 * @param Clock         $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly PeerLookup $lookup,
		private readonly AddressPolicy $policy,
		private readonly SiteIdentity $identity,
		private readonly SelfTest $tests,
		private readonly Log $log,
		private readonly \Closure $wake,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Takes one.
	 *
	 * @param RemoteSite              $from Who sent it.
	 * @param array<array-key, mixed> $body `type` and what belongs to it.
	 * @return array{taken: bool}
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public function take( RemoteSite $from, array $body ): array {
		match ( $body['type'] ?? null ) {
			'unpaired' => $this->unpaired( $from ),
			'keys'     => $this->keys( $from, $body ),
			'moved'    => $this->moved( $from, $body ),
			'tested'   => $this->tests->found( $from, $body ),
			'again'    => $this->again( $from, $body ),
			default    => throw new MessageRefused( MessageCode::Invalid, __( 'This kind of notice is not known.', 'tandem-user-sync' ) ),
		};
		return array( 'taken' => true );
	}

	/**
	 * The other site has removed the connection.
	 *
	 * @param RemoteSite $from Who sent it.
	 */
	private function unpaired( RemoteSite $from ): void {
		$message = ProblemCode::Unpaired->sentence( $from->name );
		$this->sites->held( $from, ProblemCode::Unpaired->value, $message, $this->clock->now() + DAY_IN_SECONDS );
		$this->record( $from, Result::Attention, ProblemCode::Unpaired->value, $message );
	}

	/**
	 * The other site has new keys. The message is signed by those that were known until now: it is the last one that
	 * they sign. When its answer is lost, the same comes again, signed by the new ones.
	 *
	 * @param RemoteSite              $from Who sent it.
	 * @param array<array-key, mixed> $body `keys`, `proof`.
	 * @throws MessageRefused When the new keys don't want to be its.
	 */
	private function keys( RemoteSite $from, array $body ): void {
		$pairing = $from->pairing;
		$keys    = PublicKeys::from( $body['keys'] ?? null );
		if ( null === $pairing || null === $keys ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'It holds no keys.', 'tandem-user-sync' ) );
		}
		if ( ! is_string( $body['proof'] ?? null ) || ! $keys->verifies( $body['proof'], PeerApi::keys_text( $pairing->uuid, $this->identity->uuid(), $keys->to_array() ) ) ) {
			throw new MessageRefused( MessageCode::BadSignature );
		}
		if ( $keys->id() === $pairing->keys->id() ) {
			return;
		}
		$this->sites->set_pairing( $from->id, $pairing->with( array( 'keys' => $keys ) ) );
		/* translators: %s: name of the other site. */
		$this->record( $from, Result::Success, '', sprintf( __( '%s has new keys. Nothing that is signed by the ones before is taken from now on.', 'tandem-user-sync' ), $from->name ) );
	}

	/**
	 * The other site has another address, at which its key must live. The same is asked of it as when it was introduced.
	 *
	 * @param RemoteSite              $from Who sent it.
	 * @param array<array-key, mixed> $body `url`, `rest_url`.
	 * @throws MessageRefused When it does not.
	 */
	private function moved( RemoteSite $from, array $body ): void {
		$url      = is_string( $body['url'] ?? null ) ? esc_url_raw( $body['url'] ) : '';
		$rest_url = is_string( $body['rest_url'] ?? null ) ? esc_url_raw( $body['rest_url'] ) : '';
		// What is asked and what people read in mails must be one site: only the former proves anything.
		if ( strlen( $url ) > 255 || strlen( $rest_url ) > 255 || ! $this->policy->allows( $url ) || ! $this->policy->allows( $rest_url ) || ! Address::is_same_host( $url, $rest_url ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'Its new address is none, not HTTPS, or not where its REST API is.', 'tandem-user-sync' ) );
		}
		$pairing = $from->pairing;
		if ( null === $pairing || true !== $this->lookup->proves( $rest_url, $pairing->uuid, $pairing->keys ) ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'At its new address it does not answer, or somebody else does.', 'tandem-user-sync' ) );
		}
		$this->sites->set_address( $from->id, untrailingslashit( $url ), $rest_url );
		/* translators: 1: name of the other site, 2: address. */
		$this->record( $from, Result::Success, '', sprintf( __( '%1$s has moved to %2$s, and has proved that it is the same.', 'tandem-user-sync' ), $from->name, $url ) );
	}

	/**
	 * The other site can take now what it could not before: one person, or all that it refused for one reason.
	 *
	 * @param RemoteSite              $from Who sent it.
	 * @param array<array-key, mixed> $body `ref` (user here), or `code`.
	 * @throws MessageRefused When neither is there.
	 */
	private function again( RemoteSite $from, array $body ): void {
		if ( is_int( $body['id'] ?? null ) ) {
			$row = $this->outbox->find_for( $from->id, $body['id'] );
			if ( null !== $row ) {
				$this->outbox->retry( array( $row->id ) );
			}
		} elseif ( is_string( $body['code'] ?? null ) && in_array( $body['code'], array( ProblemCode::RemovalLimit->value, ProblemCode::NotAccepted->value, ProblemCode::GrantRefused->value ), true ) ) {
			$this->outbox->retry_all( $from->id, $body['code'] );
		} else {
			throw new MessageRefused( MessageCode::Invalid, __( 'It does not say what is wanted again.', 'tandem-user-sync' ) );
		}
		( $this->wake )();
	}

	/**
	 * Puts it on record.
	 *
	 * @param RemoteSite $from    Who sent it.
	 * @param Result     $result  How it ended.
	 * @param string     $code    Stable code, or ''.
	 * @param string     $message Sentence.
	 */
	private function record( RemoteSite $from, Result $result, string $code, string $message ): void {
		$this->log->add( new Entry( Action::Site, $result, $from->id, code: $code, message: $message, direction: Direction::In ) );
	}
}
