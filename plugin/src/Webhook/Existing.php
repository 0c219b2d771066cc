<?php
/**
 * What an incoming webhook may do to an account that is here already. Never its e-mail address, its password or its
 * username; never a protected account; and roles are added, not taken.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

enum Existing: string {
	/** Nothing. */
	case Leave = 'leave';
	/** Add roles and tags. */
	case Add = 'add';
	/** Add roles and tags, and write profile fields and meta. */
	case Profile = 'profile';
}
