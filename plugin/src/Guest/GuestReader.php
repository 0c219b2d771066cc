<?php
/**
 * Reads a guest as a delivery sends them: from their latest order, as it is now.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

use Tandem\Remote\RemoteSite;
use Tandem\Rules\Grants;
use Tandem\Sync\UserState;

final class GuestReader {

	/**
	 * @param Guests $guests Guests.
	 * @param Orders $orders Their orders.
	 * @param Grants $grants What rules want for them.
	 */
	public function __construct( private readonly Guests $guests, private readonly Orders $orders, private readonly Grants $grants ) {
	}

	/**
	 * A guest as an account on a site is to be made for them; null when there is nothing to bring. No account is made
	 * when the order is gone or no longer paid for, or when they have an account here meanwhile and come as everybody
	 * does: then only what rules want is brought, or is not wanted any more.
	 *
	 * @param int        $user_id Their number.
	 * @param RemoteSite $site    The site.
	 */
	public function read( int $user_id, RemoteSite $site ): ?UserState {
		$guest = $this->guests->find( $user_id );
		if ( null === $guest ) {
			return null;
		}
		$customer   = $this->orders->customer( $guest->order_id );
		$is_the_one = null !== $customer && 0 === strcasecmp( $customer->email, $guest->email );
		$is_to_make = $is_the_one && $site->settings->guests->are_brought && $customer->has_paid && Checkout::is_guest( $customer );
		if ( ! $is_to_make && array() === $this->grants->of_people( $site->id, array( $user_id ) ) ) {
			return null;
		}
		$customer = $is_the_one ? $customer : new Customer( 0, $guest->email, '', '', false, 0, array() );
		$name     = trim( $customer->first_name . ' ' . $customer->last_name );
		$role     = $site->settings->guests->role;
		$meta     = array();
		foreach ( $site->sent()->meta as $key ) {
			$meta[ $key ] = $customer->details[ $key ] ?? null;
		}
		return new UserState(
			$user_id,
			self::login( $customer->email ),
			$customer->ordered_at,
			array(
				'user_email'   => $customer->email,
				'first_name'   => $customer->first_name,
				'last_name'    => $customer->last_name,
				'display_name' => $name,
				'nickname'     => $name,
				'user_url'     => '',
				'description'  => '',
				'locale'       => '',
			),
			'' === $role ? array() : array( $role ),
			$meta,
			has_roles: '' !== $role,
			is_to_be_made: $is_to_make
		);
	}

	/**
	 * A username for a new account: what stands before the “@”. Where somebody has it, the other site adds a number.
	 *
	 * @param string $email Address.
	 */
	private static function login( string $email ): string {
		$login = sanitize_user( (string) strstr( $email, '@', true ), true );
		return '' === $login ? 'customer' : mb_substr( $login, 0, 50 );
	}
}
