<?php
/**
 * What is known of when one person's fields were changed, or that the person is gone.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Record {

	/**
	 * @param int                 $user_id User here; 0 when they are gone (a tombstone).
	 * @param string              $uid     The same person on every site.
	 * @param array<string, Mark> $marks   By field.
	 * @param Stamp|null          $deleted When and where they were deleted; null while they live.
	 * @param int                 $version Grows with every write.
	 * @param list<string>        $renewed Fields that got a stamp of this site by the call that gave this record. Those
	 *                                     that nobody touched were changed past WordPress's hooks: other sites don't know yet.
	 */
	public function __construct(
		public readonly int $user_id,
		public readonly string $uid,
		public readonly array $marks,
		public readonly ?Stamp $deleted,
		public readonly int $version,
		public readonly array $renewed = array(),
	) {
	}

	/**
	 * When a field was last changed.
	 *
	 * @param string $field Name.
	 */
	public function stamp( string $field ): Stamp {
		return isset( $this->marks[ $field ] ) ? $this->marks[ $field ]->stamp : Stamp::zero();
	}

	/**
	 * Whether the person was deleted.
	 */
	public function is_gone(): bool {
		return null !== $this->deleted;
	}
}
