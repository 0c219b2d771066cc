<?php
/**
 * A site could not be connected. The message is a sentence for the owner.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class ConnectFailed extends \RuntimeException {

	/**
	 * @param string $reason   Stable code: of a check (`Checklist`), of a problem (`ProblemCode`), or `state`, `other_user`, `other_site`.
	 * @param string $sentence What is in the way and what to do, translated.
	 */
	public function __construct( public readonly string $reason, string $sentence ) {
		parent::__construct( $sentence );
	}
}
