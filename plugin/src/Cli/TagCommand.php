<?php
/**
 * `wp tandem tag …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Rest\Api;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

/**
 * Shows, gives and takes the tags of users.
 */
final class TagCommand extends Command {

	/**
	 * @param Api  $api  The routes.
	 * @param Tags $tags The tags.
	 */
	public function __construct( Api $api, private readonly Tags $tags ) {
		parent::__construct( $api );
	}

	/**
	 * Lists a user's tags.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Number, username or e-mail address.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml or count.
	 * ---
	 * default: table
	 * ---
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  User.
	 * @param array<string, string> $flags `format`.
	 */
	public function list_( array $args, array $flags ): void {
		$this->show( array_map( static fn ( string $tag ): array => array( 'tag' => $tag ), Tags::of( $this->user( $args[0] )->ID ) ), array( 'tag' ), $flags );
	}

	/**
	 * Gives a user tags.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Number, username or e-mail address.
	 *
	 * <tag>...
	 * : Tags, at most 64 characters each.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem tag add maria@example.org vip "course 1"
	 *
	 * @param list<string> $args User and tags.
	 */
	public function add( array $args ): void {
		$user    = $this->user( $args[0] );
		$tags    = self::checked( array_slice( $args, 1 ) );
		$given   = $this->tags->change( $user->ID, $tags, array() )[0];
		$missing = array_diff( $tags, Tags::of( $user->ID ) );
		if ( array() !== $missing ) {
			\WP_CLI::error( sprintf( 'Nobody has more than %d tags, so these were not given: %s.', Tag::MOST, implode( ', ', $missing ) ) );
		}
		\WP_CLI::success( array() === $given ? sprintf( '%s had them already.', $user->user_login ) : sprintf( '%s got: %s.', $user->user_login, implode( ', ', $given ) ) );
	}

	/**
	 * Takes tags from a user.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Number, username or e-mail address.
	 *
	 * <tag>...
	 * : Tags.
	 *
	 * @param list<string> $args User and tags.
	 */
	public function remove( array $args ): void {
		$user  = $this->user( $args[0] );
		$taken = $this->tags->change( $user->ID, array(), self::checked( array_slice( $args, 1 ) ) )[1];
		\WP_CLI::success( array() === $taken ? sprintf( '%s had none of them.', $user->user_login ) : sprintf( '%s no longer has: %s.', $user->user_login, implode( ', ', $taken ) ) );
	}

	/**
	 * Tags as they are kept; ends with a sentence where one can't be a tag.
	 *
	 * @param list<string> $typed As they were typed.
	 * @return list<string>
	 */
	private static function checked( array $typed ): array {
		foreach ( $typed as $text ) {
			if ( null === Tag::clean( $text ) ) {
				\WP_CLI::error( sprintf( '“%s” can’t be a tag: it is empty, or longer than %d characters.', $text, Tag::LONGEST ) );
			}
		}
		return Tag::all( $typed );
	}
}
