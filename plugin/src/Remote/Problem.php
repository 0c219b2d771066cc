<?php
/**
 * What came back instead of an answer of WordPress, understood.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\OutcomeKind;

final class Problem {

	/**
	 * @param ProblemCode           $code        Which one.
	 * @param OutcomeKind           $kind        What it means for the queue.
	 * @param string                $message     The sentence for a person.
	 * @param string                $first_line  First line of what came back, without secrets and markup.
	 * @param int|null              $retry_after Seconds that the site asked to wait.
	 * @param int                   $status      HTTP status, 0 when no answer came.
	 * @param string                $remote_code WordPress's own code, '' when there is none.
	 * @param array<string, string> $params      What is said of single parameters, by name (`meta.x` for meta).
	 */
	public function __construct(
		public readonly ProblemCode $code,
		public readonly OutcomeKind $kind,
		public readonly string $message,
		public readonly string $first_line = '',
		public readonly ?int $retry_after = null,
		public readonly int $status = 0,
		public readonly string $remote_code = '',
		public readonly array $params = array(),
	) {
	}

	/**
	 * The same with another meaning for the queue.
	 *
	 * @param OutcomeKind $kind What it means.
	 */
	public function as_kind( OutcomeKind $kind ): self {
		return new self( $this->code, $kind, $this->message, $this->first_line, $this->retry_after, $this->status, $this->remote_code, $this->params );
	}
}
