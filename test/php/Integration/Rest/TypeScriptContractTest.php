<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Tests\TestCase;

/**
 * A check of the check: it must be able to fail.
 */
final class TypeScriptContractTest extends TestCase {

	private const CONFLICT = array(
		'id'       => 1,
		'siteId'   => 2,
		'siteName' => 'B',
		'code'     => 'x',
		'message'  => 'x',
		'since'    => 3,
		'here'     => array(
			'id'       => 1,
			'username' => 'anna',
			'email'    => 'anna@a.test',
			'name'     => 'Anna',
			'roles'    => array( 'subscriber' ),
		),
		'there'    => null,
		'choices'  => array( 'ignore' ),
	);

	/**
	 * @return list<string>
	 */
	private function problems( mixed $value ): array {
		return ( new TypeScriptContract() )->problems( 'Conflict', $value );
	}

	public function test_what_fits_has_no_problem(): void {
		self::assertSame( array(), $this->problems( self::CONFLICT ) );
	}

	public function test_what_does_not_fit_is_named(): void {
		$value = self::CONFLICT;
		unset( $value['since'] );
		$value['secret']      = 'x';
		$value['id']          = '1';
		$value['choices'][]   = 'explode';
		$value['there']       = array( 'id' => 5 );
		$value['here']['age'] = 7;
		$problems             = implode( "\n", $this->problems( $value ) );
		foreach ( array( 'answer.since: is missing', 'answer.secret: types.ts', 'answer.id: "1" is no number', 'answer.choices[1]', 'answer.here.age: types.ts', 'answer.there' ) as $part ) {
			self::assertStringContainsString( $part, $problems );
		}
	}

	public function test_unions_of_words_and_borrowed_types_are_understood(): void {
		$contract = new TypeScriptContract();
		self::assertSame( array(), $contract->problems( 'SiteState', 'held' ) );
		self::assertNotSame( array(), $contract->problems( 'SiteState', 'gone' ) );
		self::assertSame( array(), $contract->problems( "Conflict[ 'here' ]", self::CONFLICT['here'] ) );
	}
}
