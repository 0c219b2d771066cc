<?php
/**
 * One route of the plugin's REST API: where, how, with what, and who answers.
 *
 * Who may call it is not said here: `Api` asks for the same right on every route.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class Route {

	/**
	 * @param string                              $method GET, POST, PATCH or DELETE.
	 * @param non-falsy-string                    $path   Path below the namespace, as WordPress's pattern.
	 * @param \Closure(\WP_REST_Request): mixed   $answer Makes the answer: data or a WP_REST_Response.
	 * @param array<string, array<string, mixed>> $args   JSON schema of each argument, by name.
	 */
	public function __construct(
		public readonly string $method,
		public readonly string $path,
		public readonly \Closure $answer,
		public readonly array $args = array(),
	) {
	}
}
