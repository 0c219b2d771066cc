<?php
/**
 * Whether a stored password of another site can be one here.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Security\HashFormat;

final class StoredPassword {

	/** bcrypt's cost: each one more doubles the time of a log-in. PHP's own is 10 to 12. */
	private const BCRYPT_COST = 15;

	/** phpass counts rounds as a power of two; WordPress's own is 13. */
	private const PHPASS_ROUNDS = '56789ABCDE';

	/** Argon2: kilobytes, passes and threads. PHP's own are 65,536, 4 and 1. */
	private const ARGON2 = array( 131_072, 10, 8 );

	/** @var list<HashFormat>|null What this WordPress verifies. */
	private ?array $understood = null;

	/**
	 * Whether this WordPress can verify a hash, and at a bearable price: an attempt to log in with a hash of cost 31
	 * would keep the server busy for days.
	 *
	 * @param string $hash As another site stores it.
	 */
	public function is_good( #[\SensitiveParameter] string $hash ): bool {
		$format = HashFormat::of( $hash );
		return null !== $format && self::is_bearable( $format, $hash ) && in_array( $format, $this->understood ??= HashFormat::understood(), true );
	}

	/**
	 * Whether verifying it costs what it usually costs.
	 *
	 * @param HashFormat $format Its format.
	 * @param string     $hash   The hash.
	 */
	private static function is_bearable( HashFormat $format, #[\SensitiveParameter] string $hash ): bool {
		if ( HashFormat::Phpass === $format ) {
			return str_contains( self::PHPASS_ROUNDS, $hash[3] );
		}
		if ( HashFormat::Bcrypt === $format || HashFormat::WpBcrypt === $format ) {
			return 1 === preg_match( '/\$2.\$(\d\d)\$/', $hash, $found ) && (int) $found[1] >= 4 && (int) $found[1] <= self::BCRYPT_COST;
		}
		return 1 === preg_match( '/\$m=(\d{1,7}),t=(\d{1,4}),p=(\d{1,3})\$/', $hash, $found )
			&& (int) $found[1] <= self::ARGON2[0] && (int) $found[2] <= self::ARGON2[1] && (int) $found[3] <= self::ARGON2[2];
	}
}
