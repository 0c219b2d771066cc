<?php
/**
 * `wp tandem …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Remote\Sites;
use Tandem\Rest\Api;
use Tandem\Sync\Outbox;
use Tandem\Sync\Report;
use Tandem\Sync\Worker;
use Tandem\Verify\Explainer;

/**
 * Keeps user accounts the same on separate sites.
 */
final class MainCommand extends Command {

	/** Seconds between two looks at a verification that can't go on at the moment. */
	private const PAUSE = 1;

	/**
	 * @param Api       $api       The routes.
	 * @param Worker    $worker    Delivers.
	 * @param Outbox    $outbox    What is due.
	 * @param Sites     $sites     Remote sites.
	 * @param Explainer $explainer Makes one person right.
	 */
	public function __construct( Api $api, private readonly Worker $worker, private readonly Outbox $outbox, private readonly Sites $sites, private readonly Explainer $explainer ) {
		parent::__construct( $api );
	}

	/**
	 * Delivers what is due, until its time is over or it is asked to end.
	 *
	 * Any number of workers may run at once, on any number of machines. For a service that is started again when it
	 * ends, or for a system cron.
	 *
	 * ## OPTIONS
	 *
	 * [--sites=<sites>]
	 * : Only these, separated by commas: numbers, addresses or names.
	 *
	 * [--for=<seconds>]
	 * : How long.
	 * ---
	 * default: 3600
	 * ---
	 *
	 * [--until-empty]
	 * : End as soon as nothing is due.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem work --for=55        # every minute, by a system cron
	 *     wp tandem work --until-empty
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `sites`, `for`, `until-empty`.
	 */
	public function work( array $args, array $flags ): void {
		$seconds = (float) ( $flags['for'] ?? 3600 );
		if ( $seconds <= 0 ) {
			\WP_CLI::error( '--for takes a number of seconds above 0.' );
		}
		$only  = isset( $flags['sites'] ) ? array_map( fn ( string $meant ): int => (int) $this->site( trim( $meant ) )['id'], explode( ',', $flags['sites'] ) ) : null;
		$ended = false;
		if ( function_exists( 'pcntl_async_signals' ) ) {
			pcntl_async_signals( true );
			foreach ( array( SIGTERM, SIGINT ) as $signal ) {
				pcntl_signal(
					$signal,
					static function () use ( &$ended ): void {
						$ended = true;
					}
				);
			}
		}
		$delivered = 0;
		$failed    = 0;
		$this->worker->work(
			$seconds,
			$only,
			isset( $flags['until-empty'] ),
			static function ( Report $report ) use ( &$delivered, &$failed, &$ended ): bool {
				$delivered += $report->delivered;
				$failed    += $report->failed;
				if ( $report->delivered + $report->failed > 0 ) {
					\WP_CLI::log( sprintf( '%s  %d delivered, %d failed', gmdate( 'H:i:s' ), $report->delivered, $report->failed ) );
				}
				return ! $ended;
			}
		);
		\WP_CLI::success( sprintf( '%d delivered, %d tries failed.', $delivered, $failed ) );
	}

