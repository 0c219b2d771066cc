<?php
/**
 * That the holder of an account here was asked whether an account on a paired site is theirs, too.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class Approval {

	/**
	 * @param int    $id          Its number.
	 * @param int    $site_id     The other site.
	 * @param int    $ref         The account there.
	 * @param int    $user_id     The account here.
	 * @param string $token       Fingerprint of the link's token, or '' when it was used.
	 * @param string $email       Fingerprint of both accounts' addresses at that time.
	 * @param int    $asked_at    Unix seconds, or 0 when no mail could be sent.
	 * @param int    $approved_at Unix seconds, or 0.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $site_id,
		public readonly int $ref,
		public readonly int $user_id,
		public readonly string $token,
		public readonly string $email,
		public readonly int $asked_at,
		public readonly int $approved_at,
	) {
	}
}
