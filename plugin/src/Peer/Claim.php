<?php
/**
 * On whose word an existing account may be linked: docs/protocol.md, "A user".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum Claim: string {
	/** Nobody's: somebody has registered there with that address. */
	case Registered = 'registered';
	/** The owner's, for this address. */
	case Backfill = 'backfill';
	/** The account there is older than the connection, and has not changed its address since. */
	case Older = 'older';
}
