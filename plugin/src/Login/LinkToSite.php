<?php
/**
 * Links to a connected site that log people in there: function, shortcode, block.
 *
 * The address holds nothing about a person, so it may stand in a page that a cache keeps, in a menu and in a mail.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Names;
use Tandem\Security\SiteIdentity;

final class LinkToSite {

	/**
	 * @param Partners     $partners Sites with which this one logs people in.
	 * @param SiteIdentity $identity Which site this is.
	 */
	public function __construct( private readonly Partners $partners, private readonly SiteIdentity $identity ) {
	}

	/**
	 * The address of a page of another site, by way of its log-in.
	 *
	 * @param string $site What the site is called: its id here, its host, its address or its name; '' where there is only one paired site.
	 * @param string $to   Path there, `/course`.
	 * @return string '' when there is no such paired site.
	 */
	public function url( string $site, string $to ): string {
		$found = $this->partners->called( $site );
		return null === $found ? '' : Addresses::begin_on( $found, $this->identity->uuid(), Path::checked( '' === $to ? '/' : $to ) );
	}

	/**
	 * `[tandem_link site="courses.example" to="/course"]To the course[/tandem_link]`
	 *
	 * @param mixed $attributes `site` and `to`.
	 * @param mixed $text       What the link says.
	 * @return string HTML. Of a site that is not there only the text.
	 */
	public function shortcode( mixed $attributes, mixed $text = '' ): string {
		$given = shortcode_atts(
			array(
				'site' => '',
				'to'   => '/',
			),
			is_array( $attributes ) ? $attributes : array(),
			Names::LINK
		);
		$url   = $this->url( (string) $given['site'], (string) $given['to'] );
		$text  = is_string( $text ) ? do_shortcode( $text ) : '';
		if ( '' === $url ) {
			return wp_kses_post( $text );
		}
		return sprintf( '<a href="%s">%s</a>', esc_url( $url ), '' === $text ? esc_html( $url ) : wp_kses_post( $text ) );
	}
}
