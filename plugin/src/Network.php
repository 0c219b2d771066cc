<?php
/**
 * The sites of a WordPress network, or the one site where there is no network.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

final class Network {

	/**
	 * Does something on each site.
	 *
	 * @param \Closure(): void $work What.
	 */
	public static function on_each_site( \Closure $work ): void {
		if ( ! is_multisite() ) {
			$work();
			return;
		}
		$ids = get_sites(
			array(
				'fields' => 'ids',
				'number' => 0,
			)
		);
		foreach ( is_array( $ids ) ? $ids : array() as $id ) {
			switch_to_blog( (int) $id );
			$work();
			restore_current_blog();
		}
	}
}
