<?php
/**
 * WooCommerce's orders: products that are bought, statuses that orders reach, and refunds. Every call into WooCommerce
 * stands here, and all of it by its objects (`$order->get_items()`), never by post meta: so it works wherever a shop
 * keeps its orders (High-Performance Order Storage), and whichever checkout it has.
 *
 * Hooks and functions as they stand in github.com/woocommerce/woocommerce (`class-wc-order.php`,
 * `wc-order-functions.php`): `woocommerce_order_status_changed( $id, $from, $to, $order )`,
 * `woocommerce_order_refunded( $id, $refund_id )`, `woocommerce_refund_deleted( $refund_id, $id )`,
 * `wc_get_is_paid_statuses()`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration\WooCommerce;

use Tandem\Guest\Checkout;
use Tandem\Rules\Engine;
use Tandem\Rules\Occasion;
use Tandem\Rules\OccasionPage;
use Tandem\Rules\Occasions;
use Tandem\Rules\Trigger;

final class Orders implements Occasions {

	/** Statuses in which nothing is bought (any more). */
	private const OVER = array( 'cancelled', 'refunded', 'failed' );

	/**
	 * @param Engine   $engine   Hears of it.
	 * @param Checkout $checkout Knows guests.
	 */
	public function __construct( private readonly Engine $engine, private readonly Checkout $checkout ) {
	}

	/**
	 * Whether WooCommerce is here.
	 */
	public static function is_present(): bool {
		return function_exists( 'wc_get_order' ) && function_exists( 'wc_get_is_paid_statuses' );
	}

	/**
	 * Action `before_woocommerce_init`: says that this plugin knows orders by WooCommerce's objects only.
	 *
	 * @param string $file The plugin's main file.
	 */
	public static function declare_compatibility( string $file ): void {
		if ( class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', $file, true );
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', $file, true );
		}
	}

	/**
	 * Action `woocommerce_order_status_changed`.
	 *
	 * @param int    $order_id The order.
	 * @param string $status   Its new status, without `wc-`.
	 */
	public function status_changed( int $order_id, string $status ): void {
		$order = $this->order( $order_id );
		if ( null === $order ) {
			return;
		}
		if ( in_array( $status, wc_get_is_paid_statuses(), true ) ) {
			$this->bought( $order );
		}
		$this->engine->happened( Trigger::OrderStatus, $this->person( $order ), $status, self::reached( $order_id, $status ), self::is_proven( $order ) );
		if ( in_array( $status, self::OVER, true ) ) {
			$this->undone( $order, ...array_map( static fn ( int $item ): string => self::of_item( $order_id, $item ), $this->items( $order ) ), ...$this->other_statuses( $order_id, $status ) );
		}
	}

	/**
	 * Action `woocommerce_order_refunded`: all of an order was refunded, or a part. What was refunded of an item as a
	 * whole, by its quantity or by its price, is not bought any more.
	 *
	 * @param int $order_id The order.
	 */
	public function refunded( int $order_id ): void {
		$order = $this->order( $order_id );
		if ( null === $order ) {
			return;
		}
		$gone = array();
		foreach ( $order->get_items() as $item_id => $item ) {
			if ( self::is_refunded( $order, (int) $item_id, $item ) ) {
				$gone[] = self::of_item( $order_id, (int) $item_id );
			}
		}
		$this->undone( $order, ...$gone );
	}

	/**
	 * Action `woocommerce_refund_deleted`: a refund was taken back, so what it concerned is bought again.
	 *
	 * @param int $order_id The order.
	 */
	public function refund_deleted( int $order_id ): void {
		$order = $this->order( $order_id );
		if ( null !== $order && in_array( $order->get_status(), wc_get_is_paid_statuses(), true ) ) {
			$this->bought( $order );
		}
	}

	/**
	 * Products and statuses, where there is a shop.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array {
		return self::is_present() ? array( Trigger::Product, Trigger::OrderStatus ) : array();
	}

	/**
	 * Products or statuses.
	 *
	 * @param Trigger $trigger One of the two.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public function subjects( Trigger $trigger, string $search ): array {
		if ( Trigger::OrderStatus !== $trigger ) {
			return self::products( $search );
		}
		$statuses = array();
		foreach ( wc_get_order_statuses() as $id => $label ) {
			if ( '' === $search || false !== mb_stripos( $label, $search ) ) {
				$statuses[] = array(
					'id'    => self::plain_status( (string) $id ),
					'label' => $label,
				);
			}
		}
		return $statuses;
	}

	/**
	 * Products and their variations, by their name.
	 *
	 * @param string $search What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public static function products( string $search ): array {
		$store = \WC_Data_Store::load( 'product' );
		// As the search field for products on WooCommerce's own screens asks (`WC_AJAX::json_search_products()`).
		$ids      = $store->search_products( $search, '', true, false, OccasionPage::SIZE ); // @phpstan-ignore method.notFound (of the data store behind this one)
		$products = array();
		foreach ( array_filter( array_map( 'intval', (array) $ids ), static fn ( int $id ): bool => $id > 0 ) as $id ) {
			$label = self::product_name( $id );
			if ( null !== $label ) {
				$products[] = array(
					'id'    => (string) $id,
					'label' => $label,
				);
			}
		}
		return array_slice( $products, 0, OccasionPage::SIZE );
	}

	/**
	 * Name of a product or a status, or null.
	 *
	 * @param Trigger $trigger One of the two.
	 * @param string  $subject Id of a product, or a status without `wc-`.
	 */
	public function label( Trigger $trigger, string $subject ): ?string {
		return Trigger::OrderStatus === $trigger ? wc_get_order_statuses()[ 'wc-' . $subject ] ?? null : self::product_name( (int) $subject );
	}

	/**
	 * Name of a product, or null.
	 *
	 * @param int $id The product.
	 */
	public static function product_name( int $id ): ?string {
		$product = $id < 1 ? null : wc_get_product( $id );
		return $product instanceof \WC_Product ? trim( wp_strip_all_tags( $product->get_name() ) ) : null;
	}

	/**
	 * Orders that are paid and hold a product, or have a status.
	 *
	 * @param Trigger $trigger One of the two.
	 * @param string  $subject Id of a product, or a status without `wc-`.
	 * @param int     $page    Which part, from 1.
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage {
		return self::page(
			'shop_order',
			Trigger::OrderStatus === $trigger ? array( $subject ) : array_values( wc_get_is_paid_statuses() ),
			$page,
			function ( \WC_Order $order ) use ( $trigger, $subject ): array {
				if ( Trigger::OrderStatus === $trigger ) {
					return array( new Occasion( $this->person( $order ), self::reached( $order->get_id(), $subject ), self::is_proven( $order ) ) );
				}
				$occasions = array();
				foreach ( $order->get_items() as $item_id => $item ) {
					if ( in_array( $subject, self::subjects_of( $item ), true ) && ! self::is_refunded( $order, (int) $item_id, $item ) ) {
						$occasions[] = new Occasion( $this->person( $order ), self::of_item( $order->get_id(), (int) $item_id ), self::is_proven( $order ) );
					}
				}
				return $occasions;
			}
		);
	}

	/**
	 * A part of the shop's orders, the oldest first.
	 *
	 * @param string                                    $type     Type of order.
	 * @param list<string>                              $statuses Statuses.
	 * @param int                                       $page     Which part, from 1.
	 * @param \Closure( \WC_Order ): list<Occasion>     $read     What an order holds.
	 */
	public static function page( string $type, array $statuses, int $page, \Closure $read ): OccasionPage {
		$found  = wc_get_orders(
			array(
				'type'     => $type,
				'status'   => $statuses,
				'limit'    => OccasionPage::SIZE,
				'paged'    => $page,
				'paginate' => true,
				'orderby'  => 'ID',
				'order'    => 'ASC',
			)
		);
		$orders = array_values( array_filter( is_object( $found ) ? (array) ( $found->orders ?? array() ) : (array) $found, static fn ( mixed $order ): bool => $order instanceof \WC_Order ) );
		return new OccasionPage(
			array_merge( ...array_map( $read, $orders ) ),
			( $page - 1 ) * OccasionPage::SIZE + count( $orders ),
			is_object( $found ) ? (int) ( $found->total ?? 0 ) : count( $orders )
		);
	}

	/**
	 * Ids by which rules name what an item is: the product, and its variation.
	 *
	 * @param \WC_Order_Item $item An item of an order.
	 * @return list<string>
	 */
	public static function subjects_of( \WC_Order_Item $item ): array {
		return $item instanceof \WC_Order_Item_Product
			? array_values( array_map( 'strval', array_filter( array( $item->get_product_id(), $item->get_variation_id() ), static fn ( int $id ): bool => $id > 0 ) ) )
			: array();
	}

	/**
	 * An order is paid: its products are bought. Those that were refunded are not.
	 *
	 * @param \WC_Order $order The order.
	 */
	private function bought( \WC_Order $order ): void {
		foreach ( $order->get_items() as $item_id => $item ) {
			if ( self::is_refunded( $order, (int) $item_id, $item ) ) {
				continue;
			}
			foreach ( self::subjects_of( $item ) as $subject ) {
				$this->engine->happened( Trigger::Product, $this->person( $order ), $subject, self::of_item( $order->get_id(), (int) $item_id ), self::is_proven( $order ) );
			}
		}
	}

	/**
	 * Whether an item was refunded as a whole. WooCommerce counts refunded quantities below zero.
	 *
	 * @param \WC_Order      $order   The order.
	 * @param int            $item_id The item.
	 * @param \WC_Order_Item $item    The same.
	 */
	private static function is_refunded( \WC_Order $order, int $item_id, \WC_Order_Item $item ): bool {
		if ( ! $item instanceof \WC_Order_Item_Product ) {
			return false;
		}
		$price = (float) $item->get_total();
		return abs( $order->get_qty_refunded_for_item( $item_id ) ) >= max( 1, $item->get_quantity() )
			|| ( $price > 0.0 && (float) $order->get_total_refunded_for_item( $item_id ) >= $price - 0.001 );
	}

	/**
	 * Whose an order is: a user here, or a guest's number; 0 for nobody.
	 *
	 * @param \WC_Order $order The order.
	 */
	private function person( \WC_Order $order ): int {
		return $this->checkout->person_of( $order->get_id() );
	}

	/**
	 * Whether somebody was logged in when they ordered: else the address says whose the order is, and anybody may type it.
	 *
	 * @param \WC_Order $order The order.
	 */
	private static function is_proven( \WC_Order $order ): bool {
		return (int) $order->get_customer_id() > 0;
	}

	/**
	 * Something of an order holds no longer. A guest's order may have become an account's since.
	 *
	 * @param \WC_Order $order        The order.
	 * @param string    ...$occasions What.
	 */
	private function undone( \WC_Order $order, string ...$occasions ): void {
		foreach ( $this->checkout->people_of( $order->get_id() ) as $person ) {
			$this->engine->undone( $person, ...$occasions );
		}
	}

	/**
	 * An order, or null: refunds are orders of a kind, too.
	 *
	 * @param int $id Its id.
	 */
	private function order( int $id ): ?\WC_Order {
		$order = wc_get_order( $id );
		return $order instanceof \WC_Order ? $order : null;
	}

	/**
	 * Ids of an order's items.
	 *
	 * @param \WC_Order $order The order.
	 * @return list<int>
	 */
	private function items( \WC_Order $order ): array {
		return array_map( 'intval', array_keys( $order->get_items() ) );
	}

	/**
	 * What it is called that an order had reached other statuses.
	 *
	 * @param int    $order_id The order.
	 * @param string $status   Its status now.
	 * @return list<string>
	 */
	private function other_statuses( int $order_id, string $status ): array {
		$others = array_diff( array_map( self::plain_status( ... ), array_map( 'strval', array_keys( wc_get_order_statuses() ) ) ), array( $status ) );
		return array_values( array_map( static fn ( string $other ): string => self::reached( $order_id, $other ), $others ) );
	}

	/**
	 * A status as hooks name it.
	 *
	 * @param string $status With or without `wc-`.
	 */
	private static function plain_status( string $status ): string {
		return str_starts_with( $status, 'wc-' ) ? substr( $status, 3 ) : $status;
	}

	/**
	 * What it is called that something was bought.
	 *
	 * @param int $order_id The order.
	 * @param int $item_id  Its item.
	 */
	private static function of_item( int $order_id, int $item_id ): string {
		return "order:$order_id:item:$item_id";
	}

	/**
	 * What it is called that an order has reached a status.
	 *
	 * @param int    $order_id The order.
	 * @param string $status   Status without `wc-`.
	 */
	private static function reached( int $order_id, string $status ): string {
		return "order:$order_id:status:$status";
	}
}
