<?php
/**
 * Somebody comes back from the site that was to say who they are: asks that site, and logs them in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Peer\Users;
use Tandem\Remote\PeerSites;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Security\Unreadable;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class Arrival {

	/** Seconds that the other site may take: a person waits. */
	private const PATIENCE = 8.0;

	/**
	 * @param Partners          $partners  Sites with which this one logs people in.
	 * @param PeerSites         $peers     Conversations with them.
	 * @param Admission         $admission Who may log in.
	 * @param \Closure(): Users $users     Takes somebody who is still on the way.
	 * @param Pace              $pace      How often it may fail.
	 * @param Vault             $vault     Makes fingerprints.
	 * @param Log               $log       Activity.
	 * @param Clock             $clock     Time.
	 */
	public function __construct(
		private readonly Partners $partners,
		private readonly PeerSites $peers,
		private readonly Admission $admission,
		private readonly \Closure $users,
		private readonly Pace $pace,
		private readonly Vault $vault,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Logs somebody in, or says why not.
	 *
	 * @param Browser $browser The browser; its address has `tandem_back` and `state`, and `code` or `no`.
	 * @return string Where to send it. A plugin that wants a second factor answers itself, and nothing comes back.
	 */
	public function of( Browser $browser ): string {
		$ticket = $this->ticket( $browser );
		$to     = $ticket->to ?? Path::checked( $browser->parameter( 'to' ) );
		$quiet  = $ticket->is_quiet ?? '' !== $browser->parameter( 'to' );
		try {
			if ( is_user_logged_in() ) {
				// Logged in in another tab meanwhile.
				return Path::address( $to );
			}
			$this->log_in( $browser, $ticket, $to );
			return Path::address( $to );
		} catch ( LoginRefused $refused ) {
			return $quiet ? Path::address( $to ) : Addresses::form( $refused->reason, $to );
		}
	}

	/**
	 * The ticket that this browser got when it began; null when it has none for this state. It is good once.
	 *
	 * @param Browser $browser The browser.
	 */
	private function ticket( Browser $browser ): ?Ticket {
		$hash   = Ticket::hash( $browser->parameter( 'state' ) );
		$name   = Ticket::name( $hash, is_ssl() );
		$ticket = Ticket::read( $browser->cookie( $name ), $this->vault, $this->clock->now() );
		if ( null === $ticket || ! hash_equals( $ticket->state, $hash ) || $ticket->with !== strtolower( $browser->parameter( Addresses::BACK ) ) ) {
			return null;
		}
		$browser->keep( $name, '', 1 );
		return $ticket;
	}

	/**
	 * Asks the other site who it is, and logs them in as WordPress does after a password.
	 *
	 * @param Browser     $browser The browser.
	 * @param Ticket|null $ticket  Its ticket.
	 * @param string      $to      Path to go to.
	 * @throws LoginRefused When it is not to be.
	 */
	private function log_in( Browser $browser, ?Ticket $ticket, string $to ): void {
		if ( null === $ticket ) {
			// Nobody is asked, and nothing is written down: anybody can send anybody to this address.
			throw new LoginRefused( Refusal::OtherBrowser );
		}
		$no = Refusal::tryFrom( $browser->parameter( 'no' ) );
		if ( null !== $no ) {
			throw new LoginRefused( $no );
		}
		$site = $this->partners->find( $ticket->with );
		if ( null === $site || ! $this->partners->lets_in_from( $site ) ) {
			throw new LoginRefused( Refusal::NotOffered );
		}
		if ( $this->pace->is_over( $browser ) ) {
			throw new LoginRefused( Refusal::TooMany );
		}
		$began = microtime( true );
		try {
			$user = $this->named( $site, $browser );
		} catch ( LoginRefused $refused ) {
			$this->pace->failed( $browser );
			if ( null !== $refused->account || $this->is_news( $site, $refused->reason ) ) {
				$this->record( $site, Result::Refused, $refused->account, $refused->reason->value, $refused->getMessage(), 0 );
			}
			throw $refused;
		}
		/* translators: %s: name of the other site. */
		$this->record( $site, Result::Success, $user, '', sprintf( __( 'Logged in with %s.', 'tandem-user-sync' ), $site->name ), max( 1, (int) round( ( microtime( true ) - $began ) * 1000 ) ) );
		// A plugin that asks for a second factor reads from here where to go afterwards.
		$_REQUEST['redirect_to'] = wp_slash( Path::address( $to ) );
		wp_set_auth_cookie( $user->ID, false );
		do_action( 'wp_login', $user->user_login, $user ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- WordPress's own: second factors, limits and whoever counts log-ins listen to it.
	}

	/**
	 * Whom the other site has named.
	 *
	 * @param RemoteSite $site    The other site.
	 * @param Browser    $browser The browser.
	 * @throws LoginRefused When it names nobody, or somebody who may not log in.
	 */
	private function named( RemoteSite $site, Browser $browser ): \WP_User {
		try {
			$answer = $this->peers->api( $site )->call(
				'login',
				array(
					'code'  => $browser->parameter( 'code' ),
					'state' => $browser->parameter( 'state' ),
				),
				self::PATIENCE
			);
		} catch ( RemoteFailure | Unreadable ) {
			throw new LoginRefused( Refusal::Away );
		}
		$ref = $answer['ref'] ?? null;
		if ( ! is_int( $ref ) || $ref < 1 ) {
			throw new LoginRefused( Refusal::NotShared->value === ( $answer['refused'] ?? '' ) ? Refusal::NotShared : Refusal::Code );
		}
		if ( is_array( $answer['user'] ?? null ) && ( $answer['user']['ref'] ?? null ) === $ref ) {
			// Registered there a moment ago, or changed: what is on its way comes along. It is decided about as always.
			( $this->users )()->take( $site, array( 'users' => array( $answer['user'] ) ) );
		}
		return $this->admission->account( $site, $ref, true === ( $answer['second_factor'] ?? false ) );
	}

	/**
	 * Whether a refusal that is about nobody in particular was not written down within the hour: anybody can begin a
	 * log-in and come back with nonsense.
	 *
	 * @param RemoteSite $site   The other site.
	 * @param Refusal    $reason Why.
	 */
	private function is_news( RemoteSite $site, Refusal $reason ): bool {
		$key = "tandem_refused_{$site->id}_{$reason->value}";
		if ( false !== get_transient( $key ) ) {
			return false;
		}
		set_transient( $key, 1, HOUR_IN_SECONDS );
		return true;
	}

	/**
	 * Puts it on record.
	 *
	 * @param RemoteSite    $site    The other site.
	 * @param Result        $result  How it ended.
	 * @param \WP_User|null $user    Who.
	 * @param string        $code    Stable code, or ''.
	 * @param string        $message Sentence.
	 * @param int           $took    Milliseconds, or 0.
	 */
	private function record( RemoteSite $site, Result $result, ?\WP_User $user, string $code, string $message, int $took ): void {
		$this->log->add( new Entry( Action::Login, $result, $site->id, $user->ID ?? 0, $user->user_login ?? '', $user->user_email ?? '', code: $code, message: $message, direction: Direction::In, took: $took ) );
	}
}
