<?php
/**
 * Plugin Name: Asleep
 * Description: While the setting `asleep` is on (REST: wp/v2/settings), nothing works in the background, and has not for two hours: for tests and pictures of what an owner reads then.
 */

declare(strict_types=1);

add_action(
	'init',
	static function (): void {
		register_setting(
			'general',
			'asleep',
			array(
				'type'         => 'boolean',
				'default'      => false,
				'show_in_rest' => true,
			)
		);
	}
);

if ( ! get_option( 'asleep' ) ) {
	return;
}

defined( 'DISABLE_WP_CRON' ) || define( 'DISABLE_WP_CRON', true );
add_filter( 'pre_option_tandem_last_run', static fn (): int => time() - 2 * HOUR_IN_SECONDS );
add_filter(
	'pre_get_scheduled_event',
	static fn ( mixed $event, string $hook ): mixed => 'tandem_work' === $hook ? (object) array(
		'hook'      => $hook,
		'timestamp' => time() - 2 * HOUR_IN_SECONDS,
		'schedule'  => 'tandem_minute',
		'args'      => array(),
	) : $event,
	10,
	2
);
// Nor does the site wake itself.
add_filter(
	'rest_pre_dispatch',
	static fn ( mixed $result, WP_REST_Server $server, WP_REST_Request $request ): mixed => '/tandem/v1/work' === $request->get_route() ? new WP_REST_Response( null, 204 ) : $result,
	10,
	3
);
