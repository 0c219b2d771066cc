<?php
/**
 * There is no remote site with that id.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class SiteNotFound extends \RuntimeException {

	/**
	 * @param int $id The id that was asked for.
	 */
	public function __construct( public readonly int $id ) {
		parent::__construct( 'There is no connected site with this number. It may have been removed in another window.' );
	}
}
