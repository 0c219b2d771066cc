<?php
/**
 * The condition of a remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum SiteState: string {
	/** Works. */
	case Connected = 'connected';
	/** Stopped by the owner. Changes are kept. */
	case Paused = 'paused';
	/** Can't be reached, or answers errors. Tried again by itself. */
	case Unreachable = 'unreachable';
	/** Refuses the credential, or has moved. Probed by itself, but probably needs a person. */
	case Held = 'held';
}
