<?php
/**
 * What a paired site may do here, and which accounts nobody may touch.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Policy;
use Tandem\Peer\Removal;
use Tandem\Peer\UserCode;
use Tandem\Remote\ExistingPolicy;
use Tandem\Security\ProtectedAccounts;
use Tandem\Tests\TestCase;

final class PolicyTest extends TestCase {

	public function test_by_default_everything_but_deletion_is_allowed_and_no_role_with_powers(): void {
		$policy = Policy::defaults();
		self::assertTrue( $policy->create && $policy->update && $policy->password && $policy->roles && $policy->logout );
		self::assertSame( array( Removal::Ignore, ExistingPolicy::Confirm, 20, false, array(), null ), array( $policy->delete, $policy->existing, $policy->removals_per_hour, $policy->mail, $policy->meta_list, $policy->reassign ) );
		self::assertContains( 'subscriber', $policy->role_list );
		self::assertNotContains( 'administrator', $policy->role_list );
	}

	public function test_a_policy_survives_the_database(): void {
		$policy = Policy::from_array( array( 'create' => false, 'update' => false, 'password' => false, 'roles' => false, 'delete' => 'suspend', 'reassign' => 5, 'logout' => false, 'roleList' => array( 'author' ), 'metaList' => array( 'x' ), 'existing' => 'never', 'removalsPerHour' => 3, 'mail' => true ) );
		self::assertEquals( $policy, Policy::from_array( (array) json_decode( (string) wp_json_encode( $policy->to_array() ), true ) ) );
		self::assertNotEquals( Policy::defaults(), $policy );
	}

	public function test_what_is_absent_or_of_another_kind_stays_as_it_was(): void {
		$base = Policy::from_array( array( 'create' => false, 'delete' => 'roles', 'roleList' => array( 'author' ), 'removalsPerHour' => 3, 'reassign' => 5 ) );
		self::assertEquals( $base, Policy::from_array( array(), $base ) );
		self::assertEquals( $base, Policy::from_array( array( 'create' => 'yes', 'delete' => 'everything', 'roleList' => 'administrator', 'metaList' => 5, 'removalsPerHour' => 'many', 'mail' => 1, 'existing' => array() ), $base ) );
		self::assertNull( Policy::from_array( array( 'reassign' => null ), $base )->reassign );
		self::assertSame( array( 0, 100000 ), array( Policy::from_array( array( 'removalsPerHour' => -1 ) )->removals_per_hour, Policy::from_array( array( 'removalsPerHour' => PHP_INT_MAX ) )->removals_per_hour ) );
	}

	public function test_a_key_of_power_does_not_get_on_the_list(): void {
		self::assertSame( array( 'billing_phone', 'My Field' ), Policy::from_array( array( 'metaList' => array( 'billing_phone', 'wp_capabilities', 'WP_USER_LEVEL', 'session_tokens', '', 5, array(), 'wp_capabilities\\', 'My Field' ) ) )->meta_list );
	}

	public function test_a_role_that_gets_powers_later_is_no_longer_given(): void {
		add_role( 'helper', 'Helper', array( 'read' => true ) );
		$policy = Policy::from_array( array( 'roleList' => array( 'helper' ) ) );
		self::assertTrue( $policy->lets_give( 'helper' ) );
		wp_roles()->add_cap( 'helper', 'promote_users' );
		self::assertFalse( $policy->lets_give( 'helper' ) );
		remove_role( 'helper' );
		self::assertFalse( $policy->lets_give( 'helper' ) );
		self::assertFalse( Policy::from_array( array( 'roleList' => array( 'administrator' ) ) )->lets_give( 'administrator' ) );
	}

	public function test_who_can_become_an_administrator_is_protected(): void {
		$accounts = new ProtectedAccounts();
		$covers   = static fn ( int $id ): bool => $accounts->covers( new \WP_User( $id ) );
		self::assertTrue( $covers( $this->make_user( array( 'role' => 'administrator' ) ) ) );
		self::assertFalse( $covers( $this->make_user( array( 'role' => 'editor' ) ) ) );
		self::assertFalse( $covers( $this->make_user( array( 'role' => '' ) ) ) );
		foreach ( ProtectedAccounts::POWERS as $power ) {
			$id = $this->make_user();
			( new \WP_User( $id ) )->add_cap( $power );
			self::assertTrue( $covers( $id ), $power );
			( new \WP_User( $id ) )->add_cap( $power, false );
			self::assertFalse( $covers( $id ), "$power, denied" );
		}
	}

	public function test_an_administrator_whose_role_was_emptied_is_protected(): void {
		$id = $this->make_user( array( 'role' => 'administrator' ) );
		foreach ( array_keys( wp_roles()->roles['administrator']['capabilities'] ) as $capability ) {
			wp_roles()->roles['administrator']['capabilities'][ $capability ]      = false;
			wp_roles()->role_objects['administrator']->capabilities[ $capability ] = false;
		}
		self::assertTrue( ( new ProtectedAccounts() )->covers( new \WP_User( $id ) ) );
		wp_roles()->for_site();
	}

	public function test_the_owner_protects_whom_they_want(): void {
		$id = $this->make_user();
		self::assertFalse( ( new ProtectedAccounts() )->covers( new \WP_User( $id ) ) );
		self::assertTrue( ( new ProtectedAccounts( array( $id ) ) )->covers( new \WP_User( $id ) ) );
	}

	public function test_a_plugin_that_gives_rights_by_a_filter_protects(): void {
		$id = $this->make_user();
		add_filter( 'user_has_cap', static fn ( array $all, array $caps, array $args, \WP_User $user ): array => $user->ID === $id ? array( 'promote_users' => true ) + $all : $all, 10, 4 );
		self::assertTrue( ( new ProtectedAccounts() )->covers( new \WP_User( $id ) ) );
	}

	public function test_each_reason_has_a_sentence(): void {
		foreach ( UserCode::cases() as $code ) {
			self::assertMatchesRegularExpression( '/\w.*[.:]/', $code->sentence( 'x' ) );
			self::assertStringNotContainsString( '%', $code->sentence( 'x' ) );
		}
		self::assertSame( array( 'failed' ), array_values( array_map( static fn ( UserCode $code ): string => $code->value, array_filter( UserCode::cases(), static fn ( UserCode $code ): bool => $code->may_be_retried() ) ) ) );
	}
}
