<?php
/**
 * A paired site says that it has another address. That its key must live there is in test/paired/pairing.test.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\Notices;
use Tandem\Peer\PasswordTest;
use Tandem\Peer\SelfTest;
use Tandem\Peer\StoredPassword;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Options;
use Tandem\Remote\PeerLookup;

final class MovedTest extends PeerTestCase {

	/**
	 * @return array<string, array{mixed, mixed}>
	 */
	public static function bad_addresses(): array {
		return array(
			'no addresses'                   => array( null, null ),
			'no text'                        => array( array( 'https://b.test' ), array( 'https://b.test/wp-json/' ) ),
			'a home without HTTPS'           => array( 'http://b.test', 'https://b.test/wp-json/' ),
			'a REST API without HTTPS'       => array( 'https://b.test', 'http://b.test/wp-json/' ),
			'another host'                   => array( 'https://bank.test', 'https://b.test/wp-json/' ),
			'a host that begins alike'       => array( 'https://b.test.evil.test', 'https://b.test/wp-json/' ),
			'a host before an at'            => array( 'https://bank.test@b.test', 'https://b.test/wp-json/' ),
			'a home of another kind'         => array( 'javascript:alert(1)', 'https://b.test/wp-json/' ),
			'a home that is too long'        => array( 'https://b.test/' . str_repeat( 'a', 250 ), 'https://b.test/wp-json/' ),
			'a REST API of too many letters' => array( 'https://b.test', 'https://b.test/' . str_repeat( 'a', 250 ) ),
		);
	}

	#[DataProvider( 'bad_addresses' )]
	public function test_an_address_that_no_introduction_would_bring_is_refused_before_anybody_is_asked( mixed $url, mixed $rest_url ): void {
		$policy = new AddressPolicy( false );
		$before = $this->plugin->sites()->get( $this->site->id );
		try {
			( new Notices( $this->plugin->sites(), $this->plugin->outbox(), new PeerLookup( new Client( $policy, new Options( 'test' ) ) ), $policy, $this->plugin->identity(), new SelfTest( new PasswordTest( $this->plugin->keys(), new StoredPassword() ), $this->plugin->sites() ), $this->plugin->log(), static fn () => null, $this->clock ) )->take(
				$this->site,
				array(
					'type'     => 'moved',
					'url'      => $url,
					'rest_url' => $rest_url,
				)
			);
			self::fail( 'It was taken.' );
		} catch ( MessageRefused $refused ) {
			self::assertStringContainsString( 'not HTTPS', $refused->getMessage() );
		}
		self::assertEquals( $before, $this->plugin->sites()->get( $this->site->id ) );
	}
}
