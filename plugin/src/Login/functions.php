<?php
/**
 * What themes and other plugins may call.
 *
 * @package Tandem
 */

declare(strict_types=1);

if ( ! function_exists( 'tandem_link_url' ) ) {
	/**
	 * The address of a page of a connected site that logs people in there who are logged in here. It holds nothing about a
	 * person and is the same for everybody.
	 *
	 * @param string $site What the site is called: its id here, its host, its address or its name; '' where there is only one paired site.
	 * @param string $to   Path there, `/course`.
	 * @return string '' when there is no such paired site. Not escaped: use `esc_url()`.
	 */
	function tandem_link_url( string $site = '', string $to = '/' ): string {
		/**
		 * Filters the address; the plugin itself gives it here.
		 *
		 * @param string $url  Address.
		 * @param string $site What the site is called.
		 * @param string $to   Path there.
		 */
		return (string) apply_filters( 'tandem_link_url', '', $site, $to );
	}
}
