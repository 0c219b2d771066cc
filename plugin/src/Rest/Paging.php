<?php
/**
 * Lists in pages, with the headers of WordPress's own lists.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class Paging {

	/**
	 * JSON schema of the two arguments.
	 *
	 * @return array<string, array<string, mixed>>
	 */
	public static function args(): array {
		return array(
			'page'     => array(
				'type'    => 'integer',
				'minimum' => 1,
				'maximum' => 1000000,
				'default' => 1,
			),
			'per_page' => array(
				'type'    => 'integer',
				'minimum' => 1,
				'maximum' => 100,
				'default' => 20,
			),
		);
	}

	/**
	 * One page of a list.
	 *
	 * @param list<array<string, mixed>> $items    The items of the page.
	 * @param int                        $total    How many there are in all.
	 * @param int                        $per_page How many on a page.
	 */
	public static function answer( array $items, int $total, int $per_page ): \WP_REST_Response {
		$answer = new \WP_REST_Response( $items );
		$answer->header( 'X-WP-Total', (string) $total );
		$answer->header( 'X-WP-TotalPages', (string) (int) ceil( $total / $per_page ) );
		return $answer;
	}
}
