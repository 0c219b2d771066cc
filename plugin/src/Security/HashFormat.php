<?php
/**
 * The formats in which WordPress sites store passwords. Two sites that understand the same format can
 * hand a stored password over as it is: no plain text anywhere.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

enum HashFormat: string {
	/** WordPress 6.8 and newer: bcrypt of an HMAC with a constant key (`wp_hash_password()`). */
	case WpBcrypt = 'wp-bcrypt';
	case WpArgon2 = 'wp-argon2';
	/** Up to 6.7. */
	case Phpass = 'phpass';
	/** Plugins that bring `password_hash()`. */
	case Bcrypt = 'bcrypt';
	case Argon2 = 'argon2';

	/** What the vectors below are hashes of. */
	private const VECTOR = 'tandem test vector';

	/**
	 * The format of a stored password; null when it is none that is known. MD5, which every core verifies, is none:
	 * it is not worth carrying to another site.
	 *
	 * @param string $hash As it lies in the database.
	 */
	public static function of( #[\SensitiveParameter] string $hash ): ?self {
		return match ( true ) {
			1 === preg_match( '~^\$wp\$2[axy]\$\d\d\$[./A-Za-z0-9]{53}$~D', $hash ) => self::WpBcrypt,
			1 === preg_match( '~^\$wp\$argon2(?:i|id|d)\$[!-\~]{20,200}$~D', $hash ) => self::WpArgon2,
			1 === preg_match( '~^\$[PH]\$[./A-Za-z0-9]{31}$~D', $hash )              => self::Phpass,
			1 === preg_match( '~^\$2[axy]\$\d\d\$[./A-Za-z0-9]{53}$~D', $hash )      => self::Bcrypt,
			1 === preg_match( '~^\$argon2(?:i|id|d)\$[!-\~]{20,200}$~D', $hash )     => self::Argon2,
			default                                                                  => null,
		};
	}

	/**
	 * The formats that this site can verify: its own `wp_check_password()` is asked, which a plugin may have replaced.
	 *
	 * @return list<self>
	 */
	public static function understood(): array {
		return array_values( array_filter( self::cases(), static fn ( self $format ): bool => $format->is_understood() ) );
	}

	/**
	 * Whether this site verifies the format's vector, and does not verify just anything.
	 */
	private function is_understood(): bool {
		return wp_check_password( self::VECTOR, $this->vector() ) && ! wp_check_password( 'not the ' . self::VECTOR, $this->vector() );
	}

	/**
	 * A hash of the vector, as cheap as the format allows.
	 */
	private function vector(): string {
		return match ( $this ) {
			self::WpBcrypt => '$wp$2y$04$ay2.ycUQH6b473owDj8y8uTKU1Mvqf4XCtu3mmt8Cu0ffCwA4lVPm',
			self::WpArgon2 => '$wp$argon2id$v=19$m=8,t=1,p=1$M096OERoaFllYTZBVUpnLw$yv+I7ELgzn8MB398SZzNOyCDVdY3W0NlUNGv7KmV9vc',
			self::Phpass   => '$P$5abcdefghTAwzOH2Bm8x/JrAnTzEhp.',
			self::Bcrypt   => '$2y$04$vwF86DCIh86d/9U85eccBO8GImx9fFKAxwEE5pX6DRvE.Cy.OJUhe',
			self::Argon2   => '$argon2id$v=19$m=8,t=1,p=1$N1lKL2JINzIzeUc2YXJGaw$Gqp4d4ATo9sxiUgvQ4fR/61mMgpE1fc8VFdBOE8VqFo',
		};
	}
}
