<?php
/**
 * Plugin Name: Text direction
 * Description: Shows a page from right to left to a browser that holds the cookie `text_direction=rtl`, for tests and pictures: the languages that are written so can't be downloaded everywhere.
 */

declare(strict_types=1);

add_filter(
	'gettext_with_context',
	static fn ( string $translation, string $text, string $context ): string =>
		'text direction' === $context && 'ltr' === $text && 'rtl' === ( $_COOKIE['text_direction'] ?? '' ) ? 'rtl' : $translation,
	10,
	3
);
