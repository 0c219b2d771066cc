<?php
/**
 * That this site has said to another who somebody is: what is kept of it until it is redeemed.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class Code {

	/**
	 * @param int    $site_id       The paired site that it is for.
	 * @param int    $user_id       User here.
	 * @param string $state         Hash of the state that the other site made.
	 * @param bool   $second_factor Whether the user has logged in here with a second factor.
	 * @param int    $until         Until when it is good, Unix seconds.
	 */
	public function __construct(
		public readonly int $site_id,
		public readonly int $user_id,
		public readonly string $state,
		public readonly bool $second_factor,
		public readonly int $until,
	) {
	}
}
