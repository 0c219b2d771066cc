<?php
/**
 * Why somebody who comes from another site is not logged in here: a closed list (docs/errors.md).
 *
 * Some of these stand in an address for a moment. They say nothing about a person.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

enum Refusal: string {
	case NotOffered   = 'login_not_offered';
	case SignedOut    = 'login_signed_out';
	case OtherBrowser = 'login_other_browser';
	case Code         = 'login_code';
	case Away         = 'login_away';
	case NotShared    = 'login_not_shared';
	case NotLinked    = 'login_not_linked';
	case Protected    = 'login_protected';
	case Suspended    = 'login_suspended';
	case Pending      = 'login_pending';
	case SecondFactor = 'login_second_factor';
	case Declined     = 'login_declined';
	case TooMany      = 'login_too_many';

	/**
	 * The sentence for the person who wanted to log in.
	 */
	public function sentence(): string {
		return match ( $this ) {
			self::NotOffered   => __( 'The two sites don’t log people in with each other at the moment. Please log in here with your username and password.', 'tandem-user-sync' ),
			self::SignedOut    => __( 'You are not logged in on the other site. Please log in here, or there and try again.', 'tandem-user-sync' ),
			self::OtherBrowser => __( 'This log-in was begun in another browser, or more than ten minutes ago. Please begin again.', 'tandem-user-sync' ),
			self::Code         => __( 'The other site’s word for you was used already, or is more than a minute old. Please begin again.', 'tandem-user-sync' ),
			self::Away         => __( 'The other site does not answer at the moment. Please log in here with your username and password.', 'tandem-user-sync' ),
			self::NotShared    => __( 'Your account on the other site is not one that is shared with this site. Please log in here with your username and password.', 'tandem-user-sync' ),
			self::NotLinked    => __( 'Your account on the other site is not connected with one here yet. If you have just registered there, try again in a minute; else log in here with your username and password.', 'tandem-user-sync' ),
			self::Protected    => __( 'This account is protected: nobody gets into it from another site. Please log in here with your username and password.', 'tandem-user-sync' ),
			self::Suspended    => __( 'This account is suspended, because it was removed on a connected site. Please ask the owner of this site.', 'tandem-user-sync' ),
			self::Pending      => __( 'Your account here waits for approval, or is blocked. Please ask the owner of this site.', 'tandem-user-sync' ),
			self::SecondFactor => __( 'This site takes people from the other site only when they have logged in there with a second factor. Switch that on in your profile there, log in again, and come back; or log in here with your username and password.', 'tandem-user-sync' ),
			self::Declined     => __( 'This site does not let you log in at the moment. Please log in here with your username and password to see why.', 'tandem-user-sync' ),
			self::TooMany      => __( 'Too many log-ins from the other site have failed from your address. Please wait ten minutes, or log in here with your username and password.', 'tandem-user-sync' ),
		};
	}
}
