<?php
/**
 * What Tools > Site Health says about syncing: tests with what to do, and facts
 * for support. No secrets, and no names of people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Plugin;
use Tandem\Remote\Credentials;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Unreadable;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;
use Tandem\Time\Clock;

final class SiteHealth {

	/** Where a request leaves a trace that the database could not be written to. */
	public const TROUBLE = 'tandem_trouble';

	/** Seconds that somebody may wait for a site that works before it is worth a word. */
	private const LONG_WAIT = HOUR_IN_SECONDS;

	/** Seconds for which a change that could not be written down is worth a word. */
	private const TROUBLE_SECONDS = WEEK_IN_SECONDS;

	/**
	 * @param Sites        $sites       The sites.
	 * @param Outbox       $outbox      What waits.
	 * @param Credentials  $credentials Whether they can be read.
	 * @param SiteIdentity $identity    Whether this is a copy of a site.
	 * @param Clock        $clock       Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Credentials $credentials,
		private readonly SiteIdentity $identity,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Adds the tests. For the filter `site_status_tests`.
	 *
	 * @param array<string, array<string, mixed>> $tests Tests that there are.
	 * @return array<string, array<string, mixed>>
	 */
	public function tests( array $tests ): array {
		$own = array(
			'sites'       => array( __( 'Connected sites', 'tandem-user-sync' ), $this->test_sites( ... ) ),
			'queue'       => array( __( 'Waiting changes of users', 'tandem-user-sync' ), $this->test_queue( ... ) ),
			'cron'        => array( __( 'Syncing in the background', 'tandem-user-sync' ), $this->test_cron( ... ) ),
			'credentials' => array( __( 'Stored application passwords', 'tandem-user-sync' ), $this->test_credentials( ... ) ),
			'https'       => array( __( 'Encrypted connections to other sites', 'tandem-user-sync' ), $this->test_https( ... ) ),
			'trouble'     => array( __( 'Changes of users are written down', 'tandem-user-sync' ), $this->test_trouble( ... ) ),
		);
		foreach ( $own as $name => list( $label, $test ) ) {
			$tests['direct'][ 'tandem_' . $name ] = array(
				'label' => $label,
				'test'  => $test,
			);
		}
		return $tests;
	}

	/**
	 * Adds facts for support. For the filter `debug_information`.
	 *
	 * @param array<string, array<string, mixed>> $info Sections that there are.
	 * @return array<string, array<string, mixed>>
	 */
	public function information( array $info ): array {
		$fields = array(
			'version' => $this->fact( __( 'Version', 'tandem-user-sync' ), Plugin::VERSION ),
			'copy'    => $this->fact( __( 'Looks like a copy of another site', 'tandem-user-sync' ), null === $this->identity->copy_of() ? 'no' : 'yes' ),
			'cron'    => $this->fact( __( 'Next run in the background', 'tandem-user-sync' ), $this->next_run() ),
			'last'    => $this->fact( __( 'Last run in the background', 'tandem-user-sync' ), $this->moment( Worker::last_run() ) ),
			'after'   => $this->fact( __( 'Can work after the answer', 'tandem-user-sync' ), function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' ) ? 'yes' : 'no (wakes itself by a request)' ),
		);
		foreach ( $this->sites->all() as $site ) {
			$queue                         = $this->outbox->counts( $site->id );
			$fields[ 'site_' . $site->id ] = $this->fact(
				$site->name,
				sprintf(
					'%s, %s, %s%s; waiting %d%s, attention %d; last success %s',
					$site->url,
					$site->kind->value,
					$site->state->value,
					'' === $site->problem_code ? '' : ' (' . $site->problem_code . ' since ' . $this->moment( $site->problem_since ) . ')',
					$queue->waiting,
					null === $queue->oldest_at ? '' : ' (oldest since ' . $this->moment( $queue->oldest_at ) . ')',
					$queue->attention,
					$this->moment( $site->last_success_at )
				)
			);
		}
		$info['tandem-user-sync'] = array(
			'label'  => __( 'Tandem User Sync', 'tandem-user-sync' ),
			'fields' => $fields,
		);
		return $info;
	}

	/**
	 * Whether all sites answer, and whether anything is sent at all.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_sites(): array {
		$copy_of = $this->identity->copy_of();
		if ( null !== $copy_of ) {
			/* translators: %s: address of a site. */
			return $this->result( 'sites', 'critical', __( 'No users are synced: this looks like a copy of another site', 'tandem-user-sync' ), sprintf( __( 'This site’s connections were made at %s. Say on the page of Tandem User Sync whether the site has moved or is a copy.', 'tandem-user-sync' ), $copy_of ) );
		}
		$troubled = array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => in_array( $site->state, array( SiteState::Held, SiteState::Unreachable ), true ) );
		if ( array() === $troubled ) {
			return $this->result( 'sites', 'good', __( 'The connected sites answer', 'tandem-user-sync' ), __( 'Changes of users reach all connected sites.', 'tandem-user-sync' ) );
		}
		$held = array_filter( $troubled, static fn ( RemoteSite $site ): bool => SiteState::Held === $site->state );
		return $this->result(
			'sites',
			array() === $held ? 'recommended' : 'critical',
			array() === $held ? __( 'A connected site can’t be reached', 'tandem-user-sync' ) : __( 'A connected site refuses what is sent to it', 'tandem-user-sync' ),
			implode( ' ', array_map( static fn ( RemoteSite $site ): string => $site->name . ': ' . $site->problem, $troubled ) )
		);
	}

	/**
	 * Whether somebody waits for long although the site works.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_queue(): array {
		$oldest = null;
		foreach ( $this->sites->all() as $site ) {
			if ( SiteState::Connected === $site->state ) {
				$since  = $this->outbox->counts( $site->id )->oldest_at;
				$oldest = null === $since ? $oldest : min( $since, $oldest ?? $since );
			}
		}
		if ( null === $oldest || $this->clock->now() - $oldest < self::LONG_WAIT ) {
			return $this->result( 'queue', 'good', __( 'Changes of users arrive in time', 'tandem-user-sync' ), __( 'Nobody waits for long to be synced with a site that works.', 'tandem-user-sync' ) );
		}
		return $this->result(
			'queue',
			$this->clock->now() - $oldest < DAY_IN_SECONDS ? 'recommended' : 'critical',
			__( 'Changes of users wait to be sent', 'tandem-user-sync' ),
			/* translators: %s: a time span, such as "3 hours". */
			sprintf( __( 'The oldest has waited for %s, although the site it is for works. The page of Tandem User Sync shows under Activity why.', 'tandem-user-sync' ), human_time_diff( $oldest, $this->clock->now() ) )
		);
	}

	/**
	 * Whether WP-Cron runs.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_cron(): array {
		$next = wp_next_scheduled( Worker::CRON );
		if ( ! Worker::is_late( $this->clock->now() ) ) {
			return $this->result( 'cron', 'good', __( 'Syncing goes on in the background', 'tandem-user-sync' ), __( 'WP-Cron or a worker on the command line runs, so what could not be sent at once is tried again.', 'tandem-user-sync' ) );
		}
		return $this->result(
			'cron',
			'critical',
			__( 'Syncing does not go on in the background', 'tandem-user-sync' ),
			false === $next
				? __( 'The event of WP-Cron that tries again is missing. Deactivate Tandem User Sync and activate it again.', 'tandem-user-sync' )
				/* translators: %s: a time span, such as "3 hours". */
				: sprintf( __( 'WP-Cron is late by %s, so what could not be sent at once is not tried again. If DISABLE_WP_CRON is set in wp-config.php, something else must call wp-cron.php every minute, or “wp tandem work” must run.', 'tandem-user-sync' ), human_time_diff( $next, $this->clock->now() ) )
		);
	}

	/**
	 * Whether the credentials can be opened with today's salts.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_credentials(): array {
		$closed = array();
		foreach ( $this->sites->all() as $site ) {
			try {
				$this->credentials->open( $site );
			} catch ( Unreadable ) {
				$closed[] = $site->name;
			}
		}
		return array() === $closed
			? $this->result( 'credentials', 'good', __( 'The stored application passwords can be read', 'tandem-user-sync' ), __( 'They are encrypted with the salts in wp-config.php.', 'tandem-user-sync' ) )
			/* translators: %s: names of sites, separated by commas. */
			: $this->result( 'credentials', 'critical', __( 'A stored application password can’t be read any more', 'tandem-user-sync' ), sprintf( __( 'The salts in wp-config.php have changed since. Connect again: %s. Nothing wrong is sent until then.', 'tandem-user-sync' ), implode( ', ', $closed ) ) );
	}

	/**
	 * Whether passwords travel encrypted.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_https(): array {
		$plain = array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => ! str_starts_with( $site->rest_url, 'https://' ) );
		return array() === $plain || 'local' === wp_get_environment_type()
			? $this->result( 'https', 'good', __( 'Connected sites are reached over HTTPS', 'tandem-user-sync' ), __( 'Or they are on this machine, in an environment that is marked as local.', 'tandem-user-sync' ) )
			/* translators: %s: names of sites, separated by commas. */
			: $this->result( 'https', 'critical', __( 'A connected site is reached without encryption', 'tandem-user-sync' ), sprintf( __( 'Passwords could be read on the way to: %s. Connect again with the https address.', 'tandem-user-sync' ), implode( ', ', array_map( static fn ( RemoteSite $site ): string => $site->name, $plain ) ) ) );
	}

	/**
	 * Whether changes could not be written down.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_trouble(): array {
		$trouble = get_option( self::TROUBLE );
		if ( ! is_array( $trouble ) || (int) ( $trouble['at'] ?? 0 ) < $this->clock->now() - self::TROUBLE_SECONDS ) {
			return $this->result( 'trouble', 'good', __( 'Changes of users are written down', 'tandem-user-sync' ), __( 'Each change is in the database before it is sent, so none gets lost.', 'tandem-user-sync' ) );
		}
		$hook = (string) ( $trouble['hook'] ?? '' );
		if ( '' !== $hook ) {
			return $this->result(
				'trouble',
				'recommended',
				__( 'A plugin or theme fails in a hook of Tandem User Sync', 'tandem-user-sync' ),
				/* translators: 1: time, 2: name of a hook, 3: kind and place of an error. */
				sprintf( __( 'At %1$s something that listens to “%2$s” failed: %3$s. Users were synced all the same. Tell the author of that plugin or theme.', 'tandem-user-sync' ), $this->moment( (int) $trouble['at'] ), $hook, (string) ( $trouble['message'] ?? '' ) )
			);
		}
		return $this->result(
			'trouble',
			'critical',
			__( 'A change of a user could not be written down', 'tandem-user-sync' ),
			/* translators: 1: time, 2: error message. */
			sprintf( __( 'At %1$s the database refused it: %2$s. The user was saved, but may not have been synced. Mend the database, then run a backfill for each site: it finds the differences.', 'tandem-user-sync' ), $this->moment( (int) $trouble['at'] ), (string) ( $trouble['message'] ?? '' ) )
		);
	}

	/**
	 * The result of a test.
	 *
	 * @param string                          $name        Name of the test.
	 * @param 'good'|'recommended'|'critical' $status      How it ended.
	 * @param string                          $label       Headline.
	 * @param string                          $description What it means and what to do.
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function result( string $name, string $status, string $label, string $description ): array {
		return array(
			'test'        => 'tandem_' . $name,
			'status'      => $status,
			'label'       => $label,
			'badge'       => array(
				'label' => __( 'Users', 'tandem-user-sync' ),
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $description ) . '</p>',
			'actions'     => 'good' === $status ? '' : sprintf( '<p><a href="%s">%s</a></p>', esc_url( Page::url() ), esc_html__( 'Open Tandem User Sync', 'tandem-user-sync' ) ),
		);
	}

	/**
	 * A fact for support.
	 *
	 * @param string $label Its name.
	 * @param string $value Its value.
	 * @return array{label: string, value: string}
	 */
	private function fact( string $label, string $value ): array {
		return array(
			'label' => $label,
			'value' => $value,
		);
	}

	/**
	 * When WP-Cron runs next.
	 */
	private function next_run(): string {
		$next = wp_next_scheduled( Worker::CRON );
		return ( false === $next ? 'never' : $this->moment( $next ) ) . ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ? ' (DISABLE_WP_CRON is set)' : '' );
	}

	/**
	 * A time for support.
	 *
	 * @param int $seconds Unix seconds, or 0.
	 */
	private function moment( int $seconds ): string {
		return 0 === $seconds ? 'never' : gmdate( 'Y-m-d H:i:s', $seconds ) . ' UTC';
	}
}
