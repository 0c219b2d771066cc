<?php
/**
 * Plugin Name:       Tandem User Sync
 * Plugin URI:        https://wordpress.org/plugins/tandem-user-sync/
 * Description:       Keeps user accounts the same on two or more separate WordPress sites: the same people, roles and passwords, a second after each change.
 * Version:           0.1.0
 * Requires at least: 6.8
 * Requires PHP:      8.1
 * Author:            Tandem User Sync contributors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       tandem-user-sync
 * Domain Path:       /languages
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

defined( 'ABSPATH' ) || exit;

// WordPress refuses to activate on an older PHP or core, but an update of the plugin by file does not ask.
if ( PHP_VERSION_ID < 80100 || version_compare( get_bloginfo( 'version' ), '6.8-alpha', '<' ) || ! function_exists( 'sodium_crypto_secretbox' ) ) {
	add_action(
		'admin_notices',
		static function (): void {
			printf(
				'<div class="notice notice-error"><p>%s</p></div>',
				esc_html__( 'Tandem User Sync needs PHP 8.1 with sodium and WordPress 6.8 or newer. Nothing is sent until then.', 'tandem-user-sync' )
			);
		}
	);
	return;
}

spl_autoload_register(
	static function ( string $name ): void {
		if ( str_starts_with( $name, __NAMESPACE__ . '\\' ) ) {
			$file = __DIR__ . '/src/' . strtr( substr( $name, strlen( __NAMESPACE__ ) + 1 ), '\\', '/' ) . '.php';
			if ( is_file( $file ) ) {
				require $file;
			}
		}
	}
);

require_once __DIR__ . '/src/functions.php';

$tandem_plugin = new Plugin( __FILE__, $GLOBALS['wpdb'], new Time\SystemClock() );
$tandem_plugin->attach();
