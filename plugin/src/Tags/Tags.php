<?php
/**
 * The tags of people: rows of user meta, one for each tag, so that who has one is a plain query.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tags;

use Tandem\Capture\TagChanges;
use Tandem\Database\Failure;
use Tandem\Names;

final class Tags {

	/**
	 * @param Rows       $rows    Where they lie.
	 * @param TagChanges $changes Says what has become of them, once for many rows.
	 */
	public function __construct( private readonly Rows $rows, private readonly TagChanges $changes ) {
	}

	/**
	 * Somebody's tags, in order.
	 *
	 * @param int $user_id User here.
	 * @return list<string>
	 */
	public static function of( int $user_id ): array {
		$rows = $user_id < 1 ? array() : get_user_meta( $user_id, Names::TAG_META );
		return is_array( $rows ) ? Tag::all( $rows ) : array();
	}

	/**
	 * Whether anybody has a tag.
	 *
	 * @throws Failure When the database fails.
	 */
	public function are_in_use(): bool {
		return $this->rows->any();
	}

	/**
	 * Gives and takes tags. What somebody has already is not given again, and what they have not is not taken. More than
	 * `Tag::MOST` nobody gets: what is over is not given.
	 *
	 * @param int                     $user_id User here.
	 * @param array<array-key, mixed> $add     Tags, as they were written.
	 * @param array<array-key, mixed> $remove  Tags, as they were written. One that is in both lists is taken.
	 * @return array{list<string>, list<string>} What was given, and what was taken.
	 * @throws Failure When the database refuses it.
	 */
	public function change( int $user_id, array $add, array $remove ): array {
		if ( array() === array( ...$add, ...$remove ) || false === get_userdata( $user_id ) ) {
			return array( array(), array() );
		}
		$held  = self::of( $user_id );
		$taken = array_values( array_intersect( $held, Tag::all( $remove ) ) );
		$room  = Tag::MOST - count( $held ) + count( $taken );
		$given = array_slice( array_values( array_diff( Tag::all( $add ), $held, Tag::all( $remove ) ) ), 0, max( 0, $room ) );
		if ( array() !== $given || array() !== $taken ) {
			$this->changes->together(
				$user_id,
				function () use ( $user_id, $given, $taken ): void {
					foreach ( array() === $taken ? array() : $this->rows->of( $user_id ) as $row => $value ) {
						if ( in_array( Tag::clean( $value ), $taken, true ) ) {
							// By its number: to the database "resume" and "résumé" are one value.
							delete_metadata_by_mid( 'user', $row );
						}
					}
					foreach ( $given as $tag ) {
						add_user_meta( $user_id, Names::TAG_META, wp_slash( $tag ) );
					}
				}
			);
		}
		return array( $given, $taken );
	}
}
