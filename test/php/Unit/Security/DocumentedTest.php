<?php
/**
 * docs/security.md names tests that exist.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Security;

use PHPUnit\Framework\TestCase;

final class DocumentedTest extends TestCase {

	private const ROOT = __DIR__ . '/../../../..';

	/**
	 * A file of the project.
	 *
	 * @param string $path From its root.
	 */
	private static function file( string $path ): string {
		return is_file( self::ROOT . '/' . $path ) ? (string) file_get_contents( self::ROOT . '/' . $path ) : ''; // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
	}

	public function test_every_class_and_method_that_is_named_exists(): void {
		preg_match_all( '~`((?:Unit|Integration)/[A-Za-z/]+Test)(?:::(test_[a-z0-9_]+))?`~', self::file( 'docs/security.md' ), $named, PREG_SET_ORDER );
		self::assertGreaterThan( 40, count( $named ) );
		foreach ( $named as $test ) {
			$code = self::file( "test/php/{$test[1]}.php" );
			self::assertNotSame( '', $code, $test[1] );
			if ( isset( $test[2] ) ) {
				self::assertStringContainsString( "function {$test[2]}(", $code, $test[0] );
			}
		}
	}

	public function test_every_test_of_real_sites_that_is_named_exists(): void {
		preg_match_all( '~`([a-z-]+\.test\.ts)`: “([^”]+)”~u', self::file( 'docs/security.md' ), $named, PREG_SET_ORDER );
		self::assertGreaterThan( 10, count( $named ) );
		foreach ( $named as $test ) {
			self::assertStringContainsString( "test( '{$test[2]}'", self::file( "test/paired/{$test[1]}" ), $test[0] );
		}
	}
}
