<?php
/**
 * Orders of people without an account, and the accounts that they get on a plain site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Guest;

use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Guest\Guests;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Sync\DeliveryTestCase;

require_once dirname( __DIR__, 3 ) . '/stand-ins/woocommerce.php';

final class GuestOrdersTest extends DeliveryTestCase {

	protected function setUp(): void {
		parent::setUp();
		remove_all_actions( 'woocommerce_order_status_changed' );
		$this->plugin->attach();
		$this->decide(
			array(
				'guests' => array(
					'enabled' => true,
					'role'    => 'subscriber',
				),
			)
		);
	}

	/**
	 * An order of a guest.
	 *
	 * @param array<string, mixed> $data What differs.
	 */
	private function order( array $data = array() ): \WC_Order {
		return stand_in_order(
			$data + array(
				'email'   => 'gina@shop.test',
				'billing' => array(
					'first_name' => 'Gina',
					'last_name'  => 'O\'Neil',
					'phone'      => '0123',
				),
			)
		);
	}

	public function test_a_guest_who_pays_gets_an_account_there_and_none_here(): void {
		$before = count_users()['total_users'];
		$this->order()->update_status( 'processing' );
		self::assertSame( 1, $this->deliver()->delivered );
		$there = $this->remote->user( 'gina' );
		self::assertSame( array( 'gina@shop.test', 'Gina', 'O\'Neil', array( 'subscriber' ) ), array( $there['email'], $there['first_name'], $there['last_name'], $there['roles'] ) );
		self::assertSame( $before, count_users()['total_users'] );
		$entry = $this->last()->entry;
		self::assertSame( array( Action::Create, Result::Success, 'guest', 'gina@shop.test' ), array( $entry->action, $entry->result, $entry->code, $entry->email ) );
		self::assertTrue( Guests::is_guest( $entry->user_id ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $entry->user_id ), 'Whoever registers with this address is asked.' );
	}

	public function test_the_person_is_sent_wordpress_own_mail_and_can_set_a_password(): void {
		$this->order()->update_status( 'completed' );
		$this->deliver();
		$mails = array_values( array_filter( $this->remote->mails(), static fn ( array $mail ): bool => in_array( 'gina@shop.test', (array) $mail['to'], true ) ) );
		self::assertCount( 1, $mails );
		self::assertStringContainsString( 'action=rp', $mails[0]['message'] );
	}

	public function test_many_orders_of_one_address_are_one_account_and_one_mail(): void {
		$this->order()->update_status( 'processing' );
		$this->deliver();
		$writes = count( $this->remote->writes() );
		$this->order( array( 'email' => 'GINA@shop.test' ) )->update_status( 'processing' );
		$this->deliver();
		self::assertCount( $writes, $this->remote->writes() );
		self::assertSame( array( Result::Skipped, 'guest_has_account' ), array( $this->last()->entry->result, $this->last()->entry->code ) );
		self::assertCount( 1, array_filter( $this->remote->mails(), static fn ( array $mail ): bool => in_array( 'gina@shop.test', (array) $mail['to'], true ) ) );
	}

	public function test_an_order_that_is_not_paid_for_makes_nobody(): void {
		$order = $this->order();
		$order->update_status( 'on-hold' );
		$this->deliver();
		self::assertNull( $this->remote->user( 'gina' ) );
		$order->update_status( 'processing' );
		// Refunded before it was delivered.
		wc_get_order( $order->get_id() )->update_status( 'refunded' );
		$this->deliver();
		self::assertNull( $this->remote->user( 'gina' ) );
	}

	public function test_a_customer_with_an_account_is_no_guest(): void {
		$id = $this->make_user( array( 'user_email' => 'gina@shop.test' ) );
		$this->deliver();
		$before = count( $this->remote->writes() );
		$this->order()->update_status( 'processing' );
		$this->order(
			array(
				'customer' => $id,
				'email'    => 'work@shop.test',
			)
		)->update_status( 'processing' );
		$this->deliver();
		self::assertCount( $before, $this->remote->writes() );
		self::assertNull( $this->plugin->guests()->of_email( 'gina@shop.test' ) );
		self::assertNull( $this->plugin->guests()->of_email( 'work@shop.test' ) );
	}

	public function test_an_account_with_the_address_there_is_left_as_it_is(): void {
		$there = $this->remote->make_user(
			array(
				'user_login' => 'regina',
				'user_email' => 'gina@shop.test',
				'first_name' => 'Regina',
			)
		);
		self::assertGreaterThan( 0, $there );
		$this->order()->update_status( 'processing' );
		$this->deliver();
		self::assertSame( 'Regina', $this->remote->user( 'regina' )['first_name'] );
		self::assertSame( array(), array_filter( $this->remote->mails(), static fn ( array $mail ): bool => in_array( 'gina@shop.test', (array) $mail['to'], true ) ) );
	}

	public function test_a_username_that_somebody_has_gets_a_number(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'gina',
				'user_email' => 'other@b.test',
			)
		);
		$this->order()->update_status( 'processing' );
		$this->deliver();
		self::assertSame( 'gina@shop.test', $this->remote->user( 'gina-2' )['email'] );
	}

	public function test_nothing_happens_where_the_owner_has_not_switched_it_on(): void {
		$this->decide( array( 'guests' => array( 'enabled' => false ) ) );
		$this->order()->update_status( 'processing' );
		self::assertSame( 0, $this->deliver()->delivered );
		self::assertNull( $this->plugin->guests()->of_email( 'gina@shop.test' ) );
	}

	public function test_addresses_that_are_none_make_nobody(): void {
		foreach ( array( '', 'gina', 'gina@shop', str_repeat( 'a', 95 ) . '@shop.test', "gina@shop.test\n" ) as $address ) {
			$this->order( array( 'email' => $address ) )->update_status( 'processing' );
		}
		self::assertSame( 1, $this->deliver()->delivered, 'The last is trimmed.' );
	}

	public function test_guests_are_forgotten_after_their_time_and_not_while_they_wait(): void {
		$this->order()->update_status( 'processing' );
		$guests = $this->plugin->guests();
		self::assertSame( 0, $guests->purge( $this->clock->now + 1 ), 'She waits.' );
		$this->deliver();
		self::assertSame( 0, $guests->purge( $this->clock->now - 1 ) );
		self::assertSame( 0, $guests->purge( $this->clock->now + 1 ), 'She was looked at just now.' );
		self::assertSame( 1, $guests->purge( $this->clock->now + 2 + DAY_IN_SECONDS ) );
		self::assertNull( $guests->of_email( 'gina@shop.test' ) );
	}

	public function test_guests_who_stay_are_never_before_those_who_can_be_forgotten(): void {
		$guests = $this->plugin->guests();
		$waits  = $guests->note( 'gina@shop.test', 1 );
		$this->plugin->outbox()->enqueue( $this->site->id, $waits->user_id, new FieldSet( FieldSet::ALL ) );
		++$this->clock->now;
		$guests->note( 'hugo@shop.test', 2 );
		self::assertSame( 0, $guests->purge( $this->clock->now + 1, 1 ), 'The page is full of her.' );
		self::assertSame( 1, $guests->purge( $this->clock->now + 1, 1 ) );
		self::assertNull( $guests->of_email( 'hugo@shop.test' ) );
		self::assertNotNull( $guests->of_email( 'gina@shop.test' ) );
	}

	public function test_the_privacy_eraser_forgets_a_guest(): void {
		$this->order()->update_status( 'processing' );
		$erasers = apply_filters( 'wp_privacy_personal_data_erasers', array() );
		$answer  = $erasers['tandem-user-sync']['callback']( 'gina@shop.test', 1 );
		self::assertTrue( $answer['items_removed'] );
		self::assertNull( $this->plugin->guests()->of_email( 'gina@shop.test' ) );
		$this->deliver();
		self::assertNull( $this->remote->user( 'gina' ) );
	}
}
