<?php
/**
 * That a log-in was begun here, in this browser: what the browser keeps in a cookie while it is on the other site.
 *
 * The cookie holds only the hash of the state that travels in addresses. Who sees an address can't make the cookie, and
 * who sees the cookie does not know the state.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Security\Vault;

final class Ticket {

	/** Seconds for which it is good: time enough to log in on the other site. */
	public const GOOD_FOR = 10 * MINUTE_IN_SECONDS;

	/** What its fingerprint is for. */
	private const PURPOSE = 'login-ticket';

	/**
	 * @param string $state    Hash of the state, 64 hex digits.
	 * @param string $with     UUID of the site that is to say who it is.
	 * @param int    $until    Until when it is good, Unix seconds.
	 * @param bool   $is_quiet Whether nobody has asked for it: a refusal is not shown then.
	 * @param string $to       Path to go to.
	 */
	public function __construct(
		public readonly string $state,
		public readonly string $with,
		public readonly int $until,
		public readonly bool $is_quiet,
		public readonly string $to,
	) {
	}

	/**
	 * The hash of a state.
	 *
	 * @param string $state As it stands in an address: 64 hex digits.
	 */
	public static function hash( #[\SensitiveParameter] string $state ): string {
		return hash( 'sha256', $state );
	}

	/**
	 * The cookie's name: one for each log-in that is under way, so that two tabs don't end each other's. With the prefix,
	 * no other host of the same domain can plant one.
	 *
	 * @param string $hash      Hash of the state.
	 * @param bool   $is_secure Whether this site is reached by HTTPS.
	 */
	public static function name( string $hash, bool $is_secure ): string {
		return ( $is_secure ? '__Host-' : '' ) . 'tandem_login_' . substr( $hash, 0, 16 );
	}

	/**
	 * The cookie's value.
	 *
	 * @param Vault $vault Makes fingerprints.
	 */
	public function value( Vault $vault ): string {
		$text = sodium_bin2base64( (string) wp_json_encode( array( $this->state, $this->with, $this->until, $this->is_quiet, $this->to ), JSON_UNESCAPED_SLASHES ), SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING );
		return $text . '.' . $vault->fingerprint( $text, self::PURPOSE );
	}

	/**
	 * Reads a cookie's value; null when this site did not make it or its time is over.
	 *
	 * @param string $value The value.
	 * @param Vault  $vault Makes fingerprints.
	 * @param int    $now   Unix seconds.
	 */
	public static function read( string $value, Vault $vault, int $now ): ?self {
		list( $text, $proof ) = array_pad( explode( '.', $value, 2 ), 2, '' );
		if ( ! hash_equals( $vault->fingerprint( $text, self::PURPOSE ), $proof ) ) {
			return null;
		}
		$data = json_decode( sodium_base642bin( $text, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING ), true );
		if ( ! is_array( $data ) || 5 !== count( $data ) || (int) $data[2] < $now ) {
			return null;
		}
		return new self( (string) $data[0], (string) $data[1], (int) $data[2], (bool) $data[3], Path::checked( $data[4] ) );
	}
}
