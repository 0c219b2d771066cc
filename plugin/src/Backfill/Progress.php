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
	case Done   = 'done';
	case Failed = 'failed';
	/** Left alone, as the owner decided. */
	case Ignored = 'ignored';
}
