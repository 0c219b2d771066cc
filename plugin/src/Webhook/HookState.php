<?php
/**
 * What an incoming webhook does with a request.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

enum HookState: string {
	/** Keeps it for the owner to look at, and makes nobody. */
	case Listening = 'listening';
	/** Makes or changes the person. */
	case On = 'on';
	/** Refuses it. */
	case Off = 'off';
}
