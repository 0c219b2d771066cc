<?php
/**
 * Plugin Name: Past WordPress
 * Description: Changes a column of an account as somebody with a database tool does, for the pictures of what Verify finds.
 */

declare(strict_types=1);

add_action(
	'rest_api_init',
	static function (): void {
		register_rest_route(
			'story/v1',
			'/past-wordpress',
			array(
				'methods'             => 'POST',
				'permission_callback' => static fn (): bool => current_user_can( 'manage_options' ),
				'callback'            => static fn ( WP_REST_Request $request ): array => array(
					'changed' => $GLOBALS['wpdb']->update( $GLOBALS['wpdb']->users, $request['columns'], array( 'user_login' => $request['login'] ) ),
				),
			)
		);
	}
);
