<?php
/**
 * Somebody who has ordered here without an account.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

final class Guest {

	/**
	 * @param int    $user_id  The number under which they are delivered: no account of this site has it (`Guests::FIRST_ID`).
	 * @param string $email    Address, in small letters.
	 * @param int    $order_id Their latest order.
	 */
	public function __construct(
		public readonly int $user_id,
		public readonly string $email,
		public readonly int $order_id,
	) {
	}
}
