<?php
declare(strict_types=1);

namespace Tandem\Tests\Unit\Security;

use PHPUnit\Framework\TestCase;
use Tandem\Security\SecretPair;
use Tandem\Security\Unreadable;
use Tandem\Security\WebhookSignature;

final class WebhookSignatureTest extends TestCase {

	/** The example of the specification's reference libraries (github.com/standard-webhooks/standard-webhooks). */
	private const SECRET    = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
	private const ID        = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
	private const TIME      = 1614265330;
	private const BODY      = '{"test": 2432232314}';
	private const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

	public function test_the_example_of_the_specification(): void {
		self::assertSame( self::SIGNATURE, WebhookSignature::header( array( self::SECRET ), self::ID, self::TIME, self::BODY ) );
		self::assertTrue( WebhookSignature::is_good( array( self::SECRET ), self::ID, (string) self::TIME, self::SIGNATURE, self::BODY ) );
	}

	public function test_one_changed_byte_is_noticed_wherever_it_is(): void {
		$is_good = static fn ( string $id = self::ID, string $time = '1614265330', string $signature = self::SIGNATURE, string $body = self::BODY, string $secret = self::SECRET ): bool => WebhookSignature::is_good( array( $secret ), $id, $time, $signature, $body );
		self::assertTrue( $is_good() );
		self::assertFalse( $is_good( id: self::ID . 'x' ) );
		self::assertFalse( $is_good( time: '1614265331' ) );
		self::assertFalse( $is_good( body: self::BODY . ' ' ) );
		self::assertFalse( $is_good( secret: SecretPair::make()->secret ) );
		foreach ( array( '', 'v1,', substr( self::SIGNATURE, 3 ), str_replace( 'v1,', 'v1a,', self::SIGNATURE ), str_replace( 'v1,', 'v2,', self::SIGNATURE ) ) as $signature ) {
			self::assertFalse( $is_good( signature: $signature ), $signature );
		}
	}

	public function test_either_of_two_secrets_fits_on_either_side(): void {
		$pair   = SecretPair::make()->renewed( 1000 );
		$header = WebhookSignature::header( $pair->good( 1000 ), 'id', 1000, 'body' );
		self::assertSame( 2, substr_count( $header, 'v1,' ) );
		foreach ( array( $pair->secret, $pair->old ) as $secret ) {
			self::assertTrue( WebhookSignature::is_good( array( $secret ), 'id', '1000', $header, 'body' ) );
			self::assertTrue( WebhookSignature::is_good( $pair->good( 1000 ), 'id', '1000', WebhookSignature::header( array( $secret ), 'id', 1000, 'body' ), 'body' ) );
		}
	}

	public function test_the_old_secret_is_good_for_a_day_or_until_it_is_ended(): void {
		$first = SecretPair::make();
		$pair  = $first->renewed( 1000 );
		self::assertNotSame( $first->secret, $pair->secret );
		self::assertSame( array( $pair->secret, $first->secret ), $pair->good( 1000 + SecretPair::OVERLAP - 1 ) );
		self::assertSame( array( $pair->secret ), $pair->good( 1000 + SecretPair::OVERLAP ) );
		self::assertSame( array( $pair->secret ), $pair->without_old()->good( 1000 ) );
		// Of three, the last two.
		self::assertNotContains( $first->secret, $pair->renewed( 1001 )->good( 1001 ) );
	}

	public function test_a_secret_can_stand_in_an_address_as_it_is_and_is_long_enough(): void {
		for ( $i = 0; $i < 200; $i++ ) {
			$secret = SecretPair::make()->secret;
			self::assertMatchesRegularExpression( '/^whsec_[A-Za-z0-9]{32}$/D', $secret );
			self::assertSame( 24, strlen( (string) base64_decode( substr( $secret, 6 ), true ) ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the form that the specification asks for.
		}
	}

	public function test_a_pair_is_kept_as_it_is_and_nonsense_is_none(): void {
		$pair = SecretPair::make()->renewed( 5 );
		self::assertEquals( $pair, SecretPair::from_text( $pair->to_text() ) );
		foreach ( array( '', '[]', '["",""  ,0]', '["a"]', '{"secret":"a"}', 'a' ) as $text ) {
			try {
				SecretPair::from_text( $text );
				self::fail( $text );
			} catch ( Unreadable ) {
				self::assertNotSame( 'x', $text );
			}
		}
		self::assertStringNotContainsString( $pair->secret, print_r( $pair, true ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- as a log would have it.
	}
}
