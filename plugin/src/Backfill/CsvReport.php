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
	 * @param Items     $items The people.
	 * @param UserCache $users Users here.
	 */
	public function __construct( private readonly Items $items, private readonly UserCache $users = new UserCache() ) {
	}

	/**
	 * The rows; the first holds the names of the columns.
	 *
	 * @param int $backfill_id Backfill.
	 * @return \Generator<int, list<string>>
	 */
	public function rows( int $backfill_id ): \Generator {
		yield array( 'user_id', 'username', 'email', 'remote_id', 'remote_username', 'found', 'decision', 'result', 'message', 'remark' );
		$after = 0;
		do {
			$items = $this->items->report( $backfill_id, $after, self::CHUNK );
			$users = $this->users->read( array_map( static fn ( Item $item ): int => $item->user_id, $items ) );
			foreach ( $items as $item ) {
				$user  = $users[ $item->user_id ] ?? null;
				$after = $item->id;
				yield array_map(
					array( self::class, 'harmless' ),
					array( 0 === $item->user_id ? '' : (string) $item->user_id, $user->user_login ?? '', $user->user_email ?? ( 0 === $item->user_id ? $item->email : '' ), 0 === $item->remote_id ? '' : (string) $item->remote_id, $item->username, $item->finding->value ?? '', $item->decision, $item->progress->value, $item->message, $item->remark )
				);
			}
			$this->users->forget( $users );
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
