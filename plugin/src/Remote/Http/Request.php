<?php
/**
 * One HTTP request to a remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class Request {

	/**
	 * @param string                $method    GET, POST, DELETE…
	 * @param string                $url       Address.
	 * @param array<string, string> $headers   Headers by name.
	 * @param string                $body      Body, or ''.
	 * @param float                 $timeout   Seconds until the whole answer must be there.
	 * @param int                   $max_bytes Longest body that is accepted as an answer.
	 */
	public function __construct(
		public readonly string $method,
		public readonly string $url,
		#[\SensitiveParameter] public readonly array $headers = array(),
		#[\SensitiveParameter] public readonly string $body = '',
		public readonly float $timeout = 15.0,
		public readonly int $max_bytes = 2_000_000,
	) {
	}

	/**
	 * What `var_dump()` and `print_r()` see: headers and body may hold passwords.
	 *
	 * @return array<string, string>
	 */
	public function __debugInfo(): array {
		return array(
			'method' => $this->method,
			'url'    => $this->url,
		);
	}
}
