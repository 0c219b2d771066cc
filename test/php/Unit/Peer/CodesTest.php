<?php
/**
 * The list of error codes in docs/protocol.md is the list of the code.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Peer;

use PHPUnit\Framework\TestCase;
use Tandem\Peer\MessageCode;
use Tandem\Peer\UserCode;

final class CodesTest extends TestCase {

	/**
	 * What the protocol says: whether each code may be retried.
	 *
	 * @return array<string, bool>
	 */
	private static function documented(): array {
		$text  = (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/protocol.md' );
		$codes = array();
		preg_match_all( '/^\| ((?:`[a-z_]+`(?:, )?)+) \| (?:message|user|warning) \| (yes|no) \|/m', $text, $rows, PREG_SET_ORDER );
		foreach ( $rows as $row ) {
			preg_match_all( '/`([a-z_]+)`/', $row[1], $names );
			$codes += array_fill_keys( $names[1], 'yes' === $row[2] );
		}
		ksort( $codes );
		return $codes;
	}

	public function test_the_list_in_the_protocol_is_closed_and_says_what_may_be_retried(): void {
		$codes = array();
		foreach ( array( ...MessageCode::cases(), ...UserCode::cases() ) as $code ) {
			$codes[ $code->value ] = $code->may_be_retried();
			self::assertGreaterThan( 20, strlen( $code->sentence() ) );
		}
		ksort( $codes );
		self::assertSame( self::documented(), $codes );
	}
}
