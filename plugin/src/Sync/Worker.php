<?php
/**
 * When deliveries run: after the answer has gone to the browser, at a wake-up, and by WP-Cron.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Activity\Log;
use Tandem\Names;
use Tandem\Remote\Http\WakeUp;
use Tandem\Security\Vault;
use Tandem\Settings;
use Tandem\Time\Clock;

final class Worker {

	/** Seconds that one run in a request of its own takes; web servers end requests after 30. */
	private const TICK_SECONDS = 20.0;

	/** Seconds that a run waits for a site that will be looked at again, or somebody who is tried again, that soon. */
	private const PATIENCE = 10;

	/** When something last worked in the background, Unix seconds. */
	public const LAST_RUN = 'tandem_last_run';

	/** Seconds that it may be late. */
	private const LATE_SECONDS = 15 * MINUTE_IN_SECONDS;

	/** Seconds between two notes of that. */
	private const NOTE_SECONDS = 60;

	/** Seconds for which a wake-up token is good. */
	private const TOKEN_SECONDS = 60;

	/**
	 * @param Dispatcher $dispatcher Delivers.
	 * @param Outbox     $outbox     Outbox.
	 * @param Log        $log        Activity.
	 * @param Settings   $settings   How long things are kept.
	 * @param WakeUp     $wake_up    Starts a request of its own.
	 * @param Vault      $vault      Makes wake-up tokens.
	 * @param Clock      $clock      Time.
	 * @param Job        $backfill   Brings over the users that existed before.
	 * @param \Closure(): void $each_minute What else somebody who works looks after, at most once a minute.
	 */
	public function __construct(
		private readonly Dispatcher $dispatcher,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly Settings $settings,
		private readonly WakeUp $wake_up,
		private readonly Vault $vault,
		private readonly Clock $clock,
		private readonly Job $backfill,
		private readonly \Closure $each_minute,
	) {
	}

	/**
	 * A request that changed users has ended. Completes and delivers without the visitor waiting for it: after the
	 * answer has gone out where PHP can say so (FastCGI, LiteSpeed), by a request of its own elsewhere.
	 *
	 * @param \Closure(): bool $complete Completes what was captured; says whether something is to be delivered.
	 */
	public function after_response( \Closure $complete ): void {
		// On the command line nobody waits for an answer.
		$is_alone = 'cli' === PHP_SAPI || $this->send_answer();
		if ( ! $complete() ) {
			return;
		}
		if ( $is_alone ) {
			ignore_user_abort( true );
			$report = $this->dispatcher->run( Budget::guest() );
			// What was delivered may be a backfill's, which goes on when it has seen that.
			$is_waited_for = $report->delivered > 0 && $this->backfill->is_under_way();
			if ( 0 === $report->failed && ! $is_waited_for && ! $this->dispatcher->has_work() ) {
				return;
			}
		}
		$this->wake();
	}

	/**
	 * Starts a request of its own that delivers, and does not wait for it.
	 */
	public function wake(): void {
		$this->wake_up->send( $this->token() );
	}

	/**
	 * Delivers what is due, and goes on with backfills. Runs in a request of its own.
	 */
	public function tick(): void {
		ignore_user_abort( true );
		$until = microtime( true ) + self::TICK_SECONDS;
		$this->tidy();
		do {
			$report = $this->dispatcher->run( Budget::request( min( 5.0, max( 0.5, $until - microtime( true ) ) ) ) );
			$more   = $this->backfill->step( min( 5.0, max( 0.5, $until - microtime( true ) ) ) );
			$again  = $more || $report->delivered > 0 || $this->waited_for_a_try();
		} while ( $again && microtime( true ) < $until );
		if ( $more || $this->dispatcher->has_work() ) {
			$this->wake();
		}
	}

	/**
	 * Works on the command line, beside any number of others, until its time is over. Holds no growing memory.
	 *
	 * @param float                    $seconds     How long.
	 * @param list<int>|null           $only_sites  Only these sites.
	 * @param bool                     $until_empty Whether it ends as soon as nothing is due.
	 * @param \Closure( Report ): bool $go_on       Hears of each round; says whether there is to be another.
	 */
	public function work( float $seconds, ?array $only_sites, bool $until_empty, \Closure $go_on ): void {
		$until = microtime( true ) + $seconds;
		do {
			$this->tidy();
			$report  = $this->dispatcher->run( Budget::worker( min( 5.0, max( 0.1, $until - microtime( true ) ) ), $only_sites ) );
			$more    = $this->backfill->step( min( 5.0, max( 0.1, $until - microtime( true ) ) ) );
			$is_idle = ! $more && 0 === $report->delivered;
			// What other processes change is read again, and what was read is not kept.
			wp_cache_flush_runtime();
			$GLOBALS['wpdb']->queries = array();
			if ( ! $go_on( $report ) || ( $is_idle && $until_empty ) ) {
				return;
			}
			if ( $is_idle ) {
				usleep( 500_000 );
			}
		} while ( microtime( true ) < $until );
	}

	/**
	 * When something last worked in the background, Unix seconds; 0 for never.
	 */
	public static function last_run(): int {
		return (int) get_option( self::LAST_RUN, 0 );
	}

	/**
	 * Whether WP-Cron should have run for long and has not, and no worker on the command line does its work.
	 *
	 * @param int $now Unix seconds.
	 */
	public static function is_late( int $now ): bool {
		$next = wp_next_scheduled( Names::CRON );
		return ( false === $next || $now - $next > self::LATE_SECONDS ) && $now - self::last_run() > self::LATE_SECONDS;
	}

	/**
	 * Removes what is over, and notes that somebody works: at most once a minute. A note from the future means that the
	 * clock was set back.
	 */
	private function tidy(): void {
		$since = $this->clock->now() - self::last_run();
		if ( $since < -self::NOTE_SECONDS ) {
			$this->dispatcher->clock_was_set_back();
		} elseif ( $since < self::NOTE_SECONDS ) {
			return;
		}
		update_option( self::LAST_RUN, $this->clock->now(), false );
		$this->outbox->wipe_expired_secrets();
		$this->log->purge( $this->clock->now() - $this->settings->keep_activity_days() * DAY_IN_SECONDS );
		( $this->each_minute )();
	}

	/**
	 * Delivers what is due for some sites while a person waits for it.
	 *
	 * @param non-empty-list<int> $site_ids Remote sites.
	 * @param float               $seconds  How long at most.
	 */
	public function serve_now( array $site_ids, float $seconds ): Report {
		return $this->dispatcher->run( 'cli' === PHP_SAPI ? Budget::worker( $seconds, $site_ids ) : Budget::request( $seconds, $site_ids ) );
	}

	/**
	 * Whether a wake-up comes from this site itself.
	 *
	 * @param string $token As `wake()` sent it.
	 */
	public function is_own_token( string $token ): bool {
		list( $time, $proof ) = array_pad( explode( '.', $token, 2 ), 2, '' );
		return ctype_digit( $time )
			&& abs( $this->clock->now() - (int) $time ) <= self::TOKEN_SECONDS
			&& hash_equals( $this->vault->fingerprint( $time, 'wake' ), $proof );
	}

	/**
	 * A token that is good for a minute and for nothing but a wake-up.
	 */
	private function token(): string {
		$time = (string) $this->clock->now();
		return $time . '.' . $this->vault->fingerprint( $time, 'wake' );
	}

	/**
	 * Waits for a site that is looked at again in a moment, or somebody who is tried again then, so that a short hiccup
	 * does not cost a minute.
	 */
	private function waited_for_a_try(): bool {
		$seconds = $this->dispatcher->seconds_to_next_try( self::PATIENCE );
		// Zero: it is due, and another process is at it.
		if ( null === $seconds || $seconds < 1 || $seconds > self::PATIENCE ) {
			return false;
		}
		sleep( $seconds );
		return true;
	}

	/**
	 * Sends the answer to the browser and lets this process go on.
	 *
	 * @return bool Whether this PHP can.
	 */
	private function send_answer(): bool {
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $function ) {
			if ( function_exists( $function ) ) {
				if ( PHP_SESSION_ACTIVE === session_status() ) {
					session_write_close();
				}
				return false !== $function();
			}
		}
		return false;
	}
}
