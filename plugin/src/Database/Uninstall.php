<?php
/**
 * Removes everything that the plugin keeps in a database. Runs without the rest of the plugin.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Database;

use Tandem\Guest\GuestMark;
use Tandem\Login\Departures;
use Tandem\Names;
use Tandem\Network;
use Tandem\Peer\Fence;
use Tandem\Remote\AddressChanges;
use Tandem\Rules\Granted;

final class Uninstall {

	/** All names of the plugin begin like this. */
	private const PREFIX = 'tandem_';

	/**
	 * @param \wpdb $wpdb WordPress's connection.
	 */
	public function __construct( private readonly \wpdb $wpdb ) {
	}

	/**
	 * Removes it all, on every site of a network.
	 */
	public function run(): void {
		// People's meta is one for a whole network.
		delete_metadata( 'user', 0, AddressChanges::META, '', true );
		delete_metadata( 'user', 0, GuestMark::KEY, '', true );
		delete_metadata( 'user', 0, Departures::META, '', true );
		delete_metadata( 'user', 0, Names::TAG_META, '', true );
		Network::on_each_site( $this->site( ... ) );
	}

	/**
	 * One site.
	 */
	private function site(): void {
		$this->cron();
		// Before the option goes that says which ones there are.
		Fence::revoke_all();
		$this->options();
		delete_metadata( 'user', 0, Granted::key(), '', true );
		( new Schema( new Connection( $this->wpdb ), $this->wpdb ) )->drop();
	}

	/**
	 * Events of WP-Cron.
	 */
	private function cron(): void {
		foreach ( _get_cron_array() as $events ) {
			foreach ( array_keys( $events ) as $hook ) {
				if ( str_starts_with( (string) $hook, self::PREFIX ) ) {
					wp_unschedule_hook( (string) $hook );
				}
			}
		}
	}

	/**
	 * Options, and the transients that lie among them.
	 */
	private function options(): void {
		$db = new Connection( $this->wpdb );
		foreach ( array( '', '_transient_', '_transient_timeout_' ) as $before ) {
			foreach ( $db->rows( 'SELECT option_name FROM %i WHERE option_name LIKE %s', $this->wpdb->options, $db->like( $before . self::PREFIX ) . '%' ) as $row ) {
				delete_option( (string) $row['option_name'] );
			}
		}
	}
}
