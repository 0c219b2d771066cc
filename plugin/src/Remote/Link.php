<?php
/**
 * That a local user is a certain remote user.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Link {

	/**
	 * @param int    $site_id      Remote site.
	 * @param int    $user_id      User here.
	 * @param int    $remote_id    User there.
	 * @param string $remote_login Username there.
	 * @param bool   $approved     The owner said "link anyway" for this one account: it may be a protected one.
	 * @param int    $linked_at    Unix seconds.
	 * @param int    $password_at  When a password last arrived there, or 0.
	 */
	public function __construct(
		public readonly int $site_id,
		public readonly int $user_id,
		public readonly int $remote_id,
		public readonly string $remote_login,
		public readonly bool $approved = false,
		public readonly int $linked_at = 0,
		public readonly int $password_at = 0,
	) {
	}
}
