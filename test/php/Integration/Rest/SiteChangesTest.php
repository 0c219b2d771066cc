<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Database\Connection;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Rest\Refused;
use Tandem\Rest\SiteChanges;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class SiteChangesTest extends TestCase {

	private function site( bool $is_multisite = false ): RemoteSite {
		return ( new Sites( new Connection( $GLOBALS['wpdb'] ), new FixedClock() ) )
			->add( 'B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Plain, 'admin', 1, $is_multisite, SiteSettings::defaults() );
	}

	/**
	 * @param array<string, mixed> $changes Part of `SiteSettings`.
	 */
	private function refusal( RemoteSite $site, array $changes ): string {
		try {
			( new SiteChanges() )->apply( $site, $changes );
		} catch ( Refused $refused ) {
			return $refused->reason;
		}
		return '';
	}

	public function test_what_is_not_named_stays(): void {
		$settings = ( new SiteChanges() )->apply( $this->site(), array( 'fields' => array( 'user_email' ) ) );
		self::assertSame( array( 'user_email' ), $settings->fields );
		self::assertSame( SiteSettings::defaults()->grant_roles, $settings->grant_roles );
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function forbidden_keys(): array {
		return array(
			'rights'                 => array( 'wp_capabilities' ),
			'rights of another site' => array( 'wp_3_capabilities' ),
			'level'                  => array( 'wp_user_level' ),
			'sessions'               => array( 'session_tokens' ),
			'application passwords'  => array( '_application_passwords' ),
			'a field'                => array( 'first_name' ),
		);
	}

	#[DataProvider( 'forbidden_keys' )]
	public function test_a_meta_key_that_carries_rights_or_secrets_is_refused_not_dropped( string $key ): void {
		self::assertSame( 'tandem_meta_not_allowed', $this->refusal( $this->site(), array( 'meta' => array( 'billing_phone', $key ) ) ) );
	}

	public function test_unknown_roles_are_refused_in_both_places(): void {
		self::assertSame( 'tandem_unknown_role', $this->refusal( $this->site(), array( 'grantRoles' => array( 'subscriber', 'emperor' ) ) ) );
		self::assertSame(
			'tandem_unknown_role',
			$this->refusal(
				$this->site(),
				array(
					'users' => array(
						'mode'  => 'roles',
						'roles' => array( 'emperor' ),
					),
				)
			)
		);
	}

	public function test_a_role_whose_plugin_is_off_for_a_moment_may_stay(): void {
		add_role( 'customer', 'Customer', array( 'read' => true ) );
		$site = $this->site();
		remove_role( 'customer' );
		self::assertSame( array( 'customer', 'subscriber' ), ( new SiteChanges() )->apply( $site, array( 'grantRoles' => array( 'customer', 'subscriber' ) ) )->grant_roles );
	}

	public function test_roles_without_any_role_means_nobody_and_is_refused(): void {
		self::assertSame(
			'tandem_no_roles',
			$this->refusal(
				$this->site(),
				array(
					'users' => array(
						'mode'  => 'roles',
						'roles' => array(),
					),
				)
			)
		);
	}

	public function test_deletions_need_an_account_that_receives_the_content(): void {
		$deletions = static fn ( ?int $reassign ): array => array(
			'deletions' => array(
				'enabled'  => true,
				'reassign' => $reassign,
			),
		);
		self::assertSame( 'tandem_reassign_needed', $this->refusal( $this->site(), $deletions( null ) ) );
		$settings  = ( new SiteChanges() )->apply( $this->site(), $deletions( 5 ) );
		self::assertTrue( $settings->delete );
		self::assertSame( 5, $settings->reassign );
		self::assertSame( 'tandem_deletions_impossible', $this->refusal( $this->site( true ), $deletions( 5 ) ) );
	}
}
