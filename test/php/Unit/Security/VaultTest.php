<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Security;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Tandem\Security\Unreadable;
use Tandem\Security\Vault;

final class VaultTest extends TestCase {

	public function test_what_was_sealed_opens_again(): void {
		$vault = new Vault( 'salts' );
		$plain = "pä\\ss'\0word " . str_repeat( 'x', 4096 );
		self::assertSame( $plain, $vault->open( $vault->seal( $plain, 'a' ), 'a' ) );
	}

	public function test_sealed_text_shows_nothing_and_is_never_the_same_twice(): void {
		$vault = new Vault( 'salts' );
		self::assertStringNotContainsString( 'secret', $vault->seal( 'secret', 'a' ) );
		self::assertNotSame( $vault->seal( 'secret', 'a' ), $vault->seal( 'secret', 'a' ) );
	}

	/** @return iterable<string, array{string, string, callable(string): string}> */
	public static function tampering(): iterable {
		yield 'other salts' => array( 'other', 'a', static fn ( string $s ): string => $s );
		yield 'another purpose' => array( 'salts', 'b', static fn ( string $s ): string => $s );
		yield 'a changed byte' => array( 'salts', 'a', static fn ( string $s ): string => substr( $s, 0, -6 ) . ( 'A' === $s[-6] ? 'B' : 'A' ) . substr( $s, -5 ) );
		yield 'cut short' => array( 'salts', 'a', static fn ( string $s ): string => substr( $s, 0, 20 ) );
		yield 'empty' => array( 'salts', 'a', static fn (): string => '' );
		yield 'plain text' => array( 'salts', 'a', static fn (): string => 'secret' );
	}

	/** @param callable(string): string $change */
	#[DataProvider( 'tampering' )]
	public function test_anything_else_is_refused( string $salts, string $purpose, callable $change ): void {
		$sealed = $change( ( new Vault( 'salts' ) )->seal( 'secret', 'a' ) );
		$this->expectException( Unreadable::class );
		( new Vault( $salts ) )->open( $sealed, $purpose );
	}

	public function test_a_fingerprint_depends_on_salts_and_purpose(): void {
		$print = ( new Vault( 'salts' ) )->fingerprint( 'x', 'a' );
		self::assertSame( $print, ( new Vault( 'salts' ) )->fingerprint( 'x', 'a' ) );
		self::assertNotSame( $print, ( new Vault( 'other' ) )->fingerprint( 'x', 'a' ) );
		self::assertNotSame( $print, ( new Vault( 'salts' ) )->fingerprint( 'x', 'b' ) );
	}
}
