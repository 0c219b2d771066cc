<?php
/**
 * The state of a person's record after incoming fields were written.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Applied {

	/**
	 * @param Record       $record       As it is now. A tombstone when the person was deleted here at the same moment:
	 *                                   an account that was just made for them must go again.
	 * @param list<string> $changed_here Fields that something on this site changed besides (another plugin's hook): every site gets them.
	 * @param bool         $uid_changed  Whether the person's uid became a smaller one, which the other sites don't know yet.
	 */
	public function __construct(
		public readonly Record $record,
		public readonly array $changed_here,
		public readonly bool $uid_changed = false,
	) {
	}
}
