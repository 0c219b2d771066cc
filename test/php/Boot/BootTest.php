<?php
/**
 * The ground that the other tests stand on.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Boot;

use Tandem\Database\Schema;
use Tandem\Tests\TestCase;

final class BootTest extends TestCase {

	public function test_the_plugin_is_loaded_and_its_tables_exist(): void {
		global $wpdb;
		foreach ( Schema::TABLES as $name ) {
			$table = $wpdb->prefix . 'tandem_' . $name;
			self::assertSame( $table, $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $table ) ) ) );
		}
	}

	public function test_a_user_is_made_with_the_hooks_of_wordpress(): void {
		$heard = array();
		add_action(
			'user_register',
			static function ( int $id ) use ( &$heard ): void {
				$heard[] = $id;
			}
		);
		$id = $this->make_user( array( 'first_name' => 'Ada' ) );
		self::assertSame( array( $id ), $heard );
		self::assertSame( 'Ada', get_userdata( $id )->first_name ?? null );
	}

	public function test_what_a_test_writes_and_hooks_stays(): int {
		$id = $this->make_user( array( 'user_login' => 'leftover' ) );
		add_filter( 'tandem_test_leftover', '__return_true' );
		update_option( 'tandem_test_leftover', 'yes' );
		self::assertSame( $id, username_exists( 'leftover' ) );
		return $id;
	}

	/**
	 * @depends test_what_a_test_writes_and_hooks_stays
	 */
	public function test_only_until_the_next_test( int $id ): void {
		self::assertFalse( get_userdata( $id ) );
		self::assertFalse( username_exists( 'leftover' ) );
		self::assertFalse( has_filter( 'tandem_test_leftover' ) );
		self::assertFalse( get_option( 'tandem_test_leftover' ) );
	}

	public function test_a_transaction_inside_a_test_rolls_back_alone(): void {
		global $wpdb;
		$kept = $this->make_user();
		$wpdb->query( 'START TRANSACTION' );
		$gone = $this->make_user();
		$wpdb->query( 'ROLLBACK' );
		$wpdb->query( 'START TRANSACTION' );
		$also = $this->make_user();
		$wpdb->query( 'COMMIT' );
		$ids = array_map( 'intval', $wpdb->get_col( "SELECT ID FROM {$wpdb->users} WHERE ID > 1 ORDER BY ID" ) );
		self::assertContains( $kept, $ids );
		self::assertContains( $also, $ids );
		self::assertCount( 2, $ids, "user $gone is gone, and earlier tests left nobody" );
	}

	public function test_mails_are_kept(): void {
		self::assertTrue( wp_mail( 'ada@example.org', 'Hello', 'Your account' ) );
		$mails = $this->mails();
		self::assertCount( 1, $mails );
		self::assertSame( array( 'ada@example.org' ), $mails[0]['to'] );
		self::assertSame( 'Hello', $mails[0]['subject'] );
		self::assertStringContainsString( 'Your account', $mails[0]['body'] );
	}

	public function test_passwords_are_cheap_and_true(): void {
		$id = $this->make_user( array( 'user_pass' => 'right' ) );
		self::assertStringContainsString( '$04$', get_userdata( $id )->user_pass ?? '' );
		self::assertInstanceOf( \WP_User::class, wp_authenticate( get_userdata( $id )->user_login ?? '', 'right' ) );
		self::assertInstanceOf( \WP_Error::class, wp_authenticate( get_userdata( $id )->user_login ?? '', 'wrong' ) );
	}
}
