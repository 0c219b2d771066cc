<?php
/**
 * How each kind of remote site is reached.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Transports {

	/**
	 * @param Transport $plain   To plain sites.
	 * @param Transport $paired  To paired sites.
	 * @param Transport $webhook To webhooks.
	 */
	public function __construct( private readonly Transport $plain, private readonly Transport $paired, private readonly Transport $webhook ) {
	}

	/**
	 * The one for a site.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function to( RemoteSite $site ): Transport {
		return match ( $site->kind ) {
			SiteKind::Plain   => $this->plain,
			SiteKind::Paired  => $this->paired,
			SiteKind::Webhook => $this->webhook,
		};
	}
}
