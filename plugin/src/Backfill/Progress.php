<?php
/**
 * What became of a person in a backfill that runs.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

enum Progress: string {
	/** Not carried out yet. */
	case Open = '';
	/** Being delivered. */
	case Queued = 'queued';
	/** Linked; their fields are to be brought. */
	case Linked = 'linked';
	/** Their fields are being delivered. */
	case Bringing = 'bringing';
	case Done     = 'done';
	case Failed   = 'failed';
	/** Left alone, as the owner decided, or because nothing of them may be changed there. */
	case Ignored = 'ignored';
}
