<?php
/**
 * The three things that a person can say about someone who could not be delivered.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

enum Choice: string {
	/** They are the account that was found there, whatever speaks against it. */
	case Link = 'link';
	/** Make an account there: under another username, or again when it was removed. */
	case Create = 'create';
	/** Leave this one alone. */
	case Ignore = 'ignore';
}
