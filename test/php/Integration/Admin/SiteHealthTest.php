<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Activity\Log;
use Tandem\Admin\DebugInformation;
use Tandem\Admin\SiteHealth;
use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Names;
use Tandem\Remote\Credentials;
use Tandem\Remote\Pairing;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Security\Vault;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxState;
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
		wp_unschedule_hook( Names::CRON );
		wp_schedule_single_event( $this->clock->now + 60, Names::CRON );
		delete_option( SiteHealth::TROUBLE );
		delete_option( SiteKeys::OPTION );
		$this->keys()->establish();
		( new SiteIdentity() )->establish();
	}

	private function site( string $scheme = 'https' ): RemoteSite {
		$site = $this->sites->add( 'Shop', "$scheme://b.test", "$scheme://b.test/wp-json/", SiteKind::Plain, 'admin', 1, false, SiteSettings::defaults() );
		$this->credentials->store( $site->id, 'admin', 1, self::PASSWORD );
		return $this->sites->get( $site->id );
	}

	private function paired( int $clock_offset = 0 ): RemoteSite {
		$site = $this->sites->add( 'Courses', 'https://c.test', 'https://c.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$this->sites->set_pairing( $site->id, new Pairing( wp_generate_uuid4(), $this->keys()->public_keys(), clock_offset: $clock_offset, versions: 'Tandem 1, WordPress 7.1, PHP 8.2' ) );
		return $this->sites->get( $site->id );
	}

	private function keys( string $salts = 'salts' ): SiteKeys {
		return new SiteKeys( new Vault( $salts ), $this->clock );
	}

	private function schema(): Schema {
		return new Schema( new Connection( $GLOBALS['wpdb'] ), $GLOBALS['wpdb'] );
	}

	private function health( string $salts = 'salts' ): SiteHealth {
		return new SiteHealth( $this->sites, $this->outbox, new Credentials( $this->sites, new Vault( $salts ) ), new SiteIdentity(), $this->keys( $salts ), $this->schema(), $this->clock );
	}

	/**
	 * @return array<string, string> Facts for support, by name.
	 */
	private function facts(): array {
		$db = new Connection( $GLOBALS['wpdb'] );
		return array_column( ( new DebugInformation( $this->sites, $this->outbox, new Log( $db, $this->clock ), new SiteIdentity(), $this->keys(), $this->schema() ) )->information( array() )['tandem-user-sync']['fields'], 'value', 'label' );
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

	public function test_a_paired_site_has_no_password_that_could_be_unreadable(): void {
		$this->paired();
		$this->only( array() );
	}

	public function test_people_who_wait_for_a_decision(): void {
		$site = $this->site();
		$this->outbox->enqueue( $site->id, 41, new FieldSet( 'roles' ) );
		foreach ( $this->outbox->claim( $site->id, 1, 60 ) as $row ) {
			$this->outbox->hold( $row, OutboxState::Attention, 'email_in_use', 'A sentence.', array() );
		}
		$this->only( array( 'people' => 'recommended' ) );
	}

	public function test_keys_that_can_not_be_read_matter_to_paired_sites_only(): void {
		$this->only( array(), $this->health( 'other salts' ) );
		$this->paired();
		$this->only( array( 'keys' => 'critical' ), $this->health( 'other salts' ) );
		update_option( SiteKeys::OPTION, array( 'public' => 'damaged' ), false );
		$this->only( array( 'keys' => 'critical' ) );
	}

	public function test_clocks_that_differ(): void {
		$this->paired( 60 );
		$this->only( array() );
		$this->paired( -3 * HOUR_IN_SECONDS );
		$this->only( array( 'clocks' => 'recommended' ) );
	}

	public function test_tables_of_another_version(): void {
		update_option( Schema::OPTION, Schema::VERSION - 1 );
		$this->only( array( 'tables' => 'critical' ) );
		self::assertStringContainsString( 'others were made', $this->facts()['Tables'] );
	}

	public function test_missing_tables_are_said_and_break_nothing(): void {
		global $wpdb;
		$prefix = $wpdb->prefix;
		try {
			// No table bears this one. Dropping one would end the test's transaction.
			$wpdb->prefix = 'none_';
			self::assertSame( array( 'tables' => 'critical' ), $this->statuses() );
			self::assertStringContainsString( 'missing: sites', $this->facts()['Tables'] );
		} finally {
			$wpdb->prefix = $prefix;
		}
		self::assertSame( array(), $this->schema()->missing() );
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
		wp_unschedule_hook( Names::CRON );
		wp_schedule_single_event( $this->clock->now + 60, Names::CRON );
		$this->only( array( 'queue' => 'recommended' ) );
		$this->clock->now += DAY_IN_SECONDS;
		self::assertSame( 'critical', $this->statuses()['queue'] );
	}

	public function test_wp_cron_that_is_late_or_missing(): void {
		$this->clock->now += HOUR_IN_SECONDS;
		$this->only( array( 'cron' => 'recommended' ) );
		wp_unschedule_hook( Names::CRON );
		$this->only( array( 'cron' => 'recommended' ) );
		$this->outbox->enqueue( $this->site()->id, 41, new FieldSet( 'roles' ) );
		$this->only( array( 'cron' => 'critical' ) );
	}

	public function test_a_worker_on_the_command_line_does_what_wp_cron_does(): void {
		wp_unschedule_hook( Names::CRON );
		update_option( Worker::LAST_RUN, $this->clock->now - 60 );
		$this->only( array() );
		$this->clock->now += HOUR_IN_SECONDS;
		self::assertSame( 'recommended', $this->statuses()['cron'] );
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
		$paired = $this->paired( -7 );
		$facts  = $this->facts();
		self::assertStringContainsString( 'https://b.test, plain, connected', $facts['Shop'] );
		self::assertStringContainsString( 'https://c.test, paired, connected', $facts['Courses'] );
		self::assertStringContainsString( 'Tandem 1, WordPress 7.1, PHP 8.2; clock -7 s', $facts['Courses'] );
		self::assertStringContainsString( 'readable', $facts['Keys of this site'] );
		$keys = (array) get_option( SiteKeys::OPTION );
		$text = (string) wp_json_encode( $facts );
		foreach ( array( self::PASSWORD, 'abcdEFGH', $site->credential, 'admin', (string) $paired->pairing?->uuid, (string) $keys['sign'], (string) $keys['box'] ) as $secret ) {
			self::assertNotSame( '', $secret );
			self::assertStringNotContainsString( $secret, $text );
		}
	}

	public function test_the_facts_of_damaged_keys_say_so(): void {
		update_option( SiteKeys::OPTION, array( 'public' => 'damaged' ), false );
		self::assertStringContainsString( 'can not be read', $this->facts()['Keys of this site'] );
	}
}
