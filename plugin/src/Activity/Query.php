<?php
/**
 * Which rows of the record are asked for.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

final class Query {

	/**
	 * @param int          $page     From 1.
	 * @param int          $per_page How many.
	 * @param string       $search   Beginning of a username or an e-mail address.
	 * @param int|null     $site_id  Only this site's.
	 * @param int|null     $user_id  Only this user's.
	 * @param list<Result> $results  Only these.
	 * @param list<Action> $actions  Only these.
	 * @param int|null     $after    Unix seconds.
	 * @param int|null     $before   Unix seconds.
	 */
	public function __construct(
		public readonly int $page = 1,
		public readonly int $per_page = 20,
		public readonly string $search = '',
		public readonly ?int $site_id = null,
		public readonly ?int $user_id = null,
		public readonly array $results = array(),
		public readonly array $actions = array(),
		public readonly ?int $after = null,
		public readonly ?int $before = null,
	) {
	}
}
