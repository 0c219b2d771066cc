<?php
/**
 * How often log-ins from other sites may fail from one address: each one costs this site and the other a request.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Security\Vault;

final class Pace {

	/** Failures of one address in that time. */
	private const MOST = 20;

	/** Seconds. */
	private const SECONDS = 10 * MINUTE_IN_SECONDS;

	/**
	 * @param Vault $vault Makes fingerprints, so that no address is kept.
	 */
	public function __construct( private readonly Vault $vault ) {
	}

	/**
	 * Whether there were too many.
	 *
	 * @param Browser $browser The browser.
	 */
	public function is_over( Browser $browser ): bool {
		return (int) get_transient( $this->key( $browser ) ) >= self::MOST;
	}

	/**
	 * One more.
	 *
	 * @param Browser $browser The browser.
	 */
	public function failed( Browser $browser ): void {
		set_transient( $this->key( $browser ), (int) get_transient( $this->key( $browser ) ) + 1, self::SECONDS );
	}

	/**
	 * Under which name it is counted.
	 *
	 * @param Browser $browser The browser.
	 */
	private function key( Browser $browser ): string {
		return 'tandem_login_' . substr( $this->vault->fingerprint( $browser->network(), 'login-pace' ), 0, 32 );
	}
}
