<?php
/**
 * The list of error codes in docs/protocol.md is the list of the code.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Peer;

use PHPUnit\Framework\TestCase;
use Tandem\Login\Refusal;
use Tandem\Peer\IntroductionCode;
use Tandem\Peer\BringRequests;
use Tandem\Peer\MessageCode;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\UserCode;
use Tandem\Peer\UserResult;

final class CodesTest extends TestCase {

	/** What warnings are about: no result has them for a code. */
	private const WARNINGS = array( UserCode::RoleRefused, UserCode::MetaRefused, UserCode::PasswordUnreadable );

	private static function protocol(): string {
		return (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/protocol.md' );
	}

	/**
	 * What the protocol says: whether each code may be retried, by "of: code".
	 *
	 * @return array<string, bool>
	 */
	private static function documented(): array {
		$codes = array();
		preg_match_all( '/^\| ((?:`[a-z_]+`(?:, )?)+) \| ([a-z, ]+) \| (yes|no) \|/m', self::protocol(), $rows, PREG_SET_ORDER );
		foreach ( $rows as $row ) {
			preg_match_all( '/`([a-z_]+)`/', $row[1], $names );
			foreach ( $names[1] as $name ) {
				foreach ( explode( ', ', $row[2] ) as $of ) {
					$codes[ "$of: $name" ] = 'yes' === $row[3];
				}
			}
		}
		ksort( $codes );
		return $codes;
	}

	public function test_the_list_in_the_protocol_is_closed_and_says_what_may_be_retried(): void {
		$codes = array();
		foreach ( MessageCode::cases() as $code ) {
			$data                             = ( new MessageRefused( $code ) )->to_error()->get_error_data();
			$codes[ "message: $code->value" ] = $data['retry'];
			self::assertGreaterThan( 20, strlen( $code->sentence() ) );
		}
		foreach ( UserCode::cases() as $code ) {
			$of                           = in_array( $code, self::WARNINGS, true ) ? 'warning' : 'user';
			$codes[ "$of: $code->value" ] = UserResult::refused( 1, $code->value, '' )->to_array()['retry'];
			self::assertGreaterThan( 20, strlen( $code->sentence() ) );
		}
		foreach ( IntroductionCode::cases() as $code ) {
			$codes[ "introduction: $code->value" ] = $code->to_error()->get_error_data()['retry'];
			self::assertGreaterThan( 20, strlen( $code->sentence() ) );
		}
		foreach ( array( Refusal::Code, Refusal::NotShared ) as $code ) {
			$codes[ "login: $code->value" ] = false;
		}
		$codes[ 'reason: ' . BringRequests::NOT_ALLOWED ] = false;
		ksort( $codes );
		self::assertSame( self::documented(), $codes );
	}

	public function test_the_order_of_refusals_in_the_protocol_is_that_of_the_list(): void {
		self::assertSame( 1, preg_match( '/^The receiver refuses, in this order: (.*) Then what the route says\./m', self::protocol(), $found ) );
		preg_match_all( '/\(`([a-z_]+)`[);:]/', $found[1] ?? '', $codes );
		self::assertSame( array_column( MessageCode::cases(), 'value' ), $codes[1] );
	}

	/**
	 * The classes that answer `/peer` have no code that is not in one of the lists.
	 */
	public function test_no_route_for_paired_sites_has_a_code_of_its_own(): void {
		$plugin = dirname( __DIR__, 4 ) . '/plugin/src';
		$seen   = 0;
		foreach ( array( "$plugin/Rest/PeerController.php", "$plugin/Login/Redemption.php", "$plugin/Verify/Answers.php", ...(array) glob( "$plugin/Peer/*.php" ) ) as $file ) {
			// What somebody reads who logs in here: none of these routes says it.
			if ( 'Suspension.php' === basename( (string) $file ) ) {
				continue;
			}
			$source = (string) file_get_contents( (string) $file );
			self::assertDoesNotMatchRegularExpression( '/WP_Error\(\s*\'/', $source, (string) $file );
			self::assertDoesNotMatchRegularExpression( '/->add\(\s*\'/', $source, (string) $file );
			self::assertDoesNotMatchRegularExpression( '/UserResult::refused\([^;]*, \'/', $source, (string) $file );
			self::assertDoesNotMatchRegularExpression( '/\'refused\'\s*=>\s*\'/', $source, (string) $file );
			++$seen;
		}
		self::assertGreaterThan( 30, $seen );
	}
}
