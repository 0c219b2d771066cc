<?php
/**
 * Installs WordPress into the private database of a run.
 *
 * @package Tandem
 */

declare(strict_types=1);

define( 'WP_INSTALLING', true );
require __DIR__ . '/wp-config.php';

/**
 * In place of core's: nobody is told of this site by mail.
 */
function wp_new_blog_notification(): void {
}

require ABSPATH . 'wp-settings.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 4 ) );
wp_install( 'Site A', 'admin', 'admin@a.test', false, '', 'password' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'users_can_register', 1 );

global $wpdb;
if ( 1 !== (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->users}" ) ) {
	fwrite( STDERR, "WordPress did not install: {$wpdb->last_error}\n" );
	exit( 1 );
}
