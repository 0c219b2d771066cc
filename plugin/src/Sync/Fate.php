<?php
/**
 * What a message of another site means for a person, before any field is looked at.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

enum Fate {
	/** Nobody here is known to be this person: look for the e-mail address, or make an account. */
	case Unknown;
	/** An account here is this person: apply what is newer. */
	case Known;
	/** An account here is this person, and the person was deleted, there or here: the account goes. */
	case Remove;
	/** The person was deleted and has no account here: nothing to do but to remember it, and to say so. */
	case Gone;
}
