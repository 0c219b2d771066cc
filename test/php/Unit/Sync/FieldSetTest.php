<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync;

use PHPUnit\Framework\TestCase;
use Tandem\Sync\FieldSet;

final class FieldSetTest extends TestCase {

	public function test_names_are_kept_once_whatever_their_order(): void {
		self::assertSame( array( 'roles', 'user_email' ), ( new FieldSet( 'user_email', 'roles', 'user_email' ) )->names );
	}

	public function test_everything_includes_any_field_but_never_a_password_or_a_deletion(): void {
		$all = new FieldSet( FieldSet::ALL );
		self::assertTrue( $all->includes( 'first_name' ) );
		self::assertTrue( $all->includes( 'meta:phone' ) );
		self::assertFalse( $all->includes( FieldSet::PASSWORD ) );
		self::assertFalse( $all->includes( FieldSet::DELETED ) );
	}

	public function test_it_comes_back_from_the_database_as_it_went(): void {
		$set = new FieldSet( 'meta:käse "x"', 'roles' );
		self::assertEquals( $set, FieldSet::from_string( (string) $set ) );
		self::assertTrue( FieldSet::from_string( 'not json' )->is_empty() );
	}
}
