<?php
/**
 * docs/hooks.md is the list of the hooks in the code, each with an example that PHP can read.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Hooks;

use PHPUnit\Framework\TestCase;

final class DocumentedTest extends TestCase {

	/** @return array<string, string> What the page says of each hook, by its name. */
	private static function documented(): array {
		$text     = (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/hooks.md' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
		$sections = array();
		preg_match_all( '/^## [^\n]*: `(tandem_[a-z_]+)`\n(.*?)(?=^## |\z)/ms', $text, $found, PREG_SET_ORDER );
		foreach ( $found as $section ) {
			$sections[ $section[1] ] = $section[2];
		}
		ksort( $sections );
		return $sections;
	}

	/** @return array<string, string> Whether each hook in the code is a filter or an action. */
	private static function in_code(): array {
		$hooks = array();
		foreach ( new \RecursiveIteratorIterator( new \RecursiveDirectoryIterator( dirname( __DIR__, 4 ) . '/plugin/src', \FilesystemIterator::SKIP_DOTS ) ) as $file ) {
			preg_match_all( '/(apply_filters|do_action)(?:_ref_array)?\(\s*\'(tandem_[a-z_]+)\'/', (string) file_get_contents( (string) $file ), $found, PREG_SET_ORDER ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
			foreach ( $found as $hook ) {
				$hooks[ $hook[2] ] = $hook[1];
			}
		}
		ksort( $hooks );
		return $hooks;
	}

	public function test_every_hook_is_described_and_nothing_else_is(): void {
		self::assertSame( array_keys( self::in_code() ), array_keys( self::documented() ) );
		self::assertGreaterThan( 9, count( self::in_code() ) );
	}

	public function test_each_has_its_signature_and_an_example_that_php_can_read(): void {
		foreach ( self::in_code() as $hook => $kind ) {
			$section = self::documented()[ $hook ] ?? '';
			self::assertStringContainsString( "`$kind( '$hook'", $section, $hook );
			self::assertSame( 1, preg_match( '/^```php\n(.*?)^```/ms', $section, $example ), $hook );
			self::assertStringContainsString( "'$hook'", $example[1] );
			token_get_all( "<?php\n" . $example[1], TOKEN_PARSE );
		}
	}
}
