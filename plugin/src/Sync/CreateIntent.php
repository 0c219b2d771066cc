<?php
/**
 * That an account is about to be created on a remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class CreateIntent {

	/**
	 * @param string $login     Username there.
	 * @param string $email     E-mail address there.
	 * @param int    $remote_at The remote's own time (its Date header), Unix seconds.
	 */
	public function __construct(
		public readonly string $login,
		public readonly string $email,
		public readonly int $remote_at,
	) {
	}
}
