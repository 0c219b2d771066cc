<?php
/**
 * Looks after the sites every minute and tells the owner, once, when one has needed attention for an hour, and once
 * when it is well again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Alert;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Settings;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Watch {

	/** Seconds after which trouble is worth a mail: most of it is over before. */
	private const PATIENCE = HOUR_IN_SECONDS;

	/**
	 * @param Sites        $sites    Remote sites.
	 * @param Outbox       $outbox   Who waits.
	 * @param Spells       $spells   Since when each site has been in trouble.
	 * @param Mail         $mail     The mail.
	 * @param Settings     $settings Whether the owner wants it.
	 * @param SiteIdentity $identity A copy of a site writes to nobody.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Spells $spells,
		private readonly Mail $mail,
		private readonly Settings $settings,
		private readonly SiteIdentity $identity,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Looks.
	 */
	public function look(): void {
		if ( null !== $this->identity->copy_of() ) {
			return;
		}
		$before   = $this->spells->read();
		$spells   = array();
		$troubles = array();
		$well     = array();
		foreach ( $this->settings->sends_alerts() ? $this->sites->all() : array() as $site ) {
			$known = $before[ $site->id ] ?? null;
			$found = $this->trouble( $site, $known['since'] ?? null );
			if ( null === $found ) {
				// Whoever pauses a site knows that nothing goes there.
				if ( true === ( $known['told'] ?? false ) && SiteState::Paused !== $site->state ) {
					$well[] = $site;
				}
				continue;
			}
			$since = $known['since'] ?? $this->begin( $site );
			$told  = $known['told'] ?? false;
			if ( ! $told && $this->clock->now() - $since >= self::PATIENCE ) {
				$troubles[ $site->id ] = $found;
			}
			$spells[ $site->id ] = array(
				'since' => $since,
				'told'  => $told || isset( $troubles[ $site->id ] ),
			);
		}
		// Written first: of several workers one sends the mail.
		if ( ! $this->spells->write( $spells ) ) {
			return;
		}
		if ( array() !== $troubles && ! $this->mail->needs_attention( array_values( $troubles ) ) ) {
			// A mail server that is down now is asked again in an hour.
			foreach ( array_keys( $troubles ) as $id ) {
				$spells[ $id ] = array(
					'since' => $this->clock->now(),
					'told'  => false,
				);
			}
			$this->spells->write( $spells );
		}
		if ( array() !== $well ) {
			$this->mail->is_well( $well );
		}
	}

	/**
	 * What is wrong with a site, or null.
	 *
	 * @param RemoteSite $site  The site.
	 * @param int|null   $since Since when, if that is known.
	 */
	private function trouble( RemoteSite $site, ?int $since ): ?Trouble {
		if ( SiteState::Paused === $site->state ) {
			return null;
		}
		$attention = $this->outbox->count_attention( $site->id );
		return SiteState::Connected === $site->state && 0 === $attention
			? null
			: new Trouble( $site, $since ?? $this->begin( $site ), $this->outbox->counts( $site->id )->waiting, $attention );
	}

	/**
	 * When trouble that is seen for the first time began.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function begin( RemoteSite $site ): int {
		return SiteState::Connected !== $site->state && $site->problem_since > 0 ? $site->problem_since : $this->clock->now();
	}
}
