<?php
/**
 * docs/peer-users.schema.json is the schema by which people are read. `TANDEM_WRITE_DOCS=1` writes it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Peer;

use PHPUnit\Framework\TestCase;
use Tandem\Peer\UserSchema;

final class UserSchemaTest extends TestCase {

	public function test_the_documented_schema_is_the_one_that_is_used(): void {
		$file = dirname( __DIR__, 4 ) . '/docs/peer-users.schema.json';
		$json = json_encode( UserSchema::documented(), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) . "\n";
		if ( '1' === getenv( 'TANDEM_WRITE_DOCS' ) ) {
			file_put_contents( $file, $json );
		}
		self::assertSame( (string) file_get_contents( $file ), $json, 'TANDEM_WRITE_DOCS=1 npx tsx test/php/run.ts --db=sqlite --filter=UserSchemaTest' );
	}
}
