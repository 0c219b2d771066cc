<?php
/**
 * How far a backfill is.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

enum State: string {
	/** Reads the remote site's accounts. */
	case Indexing = 'indexing';
	/** Compares them with those here. Nothing is written to either site's users. */
	case Matching = 'matching';
	/** The preview is complete. */
	case Ready     = 'ready';
	case Running   = 'running';
	case Paused    = 'paused';
	case Done      = 'done';
	case Cancelled = 'cancelled';
	case Failed    = 'failed';

	/**
	 * Whether a worker has something to do.
	 */
	public function is_active(): bool {
		return in_array( $this, array( self::Indexing, self::Matching, self::Running ), true );
	}

	/**
	 * Whether it is over.
	 */
	public function is_over(): bool {
		return in_array( $this, array( self::Done, self::Cancelled, self::Failed ), true );
	}
}
