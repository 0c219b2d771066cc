<?php
/**
 * Plugin Name: Right to left
 * Description: Turns the direction of writing round for a browser that asks for it by a cookie, as a language pack of Arabic or Hebrew does, of which there is none on a machine without wordpress.org.
 */

declare(strict_types=1);

if ( 'rtl' === ( $_COOKIE['tandem_e2e_direction'] ?? '' ) ) {
	// What WP_Locale reads first.
	$GLOBALS['text_direction'] = 'rtl';
}
