<?php
/**
 * The report of a backfill as rows of a CSV file, read a piece at a time.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class CsvReport {

	/** People that are read at a time. */
	private const CHUNK = 500;

	/**
	 * @param Items $items The people.
	 */
	public function __construct( private readonly Items $items ) {
	}

	/**
	 * The rows; the first holds the names of the columns.
	 *
	 * @param int $backfill_id Backfill.
	 * @return \Generator<int, list<string>>
	 */
	public function rows( int $backfill_id ): \Generator {
		yield array( 'user_id', 'username', 'email', 'remote_id', 'remote_username', 'found', 'decision', 'result', 'message' );
		$after = 0;
		do {
			$items = $this->items->report( $backfill_id, $after, self::CHUNK );
			cache_users( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
			foreach ( $items as $item ) {
				$user  = get_userdata( $item->user_id );
				$after = $item->id;
				yield array_map(
					array( self::class, 'harmless' ),
					array( (string) $item->user_id, false === $user ? '' : $user->user_login, false === $user ? '' : $user->user_email, 0 === $item->remote_id ? '' : (string) $item->remote_id, $item->username, $item->finding->value ?? '', $item->decision, $item->progress->value, $item->message )
				);
			}
			foreach ( $items as $item ) {
				wp_cache_delete( $item->user_id, 'users' );
				wp_cache_delete( $item->user_id, 'user_meta' );
			}
		} while ( array() !== $items );
	}

	/**
	 * A cell that no spreadsheet takes for a formula: people choose their own names.
	 *
	 * @param string $cell Text.
	 */
	private static function harmless( string $cell ): string {
		return 1 === preg_match( '/^[=+\-@\t\r]/', $cell ) ? "'" . $cell : $cell;
	}
}
