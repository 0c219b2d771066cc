<?php
/**
 * A plugin of the test's own, paired with the sites B and C, in the place of either end of a log-in. Nobody answers
 * there; what two real sites say to each other is in test/paired/login.test.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use Tandem\Login\Addresses;
use Tandem\Login\Browser;
use Tandem\Peer\Policy;
use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Security\PublicKeys;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

abstract class LoginTestCase extends CaptureTestCase {

	protected const B = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
	protected const C = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';

	/** What names no site. */
	protected const NOBODY = 'dddddddd-dddd-4ddd-8ddd-dddddddddddd';

	protected RemoteSite $other;

	/** @var array<string, mixed> What the web server said before the test. */
	private array $server;

	protected function setUp(): void {
		parent::setUp();
		$this->server = $_SERVER;
		$this->plugin->sites()->remove( $this->site->id );
		$this->plugin->identity()->establish();
		$this->plugin->keys()->establish();
		$this->site  = $this->pair( 'B', self::B );
		$this->other = $this->pair( 'C', self::C );
		$this->end_request();
		$this->visit( '/' );
	}

	protected function tearDown(): void {
		$_SERVER = $this->server;
		parent::tearDown();
	}

	private function pair( string $name, string $uuid ): RemoteSite {
		$sites = $this->plugin->sites();
		$host  = 'https://' . strtolower( $name ) . '.test';
		$site  = $sites->add( $name, $host, "$host/wp-json/", SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$keys  = PublicKeys::from(
			array(
				'sign' => base64_encode( sodium_crypto_sign_publickey( sodium_crypto_sign_keypair() ) ),
				'box'  => base64_encode( sodium_crypto_box_publickey( sodium_crypto_box_keypair() ) ),
			)
		);
		self::assertNotNull( $keys );
		$sites->set_pairing( $site->id, new Pairing( $uuid, $keys, hashes: array( 'wp-bcrypt' ) ) );
		return $sites->get( $site->id );
	}

	/**
	 * The owner decides what B may do here.
	 *
	 * @param array<string, mixed> $policy What differs.
	 */
	protected function allow( array $policy ): void {
		$this->plugin->sites()->set_policy( $this->site->id, Policy::from_array( $policy, Policy::from_array( $this->site->policy ) )->to_array() );
		$this->site = $this->plugin->sites()->get( $this->site->id );
	}

	/**
	 * A browser asks for an address of this site.
	 *
	 * @param string                $path    Path and parameters.
	 * @param array<string, string> $headers Further headers.
	 */
	protected function visit( string $path, array $headers = array() ): Browser {
		$query = (string) wp_parse_url( $path, PHP_URL_QUERY );
		parse_str( $query, $parameters );
		$_GET = wp_slash( $parameters );
		foreach ( array( 'HTTP_REFERER', 'HTTP_SEC_FETCH_DEST', 'HTTP_SEC_PURPOSE', 'HTTP_PURPOSE' ) as $name ) {
			unset( $_SERVER[ $name ] );
		}
		$_SERVER = $headers + array(
			'REQUEST_METHOD'  => 'GET',
			'REQUEST_URI'     => $path,
			'HTTP_HOST'       => Browser::host( home_url() ),
			'HTTP_USER_AGENT' => 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
			'REMOTE_ADDR'     => '192.0.2.7',
		) + $_SERVER;
		return new Browser();
	}

	/**
	 * The parameters of the address to which a browser is sent; null when it stays.
	 *
	 * @param string                $path    What it asks for.
	 * @param array<string, string> $headers Further headers.
	 * @return array<string, string>|null With the address without them as `at`.
	 */
	protected function sent( string $path, array $headers = array() ): ?array {
		$url = $this->plugin->front()->where( $this->visit( $path, $headers ) );
		return null === $url ? null : self::parts( $url );
	}

	/**
	 * The parameters of an address, with the address without them as `at`.
	 *
	 * @param string $url Address.
	 * @return array<string, string>
	 */
	protected static function parts( string $url ): array {
		parse_str( (string) wp_parse_url( $url, PHP_URL_QUERY ), $parameters );
		return array( 'at' => explode( '?', $url )[0] ) + $parameters;
	}

	/**
	 * B asks who is logged in here.
	 *
	 * @param array<string, string> $more Further parameters.
	 */
	protected function asked_by_b( string $state, array $more = array() ): ?array {
		return $this->sent(
			'/?' . http_build_query(
				array(
					Addresses::ASK => self::B,
					'state'        => $state,
				) + $more
			)
		);
	}

	/**
	 * A user who is linked with B.
	 *
	 * @param array<string, mixed> $fields Fields of `wp_insert_user()`.
	 */
	protected function linked( array $fields = array() ): int {
		$id = $this->make_known_user( $fields );
		$this->plugin->links()->save( new Link( $this->site->id, $id, 5000 + $id, "there$id" ) );
		return $id;
	}

	protected static function state(): string {
		return bin2hex( random_bytes( 32 ) );
	}
}
