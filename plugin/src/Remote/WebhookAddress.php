<?php
/**
 * Which addresses a webhook may have. Only an administrator enters one, but this server may reach what they can't: the
 * host's own services, other sites' databases, cloud metadata. So besides HTTPS WordPress's own check of unknown
 * addresses is asked (`wp_http_validate_url()`: no private or loopback addresses, no odd ports), each time.
 *
 * What is left: a name that answers with another address a moment later. Whoever controls one still gets no more than
 * the first line of the answer to a signed POST.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\AddressPolicy;

final class WebhookAddress {

	/**
	 * @param AddressPolicy $policy          Whether it must be HTTPS.
	 * @param bool          $private_allowed Whether it may lie in a private network: on a local development machine.
	 */
	public function __construct( private readonly AddressPolicy $policy, private readonly bool $private_allowed ) {
	}

	/**
	 * That of this site.
	 */
	public static function of_this_site(): self {
		return new self( AddressPolicy::of_this_site(), 'local' === wp_get_environment_type() );
	}

	/**
	 * What is wrong with an address, or null.
	 *
	 * @param string $url Address.
	 */
	public function problem( string $url ): ?ProblemCode {
		if ( ! $this->policy->allows( $url ) ) {
			return ProblemCode::Insecure;
		}
		if ( $this->private_allowed || false !== wp_http_validate_url( $url ) ) {
			return null;
		}
		$host = (string) wp_parse_url( $url, PHP_URL_HOST );
		return false === filter_var( trim( $host, '[]' ), FILTER_VALIDATE_IP ) && gethostbyname( $host ) === $host ? ProblemCode::Dns : ProblemCode::HookAddress;
	}
}
