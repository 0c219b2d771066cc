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

	/** JSON schema of an id. */
	public const NUMBER = array(
		'type'    => 'integer',
		'minimum' => 1,
	);

	/** JSON schema of a time in Unix seconds. */
	public const TIME = array(
		'type'    => 'integer',
		'minimum' => 0,
	);

	/** Arguments of a route that names its site in the query or the body. */
	public const OF_SITE = array( 'site' => self::NUMBER + array( 'required' => true ) );

	/**
	 * The routes that this controller answers.
	 *
	 * @return list<Route>
	 */
	public function routes(): array;
}
