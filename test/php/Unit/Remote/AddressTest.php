<?php
/**
 * Addresses as people type them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Remote;

use PHPUnit\Framework\TestCase;
use Tandem\Remote\Address;
use Tandem\Remote\Http\AddressPolicy;

final class AddressTest extends TestCase {

	public function test_what_is_copied_along_is_cut_off(): void {
		self::assertSame( 'https://example.com/blog', Address::typed( 'Example.COM/blog/wp-admin/users.php?page=x#y' )?->https() );
		self::assertSame( 'https://xn--bcher-kva.example', Address::typed( 'https://Bücher.example/' )?->https() );
		self::assertSame( 'https://example.com:8443/wp-json-tools', Address::typed( 'https://example.com:8443/wp-json-tools/' )?->https() );
		self::assertSame( 'http://[::1]:8080', Address::typed( 'http://[::1]:8080/' )?->http() );
	}

	public function test_the_same_site_is_known_by_any_spelling(): void {
		self::assertTrue( Address::is_same( 'http://www.Example.com/', 'https://example.com:443' ) );
		self::assertFalse( Address::is_same( 'https://example.com/a', 'https://example.com/b' ) );
		self::assertFalse( Address::is_same( 'https://example.com', 'https://example.com.attacker.test' ) );
		self::assertFalse( Address::is_same( 'https://example.com:8080', 'https://example.com' ) );
		self::assertFalse( Address::is_same( '', '' ) );
		self::assertTrue( Address::is_same_host( 'https://example.com/a', 'https://www.example.com/b' ) );
		self::assertFalse( Address::is_same_host( 'https://example.com', 'https://example.org' ) );
		self::assertFalse( Address::is_same_host( 'https://example.com@attacker.test', 'https://example.com' ) );
	}

	/**
	 * @dataProvider addresses
	 */
	public function test_where_requests_may_go( string $url, bool $https_only, bool $http_too ): void {
		self::assertSame( $https_only, ( new AddressPolicy( false ) )->allows( $url ) );
		self::assertSame( $http_too, ( new AddressPolicy( true ) )->allows( $url ) );
	}

	/**
	 * @return list<array{string, bool, bool}>
	 */
	public static function addresses(): array {
		return array(
			array( 'https://example.com/x', true, true ),
			array( 'HTTPS://example.com', true, true ),
			array( 'http://example.com', false, true ),
			array( 'ftp://example.com', false, false ),
			array( 'file:///etc/passwd', false, false ),
			array( 'gopher://example.com', false, false ),
			array( '//example.com', false, false ),
			array( 'https://user:pass@example.com', false, false ),
			array( 'https://user@example.com', false, false ),
			array( "https://example.com/\r\nHost: other", false, false ),
			array( 'https://example.com\\@attacker.test', false, false ),
			array( 'https://', false, false ),
			array( '', false, false ),
		);
	}
}
