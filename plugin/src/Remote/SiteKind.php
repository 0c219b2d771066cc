<?php
/**
 * How a remote site is reached.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum SiteKind: string {
	/** Without Tandem: by WordPress's own `wp/v2/users`. */
	case Plain = 'plain';
	/** Runs Tandem too. */
	case Paired = 'paired';
	/** No WordPress: an address that is told of people by signed requests. */
	case Webhook = 'webhook';
}
