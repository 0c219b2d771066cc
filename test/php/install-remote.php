<?php
/**
 * Installs the plain remote site and gives its administrator an application password, printed as JSON.
 *
 * @package Tandem
 */

declare(strict_types=1);

define( 'WP_INSTALLING', true );

$_SERVER['HTTP_HOST']       = (string) parse_url( (string) getenv( 'TANDEM_REMOTE_URL' ), PHP_URL_HOST );
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI']     = '/';

/**
 * In place of core's: nobody is told of this site by mail.
 */
function wp_new_blog_notification(): void {
}

require (string) ( $argv[1] ?? '' ) . '/wp-config.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$tandem_site = wp_install( 'Site B', 'admin', 'admin@b.test', false, '', 'password of b' );
update_option( 'permalink_structure', '/%postname%/' );
$tandem_password = WP_Application_Passwords::create_new_application_password( (int) $tandem_site['user_id'], array( 'name' => 'Tests' ) );
if ( is_wp_error( $tandem_password ) ) {
	fwrite( STDERR, $tandem_password->get_error_message() . "\n" );
	exit( 1 );
}
echo wp_json_encode( array( 'password' => $tandem_password[0] ) );
