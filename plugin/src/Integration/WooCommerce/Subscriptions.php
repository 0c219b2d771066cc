<?php
/**
 * WooCommerce Subscriptions: a subscription to a product is active, or has ended. A subscription is an order of a kind
 * of its own, so it is read as one.
 *
 * The hook, as its developers' documentation describes it: `woocommerce_subscription_status_updated( $subscription,
 * $new_status, $old_status )`.
 *
 * @link https://woocommerce.com/document/subscriptions/develop/action-reference/
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration\WooCommerce;

use Tandem\Rules\Engine;
use Tandem\Rules\Occasion;
use Tandem\Rules\OccasionPage;
use Tandem\Rules\Occasions;
use Tandem\Rules\Trigger;

final class Subscriptions implements Occasions {

	/** Statuses in which somebody has what they subscribed to: cancelled, but paid until a later day, is one. */
	private const ACTIVE = array( 'active', 'pending-cancel' );

	/**
	 * @param Engine $engine Hears of it.
	 */
	public function __construct( private readonly Engine $engine ) {
	}

	/**
	 * Action `woocommerce_subscription_status_updated`.
	 *
	 * @param mixed  $subscription The subscription.
	 * @param string $status       Its new status.
	 */
	public function status_updated( mixed $subscription, string $status ): void {
		if ( ! $subscription instanceof \WC_Order ) {
			return;
		}
		$name   = self::name( $subscription );
		$person = (int) $subscription->get_customer_id();
		if ( ! in_array( $status, self::ACTIVE, true ) ) {
			$this->engine->undone( $person, $name );
			return;
		}
		foreach ( $subscription->get_items() as $item ) {
			foreach ( Orders::subjects_of( $item ) as $subject ) {
				$this->engine->happened( Trigger::Subscription, $person, $subject, $name );
			}
		}
	}

	/**
	 * Subscriptions, where there are some.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array {
		return Orders::is_present() && class_exists( 'WC_Subscriptions' ) ? array( Trigger::Subscription ) : array();
	}

	/**
	 * Products.
	 *
	 * @param Trigger $trigger Subscription.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public function subjects( Trigger $trigger, string $search ): array {
		return Orders::products( $search );
	}

	/**
	 * Name of a product, or null.
	 *
	 * @param Trigger $trigger Subscription.
	 * @param string  $subject Id of a product.
	 */
	public function label( Trigger $trigger, string $subject ): ?string {
		return Orders::product_name( (int) $subject );
	}

	/**
	 * Subscriptions to a product that are active.
	 *
	 * @param Trigger $trigger Subscription.
	 * @param string  $subject Id of a product.
	 * @param int     $page    Which part, from 1.
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage {
		return Orders::page(
			'shop_subscription',
			self::ACTIVE,
			$page,
			static function ( \WC_Order $subscription ) use ( $subject ): array {
				foreach ( $subscription->get_items() as $item ) {
					if ( in_array( $subject, Orders::subjects_of( $item ), true ) ) {
						return array( new Occasion( (int) $subscription->get_customer_id(), self::name( $subscription ) ) );
					}
				}
				return array();
			}
		);
	}

	/**
	 * What it is called that a subscription is active.
	 *
	 * @param \WC_Order $subscription The subscription.
	 */
	private static function name( \WC_Order $subscription ): string {
		return 'subscription:' . $subscription->get_id();
	}
}
