<?php
/**
 * What WooCommerce does with accounts: the same functions in the same order, as its sources have them
 * (wc_create_new_customer(), WC_Form_Handler::save_account_details(), WC_Shortcode_My_Account::reset_password(),
 * WC_Customer_Data_Store). WooCommerce itself was not there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use Tandem\Integration\WooCommerce\Customers;
use Tandem\Sync\FieldSet;

final class WooCommerceAccountsTest extends CaptureTestCase {

	protected function setUp(): void {
		parent::setUp();
		$this->decide( array( 'meta' => Customers::ADDRESS_KEYS ) );
	}

	public function test_an_account_made_at_the_checkout_or_in_my_account(): void {
		// By the function wc_create_new_customer, also in the block checkout.
		$id = wp_insert_user(
			array(
				'user_login' => 'maria',
				'user_pass'  => 'chosen at the checkout',
				'user_email' => 'maria@shop.test',
				'role'       => 'customer',
				'first_name' => 'Maria',
			)
		);
		self::assertIsInt( $id );
		// As the checkout and the store of customers do.
		wp_update_user(
			array(
				'ID'           => $id,
				'user_email'   => 'maria@shop.test',
				'display_name' => 'Maria Bee',
			)
		);
		update_user_meta( $id, 'billing_phone', '0123' );
		self::assertSame( 'chosen at the checkout', $this->captured_password( $id ) );
		self::assertSame( array( FieldSet::ALL, FieldSet::PASSWORD ), array_values( array_intersect( $this->captured( $id ), array( FieldSet::ALL, FieldSet::PASSWORD ) ) ) );
	}

	public function test_the_account_form_changes_name_address_and_password(): void {
		$id = $this->make_known_user();
		$this->post( array( 'password_1' => 'it\'s "new" \\' ) );
		// The form hands over what was posted, slashes and all.
		$user             = new \stdClass();
		$user->ID         = $id;
		$user->first_name = 'Mary';
		$user->user_email = 'mary@shop.test';
		$user->user_pass  = $_POST['password_1']; // phpcs:ignore WordPress.Security -- as WooCommerce does.
		wp_update_user( $user );
		update_user_meta( $id, 'billing_email', 'mary@shop.test' );
		self::assertSame( array( 'first_name', 'meta:billing_email', 'password', 'user_email' ), $this->captured( $id ) );
		$account = get_userdata( $id );
		self::assertNotFalse( $account );
		self::assertTrue( wp_check_password( (string) $this->captured_password( $id ), $account->user_pass, $id ) );
	}

	public function test_lost_password(): void {
		$id   = $this->make_known_user();
		$user = get_userdata( $id );
		self::assertNotFalse( $user );
		do_action( 'password_reset', $user, 'reset in the shop' );
		wp_set_password( 'reset in the shop', $id );
		update_user_meta( $id, 'default_password_nag', false );
		// Since WooCommerce 10.9.
		do_action( 'after_password_reset', $user, 'reset in the shop' );
		$this->assert_captured_password( $id, 'reset in the shop' );
		self::assertSame( array( 'password' ), $this->captured( $id ) );
	}

	public function test_changed_addresses(): void {
		$id = $this->make_known_user();
		foreach ( Customers::ADDRESS_KEYS as $key ) {
			update_user_meta( $id, $key, "value of $key" );
		}
		$expected = array_map( static fn ( string $key ): string => FieldSet::META . $key, Customers::ADDRESS_KEYS );
		sort( $expected );
		self::assertSame( $expected, $this->captured( $id ) );
	}

	public function test_what_woocommerce_notes_for_itself_travels_nowhere(): void {
		$id = $this->make_known_user();
		foreach ( array( 'last_update', 'wc_last_active', '_woocommerce_persistent_cart_1', '_woocommerce_load_saved_cart_after_login', 'paying_customer' ) as $key ) {
			update_user_meta( $id, $key, (string) time() );
		}
		self::assertSame( array(), $this->captured( $id ) );
	}
}
