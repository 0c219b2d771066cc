<?php
/**
 * A group of routes about one thing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

interface Controller {

	/** Part of a path: the id of a site, a backfill… */
	public const ID = '(?P<id>[\d]+)';

	/**
	 * The routes that this controller answers.
	 *
	 * @return list<Route>
	 */
	public function routes(): array;
}
