<?php
/**
 * Plugin Name: Mail to files
 * Description: Writes each mail into a file beside wp-content, for the tools and tests that start this site. There is no mail server.
 */

declare(strict_types=1);

add_filter(
	'pre_wp_mail',
	static function ( mixed $sent, array $mail ): bool {
		$folder = WP_CONTENT_DIR . '/mails';
		wp_mkdir_p( $folder );
		// Sorted by time, and written whole or not at all for whoever is reading.
		$file = sprintf( '%s/%.6f-%s', $folder, microtime( true ), bin2hex( random_bytes( 4 ) ) );
		file_put_contents(
			"$file.part",
			wp_json_encode(
				array(
					'to'      => implode( ', ', (array) $mail['to'] ),
					'subject' => $mail['subject'],
					'text'    => $mail['message'],
				)
			)
		);
		return rename( "$file.part", "$file.json" );
	},
	10,
	2
);
