<?php
/**
 * The addresses of the handshake on this site's pages. Costs an ordinary page nothing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Capture\Trouble;
use Tandem\Security\SiteIdentity;

final class Front {

	/** Cookie: this visitor was looked up already, for as long as the browser is open. */
	public const LOOKED_UP = 'tandem_looked_up';

	/**
	 * @param \Closure(): Beginning $beginning Begins log-ins here.
	 * @param \Closure(): Vouching  $vouching  Says who somebody is.
	 * @param \Closure(): Arrival   $arrival   Ends log-ins here.
	 * @param Partners              $partners  Sites with which this one logs people in.
	 * @param SiteIdentity          $identity  Which site this is.
	 * @param Trouble               $trouble   Where our own failures are noted.
	 */
	public function __construct(
		private readonly \Closure $beginning,
		private readonly \Closure $vouching,
		private readonly \Closure $arrival,
		private readonly Partners $partners,
		private readonly SiteIdentity $identity,
		private readonly Trouble $trouble,
	) {
	}

	/**
	 * Answers one of the handshake's addresses. For the action `wp_loaded`.
	 */
	public function answer(): void {
		$browser = new Browser();
		$where   = $this->where( $browser );
		if ( null !== $where ) {
			$browser->send_to( $where );
		}
	}

	/**
	 * Where a browser is to be sent; null when it has asked for none of the handshake's addresses.
	 *
	 * @param Browser $browser The browser.
	 */
	public function where( Browser $browser ): ?string {
		$step = null;
		foreach ( array( Addresses::BEGIN, Addresses::ASK, Addresses::BACK, Addresses::GO ) as $name ) {
			$step = '' === $browser->parameter( $name ) ? $step : $name;
		}
		if ( null === $step || is_admin() || wp_doing_cron() || ! $browser->opens_a_page() ) {
			return null;
		}
		$browser->answer_only_it();
		try {
			return match ( $step ) {
				Addresses::BEGIN => ( $this->beginning )()->asked_for( $browser ),
				Addresses::ASK   => ( $this->vouching )()->asked( $browser ),
				Addresses::BACK  => ( $this->arrival )()->of( $browser ),
				Addresses::GO    => $this->onward( $browser ),
			};
		} catch ( LoginRefused $refused ) {
			return Addresses::form( $refused->reason, '/' );
		} catch ( \Throwable $failure ) {
			// The database, most of all. Nobody is logged in by a failure.
			$this->trouble->note( $failure );
			return Addresses::form( Refusal::Away, '/' );
		}
	}

	/**
	 * Looks somebody up who comes from a site where they may be logged in. For the action `template_redirect`.
	 */
	public function look_up(): void {
		$browser = new Browser();
		$where   = $this->looked_up( $browser );
		if ( null !== $where ) {
			$browser->send_to( $where );
		}
	}

	/**
	 * Where a visitor is to be sent to be looked up; null when they are not.
	 *
	 * Once for as long as their browser is open; and the way back has no referrer, so that it ends also in a browser that
	 * keeps no cookies.
	 *
	 * @param Browser $browser The browser.
	 */
	public function looked_up( Browser $browser ): ?string {
		if ( is_user_logged_in() || '' === $browser->comes_from() || ! $browser->opens_a_page() || $browser->is_bot() || '' !== $browser->cookie( self::LOOKED_UP ) ) {
			return null;
		}
		if ( is_feed() || is_trackback() || is_robots() || is_favicon() || is_preview() || is_customize_preview() || is_404() || is_embed() || wp_is_json_request() || headers_sent() ) {
			return null;
		}
		$host = $browser->comes_from();
		$site = Browser::host( home_url() ) === $host || $browser->asked_host() !== Browser::host( home_url() ) ? null : $this->partners->quiet_at( $host );
		if ( null === $site ) {
			return null;
		}
		$browser->keep( self::LOOKED_UP, '1', 0 );
		return ( $this->beginning )()->quietly( $browser, $site );
	}

	/**
	 * Leads to another site, and logs in there: for menus and mails, where the other site's own address may change.
	 *
	 * @param Browser $browser The browser.
	 */
	private function onward( Browser $browser ): string {
		$site = $this->partners->called( $browser->parameter( Addresses::GO ) );
		return null === $site ? home_url( '/' ) : Addresses::begin_on( $site, $this->identity->uuid(), Path::checked( $browser->parameter( 'to' ) ) );
	}
}
