<?php
/**
 * A shop that knows who has ordered.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

interface Orders {

	/**
	 * Who has placed an order.
	 *
	 * @param int $order_id Its number.
	 * @return Customer|null Null when there is no such order.
	 */
	public function customer( int $order_id ): ?Customer;
}
