<?php
/**
 * How it ended.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

enum Result: string {
	case Success   = 'success';
	case Retrying  = 'retrying';
	case Attention = 'attention';
	case Skipped   = 'skipped';
	/** Another site asked for it, and it was not done. */
	case Refused = 'refused';
}
