<?php
/**
 * What becomes of an account here when the person was deleted on a paired site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum Removal: string {
	/** It stays as it is. */
	case Ignore = 'ignore';
	/** It stays without roles. */
	case Roles = 'roles';
	/** No roles and no log-in, until the owner takes that back. */
	case Suspend = 'suspend';
	/** It goes, and its content is given to another account. */
	case Delete = 'delete';
}
