<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Database\Connection;
use Tandem\Database\Schema;
use Tandem\Database\Uninstall;
use Tandem\Guest\GuestMark;
use Tandem\Remote\AddressChanges;
use Tandem\Tests\RemoteWordPress;
use Tandem\Tests\TestCase;

final class UninstallTest extends TestCase {

	/** @var array<string, mixed> What the site of the tests needs afterwards. */
	private array $options = array();

	/** @var array<mixed> */
	private array $cron = array();

	private string $prefix = '';

	protected function setUp(): void {
		parent::setUp();
		// Making and removing tables ends a transaction of MariaDB: nothing is rolled back after this test.
		$this->commit();
		foreach ( $this->option_names() as $name ) {
			$this->options[ $name ] = get_option( $name );
		}
		$this->cron   = _get_cron_array();
		$this->prefix = $GLOBALS['wpdb']->prefix;
	}

	protected function tearDown(): void {
		$GLOBALS['wpdb']->prefix = $this->prefix;
		foreach ( $this->option_names() as $name ) {
			delete_option( $name );
		}
		foreach ( $this->options as $name => $value ) {
			update_option( $name, $value, true );
		}
		_set_cron_array( $this->cron );
		parent::tearDown();
	}

	/**
	 * @return list<string>
	 */
	private function option_names(): array {
		global $wpdb;
		return $wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE '%tandem\\_%'" );
	}

	public function test_nothing_stays_behind(): void {
		global $wpdb;
		// So that the tables of the other tests stay.
		$wpdb->prefix = 'gone_';
		delete_option( Schema::OPTION );
		( new Schema( new Connection( $wpdb ), $wpdb ) )->migrate();
		update_option( 'tandem_settings', array( 'keepActivityDays' => 5 ) );
		update_option( 'their_tandem_option', 'theirs' );
		update_user_meta( 1, AddressChanges::META, '1' );
		GuestMark::set( 1, 2 );
		$made = \WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'Tandem pairing: B' ) );
		update_option( 'tandem_introductions', array( $made[1]['uuid'] => array( 1, time() ) ) );
		add_user_meta( 1, 'tandem_tag', 'vip' );
		set_transient( 'tandem_notice_1', 'x', 60 );
		wp_schedule_event( time() + 60, 'hourly', 'tandem_work' );
		wp_schedule_event( time() + 60, 'hourly', 'their_event' );
		self::assertCount( count( Schema::TABLES ), $wpdb->get_col( "SHOW TABLES LIKE 'gone\\_tandem\\_%'" ) );

		( new Uninstall( $wpdb ) )->run();

		self::assertSame( array( 'their_tandem_option' ), $this->option_names() );
		self::assertSame( array(), $wpdb->get_col( "SELECT meta_key FROM {$wpdb->usermeta} WHERE meta_key LIKE '%tandem\\_%'" ) );
		self::assertNull( \WP_Application_Passwords::get_user_application_password( 1, $made[1]['uuid'] ), 'Nothing fences it any more.' );
		self::assertFalse( wp_next_scheduled( 'tandem_work' ) );
		self::assertIsInt( wp_next_scheduled( 'their_event' ) );
		self::assertSame( array(), $wpdb->get_col( "SHOW TABLES LIKE 'gone\\_tandem\\_%'" ) );
	}

	public function test_it_works_where_the_plugin_is_not_loaded_as_wordpress_does_it(): void {
		$left = RemoteWordPress::clean()->run(
			'update_option( "tandem_settings", array() ); update_user_meta( 1, "_tandem_email_changed_at", "1" ); add_user_meta( 1, "tandem_tag", "vip" );
			$made = WP_Application_Passwords::create_new_application_password( 1, array( "name" => "Tandem pairing: B" ) );
			update_option( "tandem_introductions", array( $made[1]["uuid"] => array( 1, time() ) ) );
			define( "WP_UNINSTALL_PLUGIN", "tandem-user-sync/tandem-user-sync.php" );
			require $args[0];
			return array( get_option( "tandem_settings" ), get_user_meta( 1, "_tandem_email_changed_at" ), get_user_meta( 1, "tandem_tag" ), WP_Application_Passwords::get_user_application_password( 1, $made[1]["uuid"] ) );',
			dirname( __DIR__, 4 ) . '/plugin/uninstall.php'
		);
		self::assertSame( array( false, array(), array(), null ), $left );
	}

	public function test_the_tables_that_are_removed_are_all_that_are_made(): void {
		global $wpdb;
		$made = array_map( static fn ( string $name ): string => substr( $name, strlen( $wpdb->prefix . 'tandem_' ) ), $wpdb->get_col( "SHOW TABLES LIKE '{$wpdb->prefix}tandem\\_%'" ) );
		self::assertEqualsCanonicalizing( Schema::TABLES, $made );
	}

	public function test_the_file_does_nothing_when_it_is_called_directly(): void {
		$file = dirname( __DIR__, 4 ) . '/plugin/uninstall.php';
		self::assertStringContainsString( "defined( 'WP_UNINSTALL_PLUGIN' ) || exit;", (string) file_get_contents( $file ) );
		self::assertSame( '', (string) shell_exec( escapeshellarg( PHP_BINARY ) . ' ' . escapeshellarg( $file ) . ' 2>&1' ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a process without WordPress is what is tested.
	}
}
