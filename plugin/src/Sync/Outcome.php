<?php
/**
 * What came of one attempt to deliver, with the sentence for a person.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Activity\Action;
use Tandem\Remote\Link;

final class Outcome {

	/**
	 * @param OutcomeKind          $kind        What it means for the queue.
	 * @param Action               $action      What was done or tried.
	 * @param string               $code        Stable code, '' when all went well.
	 * @param string               $message     Sentence for a person, '' when there is nothing to say.
	 * @param FieldSet             $fields      What was sent.
	 * @param list<string>         $warnings    What the remote could not take, a sentence each.
	 * @param Link|null            $link        The link as it is now; the dispatcher stores it.
	 * @param bool                 $unlink      Whether the link has to go (deleted there, or unlinked by policy).
	 * @param int|null             $retry_after Seconds that the remote asked to wait.
	 * @param array<string, mixed> $details     What a person needs to decide: `there` as `RemoteAccount` in admin-src/types.ts.
	 * @param bool                 $password_arrived Whether the new password is there although the rest is not.
	 */
	public function __construct(
		public readonly OutcomeKind $kind,
		public readonly Action $action,
		public readonly string $code = '',
		public readonly string $message = '',
		public readonly FieldSet $fields = new FieldSet(),
		public readonly array $warnings = array(),
		public readonly ?Link $link = null,
		public readonly bool $unlink = false,
		public readonly ?int $retry_after = null,
		public readonly array $details = array(),
		public readonly bool $password_arrived = false,
	) {
	}
}
