<?php
/**
 * What rules here want somebody to have, or not to have, on one remote site: state, not a command. It holds while
 * there are reasons for it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Sync\Stamp;

final class Grant {

	/**
	 * @param int                $site_id The remote site.
	 * @param int                $person  User here, or a guest's number.
	 * @param Deed               $deed    What.
	 * @param string             $target  To what.
	 * @param array<string, int> $reasons Why (`Rule::reason()`), and since when, Unix seconds.
	 * @param Stamp              $stamp   When it ceased to hold, or was given its last reason.
	 */
	public function __construct(
		public readonly int $site_id,
		public readonly int $person,
		public readonly Deed $deed,
		public readonly string $target,
		public readonly array $reasons,
		public readonly Stamp $stamp,
	) {
	}

	/**
	 * Whether it holds.
	 */
	public function holds(): bool {
		return array() !== $this->reasons;
	}

	/**
	 * As it travels: docs/protocol.md, "Grants".
	 *
	 * @return array{deed: string, target: string, v: int|null, s: string}
	 */
	public function to_array(): array {
		return array(
			'deed'   => $this->deed->value,
			'target' => $this->target,
			'v'      => $this->holds() ? 1 : null,
			's'      => (string) $this->stamp,
		);
	}
}
