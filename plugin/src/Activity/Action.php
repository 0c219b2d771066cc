<?php
/**
 * What an activity row is about.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

enum Action: string {
	case Create   = 'create';
	case Update   = 'update';
	case Delete   = 'delete';
	case Link     = 'link';
	case Unlink   = 'unlink';
	case Backfill = 'backfill';
	case Site     = 'site';
	case Settings = 'settings';
	case Verify   = 'verify';
	case Login    = 'login';
	case Rule     = 'rule';
}
