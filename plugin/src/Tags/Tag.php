<?php
/**
 * What a tag is: a short text, the same on every site.
 *
 * Tags are kept in small letters: "VIP" and "vip" are one tag, whoever wrote it and in whatever form, and equal tags are
 * equal bytes on every site and in every database. A comma separates tags wherever several are written in one text, so
 * none has one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tags;

final class Tag {

	/** Characters of a tag. */
	public const LONGEST = 64;

	/** Tags of one person. */
	public const MOST = 200;

	/**
	 * A tag as it is kept, or null for a text that can't be one: empty, or longer than 64 characters.
	 *
	 * @param mixed $text As somebody wrote it.
	 */
	public static function clean( mixed $text ): ?string {
		if ( ! is_scalar( $text ) || is_bool( $text ) || strlen( (string) $text ) > 1000 ) {
			return null;
		}
		$clean = trim( (string) preg_replace( '/\s+/u', ' ', strtr( mb_strtolower( sanitize_text_field( (string) $text ), 'UTF-8' ), ',', ' ' ) ) );
		return '' === $clean || mb_strlen( $clean ) > self::LONGEST ? null : $clean;
	}

	/**
	 * The tags in a list, each once and in order; what can't be one is left out.
	 *
	 * @param array<array-key, mixed> $texts As they were written.
	 * @return list<string>
	 */
	public static function all( array $texts ): array {
		$tags = array_values( array_unique( array_filter( array_map( self::clean( ... ), $texts ), 'is_string' ) ) );
		sort( $tags, SORT_STRING );
		return $tags;
	}

	/**
	 * The tags in a text, where commas separate them.
	 *
	 * @param string $text "vip, course-1".
	 * @return list<string>
	 */
	public static function listed( string $text ): array {
		return self::all( explode( ',', $text ) );
	}
}
