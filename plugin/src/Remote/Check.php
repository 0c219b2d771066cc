<?php
/**
 * One line of the checklist of "discover" and "test".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Check {

	/**
	 * @param string     $code    What was looked at, for machines.
	 * @param CheckState $state   How it came out.
	 * @param string     $label   What was looked at, for people.
	 * @param string     $message What was found and, unless it passed, what to do.
	 */
	public function __construct(
		public readonly string $code,
		public readonly CheckState $state,
		public readonly string $label,
		public readonly string $message,
	) {
	}

	/**
	 * As the page sees it: `Check` in admin-src/types.ts.
	 *
	 * @return array{code: string, state: string, label: string, message: string}
	 */
	public function to_array(): array {
		return array(
			'code'    => $this->code,
			'state'   => $this->state->value,
			'label'   => $this->label,
			'message' => $this->message,
		);
	}
}
