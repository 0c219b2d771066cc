<?php
/**
 * A remote site did not do what it was asked. Carries the problem, never the request.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class RemoteFailure extends \RuntimeException {

	/**
	 * @param Problem $problem What is in the way.
	 */
	public function __construct( public readonly Problem $problem ) {
		parent::__construct( $problem->message );
	}
}
