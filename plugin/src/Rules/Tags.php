<?php
/**
 * Tags of people, as far as rules are concerned.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Capture\TagChanges;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags as TagsOfPeople;

final class Tags {

	/**
	 * @param TagsOfPeople $tags    Writes them.
	 * @param TagChanges   $changes Says what has become of them.
	 */
	public function __construct( private readonly TagsOfPeople $tags, private readonly TagChanges $changes ) {
	}

	/**
	 * Whether somebody has a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function has( int $user_id, string $tag ): bool {
		return in_array( Tag::clean( $tag ), TagsOfPeople::of( $user_id ), true );
	}

	/**
	 * Gives a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function add( int $user_id, string $tag ): void {
		$this->tags->change( $user_id, array( $tag ), array() );
	}

	/**
	 * Takes a tag.
	 *
	 * @param int    $user_id User here.
	 * @param string $tag     The tag.
	 */
	public function remove( int $user_id, string $tag ): void {
		$this->tags->change( $user_id, array(), array( $tag ) );
	}

	/**
	 * Says at once what was done: to be called while it sets no rule off.
	 *
	 * @param int $user_id User here.
	 */
	public function say( int $user_id ): void {
		$this->changes->say( $user_id );
	}

	/**
	 * Whether a text is a tag as it is kept.
	 *
	 * @param string $tag The text.
	 */
	public static function is_tag( string $tag ): bool {
		return Tag::clean( $tag ) === $tag;
	}
}
