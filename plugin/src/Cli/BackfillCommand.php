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

	private const COLUMNS = array( 'id', 'siteId', 'state', 'done', 'total', 'link', 'create', 'byName', 'conflict', 'remarked', 'onlyThere', 'linkDone', 'createDone', 'toCompare', 'compared', 'fetchDone', 'failed' );

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
	 * [--bring=<fields>]
	 * : What becomes of the fields of people who are on both sites.
	 * ---
	 * options:
	 *   - nothing
	 *   - here
	 *   - fill
	 * ---
	 *
	 * [--create=<yes|no>]
	 * : Whether those who are missing there are created.
	 *
	 * [--fetch=<yes|no>]
	 * : Whether those who are only there are created here: for paired sites that let this one ask.
	 *
	 * [--rate=<people>]
	 * : People a second at most; 0 for as many as it can.
	 *
	 * [--by-name]
	 * : Propose people with the same username and another address. They are linked when you say so.
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
	 *     wp tandem backfill preview https://courses.example --bring=fill
	 *     wp tandem backfill preview https://courses.example --create=no --fetch=yes
	 *     wp tandem backfill run 7 --rate=50
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `bring`, `create`, `fetch`, `rate`, `by-name`, `wait`, `format`.
	 */
	public function preview( array $args, array $flags ): void {
		$backfill = $this->one( 'POST', '/backfills', array( 'site' => $this->site( $args[0] )['id'] ) + self::options( $flags ) );
		$this->print( $this->until_still( (int) $backfill['id'], $flags ), $flags );
	}

	/**
	 * Carries a preview out, and shows how far it is until it ends.
	 *
	 * With `--bring=here` this site's values win where they differ. Between paired sites `wp tandem verify` shows first
	 * who differs, and in which fields.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number, as `preview` or `list` shows it.
	 *
	 * [--bring=<fields>]
	 * : What becomes of the fields of people who are on both sites.
	 * ---
	 * options:
	 *   - nothing
	 *   - here
	 *   - fill
	 * ---
	 *
	 * [--create=<yes|no>]
	 * : Whether those who are missing there are created.
	 *
	 * [--fetch=<yes|no>]
	 * : Whether those who are only there are created here: for paired sites that let this one ask.
	 *
	 * [--rate=<people>]
	 * : People a second at most; 0 for as many as it can.
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
	 * @param array<string, string> $flags `bring`, `create`, `fetch`, `rate`, `wait`, `format`.
	 */
	public function run( array $args, array $flags ): void {
		$this->choose( $args[0], $flags );
		$this->one( 'POST', "/backfills/{$args[0]}/run" );
		$this->print( $this->until_still( (int) $args[0], $flags ), $flags );
	}

	/**
	 * Changes what a backfill does: the rate at any time, the rest before it is run.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * [--bring=<fields>]
	 * : What becomes of the fields of people who are on both sites.
	 * ---
	 * options:
	 *   - nothing
	 *   - here
	 *   - fill
	 * ---
	 *
	 * [--create=<yes|no>]
	 * : Whether those who are missing there are created.
	 *
	 * [--fetch=<yes|no>]
	 * : Whether those who are only there are created here: for paired sites that let this one ask.
	 *
	 * [--rate=<people>]
	 * : People a second at most; 0 for as many as it can.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem backfill set 7 --rate=10
	 *
	 * @param list<string>          $args  Backfill.
	 * @param array<string, string> $flags `bring`, `create`, `fetch`, `rate`.
	 */
	public function set( array $args, array $flags ): void {
		$this->choose( $args[0], $flags );
		\WP_CLI::success( 'Changed.' );
	}

	/**
	 * Shows how many people need a decision, by kind, or stores one for all of a kind. Protected accounts are left out.
	 *
	 * ## OPTIONS
	 *
	 * <backfill>
	 * : Its number.
	 *
	 * [<kind>]
	 * : Of whom, as the list shows it.
	 *
	 * [<decision>]
	 * : What to do about all of them who are undecided.
	 * ---
	 * options:
	 *   - link
	 *   - create
	 *   - ignore
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem backfill decide 7
	 *     wp tandem backfill decide 7 link_by_name link
	 *
	 * @param list<string>          $args  Backfill, kind, decision.
	 * @param array<string, string> $flags `format`.
	 */
	public function decide( array $args, array $flags ): void {
		if ( ! isset( $args[1] ) ) {
			$this->show( $this->many( 'GET', "/backfills/{$args[0]}/kinds" ), array( 'code', 'people', 'undecided', 'protected' ), $flags );
			return;
		}
		$said = array(
			'kind'     => $args[1],
			'decision' => $args[2] ?? \WP_CLI::error( 'Say what to do about them: link, create or ignore.' ),
		);
		\WP_CLI::success( sprintf( '%d decided.', $this->one( 'POST', "/backfills/{$args[0]}/conflicts", $said )['decided'] ) );
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
	 * Changes what a backfill does, if anything was said about that.
	 *
	 * @param string                $id    Backfill.
	 * @param array<string, string> $flags `bring`, `create`, `fetch`, `rate`.
	 */
	private function choose( string $id, array $flags ): void {
		$options = self::options( $flags );
		if ( array() !== $options ) {
			$this->one( 'PATCH', "/backfills/$id", $options );
		}
	}

	/**
	 * What was said about what a backfill does.
	 *
	 * @param array<string, string> $flags `bring`, `create`, `fetch`, `rate`, `by-name`.
	 * @return array{options?: array<string, bool|int|string|null>} Shape of `BackfillChanges`.
	 */
	private static function options( array $flags ): array {
		$options = array();
		if ( isset( $flags['bring'] ) ) {
			$options['bring'] = $flags['bring'];
		}
		foreach ( array( 'create', 'fetch' ) as $name ) {
			if ( isset( $flags[ $name ] ) ) {
				// WP-CLI makes an empty text of --no-create.
				$options[ $name ] = in_array( $flags[ $name ], array( 'yes', '1', true ), true );
			}
		}
		if ( isset( $flags['by-name'] ) ) {
			$options['byName'] = (bool) $flags['by-name'];
		}
		if ( isset( $flags['rate'] ) ) {
			$options['rate'] = '0' === $flags['rate'] ? null : $flags['rate'];
		}
		return array() === $options ? array() : array( 'options' => $options );
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
			$left = null === $now['secondsLeft'] || $now['rate'] <= 0 ? '' : sprintf( ', %s a second, about %d s left', $now['rate'], $now['secondsLeft'] );
			$far  = sprintf( '%s: %s of %s', $now['state'], $now['done'], $now['total'] ?? '?' );
			$why  = null === $now['problem'] ? '' : '. Waits: ' . $now['problem']['message'];
			if ( $far . $why === $last ) {
				// Nothing could be done: another process is at it, or the site is away.
				sleep( self::PAUSE );
				continue;
			}
			$last = $far . $why;
			fwrite( STDERR, "$far$left$why\n" ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a terminal, not a file.
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
	 * A row with its counts beside the rest. Whose fields are to be brought is not known before they are compared.
	 *
	 * @param array<string, mixed> $backfill `Backfill`.
	 * @return array<string, mixed>
	 */
	private static function row( array $backfill ): array {
		$counts = (array) $backfill['counts'];
		return $backfill + $counts + array(
			'toCompare' => $counts['bring'] ?? 0,
			'compared'  => $counts['bringDone'] ?? 0,
		);
	}
}
