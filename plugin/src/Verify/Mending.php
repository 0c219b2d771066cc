<?php
/**
 * What is done about a difference.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

enum Mending: string {

	/** Nothing so far. */
	case Open = 'open';

	/** To be repaired by itself: the newer values win. */
	case Wanted = 'wanted';

	/** To be repaired because a person said so: the newer values win, and that two accounts were linked is their word. */
	case Asked = 'asked';

	/** To be repaired: this site's values win. */
	case Forced = 'forced';

	/** On its way. */
	case Sent = 'sent';

	/** It could not be put on its way. */
	case Refused = 'refused';
}
