<?php
/**
 * What was asked for can't be done as it was asked: with a stable code for
 * machines and a sentence for the owner.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class Refused extends \RuntimeException {

	/**
	 * @param string $reason   Stable code.
	 * @param string $sentence What is wrong and what to do, translated.
	 * @param int    $status   HTTP status.
	 */
	public function __construct( public readonly string $reason, string $sentence, public readonly int $status = 400 ) {
		parent::__construct( $sentence );
	}
}
