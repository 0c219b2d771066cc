<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Tags;

use Tandem\Tags\Tag;
use Tandem\Tests\TestCase;

final class TagTest extends TestCase {

	/**
	 * @return iterable<string, array{mixed, string|null}>
	 */
	public static function texts(): iterable {
		yield 'as it is' => array( 'vip', 'vip' );
		yield 'capital letters' => array( 'VIP Gold', 'vip gold' );
		yield 'beyond ASCII' => array( 'Über Ärger', 'über ärger' );
		yield 'blanks' => array( "  a \n b\t", 'a b' );
		yield 'a comma separates tags' => array( 'London, UK', 'london uk' );
		yield 'markup' => array( '<b>vip</b><script>x</script>', 'vip' );
		yield 'a number' => array( 123, '123' );
		yield 'nothing' => array( '', null );
		yield 'only blanks' => array( " \t", null );
		yield '64 characters' => array( str_repeat( 'ü', 64 ), str_repeat( 'ü', 64 ) );
		yield 'too long' => array( str_repeat( 'ü', 65 ), null );
		yield 'far too long' => array( str_repeat( 'x', 100_000 ), null );
		yield 'a list' => array( array( 'vip' ), null );
		yield 'a truth value' => array( true, null );
		yield 'not UTF-8' => array( "\xff\xfe", null );
	}

	/**
	 * @dataProvider texts
	 */
	public function test_a_tag_is_one_text_on_every_site( mixed $text, ?string $tag ): void {
		self::assertSame( $tag, Tag::clean( $text ) );
		if ( null !== $tag ) {
			self::assertSame( $tag, Tag::clean( $tag ), 'What is kept stays as it is.' );
		}
	}

	public function test_a_list_has_each_once_and_in_order(): void {
		self::assertSame( array( 'a', 'b c' ), Tag::listed( 'B  C, a,, A ,' ) );
		self::assertSame( array( '10', 'x' ), Tag::all( array( 'X', 10, '10', null, array() ) ) );
	}
}
