<?php
/**
 * An incoming webhook: an address of this site to which an automator or a CRM sends people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Rest\Api;

final class Hook {

	/**
	 * @param int          $id           Id.
	 * @param string       $slug         What its address ends with: nobody can guess it.
	 * @param string       $name         Its name, for people.
	 * @param HookState    $state        What it does with a request.
	 * @param string       $secret       Sealed secrets; opened by `HookSecrets` only.
	 * @param string       $access_key   Keyed fingerprint of the key of the compatible form, or ''.
	 * @param HookSettings $settings     What the owner decided.
	 * @param string       $last_request Sealed; opened by `LastRequests` only. '' when there is none.
	 * @param int          $last_at      When that came, Unix seconds, or 0.
	 * @param int          $taken        People who were made or changed.
	 * @param int          $created_at   Unix seconds.
	 */
	public function __construct(
		public readonly int $id,
		public readonly string $slug,
		public readonly string $name,
		public readonly HookState $state,
		public readonly string $secret,
		public readonly string $access_key,
		public readonly HookSettings $settings,
		public readonly string $last_request,
		public readonly int $last_at,
		public readonly int $taken,
		public readonly int $created_at,
	) {
	}

	/**
	 * Its address.
	 */
	public function address(): string {
		return rest_url( Api::NAMESPACE . '/hooks/' . $this->slug );
	}
}
