<?php
/**
 * Begins conversations with plain sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\Client;
use Tandem\Security\Unreadable;

final class PlainSites {

	/**
	 * @param Client      $client      Sends requests.
	 * @param Credentials $credentials Opens application passwords.
	 */
	public function __construct( private readonly Client $client, private readonly Credentials $credentials ) {
	}

	/**
	 * With a site that is connected.
	 *
	 * @param RemoteSite $site       The site.
	 * @param string     ...$secrets What else must never be shown, should it come back.
	 * @throws Unreadable When the salts have changed.
	 */
	public function api( RemoteSite $site, #[\SensitiveParameter] string ...$secrets ): PlainSiteApi {
		return $this->conversation( $site->name, $site->rest_url, $site->username, $this->credentials->open( $site ), true, ...$secrets );
	}

	/**
	 * With a site by a credential that is not stored yet.
	 *
	 * @param string $name       The site's name, for the sentences.
	 * @param string $rest_url   Address of its REST index.
	 * @param string $username   Account there.
	 * @param string $password   Its application password.
	 */
	public function with( string $name, string $rest_url, string $username, #[\SensitiveParameter] string $password ): PlainSiteApi {
		return $this->conversation( $name, $rest_url, $username, $password, false );
	}

	/**
	 * A conversation.
	 *
	 * @param string $name       The site's name, for the sentences.
	 * @param string $rest_url   Address of its REST index.
	 * @param string $username   Account there.
	 * @param string $password   Its application password.
	 * @param bool   $is_known   Whether the credential has worked before.
	 * @param string ...$secrets What else must never be shown, should it come back.
	 */
	private function conversation( string $name, string $rest_url, string $username, #[\SensitiveParameter] string $password, bool $is_known, #[\SensitiveParameter] string ...$secrets ): PlainSiteApi {
		$bare = (string) preg_replace( '/[^a-z\d]/i', '', $password );
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- to find it.
		$excerpt = new Excerpt( base64_encode( $username . ':' . $password ), $password, $bare, ...$secrets );
		return new PlainSiteApi( $this->client, new ProblemReader( $name, $username, $excerpt, $is_known ), $rest_url, $username, $password );
	}

	/**
	 * Revokes our application password on a site that is being removed here, if that can be done.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function take_leave( RemoteSite $site ): void {
		try {
			$this->api( $site )->revoke();
		} catch ( Unreadable ) {
			// A credential that can't be read can't be used to revoke itself; the owner is told so by its state.
			return;
		}
	}
}
