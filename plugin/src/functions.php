<?php
/**
 * Functions for themes and other plugins: the tags of people (docs/hooks.md, "Tags"), and links that log people in
 * elsewhere (docs/login.md).
 *
 * @package Tandem
 */

declare(strict_types=1);

use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

if ( ! function_exists( 'tandem_user_has_tag' ) ) {
	/**
	 * Whether somebody has a tag, or one of several. Upper and lower case are alike.
	 *
	 * @param string|list<string> $tag     A tag, or several.
	 * @param int|null            $user_id User here; whoever is logged in when null. Nobody has no tags.
	 */
	function tandem_user_has_tag( string|array $tag, ?int $user_id = null ): bool {
		return array() !== array_intersect( Tag::all( (array) $tag ), tandem_user_tags( $user_id ?? get_current_user_id() ) );
	}
}

if ( ! function_exists( 'tandem_user_tags' ) ) {
	/**
	 * Somebody's tags, in small letters and in order.
	 *
	 * @param int $user_id User here.
	 * @return list<string>
	 */
	function tandem_user_tags( int $user_id ): array {
		return Tags::of( $user_id );
	}
}

if ( ! function_exists( 'tandem_add_tag' ) ) {
	/**
	 * Gives somebody a tag, or several. Asks nobody whether that is allowed: whoever calls it does.
	 *
	 * @param int                 $user_id User here.
	 * @param string|list<string> $tag     A tag, or several: at most 64 characters each, 200 of one person.
	 * @return bool Whether they have them all now.
	 */
	function tandem_add_tag( int $user_id, string|array $tag ): bool {
		/**
		 * Gives and takes tags of a user (docs/hooks.md).
		 *
		 * @param int          $user_id User here.
		 * @param list<string> $add     Tags to give.
		 * @param list<string> $remove  Tags to take.
		 */
		do_action( 'tandem_change_tags', $user_id, (array) $tag, array() );
		$wanted = array_map( Tag::clean( ... ), (array) $tag );
		return array() === array_diff( $wanted, tandem_user_tags( $user_id ) ) && ! in_array( null, $wanted, true );
	}
}

if ( ! function_exists( 'tandem_remove_tag' ) ) {
	/**
	 * Takes a tag, or several, from somebody. Asks nobody whether that is allowed: whoever calls it does.
	 *
	 * @param int                 $user_id User here.
	 * @param string|list<string> $tag     A tag, or several.
	 * @return bool Whether they have none of them now.
	 */
	function tandem_remove_tag( int $user_id, string|array $tag ): bool {
		do_action( 'tandem_change_tags', $user_id, array(), (array) $tag );
		return ! tandem_user_has_tag( $tag, $user_id );
	}
}

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
