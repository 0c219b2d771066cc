<?php
/**
 * What happens when a linked account was removed on the remote site by hand.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum MissingPolicy: string {
	case Ask      = 'ask';
	case Recreate = 'recreate';
	case Unlink   = 'unlink';
}
