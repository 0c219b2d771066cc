<?php
/**
 * There is no incoming webhook with this number.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

final class HookNotFound extends \RuntimeException {

	/**
	 * @param int $id Number that was asked for.
	 */
	public function __construct( public readonly int $id ) {
		parent::__construct( "There is no webhook $id." );
	}
}
