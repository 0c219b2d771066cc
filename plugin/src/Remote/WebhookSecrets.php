<?php
/**
 * The secrets that requests to webhooks are signed with: sealed in the database, shown once when they are made.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\SecretPair;
use Tandem\Security\Unreadable;
use Tandem\Time\Clock;

final class WebhookSecrets {

	/**
	 * @param Credentials $credentials Keeps them.
	 * @param Clock       $clock       Time.
	 */
	public function __construct( private readonly Credentials $credentials, private readonly Clock $clock ) {
	}

	/**
	 * Makes the first secret of a webhook.
	 *
	 * @param int $site_id The webhook.
	 * @return string The secret, to be shown once.
	 */
	public function create( int $site_id ): string {
		return $this->keep( $site_id, SecretPair::make() );
	}

	/**
	 * Makes another secret. Requests carry two signatures for a day, so that the receiver can change over.
	 *
	 * @param RemoteSite $hook The webhook.
	 * @return string The secret, to be shown once.
	 */
	public function renew( RemoteSite $hook ): string {
		try {
			$next = $this->pair( $hook )->renewed( $this->clock->now() );
		} catch ( Unreadable ) {
			$next = SecretPair::make();
		}
		return $this->keep( $hook->id, $next );
	}

	/**
	 * The receiver has changed over: requests are signed with the present secret alone.
	 *
	 * @param RemoteSite $hook The webhook.
	 * @throws Unreadable When the salts have changed.
	 */
	public function end_old( RemoteSite $hook ): void {
		$this->keep( $hook->id, $this->pair( $hook )->without_old() );
	}

	/**
	 * Those that requests are signed with.
	 *
	 * @param RemoteSite $hook The webhook.
	 * @return non-empty-list<string>
	 * @throws Unreadable When the salts have changed.
	 */
	public function good( RemoteSite $hook ): array {
		return $this->pair( $hook )->good( $this->clock->now() );
	}

	/**
	 * Until when requests are signed with the old secret too, Unix seconds, or null.
	 *
	 * @param RemoteSite $hook The webhook.
	 */
	public function old_until( RemoteSite $hook ): ?int {
		try {
			$pair = $this->pair( $hook );
		} catch ( Unreadable ) {
			return null;
		}
		return $pair->old_is_good( $this->clock->now() ) ? $pair->old_until : null;
	}

	/**
	 * Both secrets.
	 *
	 * @param RemoteSite $hook The webhook.
	 * @throws Unreadable When the salts have changed.
	 */
	private function pair( RemoteSite $hook ): SecretPair {
		return SecretPair::from_text( $this->credentials->open( $hook ) );
	}

	/**
	 * Stores them.
	 *
	 * @param int        $site_id The webhook.
	 * @param SecretPair $pair    The secrets.
	 * @return string The present one.
	 */
	private function keep( int $site_id, SecretPair $pair ): string {
		$this->credentials->replace( $site_id, $pair->to_text() );
		return $pair->secret;
	}
}
