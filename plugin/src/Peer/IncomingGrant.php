<?php
/**
 * What a rule of a paired site wants for a person: docs/protocol.md, "Grants".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Rules\Deed;
use Tandem\Sync\Stamp;

final class IncomingGrant {

	/**
	 * @param Deed|null $deed   What; null for something that this version does not know.
	 * @param string    $target To what.
	 * @param bool      $holds  Whether it holds; else it is to be undone.
	 * @param Stamp     $stamp  Since when.
	 */
	public function __construct(
		public readonly ?Deed $deed,
		public readonly string $target,
		public readonly bool $holds,
		public readonly Stamp $stamp,
	) {
	}
}
