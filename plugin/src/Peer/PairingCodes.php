<?php
/**
 * One-time codes that introduce two sites where application passwords can't: copied by a person from one page to the other.
 *
 * A hundred random bits, good for a quarter of an hour, one at a time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class PairingCodes {

	/** Where the fingerprint of the present code is kept. */
	public const OPTION = 'tandem_pairing_code';

	/** Seconds for which a code is good. */
	public const SECONDS = 15 * MINUTE_IN_SECONDS;

	/** Without letters that look like digits (Crockford's base 32). */
	private const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

	private const LENGTH = 20;

	/**
	 * @param Vault $vault Makes fingerprints.
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Vault $vault, private readonly Clock $clock ) {
	}

	/**
	 * Makes a code. One that was made before is void.
	 *
	 * @return string Four groups of five.
	 */
	public function make(): string {
		$code = '';
		for ( $i = 0; $i < self::LENGTH; $i++ ) {
			$code .= self::ALPHABET[ random_int( 0, strlen( self::ALPHABET ) - 1 ) ];
		}
		update_option(
			self::OPTION,
			array(
				'code' => $this->fingerprint( $code ),
				'good' => $this->clock->now() + self::SECONDS,
			),
			false
		);
		return implode( '-', str_split( $code, 5 ) );
	}

	/**
	 * Takes a code: it is good once.
	 *
	 * @param string $typed As a person typed it.
	 * @return bool Whether it was good.
	 */
	public function take( #[\SensitiveParameter] string $typed ): bool {
		$known = get_option( self::OPTION );
		$code  = strtr( (string) preg_replace( '/[^0-9A-Z]/', '', strtoupper( $typed ) ), 'OIL', '011' );
		return is_array( $known )
			&& (int) ( $known['good'] ?? 0 ) > $this->clock->now()
			&& hash_equals( (string) ( $known['code'] ?? '' ), $this->fingerprint( $code ) )
			// Of two requests with the same code only one gets to delete it.
			&& delete_option( self::OPTION );
	}

	/**
	 * What is stored of a code.
	 *
	 * @param string $code Without dashes.
	 */
	private function fingerprint( #[\SensitiveParameter] string $code ): string {
		return $this->vault->fingerprint( $code, 'pairing-code' );
	}
}
