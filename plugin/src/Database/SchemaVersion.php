<?php
/**
 * Which version of the tables there is. Asked in every request, so it is a file of its own: the statements that make
 * the tables are read only when they are needed.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Database;

final class SchemaVersion {

	/** Grows by one with each change of the tables. */
	public const CURRENT = 9;

	/** Where the version of the tables that exist is kept. Loaded with the other options: asking costs no query. */
	public const OPTION = 'tandem_schema';

	/**
	 * Whether the tables were made by this version.
	 */
	public static function is_current(): bool {
		return (int) get_option( self::OPTION, 0 ) === self::CURRENT;
	}
}
