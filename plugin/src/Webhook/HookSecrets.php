<?php
/**
 * The secrets of incoming webhooks: sealed in the database, shown once when they are made. The key of the compatible
 * form is compared only, so a keyed fingerprint of it is kept.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Security\SecretPair;
use Tandem\Security\Unreadable;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class HookSecrets {

	/**
	 * @param Hooks $hooks Keeps them.
	 * @param Vault $vault Seals.
	 * @param Clock $clock Time.
	 */
	public function __construct( private readonly Hooks $hooks, private readonly Vault $vault, private readonly Clock $clock ) {
	}

	/**
	 * Makes the first secret, or another one; the old one stays good for a day.
	 *
	 * @param Hook $hook The webhook.
	 * @return string The secret, to be shown once.
	 */
	public function renew( Hook $hook ): string {
		try {
			$next = $this->pair( $hook )->renewed( $this->clock->now() );
		} catch ( Unreadable ) {
			$next = SecretPair::make();
		}
		$this->keep( $hook, $next );
		return $next->secret;
	}

	/**
	 * The old secret opens nothing any more.
	 *
	 * @param Hook $hook The webhook.
	 * @throws Unreadable When the salts have changed.
	 */
	public function end_old( Hook $hook ): void {
		$this->keep( $hook, $this->pair( $hook )->without_old() );
	}

	/**
	 * Those that are good, the present one first.
	 *
	 * @param Hook $hook The webhook.
	 * @return non-empty-list<string>
	 * @throws Unreadable When the salts have changed.
	 */
	public function good( Hook $hook ): array {
		return $this->pair( $hook )->good( $this->clock->now() );
	}

	/**
	 * Until when the old secret is good too, Unix seconds, or null.
	 *
	 * @param Hook $hook The webhook.
	 */
	public function old_until( Hook $hook ): ?int {
		try {
			$pair = $this->pair( $hook );
		} catch ( Unreadable ) {
			return null;
		}
		return $pair->old_is_good( $this->clock->now() ) ? $pair->old_until : null;
	}

	/**
	 * Makes a key of the compatible form.
	 *
	 * @param Hook $hook The webhook.
	 * @return string The key, to be shown once.
	 */
	public function make_access_key( Hook $hook ): string {
		$key = bin2hex( random_bytes( 20 ) );
		$this->hooks->set_access_key( $hook->id, $this->fingerprint( $key ) );
		return $key;
	}

	/**
	 * As a key of the compatible form is kept.
	 *
	 * @param string $key The key.
	 */
	public function fingerprint( #[\SensitiveParameter] string $key ): string {
		return $this->vault->fingerprint( $key, 'hook-access-key' );
	}

	/**
	 * Both secrets.
	 *
	 * @param Hook $hook The webhook.
	 * @throws Unreadable When there is none, or the salts have changed.
	 */
	private function pair( Hook $hook ): SecretPair {
		return SecretPair::from_text( $this->vault->open( $hook->secret, self::purpose( $hook ) ) );
	}

	/**
	 * Stores them.
	 *
	 * @param Hook       $hook The webhook.
	 * @param SecretPair $pair The secrets.
	 */
	private function keep( Hook $hook, SecretPair $pair ): void {
		$this->hooks->set_secret( $hook->id, $this->vault->seal( $pair->to_text(), self::purpose( $hook ) ) );
	}

	/**
	 * What the sealed text belongs to.
	 *
	 * @param Hook $hook The webhook.
	 */
	private static function purpose( Hook $hook ): string {
		return 'hook:' . $hook->id;
	}
}
