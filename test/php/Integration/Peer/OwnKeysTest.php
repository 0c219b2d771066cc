<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Security\PublicKeys;
use Tandem\Security\SiteKeys;
use Tandem\Security\Unreadable;
use Tandem\Security\Vault;

/**
 * This site's own keys, when they are replaced while a paired site is away.
 */
final class OwnKeysTest extends SignedTestCase {

	private SiteKeys $keys;

	protected function setUp(): void {
		parent::setUp();
		$this->keys = $this->plugin->keys();
	}

	/**
	 * B has been told of the present keys.
	 */
	private function told(): void {
		$this->plugin->sites()->set_pairing( $this->site->id, $this->known()->with( array( 'our_key' => $this->keys->public_keys()->id() ) ) );
	}

	/**
	 * The owner replaces the keys, as the page does.
	 *
	 * @return PublicKeys Those before.
	 */
	private function replaced(): PublicKeys {
		$before = $this->keys->public_keys();
		$this->keys->rotate( $this->plugin->sites()->known_keys() );
		self::assertNotSame( $before->id(), $this->keys->public_keys()->id() );
		return $before;
	}

	private function assert_still_good( PublicKeys $keys ): void {
		self::assertSame( $keys->id(), $this->keys->public_keys_with( $keys->id() )->id() );
		self::assertTrue( $keys->verifies( $this->keys->sign( 'a message', $keys->id() ), 'a message' ), 'What B knows signs.' );
		self::assertSame( 'secret', $this->keys->open( $keys->seal( 'secret' ) ), 'What B has sealed opens.' );
	}

	private function assert_gone( PublicKeys $keys ): void {
		self::assertSame( $this->keys->public_keys()->id(), $this->keys->public_keys_with( $keys->id() )->id() );
		$this->expectException( Unreadable::class );
		$this->keys->open( $keys->seal( 'secret' ) );
	}

	public function test_what_an_absent_site_knows_is_kept_however_often_and_long(): void {
		$first             = $this->replaced();
		$this->clock->now += 3 * WEEK_IN_SECONDS;
		$this->keys->tidy( $this->plugin->sites()->known_keys() );
		$second            = $this->replaced();
		$third             = $this->replaced();
		$this->clock->now += 3 * WEEK_IN_SECONDS;
		$this->keys->tidy( $this->plugin->sites()->known_keys() );
		$this->assert_still_good( $first );
		self::assertSame( array( $this->keys->public_keys()->id(), $first->id() ), $this->keys->ids(), 'And nothing else.' );
		self::assertNotSame( $second->id(), $third->id() );
	}

	public function test_after_it_was_told_what_it_sealed_before_opens_for_a_week_more(): void {
		$first             = $this->replaced();
		$this->clock->now += 3 * WEEK_IN_SECONDS;
		$this->told();
		$this->keys->tidy( $this->plugin->sites()->known_keys() );
		$this->clock->now += WEEK_IN_SECONDS - 60;
		$this->keys->tidy( $this->plugin->sites()->known_keys() );
		$this->assert_still_good( $first );
		$this->clock->now += 120;
		$this->keys->tidy( $this->plugin->sites()->known_keys() );
		$this->assert_gone( $first );
	}

	public function test_keys_that_were_replaced_by_an_older_version_are_still_known(): void {
		$first = $this->replaced();
		$now   = get_option( SiteKeys::OPTION );
		update_option( SiteKeys::OPTION, array( 'previous' => array( 'until' => $this->clock->now + 60 ) + $now['previous'][0] ) + $now );
		$this->assert_still_good( $first );
		$this->replaced();
		$this->assert_still_good( $first );
	}

	public function test_a_copy_keeps_none(): void {
		$first = $this->replaced();
		$this->keys->replace();
		$this->assert_gone( $first );
	}

	public function test_no_secret_half_lies_open(): void {
		$this->replaced();
		$stored = get_option( SiteKeys::OPTION );
		foreach ( array( $stored, ...$stored['previous'] ) as $keys ) {
			$sign = ( new Vault( wp_salt( 'auth' ) . wp_salt( 'secure_auth' ) ) )->open( $keys['sign'], 'key:sign' );
			self::assertSame( SODIUM_CRYPTO_SIGN_SECRETKEYBYTES, strlen( $sign ) );
			self::assertStringNotContainsString( base64_encode( $sign ), serialize( $stored ) );
		}
	}
}
