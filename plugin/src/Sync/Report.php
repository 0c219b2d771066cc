<?php
/**
 * What one run of the dispatcher did.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Report {

	/**
	 * @param int $delivered People who are right there now.
	 * @param int $failed    Tries that did not get through.
	 */
	public function __construct( public readonly int $delivered, public readonly int $failed ) {
	}
}
