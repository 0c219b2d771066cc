<?php
/**
 * Tags of people here, as rules give and take them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class Tags {

	/** Meta key under which each tag of a person has a row. */
	public const META = 'tandem_tag';

	/** Characters of a tag. */
	public const LONGEST = 64;

	/**
	 * Whether somebody has a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function has( int $user_id, string $tag ): bool {
		return in_array( $tag, array_map( 'strval', (array) get_user_meta( $user_id, self::META ) ), true );
	}

	/**
	 * Gives a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function add( int $user_id, string $tag ): void {
		if ( function_exists( 'tandem_add_tag' ) ) {
			tandem_add_tag( $user_id, $tag );
		} elseif ( ! $this->has( $user_id, $tag ) ) {
			add_user_meta( $user_id, self::META, wp_slash( $tag ) );
		}
	}

	/**
	 * Takes a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function remove( int $user_id, string $tag ): void {
		if ( function_exists( 'tandem_remove_tag' ) ) {
			tandem_remove_tag( $user_id, $tag );
		} else {
			delete_user_meta( $user_id, self::META, wp_slash( $tag ) );
		}
	}

	/**
	 * Whether a text can be a tag.
	 *
	 * @param string $tag The text.
	 */
	public static function is_tag( string $tag ): bool {
		return '' !== $tag && mb_strlen( $tag ) <= self::LONGEST && trim( sanitize_text_field( $tag ) ) === $tag;
	}
}
