<?php
/**
 * Which user meta keys are in use on this site and may be sent.
 *
 * The meta table of a large site has tens of millions of rows, so it is not
 * counted: the newest users are looked at, by the index on `user_id`. Their keys
 * are those that the plugins of today write.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Database\Connection;
use Tandem\Hooks\Adapters;
use Tandem\Remote\SiteSettings;

final class MetaKeys {

	/** How many of the newest users are looked at. */
	public const SAMPLE = 500;

	/** How many keys are offered. */
	public const LIMIT = 200;

	/** How a person likes their own wp-admin, or what WordPress notes for itself: allowed, but not worth offering. */
	private const INTERFACE_ONLY = '/^(rich_editing|syntax_highlighting|comment_shortcuts|admin_color|use_ssl|show_admin_bar_front|show_welcome_panel|dismissed_wp_pointers|community-events-location|closedpostboxes_.*|metaboxhidden_.*|meta-box-order_.*|screen_layout_.*|manage.*columnshidden|.*_per_page|.*user-settings(-time)?|.*dashboard_quick_press_last_post_id|.*persisted_preferences|.*nav_menu_recently_edited|last_update)$/';

	/**
	 * @param Connection $db       Database.
	 * @param Adapters   $adapters Fields of other plugins that are no user meta.
	 */
	public function __construct( private readonly Connection $db, private readonly Adapters $adapters ) {
	}

	/**
	 * Keys that may be sent: those of adapters, then the most used ones, then those that plugins have registered and
	 * nobody has yet.
	 *
	 * @return list<array{key: string, label: string, users: int}> `label`: what an adapter calls it, '' for user meta. `users`: how many of the newest users have it.
	 */
	public function in_use(): array {
		$oldest = $this->db->value( 'SELECT ID FROM %i ORDER BY ID DESC LIMIT 1 OFFSET %d', $this->db->users(), self::SAMPLE );
		$rows   = $this->db->rows(
			'SELECT meta_key, COUNT(DISTINCT user_id) AS people FROM %i WHERE user_id > %d GROUP BY meta_key',
			$this->db->usermeta(),
			(int) $oldest
		);
		$counts = array_fill_keys( array_keys( get_registered_meta_keys( 'user' ) ), 0 );
		foreach ( $rows as $row ) {
			$counts[ (string) $row['meta_key'] ] = (int) $row['people']; // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- a column of the answer.
		}
		$own  = $this->adapters->labels();
		$keys = array();
		foreach ( array_diff_key( $counts, $own ) as $key => $people ) {
			if ( SiteSettings::is_meta_key_allowed( (string) $key ) && 1 !== preg_match( self::INTERFACE_ONLY, (string) $key ) ) {
				$keys[] = array(
					'key'   => (string) $key,
					'label' => '',
					'users' => $people,
				);
			}
		}
		usort( $keys, static fn ( array $a, array $b ): int => array( $b['users'], $a['key'] ) <=> array( $a['users'], $b['key'] ) );
		$of_adapters = array_map(
			static fn ( string|int $key, string $label ): array => array(
				'key'   => (string) $key,
				'label' => $label,
				'users' => 0,
			),
			array_keys( $own ),
			$own
		);
		return array_slice( array( ...$of_adapters, ...$keys ), 0, self::LIMIT );
	}
}
