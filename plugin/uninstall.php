<?php
/**
 * Removes everything that the plugin keeps: tables, options, transients
 * and cron events. Accounts stay, here and on the other sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/src/Database/Failure.php';
require_once __DIR__ . '/src/Database/Connection.php';
require_once __DIR__ . '/src/Database/SchemaVersion.php';
require_once __DIR__ . '/src/Database/Schema.php';
require_once __DIR__ . '/src/Guest/GuestMark.php';
require_once __DIR__ . '/src/Login/Departures.php';
require_once __DIR__ . '/src/Peer/Fence.php';
require_once __DIR__ . '/src/Remote/AddressChanges.php';
require_once __DIR__ . '/src/Rules/Granted.php';
require_once __DIR__ . '/src/Names.php';
require_once __DIR__ . '/src/Network.php';
require_once __DIR__ . '/src/Database/Uninstall.php';

( new Database\Uninstall( $GLOBALS['wpdb'] ) )->run();
