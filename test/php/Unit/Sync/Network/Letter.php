<?php
/**
 * A request on its way, and what its answer belongs to.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\Stamp;

final class Letter {

	/** @var array{result: string, id: int, uid: string}|null The answer, once it was received. */
	public ?array $answer = null;

	/**
	 * @param int                                              $number  Number.
	 * @param int                                              $from    Site.
	 * @param int                                              $to      Site.
	 * @param int                                              $ref     User id of the sender.
	 * @param int                                              $version Of the row that it was made from.
	 * @param list<string>                                     $uids    The person's uid, and for a deletion all that they had.
	 * @param string                                           $login   Username.
	 * @param bool                                             $whole   Whether all fields are in it.
	 * @param array<string, array{value: mixed, stamp: Stamp}> $fields  Fields.
	 * @param Stamp|null                                       $deleted Set for a deletion.
	 */
	public function __construct(
		public readonly int $number,
		public readonly int $from,
		public readonly int $to,
		public readonly int $ref,
		public readonly int $version,
		public readonly array $uids,
		public readonly string $login,
		public readonly bool $whole,
		public readonly array $fields,
		public readonly ?Stamp $deleted,
	) {
	}
}
