<?php
/**
 * Who sees a piece of content: people with tags, or without.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Access;

use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

final class Rule {

	/**
	 * @param list<string> $tags Tags, as `Tag` writes them. Without any nobody sees it, whatever else is said: it was not finished.
	 * @param bool         $all  Whether all of them are needed; else one is enough.
	 * @param bool         $not  Whether it is for those to whom that does not apply.
	 */
	private function __construct( private readonly array $tags, private readonly bool $all, private readonly bool $not ) {
	}

	/**
	 * Reads one from attributes of a shortcode or a block.
	 *
	 * @param mixed $tags  Tags, as a list or separated by commas.
	 * @param mixed $match `all` or `any`.
	 * @param mixed $not   Whether it is turned round.
	 */
	public static function from( mixed $tags, mixed $match, mixed $not ): self {
		$words = is_array( $tags ) ? Tag::all( $tags ) : Tag::listed( is_scalar( $tags ) ? (string) $tags : '' );
		return new self( $words, 'all' === ( is_string( $match ) ? strtolower( trim( $match ) ) : '' ), filter_var( $not, FILTER_VALIDATE_BOOLEAN ) );
	}

	/**
	 * Whether whoever looks at the page sees it. The page is theirs alone then, and no cache may keep it for others: who
	 * is not logged in has no tags, so what they see is the same for all of them.
	 */
	public function lets_in(): bool {
		if ( is_user_logged_in() && ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- the name that the page caches have agreed on.
		}
		return $this->covers( get_current_user_id() );
	}

	/**
	 * Whether it is for a user.
	 *
	 * @param int $user_id User here; 0 for who is not logged in.
	 */
	public function covers( int $user_id ): bool {
		if ( array() === $this->tags ) {
			return false;
		}
		$held = array_intersect( $this->tags, Tags::of( $user_id ) );
		return $this->not !== ( $this->all ? count( $held ) === count( $this->tags ) : array() !== $held );
	}
}
