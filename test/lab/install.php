<?php
/**
 * Installs a WordPress whose wp-config.php is in place: `php install.php <folder> <title> <password of "admin">`.
 *
 * Prints an application password of the administrator as JSON.
 *
 * @package Tandem
 */

declare(strict_types=1);

define( 'WP_INSTALLING', true );

$_SERVER['HTTP_HOST']       = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI']     = '/';

/**
 * In place of core's: nobody is told of this site by mail.
 */
function wp_new_blog_notification(): void {
}

list( , $tandem_folder, $tandem_title, $tandem_admin_password ) = $argv;

require $tandem_folder . '/wp-config.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$tandem_site = wp_install( $tandem_title, 'admin', 'admin@' . strtolower( preg_replace( '/\W+/', '-', $tandem_title ) ) . '.test', false, '', $tandem_admin_password );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'users_can_register', 1 );
$tandem_password = WP_Application_Passwords::create_new_application_password( (int) $tandem_site['user_id'], array( 'name' => 'Tests' ) );
if ( is_wp_error( $tandem_password ) ) {
	fwrite( STDERR, $tandem_password->get_error_message() . "\n" );
	exit( 1 );
}
echo wp_json_encode( array( 'password' => $tandem_password[0] ) );
