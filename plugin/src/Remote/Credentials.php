<?php
/**
 * The application passwords of remote sites: sealed in the database, opened for a conversation only.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\Unreadable;
use Tandem\Security\Vault;

final class Credentials {

	/**
	 * @param Sites $sites Remote sites.
	 * @param Vault $vault Seals.
	 */
	public function __construct( private readonly Sites $sites, private readonly Vault $vault ) {
	}

	/**
	 * Stores a site's application password.
	 *
	 * @param int    $site_id        Site.
	 * @param string $username       Account there.
	 * @param int    $remote_user_id Its id.
	 * @param string $password       Application password.
	 */
	public function store( int $site_id, string $username, int $remote_user_id, #[\SensitiveParameter] string $password ): void {
		$this->sites->set_credential( $site_id, $username, $remote_user_id, $this->vault->seal( $password, self::purpose( $site_id ) ) );
	}

	/**
	 * Puts another secret in the place of the one that is stored, and leaves the site's condition as it is.
	 *
	 * @param int    $site_id Site.
	 * @param string $secret  The secret.
	 */
	public function replace( int $site_id, #[\SensitiveParameter] string $secret ): void {
		$this->sites->replace_credential( $site_id, $this->vault->seal( $secret, self::purpose( $site_id ) ) );
	}

	/**
	 * A site's application password.
	 *
	 * @param RemoteSite $site The site.
	 * @throws Unreadable When the salts have changed since it was stored.
	 */
	public function open( RemoteSite $site ): string {
		return $this->vault->open( $site->credential, self::purpose( $site->id ) );
	}

	/**
	 * What the sealed text belongs to: one site's can't be put in the place of another's.
	 *
	 * @param int $site_id Site.
	 */
	private static function purpose( int $site_id ): string {
		return 'credential:' . $site_id;
	}
}
