<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Admin\SiteHealth;
use Tandem\Database\Connection;
use Tandem\Remote\Credentials;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Vault;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class SiteHealthTest extends TestCase {

	private const PASSWORD = 'abcd EFGH ijkl MNOP qrst UVWX';

	private FixedClock $clock;
	private Sites $sites;
	private Outbox $outbox;
	private Credentials $credentials;

	protected function setUp(): void {
		parent::setUp();
		$db                = new Connection( $GLOBALS['wpdb'] );
		$this->clock       = new FixedClock();
		$this->sites       = new Sites( $db, $this->clock );
		$this->outbox      = new Outbox( $db, $this->clock );
		$this->credentials = new Credentials( $this->sites, new Vault( 'salts' ) );
		wp_unschedule_hook( Worker::CRON );
		wp_schedule_single_event( $this->clock->now + 60, Worker::CRON );
		delete_option( SiteHealth::TROUBLE );
		( new SiteIdentity() )->establish();
	}

	private function site( string $scheme = 'https' ): RemoteSite {
		$site = $this->sites->add( 'Shop', "$scheme://b.test", "$scheme://b.test/wp-json/", SiteKind::Plain, 'admin', 1, false, SiteSettings::defaults() );
		$this->credentials->store( $site->id, 'admin', 1, self::PASSWORD );
		return $this->sites->get( $site->id );
	}

	private function health( string $salts = 'salts' ): SiteHealth {
		return new SiteHealth( $this->sites, $this->outbox, new Credentials( $this->sites, new Vault( $salts ) ), new SiteIdentity(), $this->clock );
	}

	/**
	 * @return array<string, string> Status by name of the test.
	 */
	private function statuses( ?SiteHealth $health = null ): array {
		$statuses = array();
		foreach ( ( $health ?? $this->health() )->tests( array() )['direct'] as $name => $test ) {
			$result = ( $test['test'] )();
			self::assertSame( $name, $result['test'] );
			self::assertNotSame( '', $result['label'] );
			$statuses[ substr( $name, strlen( 'tandem_' ) ) ] = $result['status'];
		}
		return $statuses;
	}

	/**
	 * @param array<string, string> $bad Status by name; the others must be good.
	 */
	private function only( array $bad, ?SiteHealth $health = null ): void {
		$found = array_filter( $this->statuses( $health ), static fn ( string $status ): bool => 'good' !== $status );
		self::assertSame( $bad, $found );
	}

	public function test_all_is_well(): void {
		$this->site();
		$this->only( array() );
	}

	public function test_a_site_that_can_not_be_reached_is_less_than_one_that_refuses(): void {
		$site = $this->site();
		$this->sites->unreachable( $site, 'timeout', 'A sentence.', $this->clock->now + 60 );
		$this->only( array( 'sites' => 'recommended' ) );
		$this->sites->held( $this->sites->get( $site->id ), 'credential_refused', 'A sentence.', $this->clock->now + 60 );
		$this->only( array( 'sites' => 'critical' ) );
	}

	public function test_a_copy_of_a_site_says_so(): void {
		$elsewhere = static fn (): string => 'https://staging.test';
		add_filter( 'home_url', $elsewhere );
		$this->only( array( 'sites' => 'critical' ) );
	}

	public function test_somebody_who_waits_long_for_a_site_that_works(): void {
		$site = $this->site();
		$this->outbox->enqueue( $site->id, 41, new FieldSet( 'roles' ) );
		$this->only( array() );
		$this->clock->now += 2 * HOUR_IN_SECONDS;
		wp_unschedule_hook( Worker::CRON );
		wp_schedule_single_event( $this->clock->now + 60, Worker::CRON );
		$this->only( array( 'queue' => 'recommended' ) );
		$this->clock->now += DAY_IN_SECONDS;
		self::assertSame( 'critical', $this->statuses()['queue'] );
	}

	public function test_wp_cron_that_is_late_or_missing(): void {
		$this->clock->now += HOUR_IN_SECONDS;
		$this->only( array( 'cron' => 'critical' ) );
		wp_unschedule_hook( Worker::CRON );
		$this->only( array( 'cron' => 'critical' ) );
	}

	public function test_changed_salts(): void {
		$this->site();
		$this->only( array( 'credentials' => 'critical' ), $this->health( 'other salts' ) );
	}

	public function test_a_database_that_refused_a_change(): void {
		update_option(
			SiteHealth::TROUBLE,
			array(
				'at'      => $this->clock->now,
				'message' => 'disk full',
			)
		);
		$this->only( array( 'trouble' => 'critical' ) );
		$this->clock->now += 8 * DAY_IN_SECONDS;
		self::assertSame( 'good', $this->statuses()['trouble'], 'Not for ever.' );
	}

	public function test_facts_for_support_hold_no_secrets(): void {
		$site   = $this->site();
		$fields = $this->health()->information( array() )['tandem-user-sync']['fields'];
		self::assertStringContainsString( 'https://b.test, plain, connected', $fields[ "site_{$site->id}" ]['value'] );
		$text = (string) wp_json_encode( $fields );
		foreach ( array( self::PASSWORD, 'abcdEFGH', $site->credential, 'admin' ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text );
		}
	}
}
