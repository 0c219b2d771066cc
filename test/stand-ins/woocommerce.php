<?php
/**
 * A stand-in for WooCommerce: the classes and functions that Tandem uses and the hooks that WooCommerce fires in the
 * same order (`WC_Order::status_transition()`, `wc_create_refund()`). Orders lie in one option: as in a shop with
 * High-Performance Order Storage, there is no post and no post meta of them. Nothing else of it.
 *
 * @package Tandem
 */

declare(strict_types=1);

// phpcs:disable Generic.Files.OneObjectStructurePerFile

class WC_Product {

	public function __construct( private readonly int $id, private readonly string $name ) {
	}

	public function get_id(): int {
		return $this->id;
	}

	public function get_name(): string {
		return $this->name;
	}
}

class WC_Order_Item {
}

class WC_Order_Item_Product extends WC_Order_Item {

	/** @param array<string, mixed> $data As stored. */
	public function __construct( private readonly array $data ) {
	}

	public function get_product_id(): int {
		return (int) $this->data['product'];
	}

	public function get_variation_id(): int {
		return (int) ( $this->data['variation'] ?? 0 );
	}

	public function get_quantity(): int {
		return (int) ( $this->data['quantity'] ?? 1 );
	}

	public function get_total(): string {
		return (string) ( $this->data['total'] ?? 0 );
	}
}

class WC_Order {

	/** @param array<string, mixed> $data As stored. */
	public function __construct( public array $data ) {
	}

	public function get_id(): int {
		return (int) $this->data['id'];
	}

	public function get_customer_id(): int {
		return (int) $this->data['customer'];
	}

	public function get_billing_email(): string {
		return (string) ( $this->data['email'] ?? '' );
	}

	public function get_status(): string {
		return (string) $this->data['status'];
	}

	/** @return array<int, WC_Order_Item_Product> By their ids. */
	public function get_items(): array {
		return array_map( static fn ( array $item ): WC_Order_Item_Product => new WC_Order_Item_Product( $item ), $this->data['items'] );
	}

	/** Below zero, as WooCommerce counts it. */
	public function get_qty_refunded_for_item( int $item_id ): int {
		return - (int) ( $this->data['refunded'][ $item_id ]['quantity'] ?? 0 );
	}

	public function get_total_refunded_for_item( int $item_id ): float {
		return (float) ( $this->data['refunded'][ $item_id ]['total'] ?? 0 );
	}

	public function update_status( string $status ): bool {
		$from = $this->get_status();
		if ( $from === $status ) {
			return false;
		}
		$this->data['status'] = $status;
		$this->save();
		do_action( 'woocommerce_order_status_' . $status, $this->get_id(), $this );
		do_action( 'woocommerce_order_status_changed', $this->get_id(), $from, $status, $this );
		return true;
	}

	public function save(): void {
		$orders                    = (array) get_option( 'stand_in_orders', array() );
		$orders[ $this->get_id() ] = $this->data;
		update_option( 'stand_in_orders', $orders, false );
	}
}

class WC_Data_Store {

	public static function load( string $type ): self {
		return new self();
	}

	/** @return list<int> */
	public function search_products( string $term, string $type = '', bool $include_variations = false, bool $all_statuses = false, ?int $limit = null ): array {
		return array_map( 'intval', array_keys( array_filter( stand_in_products(), static fn ( string $name ): bool => '' === $term || false !== stripos( $name, $term ) ) ) );
	}
}

/** @return array<int, string> Names by id. */
function stand_in_products(): array {
	return (array) get_option( 'stand_in_products', array() );
}

/**
 * An order that waits for its payment.
 *
 * @param array<string, mixed> $data `customer`, `items` by their ids.
 */
function stand_in_order( array $data ): WC_Order {
	$orders = (array) get_option( 'stand_in_orders', array() );
	$order  = new WC_Order(
		$data + array(
			'id'       => 1 + max( array( 0, ...array_keys( $orders ) ) ),
			'type'     => 'shop_order',
			'status'   => 'pending',
			'customer' => 0,
			'items'    => array(),
			'refunded' => array(),
		)
	);
	$order->save();
	return $order;
}

/**
 * A refund, as `wc_create_refund()` makes one: a part first, and the status when nothing is left.
 *
 * @param array<int, array{quantity?: int, total?: float}> $items By item.
 */
function stand_in_refund( int $order_id, array $items, bool $is_all = false ): void {
	$order = wc_get_order( $order_id );
	foreach ( $items as $id => $refunded ) {
		foreach ( $refunded as $what => $much ) {
			$order->data['refunded'][ $id ][ $what ] = ( $order->data['refunded'][ $id ][ $what ] ?? 0 ) + $much;
		}
	}
	$order->save();
	$refund_id = 900000 + $order_id;
	if ( $is_all ) {
		do_action( 'woocommerce_order_fully_refunded', $order_id, $refund_id );
		$order->update_status( 'refunded' );
	} else {
		do_action( 'woocommerce_order_partially_refunded', $order_id, $refund_id );
	}
	do_action( 'woocommerce_order_refunded', $order_id, $refund_id );
}

/** As WooCommerce's. */
function wc_get_order( mixed $id ): WC_Order|false {
	$data = ( (array) get_option( 'stand_in_orders', array() ) )[ (int) $id ] ?? null;
	return is_array( $data ) ? new WC_Order( $data ) : false;
}

/**
 * As WooCommerce's, for what Tandem asks.
 *
 * @param array<string, mixed> $args Query.
 */
function wc_get_orders( array $args ): object {
	$found = array_values( array_filter( (array) get_option( 'stand_in_orders', array() ), static fn ( array $data ): bool => $data['type'] === $args['type'] && in_array( $data['status'], $args['status'], true ) ) );
	return (object) array(
		'orders'        => array_map( static fn ( array $data ): WC_Order => new WC_Order( $data ), array_slice( $found, ( $args['paged'] - 1 ) * $args['limit'], $args['limit'] ) ),
		'total'         => count( $found ),
		'max_num_pages' => (int) ceil( count( $found ) / $args['limit'] ),
	);
}

/** As WooCommerce's. */
function wc_get_product( mixed $id ): WC_Product|false {
	$name = stand_in_products()[ (int) $id ] ?? null;
	return null === $name ? false : new WC_Product( (int) $id, $name );
}

/** @return list<string> As WooCommerce's. */
function wc_get_is_paid_statuses(): array {
	return array( 'processing', 'completed' );
}

/** @return array<string, string> As WooCommerce's. */
function wc_get_order_statuses(): array {
	return array(
		'wc-pending'    => 'Pending payment',
		'wc-processing' => 'Processing',
		'wc-on-hold'    => 'On hold',
		'wc-completed'  => 'Completed',
		'wc-cancelled'  => 'Cancelled',
		'wc-refunded'   => 'Refunded',
		'wc-failed'     => 'Failed',
	);
}
