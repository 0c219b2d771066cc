<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Capture\Trouble;
use Tandem\Database\Connection;
use Tandem\Hooks\Adapters;
use Tandem\Rest\MetaKeys;
use Tandem\Tests\TestCase;
use Tandem\Time\SystemClock;

final class MetaKeysTest extends TestCase {

	/**
	 * @return array<string, int> Users by key, in their order.
	 */
	private function offered(): array {
		return array_column( ( new MetaKeys( new Connection( $GLOBALS['wpdb'] ), new Adapters( new Trouble( new SystemClock() ) ) ) )->in_use(), 'users', 'key' );
	}

	public function test_the_most_used_key_comes_first(): void {
		foreach ( array( 1, 2, 3 ) as $number ) {
			$user = $this->make_user();
			update_user_meta( $user, 'billing_phone', "+49 $number" );
			if ( 1 === $number ) {
				update_user_meta( $user, 'billing_city', 'Ulm' );
			}
		}
		self::assertSame(
			array(
				'billing_phone' => 3,
				'billing_city'  => 1,
			),
			array_intersect_key( $this->offered(), array_flip( array( 'billing_phone', 'billing_city' ) ) )
		);
	}

	public function test_rights_sessions_and_the_look_of_wp_admin_are_not_offered(): void {
		$user = $this->make_user();
		update_user_meta( $user, 'session_tokens', array( 'x' ) );
		update_user_meta( $user, '_application_passwords', array( 'x' ) );
		update_user_meta( $user, 'closedpostboxes_post', 'x' );
		update_user_meta( $user, 'billing_city', 'Ulm' );
		$keys = array_keys( $this->offered() );
		self::assertContains( 'billing_city', $keys );
		self::assertSame( array(), array_intersect( array( 'wp_capabilities', 'wp_user_level', 'session_tokens', '_application_passwords', 'closedpostboxes_post', 'rich_editing', 'first_name' ), $keys ) );
	}

	public function test_a_key_that_a_plugin_registered_is_offered_before_anybody_has_it(): void {
		register_meta( 'user', 'membership_level', array( 'show_in_rest' => true ) );
		try {
			self::assertSame( 0, $this->offered()['membership_level'] ?? null );
		} finally {
			unregister_meta_key( 'user', 'membership_level' );
		}
	}

	public function test_it_reads_the_meta_of_the_newest_users_by_the_index(): void {
		global $wpdb;
		$queries = array();
		$listen  = static function ( string $query ) use ( &$queries ): string {
			$queries[] = $query;
			return $query;
		};
		add_filter( 'query', $listen );
		$this->offered();
		remove_filter( 'query', $listen );
		self::assertCount( 2, $queries );
		self::assertStringContainsString( 'user_id > 0', $queries[1] );
		self::assertStringContainsString( $wpdb->usermeta, $queries[1] );
	}
}
