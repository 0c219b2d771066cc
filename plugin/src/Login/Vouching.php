<?php
/**
 * Another site asks who somebody is: gives their browser a code that only that site can redeem, once, within a minute.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Remote\RemoteSite;
use Tandem\Security\SiteIdentity;

final class Vouching {

	/**
	 * @param Partners     $partners Sites with which this one logs people in.
	 * @param Codes        $codes    Codes.
	 * @param SiteIdentity $identity Which site this is.
	 */
	public function __construct(
		private readonly Partners $partners,
		private readonly Codes $codes,
		private readonly SiteIdentity $identity,
	) {
	}

	/**
	 * Answers a browser that the other site has sent.
	 *
	 * @param Browser $browser The browser; its address has `tandem_who` and `state`, perhaps `quiet` and `to`.
	 * @return string Where to send it: back to that site's address as it is on record here, or to the log-in form here.
	 * @throws LoginRefused When no site that this one knows is asking, so that there is nowhere to go back to.
	 */
	public function asked( Browser $browser ): string {
		$site  = $this->partners->find( $browser->parameter( Addresses::ASK ) );
		$state = $browser->parameter( 'state' );
		if ( null === $site || 1 !== preg_match( '/^[0-9a-f]{64}$/D', $state ) ) {
			throw new LoginRefused( Refusal::NotOffered );
		}
		$is_quiet = '1' === $browser->parameter( 'quiet' );
		$with     = array( 'state' => $state ) + ( $is_quiet ? array( 'to' => Path::checked( $browser->parameter( 'to' ) ) ) : array() );
		$no       = fn ( Refusal $reason ): string => Addresses::back( $site, $this->identity->uuid(), $with + array( 'no' => $reason->value ) );
		if ( ! $this->partners->vouches_for_people_to( $site ) ) {
			return $no( Refusal::NotOffered );
		}
		if ( ! is_user_logged_in() ) {
			return $is_quiet ? $no( Refusal::SignedOut ) : wp_login_url( self::here( $browser ) );
		}
		$user = wp_get_current_user();
		if ( ! self::may_be_named( $user, $site ) ) {
			return $no( Refusal::NotShared );
		}
		$code = $this->codes->make( $site->id, $user->ID, Ticket::hash( $state ), SecondFactor::was_given( $user->ID ) );
		return Addresses::back( $site, $this->identity->uuid(), $with + array( 'code' => $code ) );
	}

	/**
	 * Whether a user is one of those whom that site knows from here, and may use this site themselves.
	 *
	 * @param \WP_User   $user The user.
	 * @param RemoteSite $site The site.
	 */
	public static function may_be_named( \WP_User $user, RemoteSite $site ): bool {
		return $site->surely_covers( $user );
	}

	/**
	 * This question's own address, to come back to from the log-in form.
	 *
	 * @param Browser $browser The browser.
	 */
	private static function here( Browser $browser ): string {
		return home_url(
			'/?' . http_build_query(
				array(
					Addresses::ASK => $browser->parameter( Addresses::ASK ),
					'state'        => $browser->parameter( 'state' ),
				)
			)
		);
	}
}
