<?php
/**
 * A request that was let in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

final class Incoming {

	/**
	 * @param Body                  $body       What came.
	 * @param array<string, string> $headers    Headers by name, `_` for `-`.
	 * @param string                $message    Id under which it may come again, or ''.
	 * @param bool                  $may_create Whether somebody who has no account here gets one.
	 * @param bool                  $only_tags  Whether nothing but tags is taken.
	 * @param string                $role       Role that is asked for beside the map, or ''.
	 * @param bool|null             $mails      Whether a new person gets the mail to set a password; the webhook's own setting when null.
	 */
	public function __construct(
		public readonly Body $body,
		public readonly array $headers,
		public readonly string $message = '',
		public readonly bool $may_create = true,
		public readonly bool $only_tags = false,
		public readonly string $role = '',
		public readonly ?bool $mails = null,
	) {
	}
}
