<?php
/**
 * Where mail to an address ends up: `Maria+shop@x.org` and `maria@x.org` are mostly one person's.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class Mailbox {

	/**
	 * The mailbox of an address: in small letters, without what follows a plus.
	 *
	 * @param string $email E-mail address.
	 */
	public static function of( string $email ): string {
		$at   = strrpos( $email, '@' );
		$plus = strpos( $email, '+' );
		return strtolower( false === $at || false === $plus || 0 === $plus || $plus > $at ? $email : substr( $email, 0, $plus ) . substr( $email, $at ) );
	}
}
