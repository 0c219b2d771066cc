<?php
/**
 * Whether an account that exists here may be linked with a person of another site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum Verdict {
	case Link;
	/** Its holder is asked first. */
	case Ask;
	case Refuse;
}
