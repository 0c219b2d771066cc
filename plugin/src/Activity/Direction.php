<?php
/**
 * Which way something went.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

enum Direction: string {
	/** From here to a remote site. */
	case Out = 'out';
	/** From a remote site to here. */
	case In = 'in';
}
