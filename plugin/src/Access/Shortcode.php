<?php
/**
 * `[tandem_if tag="vip"]…[tandem_else]…[/tandem_if]`
 *
 * Decided for whoever asks, wherever the content is asked for: a page, a feed, REST. From excerpts WordPress takes the
 * whole shortcode out with its content (`strip_shortcodes()`).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Access;

use Tandem\Names;

final class Shortcode {

	/** Between what is for those and what is for the others. */
	private const ELSE = '[' . Names::OTHERWISE . ']';

	/**
	 * What is to be seen.
	 *
	 * @param mixed       $given   Attributes: `tag`, `match`, `not`.
	 * @param string|null $content What it encloses; null where it encloses nothing.
	 */
	public static function render( mixed $given, ?string $content = null ): string {
		$given = shortcode_atts(
			array(
				'tag'   => '',
				'match' => 'any',
				'not'   => '',
			),
			is_array( $given ) ? $given : array(),
			Names::ONLY_IF
		);
		$parts = explode( self::ELSE, (string) $content, 2 );
		return do_shortcode( Rule::from( $given['tag'], $given['match'], $given['not'] )->lets_in() ? $parts[0] : $parts[1] ?? '' );
	}
}
