<?php
/**
 * Users of this site who have something, by parts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class UserPages {

	/**
	 * A part of them, by their ids.
	 *
	 * @param array<string, mixed> $who  Query of `WP_User_Query`.
	 * @param string               $name Name of the occasion.
	 * @param int                  $page Which part, from 1.
	 */
	public static function of( array $who, string $name, int $page ): OccasionPage {
		$query = new \WP_User_Query(
			$who + array(
				'fields'  => 'ID',
				'orderby' => 'ID',
				'number'  => OccasionPage::SIZE,
				'paged'   => $page,
			)
		);
		$ids   = array_values( array_map( 'intval', $query->get_results() ) );
		return new OccasionPage(
			array_map( static fn ( int $id ): Occasion => new Occasion( $id, $name ), $ids ),
			( $page - 1 ) * OccasionPage::SIZE + count( $ids ),
			$query->get_total()
		);
	}
}
