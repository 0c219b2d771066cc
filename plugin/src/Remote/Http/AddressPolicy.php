<?php
/**
 * Which addresses requests may go to: the one place where HTTPS is demanded.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class AddressPolicy {

	/**
	 * @param bool $http_allowed Whether plain HTTP will do.
	 */
	public function __construct( public readonly bool $http_allowed ) {
	}

	/**
	 * The policy of this site: plain HTTP only on a local development machine, or where the owner
	 * says so in wp-config.php (`define( 'TANDEM_ALLOW_HTTP', true );`).
	 */
	public static function of_this_site(): self {
		return new self( 'local' === wp_get_environment_type() || ( defined( 'TANDEM_ALLOW_HTTP' ) && true === constant( 'TANDEM_ALLOW_HTTP' ) ) );
	}

	/**
	 * Whether requests may go to an address.
	 *
	 * @param string $url Address.
	 */
	public function allows( string $url ): bool {
		$parts = wp_parse_url( $url );
		if ( ! is_array( $parts ) || '' === ( $parts['host'] ?? '' ) || isset( $parts['user'] ) || isset( $parts['pass'] ) || preg_match( '/[\x00-\x20\x7f\\\\]/', $url ) ) {
			return false;
		}
		$scheme = strtolower( $parts['scheme'] ?? '' );
		return 'https' === $scheme || ( 'http' === $scheme && $this->http_allowed );
	}
}
