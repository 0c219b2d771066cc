<?php
/**
 * How far a verification is.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

enum State: string {

	case Comparing = 'comparing';

	/** Looking for people who should be known there and are not. */
	case Looking = 'looking';

	case Repairing = 'repairing';
	case Done      = 'done';
	case Cancelled = 'cancelled';
	case Failed    = 'failed';

	/**
	 * Whether it is over.
	 */
	public function is_over(): bool {
		return in_array( $this, array( self::Done, self::Cancelled, self::Failed ), true );
	}
}
