<?php
/**
 * Somebody has ordered: a guest whose order is paid for gets an account where the owner wants it, and none here.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;

final class Checkout {

	/** Whether this request has put somebody on their way. */
	public bool $has_sent = false;

	/**
	 * @param Orders $orders Who has ordered.
	 * @param Guests $guests Guests.
	 * @param Sites  $sites  Remote sites.
	 * @param Outbox $outbox What is due.
	 */
	public function __construct(
		private readonly Orders $orders,
		private readonly Guests $guests,
		private readonly Sites $sites,
		private readonly Outbox $outbox,
	) {
	}

	/**
	 * An order may have become one that is paid for. Asked as often as you like: one address is one guest.
	 *
	 * @param int $order_id The order.
	 */
	public function ordered( int $order_id ): void {
		$customer = $this->orders->customer( $order_id );
		if ( null === $customer || $customer->user_id > 0 || ! $customer->has_paid ) {
			return;
		}
		$sites = array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => $site->settings->guests->are_brought );
		if ( array() === $sites || ! self::is_guest( $customer ) ) {
			return;
		}
		$guest = $this->guests->note( $customer->email, $order_id );
		foreach ( $sites as $site ) {
			$this->outbox->enqueue( $site->id, $guest->user_id, new FieldSet( FieldSet::ALL ) );
		}
		$this->has_sent = true;
	}

	/**
	 * Whose an order is, for rules: the user who was logged in, else the one whose address it is, else a guest.
	 *
	 * @param int $order_id The order.
	 * @return int User here, a guest's number, or 0 for nobody.
	 */
	public function person_of( int $order_id ): int {
		$customer = $this->orders->customer( $order_id );
		if ( null === $customer ) {
			return 0;
		}
		$known = $customer->user_id > 0 ? $customer->user_id : self::account( $customer );
		return $known > 0 || ! self::is_guest( $customer ) ? $known : $this->guests->note( $customer->email, $order_id )->user_id;
	}

	/**
	 * Everybody whose an order is or was.
	 *
	 * @param int $order_id The order.
	 * @return list<int> Users here, and a guest's number.
	 */
	public function people_of( int $order_id ): array {
		$customer = $this->orders->customer( $order_id );
		if ( null === $customer ) {
			return array();
		}
		return array_values( array_unique( array_filter( array( $customer->user_id, self::account( $customer ), $this->guests->of_email( $customer->email )->user_id ?? 0 ), static fn ( int $id ): bool => $id > 0 ) ) );
	}

	/**
	 * The account here with the address of an order, or 0. The database's own comparison takes an "é" for an "e".
	 *
	 * @param Customer $customer Who has ordered.
	 */
	private static function account( Customer $customer ): int {
		$user = '' === $customer->email ? false : get_user_by( 'email', $customer->email );
		return false !== $user && 0 === strcasecmp( $user->user_email, $customer->email ) ? $user->ID : 0;
	}

	/**
	 * Whether somebody has no account here, neither the one that they were logged in with nor one with their address.
	 *
	 * @param Customer $customer Who has ordered.
	 */
	public static function is_guest( Customer $customer ): bool {
		return 0 === $customer->user_id
			&& strlen( $customer->email ) <= Guests::LONGEST_EMAIL
			&& is_email( $customer->email ) === $customer->email
			&& false === email_exists( $customer->email );
	}
}
