<?php
/**
 * What a remote site answered, whatever the status.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class Response {

	/**
	 * @param int                   $status  HTTP status.
	 * @param array<string, string> $headers Headers by name in lower case; several of one name are joined by a comma.
	 * @param string                $body    Body.
	 */
	public function __construct(
		public readonly int $status,
		public readonly array $headers,
		public readonly string $body,
	) {
	}

	/**
	 * A header, or ''.
	 *
	 * @param string $name Its name, in any case.
	 */
	public function header( string $name ): string {
		return $this->headers[ strtolower( $name ) ] ?? '';
	}

	/**
	 * The server's own time, Unix seconds; 0 when it does not tell.
	 */
	public function date(): int {
		return max( 0, (int) strtotime( $this->header( 'date' ) ) );
	}

	/**
	 * Where a redirect leads to, made absolute; '' when this is none.
	 *
	 * @param string $url The address that was asked.
	 */
	public function redirects_to( string $url ): string {
		$location = $this->header( 'location' );
		if ( ! in_array( $this->status, array( 301, 302, 303, 307, 308 ), true ) || '' === $location ) {
			return '';
		}
		$absolute = \WpOrg\Requests\Iri::absolutize( $url, $location );
		return false === $absolute ? '' : (string) $absolute->uri;
	}
}
