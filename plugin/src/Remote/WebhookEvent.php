<?php
/**
 * What a webhook may be told of.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum WebhookEvent: string {
	/** Somebody is new here, or is one of the people of this webhook for the first time. */
	case Created = 'user.created';
	/** Something of somebody was changed. */
	case Updated = 'user.updated';
	/** Somebody was deleted here. */
	case Deleted = 'user.deleted';
	/** Somebody has got or lost a tag. */
	case Tagged = 'user.tagged';

	/** All of them. */
	public const ALL = array( self::Created, self::Updated, self::Deleted, self::Tagged );

	/** What the test button sends. No state of anybody stands behind it. */
	public const PING = 'test.ping';
}
