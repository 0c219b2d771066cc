<?php
/**
 * WooCommerce: who has placed an order. Orders are asked by WooCommerce's own objects only, so it does not matter in
 * which tables it keeps them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration\WooCommerce;

use Tandem\Guest\Customer;
use Tandem\Guest\Orders;

final class Customers implements Orders {

	/**
	 * Meta keys under which WooCommerce keeps a customer's addresses with their account
	 * (includes/class-wc-customer.php and the getters of WC_Order of the same names).
	 */
	public const ADDRESS_KEYS = array(
		'billing_first_name',
		'billing_last_name',
		'billing_company',
		'billing_address_1',
		'billing_address_2',
		'billing_city',
		'billing_postcode',
		'billing_country',
		'billing_state',
		'billing_phone',
		'billing_email',
		'shipping_first_name',
		'shipping_last_name',
		'shipping_company',
		'shipping_address_1',
		'shipping_address_2',
		'shipping_city',
		'shipping_postcode',
		'shipping_country',
		'shipping_state',
		'shipping_phone',
	);

	/**
	 * Whether WooCommerce is there.
	 */
	public static function is_here(): bool {
		return function_exists( 'wc_get_order' );
	}

	/**
	 * Who has placed an order.
	 *
	 * @param int $order_id Its number.
	 */
	public function customer( int $order_id ): ?Customer {
		$order = self::is_here() ? wc_get_order( $order_id ) : null;
		if ( ! $order instanceof \WC_Order ) {
			return null;
		}
		$details = array();
		foreach ( array( 'billing', 'shipping' ) as $type ) {
			foreach ( $order->get_address( $type ) as $name => $value ) {
				$details[ "{$type}_$name" ] = (string) $value;
			}
		}
		$details = array_intersect_key( $details, array_flip( self::ADDRESS_KEYS ) );
		return new Customer(
			$order->get_customer_id(),
			trim( $order->get_billing_email() ),
			$order->get_billing_first_name(),
			$order->get_billing_last_name(),
			$order->has_status( wc_get_is_paid_statuses() ),
			$order->get_date_created()?->getTimestamp() ?? 0,
			array_filter( $details, static fn ( string $value ): bool => '' !== $value )
		);
	}
}
