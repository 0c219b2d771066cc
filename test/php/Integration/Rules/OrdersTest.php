<?php
/**
 * What is bought, refunded and cancelled sets rules off and undoes them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rules;

use Tandem\Activity\Result;
use Tandem\Rules\Deed;
use Tandem\Rules\Engine;
use Tandem\Rules\Trigger;
use Tandem\Sync\FieldSet;

final class OrdersTest extends RulesTestCase {

	private const COURSE = 'enrol learndash/course:12';

	public function test_a_paid_order_gives_and_is_on_its_way(): void {
		$this->rule( Trigger::Product, '45' );
		$anna  = $this->make_known_user();
		$order = $this->order( $anna );
		self::assertSame( array(), $this->wanted( $anna ), 'It is not paid yet.' );
		$order->update_status( 'processing' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ) );
		self::assertTrue( $this->plugin->rule_engine()->took_news() );
		self::assertSame( array( FieldSet::GRANTS ), $this->captured( $anna ) );
		self::assertCount( 1, $this->runs() );
		self::assertStringContainsString( '(order #1)', $this->runs()[0]->entry->message );
		$order->update_status( 'completed' );
		self::assertCount( 1, $this->runs(), 'The same order again is no news.' );
	}

	public function test_an_order_that_is_refunded_cancelled_or_fails_takes_back(): void {
		$this->rule( Trigger::Product, '45' );
		foreach ( array( 'refunded', 'cancelled', 'failed' ) as $end ) {
			$anna  = $this->make_known_user();
			$order = $this->order( $anna );
			$order->update_status( 'completed' );
			$given = $this->grant( $anna )->stamp;
			$order->update_status( $end );
			self::assertSame( array( self::COURSE => false ), $this->wanted( $anna ), $end );
			self::assertTrue( $this->grant( $anna )->stamp->is_newer_than( $given ) );
			self::assertSame( array( FieldSet::GRANTS ), $this->captured( $anna ) );
			$order->update_status( 'processing' );
			self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ), 'Paid after all.' );
		}
	}

	public function test_two_orders_are_two_reasons(): void {
		$this->rule( Trigger::Product, '45' );
		$anna   = $this->make_known_user();
		$first  = $this->order( $anna );
		$second = $this->order( $anna );
		$first->update_status( 'completed' );
		$stamp = $this->grant( $anna )->stamp;
		$second->update_status( 'completed' );
		self::assertTrue( $this->grant( $anna )->stamp->is_newer_than( $stamp ), 'What the first one gave may have run out there.' );
		$stamp = $this->grant( $anna )->stamp;
		$first->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ) );
		self::assertSame( (string) $stamp, (string) $this->grant( $anna )->stamp, 'Nothing has changed for the other site.' );
		self::assertStringContainsString( 'another reason', $this->runs()[0]->entry->message );
		$second->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $anna ) );
	}

	public function test_a_part_of_an_order_that_is_refunded_takes_back_what_that_part_gave(): void {
		$this->rule( Trigger::Product, '45' );
		$this->rule( Trigger::Product, '50', Deed::GiveRole, 'editor' );
		$anna  = $this->make_known_user();
		$order = $this->order(
			$anna,
			array(
				1 => array(
					'product'  => 45,
					'quantity' => 2,
					'total'    => 40,
				),
				2 => array(
					'product' => 50,
					'total'   => 15,
				),
			)
		);
		$order->update_status( 'completed' );
		stand_in_refund( $order->get_id(), array( 1 => array( 'quantity' => 1 ) ) );
		self::assertTrue( $this->wanted( $anna )[ self::COURSE ], 'One of two is left.' );
		stand_in_refund( $order->get_id(), array( 1 => array( 'quantity' => 1 ) ) );
		self::assertFalse( $this->wanted( $anna )[ self::COURSE ] );
		self::assertTrue( $this->wanted( $anna )['give_role editor'] );
		// By its price, without a quantity.
		stand_in_refund( $order->get_id(), array( 2 => array( 'total' => 15.0 ) ) );
		self::assertFalse( $this->wanted( $anna )['give_role editor'] );
		$order = wc_get_order( $order->get_id() );
		self::assertNotFalse( $order );
		$order->update_status( 'processing' );
		self::assertFalse( $this->wanted( $anna )[ self::COURSE ], 'What was refunded is not bought by a later status.' );
	}

	public function test_a_variation_counts_as_its_product_and_as_itself(): void {
		$this->rule( Trigger::Product, '45' );
		$this->rule( Trigger::Product, '46', Deed::AddTag, 'blue' );
		$anna  = $this->make_known_user();
		$items = array(
			7 => array(
				'product'   => 45,
				'variation' => 46,
			),
		);
		$this->order( $anna, $items )->update_status( 'completed' );
		self::assertSame(
			array(
				self::COURSE   => true,
				'add_tag blue' => true,
			),
			$this->wanted( $anna )
		);
	}

	public function test_a_status_is_a_trigger_of_its_own(): void {
		$this->rule( Trigger::OrderStatus, 'completed', Deed::AddTag, 'customer' );
		$this->rule( Trigger::OrderStatus, 'refunded', Deed::AddTag, 'refunded' );
		$anna  = $this->make_known_user();
		$order = $this->order( $anna );
		$order->update_status( 'processing' );
		self::assertSame( array(), $this->wanted( $anna ) );
		$order->update_status( 'completed' );
		self::assertSame( array( 'add_tag customer' => true ), $this->wanted( $anna ) );
		$order->update_status( 'refunded' );
		self::assertSame(
			array(
				'add_tag customer' => false,
				'add_tag refunded' => true,
			),
			$this->wanted( $anna )
		);
	}

	public function test_a_rule_that_is_not_to_be_undone_is_not(): void {
		$this->rule( Trigger::Product, '45', reverses: false );
		$anna  = $this->make_known_user();
		$order = $this->order( $anna );
		$order->update_status( 'completed' );
		$order->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ) );
	}

	public function test_a_rule_that_is_off_does_nothing_and_one_that_was_removed_still_takes_back(): void {
		$off  = $this->rule( Trigger::Product, '50', is_on: false );
		$rule = $this->rule( Trigger::Product, '45' );
		$anna = $this->make_known_user();
		$this->order( $anna, array( 1 => array( 'product' => 50 ) ) )->update_status( 'completed' );
		self::assertSame( array(), $this->wanted( $anna ) );
		$order = $this->order( $anna );
		$order->update_status( 'completed' );
		$this->plugin->rules()->remove( $rule->id );
		$this->plugin->rules()->remove( $off->id );
		$order->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $anna ) );
		self::assertNotSame( $rule->id, $this->rule( Trigger::Product, '45' )->id, 'No number is given twice.' );
	}

	public function test_who_is_not_sent_there_gets_nothing_and_it_is_on_record(): void {
		$this->rule( Trigger::Product, '45' );
		$this->decide(
			array(
				'users' => array(
					'mode'  => 'roles',
					'roles' => array( 'editor' ),
				),
			)
		);
		$anna = $this->make_known_user();
		$this->order( $anna )->update_status( 'completed' );
		self::assertSame( array(), $this->wanted( $anna ) );
		self::assertSame( array(), $this->captured( $anna ) );
		self::assertSame( array( Result::Skipped, Engine::OUT_OF_SCOPE ), array( $this->runs()[0]->entry->result, $this->runs()[0]->entry->code ) );
	}

	public function test_a_guest_gets_nothing_where_guests_get_no_account_and_it_is_on_record(): void {
		$this->rule( Trigger::Product, '45' );
		$this->guest_order()->update_status( 'processing' );
		self::assertSame( array( Result::Skipped, Engine::GUEST ), array( $this->runs()[0]->entry->result, $this->runs()[0]->entry->code ) );
	}

	public function test_a_guest_gets_what_is_bought_and_a_refund_takes_it_back(): void {
		$this->decide( array( 'guests' => array( 'enabled' => true ) ) );
		$this->rule( Trigger::Product, '45' );
		$order = $this->guest_order();
		$order->update_status( 'processing' );
		$guest = $this->plugin->guests()->of_email( 'gina@shop.test' )->user_id ?? 0;
		self::assertSame( array( self::COURSE => true ), $this->wanted( $guest ) );
		self::assertNotNull( $this->row( $guest ) );
		// The order is an account's by now: WooCommerce links past orders with a new customer.
		$anna  = $this->make_known_user( array( 'user_email' => 'gina@shop.test' ) );
		$order = wc_get_order( $order->get_id() );
		self::assertNotFalse( $order );
		$order->data['customer'] = $anna;
		$order->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $guest ) );
	}

	public function test_whose_address_is_that_of_an_account_gets_what_is_bought_and_loses_nothing(): void {
		$this->rule( Trigger::Product, '45' );
		$this->rule( Trigger::Product, '45', Deed::TakeRole, 'editor' );
		$gina  = $this->make_known_user( array( 'user_email' => 'gina@shop.test' ) );
		$order = $this->guest_order( 'GINA@shop.test' );
		$order->update_status( 'processing' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $gina ) );
		self::assertNull( $this->plugin->guests()->of_email( 'gina@shop.test' ) );
		$order->update_status( 'refunded' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $gina ) );
	}

	public function test_a_guest_to_whom_a_rule_has_given_something_is_not_forgotten(): void {
		$this->decide( array( 'guests' => array( 'enabled' => true ) ) );
		$this->rule( Trigger::Product, '45' );
		$this->guest_order()->update_status( 'processing' );
		$guest = $this->plugin->guests()->of_email( 'gina@shop.test' )->user_id ?? 0;
		$row   = $this->row( $guest );
		self::assertNotNull( $row );
		$this->plugin->outbox()->discard( $row->id );
		self::assertSame( 0, $this->plugin->guests()->purge( $this->clock->now + 1 ) );
		$this->plugin->grants()->forget( $guest );
		self::assertSame( 1, $this->plugin->guests()->purge( $this->clock->now + 2 + DAY_IN_SECONDS ) );
	}

	/**
	 * An order without an account.
	 */
	private function guest_order( string $email = 'gina@shop.test' ): \WC_Order {
		return stand_in_order(
			array(
				'email' => $email,
				'items' => array(
					1 => array(
						'product' => 45,
						'total'   => 20,
					),
				),
			)
		);
	}

	public function test_a_shop_without_rules_costs_no_query(): void {
		$anna  = $this->make_known_user();
		$order = $this->order( $anna );
		self::assertSame( array(), $this->own_queries( static fn () => $order->update_status( 'completed' ) ) );
		self::assertSame( array(), $this->own_queries( static fn () => $order->update_status( 'refunded' ) ) );
	}

	public function test_a_failure_of_ours_ends_no_checkout(): void {
		$this->rule( Trigger::Product, '45' );
		$anna  = $this->make_known_user();
		$order = $this->order( $anna );
		$heard = 0;
		add_action(
			'woocommerce_order_status_changed',
			static function () use ( &$heard ): void {
				++$heard;
			},
			99
		);
		$this->break_queries( '/INSERT.*tandem_grants/' );
		$order->update_status( 'completed' );
		self::assertSame( 1, $heard );
		self::assertSame( 'completed', $order->get_status() );
		self::assertNotNull( $this->row( $anna ), 'It is looked at again: the row was opened before.' );
	}

	public function test_a_subscription_gives_while_it_is_active(): void {
		$this->rule( Trigger::Subscription, '45' );
		$anna         = $this->make_known_user();
		$subscription = stand_in_order(
			array(
				'type'     => 'shop_subscription',
				'customer' => $anna,
				'items'    => array( 1 => array( 'product' => 45 ) ),
			)
		);
		do_action( 'woocommerce_subscription_status_updated', $subscription, 'active', 'pending' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ) );
		do_action( 'woocommerce_subscription_status_updated', $subscription, 'pending-cancel', 'active' );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ), 'Paid until a later day.' );
		do_action( 'woocommerce_subscription_status_updated', $subscription, 'cancelled', 'pending-cancel' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $anna ) );
	}

	public function test_a_membership_gives_while_it_is_active(): void {
		register_post_type( 'wc_membership_plan' );
		register_post_type( 'wc_user_membership' );
		foreach ( array( 'wcm-active', 'wcm-paused' ) as $status ) {
			register_post_status( $status );
		}
		$plan = (int) wp_insert_post(
			array(
				'post_type'   => 'wc_membership_plan',
				'post_status' => 'publish',
				'post_title'  => 'Gold',
			)
		);
		$this->rule( Trigger::Membership, (string) $plan );
		$anna = $this->make_known_user();
		$id   = (int) wp_insert_post(
			array(
				'post_type'   => 'wc_user_membership',
				'post_status' => 'wcm-active',
				'post_parent' => $plan,
				'post_author' => $anna,
			)
		);
		do_action( 'wc_memberships_user_membership_saved', null, array( 'user_membership_id' => $id ) );
		self::assertSame( array( self::COURSE => true ), $this->wanted( $anna ) );
		wp_update_post(
			array(
				'ID'          => $id,
				'post_status' => 'wcm-paused',
			)
		);
		$membership = new class( $id ) {

			public function __construct( private readonly int $id ) {
			}

			public function get_id(): int {
				return $this->id;
			}
		};
		do_action( 'wc_memberships_user_membership_status_changed', $membership, 'active', 'paused' );
		self::assertSame( array( self::COURSE => false ), $this->wanted( $anna ) );
	}
}
