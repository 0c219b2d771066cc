<?php
/**
 * What the comparison found out about a person.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

enum Finding: string {
	/** Linked before. */
	case Already = 'already';
	/** Same e-mail address: to be linked. */
	case Link = 'link';
	/** Missing there: to be created. */
	case Create = 'create';
	/** Needs a decision. */
	case Conflict = 'conflict';
	/** Not one of the people of that site. */
	case Left = 'left';
}
