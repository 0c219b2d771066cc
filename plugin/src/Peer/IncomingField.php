<?php
/**
 * A field as another site sent it. Nothing is known of its value yet.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Sync\Stamp;

final class IncomingField {

	/**
	 * @param mixed $value Decoded JSON; null is "has none".
	 * @param Stamp $stamp When and where it was changed.
	 */
	public function __construct( public readonly mixed $value, public readonly Stamp $stamp ) {
	}
}
