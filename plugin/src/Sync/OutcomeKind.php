<?php
/**
 * What can come of one attempt to deliver.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

enum OutcomeKind {
	/** The remote user is right. */
	case Delivered;
	/** Nothing had to be done (out of scope, ignored, equal already). */
	case Skipped;
	/** This user did not get through, but waiting may help (an error of the remote for this one user). */
	case Retry;
	/** The site itself can't be reached or answers errors: others need not try either. */
	case Unreachable;
	/** The site refuses the credential or has moved: no tries are burnt until it answers again. */
	case Held;
	/** Waiting can't help: a person must decide. */
	case Attention;
	/** Waits for the account's holder to confirm by mail. */
	case Confirm;

	/**
	 * Its word for developers (docs/hooks.md).
	 */
	public function word(): string {
		return strtolower( $this->name );
	}
}
