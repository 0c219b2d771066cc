<?php
/**
 * What a web server's rules for WordPress do, for PHP's built-in server.
 *
 * @package Tandem
 */

declare(strict_types=1);

$tandem_root = (string) $_SERVER['DOCUMENT_ROOT'];
$tandem_path = rawurldecode( (string) parse_url( (string) $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$tandem_file = $tandem_root . $tandem_path;
if ( is_dir( $tandem_file ) ) {
	$tandem_file = rtrim( $tandem_file, '/' ) . '/index.php';
}
if ( is_file( $tandem_file ) && ! str_ends_with( $tandem_file, '.php' ) ) {
	return false;
}
if ( ! is_file( $tandem_file ) ) {
	$tandem_file = $tandem_root . '/index.php';
}
$_SERVER['SCRIPT_FILENAME'] = $tandem_file;
$_SERVER['SCRIPT_NAME']     = substr( $tandem_file, strlen( $tandem_root ) );
$_SERVER['PHP_SELF']        = $_SERVER['SCRIPT_NAME'];
chdir( dirname( $tandem_file ) );
require $tandem_file;
