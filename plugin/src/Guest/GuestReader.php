<?php
/**
 * Reads a guest as a delivery sends them: from their latest order, as it is now.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

use Tandem\Remote\RemoteSite;
use Tandem\Sync\UserState;

final class GuestReader {

	/**
	 * @param Guests $guests Guests.
	 * @param Orders $orders Their orders.
	 */
	public function __construct( private readonly Guests $guests, private readonly Orders $orders ) {
	}

	/**
	 * A guest as an account on a site is to be made for them; null when there is nothing to make: the order is gone or
	 * no longer paid for, or they have an account here meanwhile and come as everybody does.
	 *
	 * @param int        $user_id Their number.
	 * @param RemoteSite $site    The site.
	 */
	public function read( int $user_id, RemoteSite $site ): ?UserState {
		$guest    = $site->settings->guests->are_brought ? $this->guests->find( $user_id ) : null;
		$customer = null === $guest ? null : $this->orders->customer( $guest->order_id );
		if ( null === $customer || ! $customer->has_paid || ! Checkout::is_guest( $customer ) || 0 !== strcasecmp( $customer->email, $guest->email ) ) {
			return null;
		}
		$name = trim( $customer->first_name . ' ' . $customer->last_name );
		$meta = array();
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
			'' === $site->settings->guests->role ? array() : array( $site->settings->guests->role ),
			$meta,
			true,
			'' !== $site->settings->guests->role
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
