<?php
/**
 * A test with a connected plain site: the second real WordPress.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Remote;

use Tandem\Activity\Log;
use Tandem\Database\Connection;
use Tandem\Peer\Description;
use Tandem\Peer\Introduction;
use Tandem\Peer\PasswordTest;
use Tandem\Peer\StoredPassword;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\Credentials;
use Tandem\Remote\Discovery;
use Tandem\Remote\Http\AddressPolicy;
use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Options;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\Pairer;
use Tandem\Remote\PeerLookup;
use Tandem\Remote\PeerSites;
use Tandem\Remote\PlainSiteApi;
use Tandem\Remote\PlainSiteTransport;
use Tandem\Remote\PlainSites;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Remote\Sites;
use Tandem\Security\PlainPassword;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Security\Vault;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Decision;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Tests\RemoteWordPress;
use Tandem\Tests\TestCase;
use Tandem\Time\SystemClock;

abstract class RemoteTestCase extends TestCase {

	protected RemoteWordPress $remote;

	protected Sites $sites;

	protected Links $links;

	protected Credentials $credentials;

	protected Client $client;

	protected PlainSites $plain_sites;

	/** What the last delivery was about to create. */
	protected ?CreateIntent $intent = null;

	protected function setUp(): void {
		parent::setUp();
		global $wpdb;
		$db                = new Connection( $wpdb );
		$this->remote      = RemoteWordPress::clean();
		$this->sites       = new Sites( $db, new SystemClock() );
		$this->links       = new Links( $db );
		$this->credentials = new Credentials( $this->sites, new Vault( 'salts of the tests' ) );
		$this->client      = new Client( new AddressPolicy( true ), new Options( 'Tandem User Sync/test; ' . home_url() ) );
		$this->plain_sites = new PlainSites( $this->client, $this->credentials );
		$this->intent      = null;
	}

	/**
	 * Connects the remote site.
	 *
	 * @param array<string, mixed> $settings Shape of `SiteSettings` in admin-src/types.ts; the rest by default.
	 * @param string|null          $rest_url Address of its REST index.
	 */
	protected function connect( array $settings = array(), ?string $rest_url = null ): RemoteSite {
		$site = $this->sites->add( 'Site B', $this->remote->url, $rest_url ?? $this->remote->rest_url(), SiteKind::Plain, 'admin', 1, false, SiteSettings::from_array( $settings ) );
		$this->credentials->store( $site->id, 'admin', 1, $this->remote->application_password );
		return $this->sites->get( $site->id );
	}

	/**
	 * A site that was connected at another time.
	 *
	 * @param RemoteSite $site The site.
	 * @param int        $at   Unix seconds.
	 */
	protected function connected_at( RemoteSite $site, int $at ): RemoteSite {
		global $wpdb;
		$wpdb->update( $wpdb->prefix . 'tandem_sites', array( 'connected_at' => $at ), array( 'id' => $site->id ) );
		return $this->sites->get( $site->id );
	}

	/**
	 * Looks at addresses.
	 *
	 * @param Client|null $client With this client in place of the test's.
	 */
	protected function discovery( ?Client $client = null ): Discovery {
		return new Discovery( $client ?? $this->client, $this->sites, new PeerLookup( $client ?? $this->client ), new SystemClock() );
	}

	/**
	 * Introduces this site to others with Tandem.
	 */
	protected function pairer(): Pairer {
		global $wpdb;
		$clock        = new SystemClock();
		$keys         = new SiteKeys( new Vault( 'salts of the tests' ), $clock );
		$lookup       = new PeerLookup( $this->client );
		$identity     = new SiteIdentity();
		$introduction = new Introduction( $this->sites, $identity, $lookup, $this->plain_sites, new AddressPolicy( true ), $keys, new Log( new Connection( $wpdb ), $clock ), $clock );
		return new Pairer( $this->client, $lookup, new Description( $identity, $keys, $clock ), $keys, $introduction, new PeerSites( $this->client, $keys, $identity, $this->sites, $clock ), new PasswordTest( $keys, new StoredPassword() ), $this->sites );
	}

	/**
	 * Conversation with the remote site.
	 *
	 * @param RemoteSite $site The site.
	 */
	protected function api( RemoteSite $site ): PlainSiteApi {
		return $this->plain_sites->api( $site );
	}

	/**
	 * Delivers a user and keeps the link, as the dispatcher does.
	 *
	 * @param RemoteSite         $site     The site.
	 * @param int                $user_id  Who.
	 * @param list<string>       $fields   What changed; everything when left out.
	 * @param string|null        $password New password, as a form gives it.
	 * @param Decision|null      $decision What a person said.
	 * @param CreateIntent|null  $intent   What an earlier attempt was about to create.
	 */
	protected function deliver( RemoteSite $site, int $user_id, array $fields = array( FieldSet::ALL ), ?string $password = null, ?Decision $decision = null, ?CreateIntent $intent = null ): Outcome {
		$transport = new PlainSiteTransport( $this->plain_sites, $this->links, new AddressChanges( new SystemClock() ) );
		wp_cache_flush();
		$user    = get_userdata( $user_id );
		$outcome = $transport->deliver(
			new Delivery(
				$site,
				$user_id,
				false === $user ? null : self::reader()->read( $user, $site->settings->meta ),
				new FieldSet( ...$fields, ...( null === $password ? array() : array( FieldSet::PASSWORD ) ) ),
				null === $password ? null : new PlainPassword( $password ),
				$this->links->find( $site->id, $user_id ),
				$decision ?? new Decision(),
				$intent,
				function ( CreateIntent $about ): void {
					$this->intent = $about;
				}
			)
		);
		if ( $outcome->unlink ) {
			$this->links->remove( $site->id, $user_id );
		} elseif ( null !== $outcome->link ) {
			$this->links->save( $outcome->link );
		}
		return $outcome;
	}

	/**
	 * Links a user with an account there.
	 *
	 * @param RemoteSite $site      The site.
	 * @param int        $user_id   User here.
	 * @param int        $remote_id Account there.
	 * @param string     $login     Its username.
	 * @param bool       $approved  Whether the owner said so.
	 */
	protected function link( RemoteSite $site, int $user_id, int $remote_id, string $login, bool $approved = false ): void {
		$this->links->save( new Link( $site->id, $user_id, $remote_id, $login, $approved, 1 ) );
	}

	/**
	 * Asserts that a delivery arrived.
	 *
	 * @param Outcome $outcome What came of it.
	 */
	protected static function assertArrived( Outcome $outcome ): void {
		self::assertSame( OutcomeKind::Delivered, $outcome->kind, "$outcome->code $outcome->message " . implode( ' ', $outcome->warnings ) );
	}

	/**
	 * Asserts what a delivery came to.
	 *
	 * @param OutcomeKind $kind    Kind.
	 * @param string      $code    Code.
	 * @param Outcome     $outcome What came of it.
	 */
	protected static function assertOutcome( OutcomeKind $kind, string $code, Outcome $outcome ): void {
		self::assertSame( $kind->name . ' ' . $code, $outcome->kind->name . ' ' . $outcome->code, $outcome->message . ' ' . implode( ' ', $outcome->warnings ) );
		self::assertNotSame( '', $outcome->message );
	}
}
