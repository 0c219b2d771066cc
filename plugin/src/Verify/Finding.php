<?php
/**
 * A difference as it was written down.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

final class Finding {

	/**
	 * @param int        $id         Id.
	 * @param Difference $difference Who differs, and how.
	 * @param Mending    $mending    What is done about it.
	 */
	public function __construct( public readonly int $id, public readonly Difference $difference, public readonly Mending $mending ) {
	}
}
