<?php
/**
 * The plain remote site of the tests. Its copy of this file lies in its own folder.
 *
 * @package Tandem
 */

define( 'DB_NAME', 'remote' );
define( 'DB_USER', '' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$table_prefix = 'wp_'; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- a configuration's own variable.

define( 'WP_HOME', getenv( 'TANDEM_REMOTE_URL' ) );
define( 'WP_SITEURL', WP_HOME );
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_DEBUG', true );
// A web request never shows errors; the installation does, in the terminal.
define( 'WP_DEBUG_DISPLAY', 'cli' === PHP_SAPI ? null : false );
define( 'WP_DEBUG_LOG', __DIR__ . '/debug.log' );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );

define( 'TANDEM_CONTROL_KEY', getenv( 'TANDEM_REMOTE_KEY' ) );
define( 'TANDEM_CONTROL_DIR', __DIR__ . '/control' );
define( 'TANDEM_CONTROL_FAST', true );

foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $scheme ) {
	define( $scheme . '_KEY', 'remote key ' . hash( 'sha256', $scheme ) );
	define( $scheme . '_SALT', 'remote salt ' . hash( 'sha256', $scheme ) );
}

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
