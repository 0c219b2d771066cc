<?php
/**
 * Something that sets rules off and holds at this moment: somebody has a role, an order is paid…
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class Occasion {

	/**
	 * @param int    $person User here, a guest's number, or 0 for nobody.
	 * @param string $name   What it is: `order:123:item:45`, `role:vip`…
	 */
	public function __construct( public readonly int $person, public readonly string $name ) {
	}
}