	/**
	 * Shows each site's condition, queue and pace. For monitoring: `--format=json`, `--check`.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * [--check]
	 * : End with 1 where a site is away or refuses, somebody waits for a decision, or nothing works in the background.
	 *
	 * [--patience=<minutes>]
	 * : With --check: for how long a site may be away, and a decision may wait.
	 * ---
	 * default: 15
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem status --check --patience=60
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `format`, `check`, `patience`.
	 */
	public function status( array $args, array $flags ): void {
		$patience = (string) ( $flags['patience'] ?? 15 );
		if ( ! ctype_digit( $patience ) ) {
			\WP_CLI::error( '--patience takes a number of minutes.' );
		}
		$summary = $this->one( 'GET', '/summary' );
		$all     = $this->many( 'GET', '/sites' );
		$since   = static fn ( ?int $time ): int => null === $time ? 0 : max( 0, time() - $time );
		$sites   = array_map(
			static fn ( array $site ): array => array(
				'id'               => $site['id'],
				'name'             => $site['name'],
				'state'            => $site['state'],
				'troubleSeconds'   => $since( $site['problemSince'] ),
				'waiting'          => $site['waiting'],
				'waitingSeconds'   => $since( $site['waitingSince'] ),
				'attention'        => $site['attention'],
				'attentionSeconds' => $since( $site['attentionSince'] ),
				'medianMs'         => $site['pace']['median'] ?? null,
				'p95Ms'            => $site['pace']['p95'] ?? null,
				'lastSuccessAt'    => $site['lastSuccessAt'],
				'error'            => $site['problem']['code'] ?? '',
				'message'          => $site['problem']['message'] ?? '',
			),
			$all
		);
		if ( 'json' === ( $flags['format'] ?? 'table' ) ) {
			\WP_CLI::line( (string) wp_json_encode( $summary + array( 'bySite' => $sites ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
		} else {
			$this->show( $sites, array( 'id', 'name', 'state', 'waiting', 'waitingSeconds', 'attention', 'medianMs', 'p95Ms', 'error' ), $flags );
			if ( $summary['isLate'] ) {
				\WP_CLI::warning( 'Nothing works in the background: WP-Cron does not run, and no "wp tandem work" does.' );
			}
		}
		$too_long = (int) $patience * MINUTE_IN_SECONDS;
		// A confirmation is waited for by whoever holds the account: that is nothing to be woken for.
		$bad = array_filter( $all, static fn ( array $site ): bool => ( in_array( $site['state'], array( 'unreachable', 'held' ), true ) && $since( $site['problemSince'] ) >= $too_long ) || ( null !== $site['attentionSince'] && $since( $site['attentionSince'] ) >= $too_long ) );
		if ( isset( $flags['check'] ) && ( array() !== $bad || $summary['isLate'] ) ) {
			\WP_CLI::halt( 1 );
		}
	}

	/**
	 * Makes a user right on the other sites, now.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Number, username or e-mail address.
	 *
	 * [--site=<site>]
	 * : Only there.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  User.
	 * @param array<string, string> $flags `site`, `format`.
	 */
	public function sync( array $args, array $flags ): void {
		$user = $this->user( $args[0] );
		$only = isset( $flags['site'] ) ? (int) $this->site( $flags['site'] )['id'] : null;
		$this->explainer->sync( $user, $only, true );
		$rows = array();
		foreach ( $this->explainer->explain( $user, false ) as $now ) {
			if ( null === $only || $now->site->id === $only ) {
				$rows[] = array(
					'site'    => $now->site->name,
					'result'  => null === $now->waiting ? ( $now->is_sent ? 'right' : 'not in scope' ) : ( '' === $now->waiting->code ? 'waiting' : $now->waiting->code ),
					'message' => $now->waiting->message ?? '',
				);
			}
		}
		$this->show( $rows, array( 'site', 'result', 'message' ), $flags );
	}

	/**
	 * Shows what happened to whom, the newest first.
	 *
	 * ## OPTIONS
	 *
	 * [<user>]
	 * : Only this one's: number, username or e-mail address.
	 *
	 * [--site=<site>]
	 * : Number, address or name.
	 *
	 * [--result=<results>]
	 * : success, skipped, retrying, attention, refused; several separated by commas.
	 *
	 * [--after=<time>]
	 * : Since when: "2 hours ago", a date, or Unix seconds.
	 *
	 * [--before=<time>]
	 * : Until when.
	 *
	 * [--number=<number>]
	 * : How many rows, 100 at most.
	 * ---
	 * default: 20
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  User.
	 * @param array<string, string> $flags As above.
	 */
	public function activity( array $args, array $flags ): void {
		$rows = $this->many(
			'GET',
			'/activity',
			array_filter(
				array(
					'user'     => isset( $args[0] ) ? $this->user( $args[0] )->ID : null,
					'site'     => isset( $flags['site'] ) ? $this->site( $flags['site'] )['id'] : null,
					'result'   => isset( $flags['result'] ) ? array_map( 'trim', explode( ',', $flags['result'] ) ) : null,
					'after'    => isset( $flags['after'] ) ? $this->moment( $flags['after'] ) : null,
					'before'   => isset( $flags['before'] ) ? $this->moment( $flags['before'] ) : null,
					'per_page' => (int) ( $flags['number'] ?? 20 ),
				),
				static fn ( mixed $value ): bool => null !== $value
			)
		);
		$this->show( array_map( static fn ( array $row ): array => array( 'time' => gmdate( 'Y-m-d H:i:s', (int) $row['at'] ) ) + $row, $rows ), array( 'id', 'time', 'direction', 'siteName', 'username', 'action', 'result', 'attempts', 'code', 'message' ), $flags );
	}

	/**
	 * Tries again what has failed.
	 *
	 * ## OPTIONS
	 *
	 * [<user>...]
	 * : Only these: number, username or e-mail address.
	 *
	 * [--site=<site>]
	 * : Only those for this site.
	 *
	 * [--code=<code>]
	 * : Only those that failed for this cause (docs/errors.md).
	 *
	 * [--after=<time>]
	 * : Only those that wait since then or later.
	 *
	 * [--before=<time>]
	 * : Only those that wait since before.
	 *
	 * [--all]
	 * : All of them.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem retry --code=not_accepted --site=2
	 *     wp tandem retry --after="3 hours ago" --before="1 hour ago"
	 *
	 * @param list<string>          $args  Users.
	 * @param array<string, string> $flags As above.
	 */
	public function retry( array $args, array $flags ): void {
		if ( array() === $args && array() === array_intersect_key( $flags, array_flip( array( 'site', 'code', 'after', 'before', 'all' ) ) ) ) {
			\WP_CLI::error( 'Say whom: users, --site, --code, --after, --before, or --all.' );
		}
		if ( array() !== $args && array() !== array_intersect_key( $flags, array_flip( array( 'code', 'after', 'before', 'all' ) ) ) ) {
			\WP_CLI::error( 'Name either users, or --code, --after, --before or --all: not both.' );
		}
		$site  = isset( $flags['site'] ) ? (int) $this->site( $flags['site'] )['id'] : null;
		$asked = array_filter(
			array(
				'site'   => $site,
				'code'   => $flags['code'] ?? null,
				'after'  => isset( $flags['after'] ) ? $this->moment( $flags['after'] ) : null,
				'before' => isset( $flags['before'] ) ? $this->moment( $flags['before'] ) : null,
			),
			static fn ( mixed $value ): bool => null !== $value
		);
		if ( array() !== $args ) {
			$ids = array();
			foreach ( $args as $meant ) {
				foreach ( $this->sites->all() as $remote ) {
					$row = null === $site || $remote->id === $site ? $this->outbox->find_for( $remote->id, $this->user( $meant )->ID ) : null;
					array_push( $ids, ...( null === $row ? array() : array( $row->id ) ) );
				}
			}
			if ( array() === $ids ) {
				\WP_CLI::success( 'Nothing of them waits.' );
				return;
			}
			$asked = array( 'ids' => $ids );
		}
		$retried = (int) $this->one( 'POST', '/outbox/retry', $asked )['retried'];
		foreach ( $this->sites->all() as $remote ) {
			if ( null === $site || $remote->id === $site ) {
				$this->sites->try_now( $remote->id );
			}
		}
		$this->worker->work( 30.0, null === $site ? null : array( $site ), true, static fn (): bool => true );
		\WP_CLI::success( sprintf( '%d tried again.', $retried ) );
	}

	/**
	 * Explains what goes on with a user on each site: linked how, sent or why not, what is the same and what differs.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Number, username or e-mail address.
	 *
	 * [--format=<format>]
	 * : table, json or yaml.
	 *
	 * @param list<string>          $args  User.
	 * @param array<string, string> $flags `format`.
	 */
	public function explain( array $args, array $flags ): void {
		$said  = $this->one( 'GET', '/users/' . $this->user( $args[0] )->ID . '/explanation' );
		$sites = array_values( (array) $said['sites'] );
		if ( in_array( $flags['format'] ?? 'table', array( 'json', 'yaml' ), true ) ) {
			$this->show( $sites, array( 'siteId', 'siteName', 'kind', 'sent', 'why', 'remoteId', 'remoteName', 'linked', 'waiting', 'fields', 'wouldSend', 'wrong', 'problem' ), $flags );
			return;
		}
		foreach ( $sites as $site ) {
			\WP_CLI::log( sprintf( "%s (%s)\n  %s\n  %s", $site['siteName'], $site['kind'], $site['why'], $site['linked'] ) );
			foreach ( array( $site['wrong'], $site['problem']['message'] ?? null, null === $site['waiting'] ? null : trim( 'Waits: ' . implode( ', ', $site['waiting']['fields'] ) . '. ' . $site['waiting']['message'] ) ) as $line ) {
				if ( null !== $line ) {
					\WP_CLI::log( '  ' . $line );
				}
			}
			foreach ( array( 'differs', 'same', 'not_compared' ) as $state ) {
				$names = array_column( array_filter( $site['fields'], static fn ( array $field ): bool => $field['state'] === $state ), 'name' );
				if ( array() !== $names ) {
					\WP_CLI::log( sprintf( '  %s: %s', str_replace( '_', ' ', $state ), implode( ', ', $names ) ) );
				}
			}
			\WP_CLI::log( array() === $site['wouldSend'] ? '  Nothing would be sent.' : '  Would be sent: ' . implode( ', ', $site['wouldSend'] ) );
		}
	}

	/**
	 * Compares the people of a paired site with those here, by digests, and shows who differs and in what. Ends with 1
	 * where somebody does and is not repaired.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * [--repair]
	 * : Bring to right what has a newer value on one side.
	 *
	 * [--mine]
	 * : With --repair: where neither value is newer, this site's is the right one.
	 *
	 * [--wait=<seconds>]
	 * : How long to wait for a site that can't be reached. The verification itself goes on later.
	 * ---
	 * default: 60
	 * ---
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `repair`, `mine`, `wait`, `format`.
	 */
	public function verify( array $args, array $flags ): void {
		$wait = (int) ( $flags['wait'] ?? 60 );
		$site = (int) $this->unpaused( $args[0] )['id'];
		$this->one( 'POST', '/verifications', array( 'site' => $site ) );
		$now = $this->until_verified( $site, $wait );
		if ( isset( $flags['repair'] ) && $now['counts']['open'] > 0 ) {
			$this->one( 'POST', "/verifications/{$now['id']}/repair", array( 'mine' => isset( $flags['mine'] ) ) );
			$now = $this->until_verified( $site, $wait );
		}
		$rows = array_map(
			static fn ( array $found ): array => array(
				'user'    => $found['here']['username'] ?? '',
				'kind'    => $found['kind'],
				'fields'  => implode( ', ', array_map( static fn ( array $field ): string => $field['name'] . ( 'nobody' === $field['newer'] ? '' : ' (newer ' . $field['newer'] . ')' ), $found['fields'] ) ),
				'mending' => $found['mending'],
				'message' => $found['message'],
			),
			$this->many( 'GET', "/verifications/{$now['id']}/findings", array( 'per_page' => 100 ) )
		);
		$this->show( $rows, array( 'user', 'kind', 'fields', 'mending', 'message' ), $flags );
		$open = (int) $now['counts']['open'] + (int) $now['counts']['refused'];
		if ( 'json' !== ( $flags['format'] ?? 'table' ) ) {
			\WP_CLI::log( sprintf( '%d compared, %d differ and are open, %d on their way. %s', $now['compared'], $open, $now['counts']['sent'], $now['problem']['message'] ?? '' ) );
		}
		if ( $open > 0 || null !== $now['problem'] ) {
			\WP_CLI::halt( 1 );
		}
	}

	/**
	 * Works until a verification is over, or until its site has been away for long enough.
	 *
	 * @param int $site Remote site.
	 * @param int $wait Seconds for which a site may be away.
	 * @return array<string, mixed> `Verification`.
	 */
	private function until_verified( int $site, int $wait ): array {
		$since = null;
		$last  = null;
		while ( true ) {
			$this->worker->work( 5.0, array( $site ), true, static fn (): bool => true );
			$now = $this->many( 'GET', '/verifications', array( 'site' => $site ) )[0];
			if ( in_array( $now['state'], array( 'done', 'cancelled', 'failed' ), true ) ) {
				return $now;
			}
			$this->unpaused( (string) $site );
			$since = null === $now['problem'] ? null : ( $since ?? time() );
			if ( null !== $since && time() - $since >= $wait ) {
				\WP_CLI::error( sprintf( '%s (%s) It goes on by itself when that is over, as long as WP-Cron or "wp tandem work" runs.', $now['problem']['message'], $now['problem']['code'] ) );
			}
			if ( $now === $last ) {
				// Nothing could be done: another process is at it, or the site is away.
				sleep( self::PAUSE );
			}
			$last = $now;
		}
	}

	/**
	 * The site that is meant, unless it is paused.
	 *
	 * @param string $meant As it was typed.
	 * @return array<string, mixed> `Site`.
	 */
	private function unpaused( string $meant ): array {
		$site = $this->site( $meant );
		return 'paused' === $site['state'] ? \WP_CLI::error( sprintf( '%s is paused, so it is asked nothing. Resume it first: wp tandem site resume %d', $site['name'], $site['id'] ) ) : $site;
	}
}
