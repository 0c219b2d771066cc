<?php
/**
 * `wp tandem backfill …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Rest\Api;
use Tandem\Rest\CsvFile;
use Tandem\Sync\Worker;

/**
 * Links and brings over the users that existed before the connection.
 */
final class BackfillCommand extends Command {

	/** Seconds that a step takes at most. */
	private const STEP = 5.0;

	/** Seconds between two looks at one that can't go on at the moment. */
	private const PAUSE = 1;

	private const COLUMNS = array( 'id', 'siteId', 'state', 'done', 'total', 'link', 'create', 'conflict', 'linkDone', 'createDone', 'failed' );

	/**
	 * @param Api    $api    The routes.
	 * @param Worker $worker Does the work.
	 */
	public function __construct( Api $api, private readonly Worker $worker ) {
		parent::__construct( $api );
	}

	/**
	 * Makes the preview: who would be linked, created, or needs a decision. Writes to neither site.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * [--wait=<seconds>]
	 * : How long to wait for a site that can't be reached. The backfill itself goes on later.
	 * ---
	 * default: 60
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem backfill preview https://courses.example
	 *     wp tandem backfill run 7
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `wait`, `format`.
	 */
	public function preview( array $args, array $flags ): void {
		$backfill = $this->one( 'POST', '/backfills', array( 'site' => $this->site( $args[0] )['id'] ) );
		$this->print( $this->until_still( (int) $backfill['id'], $flags ), $flags );
	}

	/**
	 * Carries a preview out, and shows how far it is until it ends.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number, as `preview` or `list` shows it.
	 *
	 * [--wait=<seconds>]
	 * : How long to wait for a site that can't be reached. The backfill itself goes on later.
	 * ---
	 * default: 60
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Backfill.
	 * @param array<string, string> $flags `wait`, `format`.
	 */
	public function run( array $args, array $flags ): void {
		$this->one( 'POST', "/backfills/{$args[0]}/run" );
		$this->print( $this->until_still( (int) $args[0], $flags ), $flags );
	}

	/**
	 * Lists the backfills of a site.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `format`.
	 */
	public function list_( array $args, array $flags ): void {
		$this->show( array_map( self::row( ... ), $this->many( 'GET', '/backfills', array( 'site' => $this->site( $args[0] )['id'] ) ) ), self::COLUMNS, $flags );
	}

	/**
	 * Pauses a backfill.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * @param list<string> $args Backfill.
	 */
	public function pause( array $args ): void {
		$this->one( 'POST', "/backfills/{$args[0]}/pause" );
		\WP_CLI::success( 'Paused.' );
	}

	/**
	 * Lets a paused backfill go on, and shows how far it is until it ends.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * [--wait=<seconds>]
	 * : How long to wait for a site that can't be reached. The backfill itself goes on later.
	 * ---
	 * default: 60
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Backfill.
	 * @param array<string, string> $flags `wait`, `format`.
	 */
	public function resume( array $args, array $flags ): void {
		$this->one( 'POST', "/backfills/{$args[0]}/resume" );
		$this->print( $this->until_still( (int) $args[0], $flags ), $flags );
	}

	/**
	 * Ends a backfill. What was carried out stays.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * @param list<string> $args Backfill.
	 */
	public function cancel( array $args ): void {
		$this->one( 'POST', "/backfills/{$args[0]}/cancel" );
		\WP_CLI::success( 'Ended.' );
	}

	/**
	 * Prints the result as CSV.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * @param list<string> $args Backfill.
	 */
	public function csv( array $args ): void {
		$file = $this->ask( 'GET', "/backfills/{$args[0]}/csv" );
		if ( $file instanceof CsvFile ) {
			$file->write();
		}
	}

	/**
	 * Works until a backfill waits for somebody or has ended. How far it is goes to standard error: the result alone
	 * is what `--format` is for.
	 *
	 * @param int                   $id    Backfill.
	 * @param array<string, string> $flags `wait`.
	 * @return array<string, mixed> `Backfill`.
	 */
	private function until_still( int $id, array $flags ): array {
		$wait  = (int) ( $flags['wait'] ?? 60 );
		$since = null;
		$last  = '';
		do {
			$this->worker->work( self::STEP, null, true, static fn (): bool => true );
			$now   = $this->one( 'GET', "/backfills/$id" );
			$since = null === $now['problem'] ? null : ( $since ?? time() );
			if ( null !== $since && time() - $since >= $wait ) {
				\WP_CLI::error( sprintf( '%s (%s) It goes on by itself when that is over, as long as WP-Cron or "wp tandem work" runs.', $now['problem']['message'], $now['problem']['code'] ) );
			}
			$line = sprintf( '%s: %s of %s%s', $now['state'], $now['done'], $now['total'] ?? '?', null === $now['problem'] ? '' : '. ' . $now['problem']['message'] );
			if ( $line === $last ) {
				// Nothing could be done: another process is at it, or the site is away.
				sleep( self::PAUSE );
				continue;
			}
			$last = $line;
			fwrite( STDERR, $line . "\n" ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a terminal, not a file.
		} while ( in_array( $now['state'], array( 'indexing', 'matching', 'running' ), true ) );
		return $now;
	}

	/**
	 * Prints one.
	 *
	 * @param array<string, mixed>  $backfill `Backfill`.
	 * @param array<string, string> $flags    `format`.
	 */
	private function print( array $backfill, array $flags ): void {
		$this->show( array( self::row( $backfill ) ), self::COLUMNS, $flags );
	}

	/**
	 * A row with its counts beside the rest.
	 *
	 * @param array<string, mixed> $backfill `Backfill`.
	 * @return array<string, mixed>
	 */
	private static function row( array $backfill ): array {
		return $backfill + (array) $backfill['counts'];
	}
}
