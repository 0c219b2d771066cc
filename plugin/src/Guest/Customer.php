<?php
/**
 * What an order tells of the person who placed it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

final class Customer {

	/**
	 * @param int                   $user_id    Their account here, or 0 for a guest.
	 * @param string                $email      Address as it was typed, or ''.
	 * @param string                $first_name First name.
	 * @param string                $last_name  Last name.
	 * @param bool                  $has_paid   Whether the order is paid for.
	 * @param int                   $ordered_at Unix seconds.
	 * @param array<string, string> $details    Billing and shipping address by the meta key under which a shop keeps it with an account.
	 */
	public function __construct(
		public readonly int $user_id,
		public readonly string $email,
		public readonly string $first_name,
		public readonly string $last_name,
		public readonly bool $has_paid,
		public readonly int $ordered_at,
		public readonly array $details,
	) {
	}
}
