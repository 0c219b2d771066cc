<?php
/**
 * One field of a person here and on another site: without its values.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

final class FieldView {

	public const SAME    = 'same';
	public const DIFFERS = 'differs';

	/** The other site does not accept it, or does not show it. */
	public const NOT_COMPARED = 'not_compared';

	/**
	 * @param string    $name  Name of the field.
	 * @param string    $state One of the above.
	 * @param Wins|null $newer Where the newer value is; null when they don't differ.
	 */
	public function __construct( public readonly string $name, public readonly string $state, public readonly ?Wins $newer = null ) {
	}

	/**
	 * `FieldView` in admin-src/types.ts.
	 *
	 * @return array{name: string, state: string, newer: string|null}
	 */
	public function to_array(): array {
		return array(
			'name'  => $this->name,
			'state' => $this->state,
			'newer' => $this->newer?->value,
		);
	}
}
