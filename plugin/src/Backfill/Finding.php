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
	/** Same username, another address, and nobody there has this one's: a proposal that the owner must confirm. */
	case LinkByName = 'link_by_name';
	/** Missing there: to be created. */
	case Create = 'create';
	/** Needs a decision. */
	case Conflict = 'conflict';
	/** Not one of the people of that site. */
	case Left = 'left';
	/** An account there that nobody here has: to be fetched, where the owner wants that. */
	case MissingHere = 'missing_here';

	/**
	 * Whether nothing is done about it without the owner's word.
	 */
	public function needs_a_word(): bool {
		return self::Conflict === $this || self::LinkByName === $this;
	}
}
