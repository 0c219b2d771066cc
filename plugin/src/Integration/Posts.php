<?php
/**
 * Posts of other plugins, as things that a person chooses from.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Integration;

final class Posts {

	/**
	 * Published and private posts of a type, by their title.
	 *
	 * @param string $type   Post type.
	 * @param string $before What stands before their id.
	 * @param string $kind   What they are, for people.
	 * @param int    $most   How many at most.
	 * @return list<array{id: string, title: string, kind: string}>
	 */
	public static function titled( string $type, string $before, string $kind, int $most ): array {
		$found = get_posts(
			array(
				'post_type'              => $type,
				'post_status'            => array( 'publish', 'private' ),
				'numberposts'            => $most,
				'orderby'                => 'title',
				'order'                  => 'ASC',
				'suppress_filters'       => false,
				'update_post_meta_cache' => false,
				'update_post_term_cache' => false,
			)
		);
		$posts = array();
		foreach ( $found as $post ) {
			if ( $post instanceof \WP_Post ) {
				$posts[] = array(
					'id'    => $before . $post->ID,
					'title' => '' === $post->post_title ? '#' . $post->ID : $post->post_title,
					'kind'  => $kind,
				);
			}
		}
		return $posts;
	}
}
