<?php
/**
 * Something that can't be done with a verification as it is, with a code and the sentence for it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

final class Refused extends \RuntimeException {

	/**
	 * @param string $reason   Stable code.
	 * @param string $sentence For a person.
	 */
	public function __construct( public readonly string $reason, string $sentence ) {
		parent::__construct( $sentence );
	}
}
