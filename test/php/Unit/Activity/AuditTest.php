<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Activity;

use PHPUnit\Framework\TestCase;
use Tandem\Activity\Audit;

final class AuditTest extends TestCase {

	public function test_what_changed_is_said_from_what_to_what(): void {
		self::assertSame(
			'deletions.enabled: false → true; meta: ["a"] → ["a","b"]',
			Audit::changes(
				array(
					'deletions' => array( 'enabled' => false ),
					'meta'      => array( 'a' ),
					'name'      => 'Shop',
				),
				array(
					'deletions' => array( 'enabled' => true ),
					'meta'      => array( 'a', 'b' ),
					'name'      => 'Shop',
				)
			)
		);
		self::assertSame( '', Audit::changes( array( 'meta' => array( 'a' ) ), array( 'meta' => array( 'a' ) ) ) );
	}

	public function test_a_change_at_the_end_of_a_long_list_is_said_too(): void {
		$keys = array_map( static fn ( int $number ): string => "billing_field_$number", range( 1, 20 ) );
		self::assertStringContainsString( '+ ["billing_secret"]', Audit::changes( array( 'meta' => $keys ), array( 'meta' => array( ...$keys, 'billing_secret' ) ) ) );
		self::assertStringContainsString( '- ["billing_field_20"]', Audit::changes( array( 'meta' => $keys ), array( 'meta' => array_slice( $keys, 0, 19 ) ) ) );
	}

	public function test_a_long_text_that_changes_at_its_end_is_on_record(): void {
		$text = str_repeat( 'x', 200 );
		self::assertStringStartsWith( 'name: "xxx', Audit::changes( array( 'name' => $text ), array( 'name' => $text . 'y' ) ) );
	}
}
