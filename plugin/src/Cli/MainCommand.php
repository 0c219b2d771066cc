<?php
/**
 * `wp tandem …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Rest\Api;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Report;
use Tandem\Sync\Worker;

/**
 * Keeps user accounts the same on separate sites.
 */
final class MainCommand extends Command {

	/**
	 * @param Api    $api    The routes.
	 * @param Worker $worker Delivers.
	 * @param Outbox $outbox What is due.
	 * @param Sites  $sites  Remote sites.
	 */
	public function __construct( Api $api, private readonly Worker $worker, private readonly Outbox $outbox, private readonly Sites $sites ) {
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
	 * : End with 1 where a site is away or refuses, somebody needs attention, or nothing works in the background.
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `format`, `check`.
	 */
	public function status( array $args, array $flags ): void {
		$summary = $this->one( 'GET', '/summary' );
		$sites   = array_map(
			static fn ( array $site ): array => array(
				'id'             => $site['id'],
				'name'           => $site['name'],
				'state'          => $site['state'],
				'waiting'        => $site['waiting'],
				'waitingSeconds' => null === $site['waitingSince'] ? 0 : max( 0, time() - (int) $site['waitingSince'] ),
				'attention'      => $site['attention'],
				'medianMs'       => $site['pace']['median'] ?? null,
				'p95Ms'          => $site['pace']['p95'] ?? null,
				'lastSuccessAt'  => $site['lastSuccessAt'],
				'error'          => $site['problem']['code'] ?? '',
				'message'        => $site['problem']['message'] ?? '',
			),
			$this->many( 'GET', '/sites' )
		);
		if ( 'json' === ( $flags['format'] ?? 'table' ) ) {
			\WP_CLI::line( (string) wp_json_encode( $summary + array( 'bySite' => $sites ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
		} else {
			$this->show( $sites, array( 'id', 'name', 'state', 'waiting', 'waitingSeconds', 'attention', 'medianMs', 'p95Ms', 'error' ), $flags );
			if ( $summary['isLate'] ) {
				\WP_CLI::warning( 'Nothing works in the background: WP-Cron does not run, and no "wp tandem work" does.' );
			}
		}
		$bad = array_filter( $sites, static fn ( array $site ): bool => in_array( $site['state'], array( 'unreachable', 'held' ), true ) || $site['attention'] > 0 );
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
		$user  = $this->user( $args[0] );
		$only  = isset( $flags['site'] ) ? (int) $this->site( $flags['site'] )['id'] : null;
		$sites = array_values( array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => null === $only || $site->id === $only ) );
		foreach ( $sites as $site ) {
			$has_password = SiteKind::Paired === $site->kind && $site->may_send( FieldSet::PASSWORD );
			$this->sites->try_now( $site->id );
			$this->outbox->enqueue( $site->id, $user->ID, $has_password ? new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) : new FieldSet( FieldSet::ALL ) );
			$this->outbox->prefer( $site->id, $user->ID );
		}
		$waits = fn ( RemoteSite $site ): bool => OutboxState::Due === $this->outbox->find_for( $site->id, $user->ID )?->state;
		$this->worker->work( 30.0, null === $only ? null : array( $only ), true, static fn (): bool => array() !== array_filter( $sites, $waits ) );
		$rows  = array();
		foreach ( $sites as $site ) {
			$waits  = $this->outbox->find_for( $site->id, $user->ID );
			$rows[] = array(
				'site'    => $site->name,
				'result'  => null === $waits ? ( $site->covers_user( $user ) ? 'right' : 'not in scope' ) : ( '' === $waits->code ? 'waiting' : $waits->code ),
				'message' => $waits->message ?? '',
			);
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
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `repair`, `mine`, `format`.
	 */
	public function verify( array $args, array $flags ): void {
		$site = (int) $this->site( $args[0] )['id'];
		$this->one( 'POST', '/verifications', array( 'site' => $site ) );
		$now = $this->until_verified( $site );
		if ( isset( $flags['repair'] ) && $now['counts']['open'] > 0 ) {
			$this->one( 'POST', "/verifications/{$now['id']}/repair", array( 'mine' => isset( $flags['mine'] ) ) );
			$now = $this->until_verified( $site );
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
	 * Works until a verification is over.
	 *
	 * @param int $site Remote site.
	 * @return array<string, mixed> `Verification`.
	 */
	private function until_verified( int $site ): array {
		do {
			$this->worker->work( 5.0, array( $site ), true, static fn (): bool => true );
			$now = $this->many( 'GET', '/verifications', array( 'site' => $site ) )[0];
		} while ( ! in_array( $now['state'], array( 'done', 'cancelled', 'failed' ), true ) );
		return $now;
	}
}
