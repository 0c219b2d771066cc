<?php
/**
 * What is wrong with one site, for the mail. No secrets, and no names of people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Alert;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteState;

final class Trouble {

	/**
	 * @param RemoteSite $site      The site.
	 * @param int        $since     Since when, Unix seconds.
	 * @param int        $waiting   People who wait for it.
	 * @param int        $attention People who wait for a decision.
	 */
	public function __construct( public readonly RemoteSite $site, private readonly int $since, private readonly int $waiting, private readonly int $attention ) {
	}

	/**
	 * What is wrong, in sentences.
	 */
	public function says(): string {
		$away = match ( $this->site->state ) {
			/* translators: 1: time, 2: code such as "timeout". */
			SiteState::Unreachable => sprintf( __( 'It can’t be reached since %1$s (%2$s). It is tried again by itself.', 'tandem-user-sync' ), $this->moment(), $this->site->problem_code ),
			/* translators: 1: time, 2: code such as "credential_refused". */
			SiteState::Held        => sprintf( __( 'It takes nothing from this site since %1$s (%2$s). Somebody has to mend that; the page says how.', 'tandem-user-sync' ), $this->moment(), $this->site->problem_code ),
			default                => '',
		};
		$says = array(
			$away,
			'' === $away || 0 === $this->waiting ? '' : sprintf(
				/* translators: %s: number of people. */
				_n( '%s person waits for it; nothing is lost.', '%s people wait for it; nothing is lost.', $this->waiting, 'tandem-user-sync' ),
				number_format_i18n( $this->waiting )
			),
			0 === $this->attention ? '' : sprintf(
				/* translators: %s: number of people. */
				_n( '%s person waits for your decision.', '%s people wait for your decision.', $this->attention, 'tandem-user-sync' ),
				number_format_i18n( $this->attention )
			),
		);
		return implode( ' ', array_filter( $says, static fn ( string $sentence ): bool => '' !== $sentence ) );
	}

	/**
	 * Since when, for people.
	 */
	private function moment(): string {
		return (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $this->since );
	}
}
