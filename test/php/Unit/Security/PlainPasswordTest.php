<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Security;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Tandem\Security\PlainPassword;

final class PlainPasswordTest extends TestCase {

	/** @return iterable<string, array{string, string|null}> */
	public static function passwords(): iterable {
		yield 'plain' => array( 'correct horse', 'correct horse' );
		yield 'a quote from a form' => array( "O\\'Neil", "O'Neil" );
		yield 'a double quote from a form' => array( 'say \\"hi\\"', 'say "hi"' );
		yield 'a quote set by code' => array( "O'Neil", "O'Neil" );
		yield 'a backslash from a form' => array( 'a\\\\b', null );
		yield 'a backslash set by code' => array( 'a\\b', null );
		yield 'UTF-8' => array( 'pässwörd 日本', 'pässwörd 日本' );
		yield 'spaces at the ends' => array( ' x ', ' x ' );
	}

	#[DataProvider( 'passwords' )]
	public function test_what_rest_gets_is_what_the_person_types( string $stored, ?string $typed ): void {
		self::assertSame( $typed, ( new PlainPassword( $stored ) )->for_rest() );
	}

	public function test_it_can_not_be_printed_or_stored_by_mistake(): void {
		$password = new PlainPassword( 'hunter2' );
		self::assertStringNotContainsString( 'hunter2', print_r( $password, true ) );
		self::assertStringNotContainsString( 'hunter2', (string) wp_json_encode( $password ) );
		ob_start();
		var_dump( $password );
		self::assertStringNotContainsString( 'hunter2', (string) ob_get_clean() );
		$this->expectException( \LogicException::class );
		serialize( $password );
	}
}
