<?php
/**
 * What a row of the outbox waits for.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

enum OutboxState: string {
	/** For its time. */
	case Due = 'due';
	/** For a person's decision. */
	case Attention = 'attention';
	/** For the account's holder to confirm by mail. */
	case Confirm = 'confirm';
}
