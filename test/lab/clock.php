<?php
/**
 * Must-use plugin of a test's site: Tandem's clock goes wrong by as many seconds as a file says.
 *
 * PHP looks for a function in the namespace of the caller first. WordPress and the database keep the right time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Time {

	defined( 'ABSPATH' ) || exit;

	/**
	 * Seconds by which the clock is ahead. Read each time: a worker lives longer than a setting.
	 */
	function wrong_by(): float {
		return (float) @file_get_contents( TANDEM_CONTROL_DIR . '/clock' ); // phpcs:ignore WordPress.PHP.NoSilencedErrors -- no file: right.
	}

	/**
	 * In place of PHP's, for Tandem's clock.
	 */
	function time(): int {
		return \time() + (int) wrong_by();
	}

	/**
	 * In place of PHP's, for Tandem's clock.
	 *
	 * @param bool $as_float As PHP's.
	 */
	function microtime( bool $as_float = false ): float|string {
		return $as_float ? \microtime( true ) + wrong_by() : \microtime();
	}
}

namespace Tandem\Remote {

	/**
	 * In place of PHP's, for what transports do with the time.
	 */
	function time(): int {
		return \Tandem\Time\time();
	}
}
