<?php
/**
 * What happens when an account that is newer than the connection meets one with
 * the same e-mail address on the remote site (the account-takeover guard).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum ExistingPolicy: string {
	/** One mail to that address with a one-time link; nothing is touched until it is used. */
	case Confirm = 'confirm';
	/** This site verifies its addresses: link at once. */
	case Trust = 'trust';
	/** Leave it to the owner. */
	case Never = 'never';
}
