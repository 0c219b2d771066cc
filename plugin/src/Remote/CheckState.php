<?php
/**
 * How one line of a checklist came out.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum CheckState: string {
	case Pass = 'pass';
	/** Works, but not as it should. */
	case Warn = 'warn';
	/** In the way. */
	case Fail = 'fail';
}
