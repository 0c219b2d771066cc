<?php
/**
 * Requests that are under way side by side.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

interface Transfers {

	/**
	 * Begins a request.
	 *
	 * @param int     $id      Number by which `wait()` knows it.
	 * @param Request $request The request.
	 */
	public function begin( int $id, Request $request ): void;

	/**
	 * Waits until at least one has ended.
	 *
	 * @return array<int, Response|Unreachable> By number; empty only when none is under way.
	 */
	public function wait(): array;
}
