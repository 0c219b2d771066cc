<?php
/**
 * A plugin of the test's own, on this WordPress, connected with the real remote one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use Tandem\Activity\Item;
use Tandem\Activity\Query;
use Tandem\Plugin;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\Budget;
use Tandem\Sync\Report;
use Tandem\Tests\FixedClock;
use Tandem\Tests\RemoteWordPress;
use Tandem\Tests\TestCase;

abstract class DeliveryTestCase extends TestCase {

	protected FixedClock $clock;
	protected Plugin $plugin;
	protected RemoteWordPress $remote;
	protected RemoteSite $site;

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( 'user_register', 'profile_update', 'added_user_meta', 'updated_user_meta', 'deleted_user_meta', 'delete_user', 'deleted_user', 'wpmu_delete_user', 'user_profile_update_errors', 'wp_update_user', 'after_password_reset', 'wp_set_password' ) as $hook ) {
			remove_all_actions( $hook );
		}
		$this->remote = RemoteWordPress::clean();
		$this->clock  = new FixedClock( time() );
		$this->plugin = new Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], $this->clock );
		$this->plugin->attach();
		$this->plugin->identity()->establish();
		$this->site = $this->connect( array() );
	}

	/**
	 * Connects the remote site, an hour ago.
	 *
	 * @param array<string, mixed> $settings Shape of `SiteSettings` in admin-src/types.ts.
	 */
	protected function connect( array $settings ): RemoteSite {
		$this->clock->now -= HOUR_IN_SECONDS;
		$site              = $this->plugin->sites()->add( 'B', $this->remote->url, $this->remote->rest_url(), SiteKind::Plain, RemoteWordPress::ADMIN, 1, false, SiteSettings::from_array( $settings ) );
		$this->clock->now += HOUR_IN_SECONDS;
		$this->plugin->credentials()->store( $site->id, RemoteWordPress::ADMIN, 1, $this->remote->application_password );
		return $this->plugin->sites()->get( $site->id );
	}

	/**
	 * Changes the owner's decisions.
	 *
	 * @param array<string, mixed> $settings What is to change.
	 */
	protected function decide( array $settings ): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( $settings, $this->site->settings ) );
		$this->site = $this->plugin->sites()->get( $this->site->id );
		$this->new_request();
	}

	/**
	 * A new request begins: what the plugin read is read again.
	 */
	protected function new_request(): void {
		$made = new \ReflectionProperty( Plugin::class, 'made' );
		$made->setValue( $this->plugin, array() );
	}

	/**
	 * The request ends, and what it captured is delivered.
	 */
	protected function deliver(): Report {
		$this->plugin->recorder()->flush();
		$this->new_request();
		return $this->plugin->dispatcher()->run( Budget::request( 20.0 ) );
	}

	/**
	 * The newest row of the record.
	 */
	protected function last(): Item {
		$items = $this->plugin->log()->search( new Query() );
		self::assertNotSame( array(), $items, 'Nothing is on record.' );
		return $items[0];
	}

	/**
	 * The newest row of the record about a user.
	 *
	 * @param int $user_id User here.
	 */
	protected function last_of( int $user_id ): Item {
		$items = $this->plugin->log()->search( new Query( user_id: $user_id ) );
		self::assertNotSame( array(), $items, 'Nothing is on record for this user.' );
		return $items[0];
	}
}
