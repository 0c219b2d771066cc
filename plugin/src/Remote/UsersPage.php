<?php
/**
 * A page of a plain site's accounts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class UsersPage {

	/**
	 * @param list<RemoteUser> $users Accounts. Fewer than asked for where our account may not see some.
	 * @param int              $total How many there are in all.
	 * @param int              $pages How many pages there are.
	 */
	public function __construct( public readonly array $users, public readonly int $total, public readonly int $pages ) {
	}
}
