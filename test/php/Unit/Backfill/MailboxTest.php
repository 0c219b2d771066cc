<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Backfill;

use PHPUnit\Framework\TestCase;
use Tandem\Backfill\Mailbox;

final class MailboxTest extends TestCase {

	/**
	 * @testWith ["Maria+shop@X.org", "maria@x.org"]
	 *           ["maria@x.org", "maria@x.org"]
	 *           ["maria+a+b@x.org", "maria@x.org"]
	 *           ["+maria@x.org", "+maria@x.org"]
	 *           ["maria@x+y.org", "maria@x+y.org"]
	 *           ["nonsense+tag", "nonsense+tag"]
	 *           ["", ""]
	 */
	public function test_an_address_without_its_tag_in_small_letters( string $email, string $mailbox ): void {
		self::assertSame( $mailbox, Mailbox::of( $email ) );
	}
}
