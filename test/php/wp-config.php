<?php
/**
 * The WordPress that the tests run in: what run.ts says in the environment.
 *
 * @package Tandem
 */

declare(strict_types=1);

$tandem_setting = static function ( string $name ): string {
	$value = getenv( $name );
	if ( false === $value ) {
		fwrite( STDERR, "These tests need a WordPress and a database of their own. Start them with: npm run test:php\n" );
		exit( 1 );
	}
	return $value;
};

define( 'ABSPATH', rtrim( $tandem_setting( 'TANDEM_TEST_CORE' ), '/' ) . '/' );
define( 'WP_CONTENT_DIR', $tandem_setting( 'TANDEM_TEST_CONTENT' ) );
define( 'DB_NAME', $tandem_setting( 'TANDEM_TEST_DATABASE' ) );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . $tandem_setting( 'TANDEM_TEST_SOCKET' ) );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
// PHPUnit includes this inside a function: core wants both.
$table_prefix            = 'wp_'; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- a configuration's own variable.
$GLOBALS['table_prefix'] = $table_prefix; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- a configuration's own variable.

// Nothing listens there: a request to this site itself fails at once instead of waiting.
define( 'WP_HOME', 'http://127.0.0.1:9' );
define( 'WP_SITEURL', WP_HOME );
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_DEBUG', true );
// As PHP itself is told (run.ts: to the terminal), so that a boot that fails says why.
define( 'WP_DEBUG_DISPLAY', null );
define( 'WP_DEBUG_LOG', dirname( WP_CONTENT_DIR ) . '/debug.log' );
define( 'WP_DISABLE_FATAL_ERROR_HANDLER', true );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );

foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $tandem_scheme ) {
	define( $tandem_scheme . '_KEY', 'key ' . hash( 'sha256', $tandem_scheme ) );
	define( $tandem_scheme . '_SALT', 'salt ' . hash( 'sha256', $tandem_scheme ) );
}

// What a web server would have said.
$_SERVER['HTTP_HOST']       = '127.0.0.1:9';
$_SERVER['SERVER_NAME']     = '127.0.0.1';
$_SERVER['SERVER_PORT']     = '9';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';
