<?php
/**
 * Begins conversations with paired sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\Client;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Time\Clock;

final class PeerSites {

	/**
	 * @param Client       $client   Sends requests.
	 * @param SiteKeys     $keys     This site's keys.
	 * @param SiteIdentity $identity Which site this is.
	 * @param Sites        $sites    Remote sites.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly Client $client,
		private readonly SiteKeys $keys,
		private readonly SiteIdentity $identity,
		private readonly Sites $sites,
		private readonly Clock $clock,
	) {
	}

	/**
	 * With a paired site.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function api( RemoteSite $site ): PeerApi {
		$pairing = $site->pairing ?? throw new \LogicException( 'This site is not paired.' );
		return new PeerApi( $this->client, new ProblemReader( $site->name, '', new Excerpt(), true ), $site, $pairing, $this->keys, $this->identity, $this->sites, $this->clock );
	}

	/**
	 * Tells a site something short. Whether it arrives does not matter: it will notice by itself.
	 *
	 * @param RemoteSite           $site   The site.
	 * @param array<string, mixed> $notice `type` and what belongs to it.
	 */
	public function notify( RemoteSite $site, array $notice ): void {
		try {
			$this->api( $site )->call( 'notice', $notice, 5.0 );
		} catch ( RemoteFailure | \Tandem\Security\Unreadable ) {
			return;
		}
	}
}
