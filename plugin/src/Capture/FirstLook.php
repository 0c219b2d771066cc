<?php
/**
 * How things stood with somebody when a request touched them first.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Remote\RemoteSite;

final class FirstLook {

	/**
	 * @param int                                     $user_id User here.
	 * @param list<RemoteSite>                        $sites   All remote sites, oldest first.
	 * @param array<int, int>                         $linked  By site where they are linked: since when, Unix seconds.
	 * @param array<int, array<string, string|null>>  $waiting By site for which something waits: the row of the outbox.
	 * @param array<string, string|null>|null         $record  Their row of stamps, when there is a paired site and they have one.
	 */
	public function __construct(
		public readonly int $user_id,
		public readonly array $sites,
		public readonly array $linked,
		public readonly array $waiting,
		public readonly ?array $record,
	) {
	}

	/**
	 * Whether they were linked somewhere before a time.
	 *
	 * @param int $time Unix seconds.
	 */
	public function was_linked_before( int $time ): bool {
		return array() !== $this->linked && min( $this->linked ) < $time;
	}
}
