<?php
/**
 * What was asked for can't be done as it was asked: with a stable code for
 * machines and a sentence for the owner.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class Refused extends \RuntimeException {

	/**
	 * @param string $reason   Stable code.
	 * @param string $sentence What is wrong and what to do, translated.
	 * @param int    $status   HTTP status.
	 */
	public function __construct( public readonly string $reason, string $sentence, public readonly int $status = 400 ) {
		parent::__construct( $sentence );
	}

	/**
	 * Something that makes no sense for a webhook, or for nothing else.
	 *
	 * @param bool $is_webhook Whether it is one.
	 */
	public static function kind( bool $is_webhook ): self {
		return $is_webhook
			? new self( 'tandem_is_webhook', __( 'This is a webhook, not a site: it has no accounts and no log-in. What can be changed is its address, its secret and what it is told.', 'tandem-user-sync' ) )
			: new self( 'tandem_no_webhook', __( 'This is a site, not a webhook.', 'tandem-user-sync' ) );
	}
}
