<?php
/**
 * A request got no whole answer. Never carries headers, a body or the library's own exception:
 * those may hold passwords.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

final class Unreachable extends \RuntimeException {

	/**
	 * @param Failure $failure Why.
	 * @param string  $detail  The library's words for it, '' for none.
	 */
	public function __construct( public readonly Failure $failure, public readonly string $detail = '' ) {
		parent::__construct( '' === $detail ? $failure->value : $failure->value . ': ' . $detail );
	}
}
