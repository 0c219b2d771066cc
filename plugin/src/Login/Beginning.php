<?php
/**
 * Somebody wants in here, and another site is to say who they are: sends the browser there.
 *
 * Every log-in begins on the site where it is to end. So nobody can be logged in to somebody else's account by an
 * address that another person has prepared.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Remote\RemoteSite;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class Beginning {

	/** Tells that the browser was sent to this site's own host already. */
	private const HERE = 'here';

	/**
	 * @param Partners     $partners Sites with which this one logs people in.
	 * @param SiteIdentity $identity Which site this is.
	 * @param Vault        $vault    Makes fingerprints.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly Partners $partners,
		private readonly SiteIdentity $identity,
		private readonly Vault $vault,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Begins because somebody has asked for it: followed a link, or pressed the button.
	 *
	 * @param Browser $browser The browser; its address has `tandem_login` and perhaps `to`.
	 * @return string Where to send it.
	 */
	public function asked_for( Browser $browser ): string {
		$to = Path::checked( $browser->parameter( 'to' ) );
		if ( is_user_logged_in() ) {
			return Path::address( $to );
		}
		$site = $this->partners->find( $browser->parameter( Addresses::BEGIN ) );
		if ( null === $site || ! $this->partners->lets_in_from( $site ) ) {
			return Addresses::form( Refusal::NotOffered, $to );
		}
		if ( $browser->asked_host() !== Browser::host( home_url() ) && '' === $browser->parameter( self::HERE ) ) {
			// The other site sends people back to the home address, and a cookie that is kept for "www" is not seen there. Once:
			// behind a proxy the host may never be the one that people see.
			return add_query_arg( self::HERE, '1', Addresses::begin_here( $browser->parameter( Addresses::BEGIN ), $to ) );
		}
		return $this->begun( $browser, $site, $to, false );
	}

	/**
	 * Begins because somebody comes from a site where they may be logged in.
	 *
	 * @param Browser    $browser The browser.
	 * @param RemoteSite $site    Where they come from.
	 * @return string Where to send it.
	 */
	public function quietly( Browser $browser, RemoteSite $site ): string {
		return $this->begun( $browser, $site, Path::of_request( $browser->asked_path() ), true );
	}

	/**
	 * Has the browser keep a ticket.
	 *
	 * @param Browser    $browser  The browser.
	 * @param RemoteSite $site     The site that is to say who it is.
	 * @param string     $to       Path to go to.
	 * @param bool       $is_quiet Whether nobody has asked for it.
	 * @return string Where to send it.
	 */
	private function begun( Browser $browser, RemoteSite $site, string $to, bool $is_quiet ): string {
		$state  = bin2hex( random_bytes( 32 ) );
		$ticket = new Ticket( Ticket::hash( $state ), $site->pairing->uuid ?? '', $this->clock->now() + Ticket::GOOD_FOR, $is_quiet, $to );
		$browser->keep( Ticket::name( $ticket->state, is_ssl() ), $ticket->value( $this->vault ), $ticket->until );
		return Addresses::ask( $site, $this->identity->uuid(), $state, $is_quiet ? $to : '' );
	}
}
