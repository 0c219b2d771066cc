<?php
/**
 * Somebody who is linked with an account of a paired site, as read in bulk.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Sync\UserState;

final class LinkedPerson {

	/**
	 * @param int       $ref           Their id on the site that asks, which names them in the conversation.
	 * @param int       $remote_id     Their id on the other site.
	 * @param UserState $state         The account here.
	 * @param string    $uid           Their uid here, or ''.
	 * @param string    $password_at   Stamp of their password, or '' when it was never changed.
	 */
	public function __construct(
		public readonly int $ref,
		public readonly int $remote_id,
		public readonly UserState $state,
		public readonly string $uid,
		public readonly string $password_at,
	) {
	}
}
