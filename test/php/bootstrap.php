<?php
/**
 * Boots a real WordPress with the plugin in PHPUnit's process.
 *
 * @package Tandem
 */

declare(strict_types=1);

require_once dirname( __DIR__, 2 ) . '/vendor/autoload.php';
require_once __DIR__ . '/wp-config.php';
require_once ABSPATH . 'wp-includes/plugin.php';

// Nothing is tested by slow hashing.
add_filter( 'wp_hash_password_options', static fn (): array => array( 'cost' => 4 ) );

// As a must-use plugin: its hooks are attached before any test, and a test can't forget to activate it.
add_action(
	'muplugins_loaded',
	static function (): void {
		// A plugin's file runs at the top level, where its variables are global.
		global $tandem_plugin;
		$file = WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php';
		wp_register_plugin_realpath( $file );
		require_once $file;
	}
);

require ABSPATH . 'wp-settings.php';

// Everything of wp_mail() runs; only the last step, sending, is replaced.
Tandem\Tests\Mailbox::install();
