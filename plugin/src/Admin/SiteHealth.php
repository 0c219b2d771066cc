<?php
/**
 * What Tools > Site Health says about syncing, with what to do. No secrets, and no names of people.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Schema;
use Tandem\Import\WpRemoteUsersSync;
use Tandem\Names;
use Tandem\Remote\Credentials;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteState;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
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

	/** Function of the tutorial that `Import\RemoteIds` names. */
	private const TUTORIAL = 'rudr_register_user_both_sites';

	/** Seconds by which clocks may differ before it is worth a word: messages allow for it, people read wrong times. */
	private const CLOCK_SECONDS = 5 * MINUTE_IN_SECONDS;

	/**
	 * @param Sites        $sites       The sites.
	 * @param Outbox       $outbox      What waits.
	 * @param Credentials  $credentials Whether they can be read.
	 * @param SiteIdentity $identity    Whether this is a copy of a site.
	 * @param SiteKeys     $keys        Whether they can be read.
	 * @param Schema       $schema      Whether the tables are there.
	 * @param Clock        $clock       Time.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Credentials $credentials,
		private readonly SiteIdentity $identity,
		private readonly SiteKeys $keys,
		private readonly Schema $schema,
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
		$own = array( 'tables' => array( __( 'Tables of user syncing', 'tandem-user-sync' ), $this->test_tables( ... ) ) );
		// Without its tables nothing else can be found out.
		if ( array() === $this->schema->missing() ) {
			$own += array(
				'sites'       => array( __( 'Connected sites', 'tandem-user-sync' ), $this->test_sites( ... ) ),
				'people'      => array( __( 'People that wait for a decision', 'tandem-user-sync' ), $this->test_people( ... ) ),
				'queue'       => array( __( 'Waiting changes of users', 'tandem-user-sync' ), $this->test_queue( ... ) ),
				'cron'        => array( __( 'Syncing in the background', 'tandem-user-sync' ), $this->test_cron( ... ) ),
				'credentials' => array( __( 'Stored application passwords', 'tandem-user-sync' ), $this->test_credentials( ... ) ),
				'keys'        => array( __( 'Keys of this site', 'tandem-user-sync' ), $this->test_keys( ... ) ),
				'clocks'      => array( __( 'Clocks of paired sites', 'tandem-user-sync' ), $this->test_clocks( ... ) ),
				'https'       => array( __( 'Encrypted connections to other sites', 'tandem-user-sync' ), $this->test_https( ... ) ),
				'two_at_once' => array( __( 'One plugin that syncs users', 'tandem-user-sync' ), $this->test_two_at_once( ... ) ),
				'trouble'     => array( __( 'Changes of users are written down', 'tandem-user-sync' ), $this->test_trouble( ... ) ),
			);
		}
		foreach ( $own as $name => list( $label, $test ) ) {
			$tests['direct'][ 'tandem_' . $name ] = array(
				'label' => $label,
				'test'  => $test,
			);
		}
		return $tests;
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
	 * Whether something else syncs the same users.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_two_at_once(): array {
		$held = array_filter( $this->sites->all(), WpRemoteUsersSync::sends_to( ... ) );
		if ( array() !== $held ) {
			/* translators: %s: names of sites. */
			return $this->result( 'two_at_once', 'critical', __( 'Tandem waits: WP Remote Users Sync is at work for the same site', 'tandem-user-sync' ), sprintf( __( 'Two plugins that answer the same event make accounts twice. Nothing is sent to these sites, and changes are kept, until WP Remote Users Sync is switched off or the site is removed there: %s.', 'tandem-user-sync' ), implode( ', ', array_map( static fn ( RemoteSite $site ): string => $site->name, $held ) ) ) );
		}
		if ( false !== has_action( 'user_register', self::TUTORIAL ) ) {
			return $this->result( 'two_at_once', 'recommended', __( 'A snippet syncs users too', 'tandem-user-sync' ), __( 'The function rudr_register_user_both_sites(), from a tutorial, sends new users to another site. If that site is connected here, take the snippet out of the theme’s functions.php: two that answer the same event make accounts twice.', 'tandem-user-sync' ) );
		}
		return $this->result( 'two_at_once', 'good', __( 'No other plugin syncs the same users', 'tandem-user-sync' ), __( 'WP Remote Users Sync is not at work for a connected site.', 'tandem-user-sync' ) );
	}

	/**
	 * Whether somebody waits for a decision.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_people(): array {
		$people = array_sum( array_map( fn ( RemoteSite $site ): int => $this->outbox->counts( $site->id )->attention, $this->sites->all() ) );
		return 0 === $people
			? $this->result( 'people', 'good', __( 'Nobody waits for a decision', 'tandem-user-sync' ), __( 'Where two accounts can’t be told apart by themselves, a person decides. Nobody is in that place.', 'tandem-user-sync' ) )
			: $this->result(
				'people',
				'recommended',
				/* translators: %d: number of people. */
				sprintf( _n( '%d person is not synced until somebody decides', '%d people are not synced until somebody decides', $people, 'tandem-user-sync' ), $people ),
				__( 'The page of Tandem User Sync shows who it is, why, and the choices. Some may wait for their own answer to a mail.', 'tandem-user-sync' )
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
		if ( ! Worker::is_late( $this->clock->now() ) ) {
			return $this->result( 'cron', 'good', __( 'Syncing goes on in the background', 'tandem-user-sync' ), __( 'WP-Cron or a worker on the command line runs, so what could not be sent at once is tried again.', 'tandem-user-sync' ) );
		}
		$next      = wp_next_scheduled( Names::CRON );
		$last      = Worker::last_run();
		$is_urgent = array() !== array_filter( $this->sites->all(), fn ( RemoteSite $site ): bool => SiteState::Paused !== $site->state && $this->outbox->counts( $site->id )->waiting > 0 );
		return $this->result(
			'cron',
			// WP-Cron runs when somebody visits: on a quiet site that is no harm as long as nobody waits.
			$is_urgent ? 'critical' : 'recommended',
			__( 'Syncing does not go on in the background', 'tandem-user-sync' ),
			(
				false === $next
				? __( 'The event of WP-Cron that tries again is missing. Deactivate Tandem User Sync and activate it again.', 'tandem-user-sync' )
				/* translators: %s: a time span, such as "3 hours". */
				: sprintf( __( 'WP-Cron is late by %s, so what could not be sent at once is not tried again. If DISABLE_WP_CRON is set in wp-config.php, something else must call wp-cron.php every minute, or “wp tandem work” must run.', 'tandem-user-sync' ), human_time_diff( $next, $this->clock->now() ) )
			) . ' ' . (
				0 === $last
				? __( 'It has never run yet.', 'tandem-user-sync' )
				/* translators: %s: a time span, such as "3 hours". */
				: sprintf( __( 'It last ran %s ago.', 'tandem-user-sync' ), human_time_diff( $last, $this->clock->now() ) )
			)
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
			// A paired site has none: messages to it are signed.
			if ( SiteKind::Paired === $site->kind ) {
				continue;
			}
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
	 * Whether this site can sign, and open what was sealed to it.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_keys(): array {
		return array() === $this->paired_sites() || $this->keys->are_readable()
			? $this->result( 'keys', 'good', __( 'The keys of this site can be read', 'tandem-user-sync' ), __( 'Paired sites know this site by them. They are encrypted with the salts in wp-config.php.', 'tandem-user-sync' ) )
			: $this->result( 'keys', 'critical', __( 'The keys of this site can’t be read any more', 'tandem-user-sync' ), __( 'The salts in wp-config.php have changed since. Nothing is sent to paired sites, and no passwords from them can be taken. Put the former salts back, or make new keys on the page of Tandem User Sync under Settings and pair again.', 'tandem-user-sync' ) );
	}

	/**
	 * Whether the clocks of paired sites go as this one's.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_clocks(): array {
		$off = array_filter( $this->paired_sites(), static fn ( RemoteSite $site ): bool => abs( $site->pairing->clock_offset ?? 0 ) > self::CLOCK_SECONDS );
		if ( array() === $off ) {
			return $this->result( 'clocks', 'good', __( 'The clocks of paired sites show the same time', 'tandem-user-sync' ), __( 'Or there are none.', 'tandem-user-sync' ) );
		}
		$sentences = array_map(
			static function ( RemoteSite $site ): string {
				$ahead = $site->pairing->clock_offset ?? 0;
				/* translators: 1: name of a site, 2: a time span, such as "3 hours". */
				return sprintf( $ahead < 0 ? __( 'The clock of %1$s is %2$s behind this one.', 'tandem-user-sync' ) : __( 'The clock of %1$s is %2$s ahead of this one.', 'tandem-user-sync' ), $site->name, human_time_diff( 0, abs( $ahead ) ) );
			},
			$off
		);
		return $this->result( 'clocks', 'recommended', __( 'Clocks of paired sites differ', 'tandem-user-sync' ), implode( ' ', $sentences ) . ' ' . __( 'Syncing allows for that, but one of the two is wrong: tell its host.', 'tandem-user-sync' ) );
	}

	/**
	 * Whether the tables are there, as this version wants them.
	 *
	 * @return array<string, mixed> As Site Health wants it.
	 */
	private function test_tables(): array {
		$missing = $this->schema->missing();
		if ( array() === $missing && $this->schema->is_current() ) {
			return $this->result( 'tables', 'good', __( 'The tables of user syncing are in order', 'tandem-user-sync' ), __( 'All are there, as this version wants them.', 'tandem-user-sync' ) );
		}
		return $this->result(
			'tables',
			'critical',
			__( 'Tables of user syncing are missing or old', 'tandem-user-sync' ),
			(
				array() === $missing
				? __( 'They were made by another version.', 'tandem-user-sync' )
				/* translators: %s: names of tables, separated by commas. */
				: sprintf( __( 'Missing or broken: %s.', 'tandem-user-sync' ), implode( ', ', $missing ) )
			) . ' ' . __( 'Users are not synced. See that the database account may create and alter tables, then deactivate Tandem User Sync and activate it again.', 'tandem-user-sync' )
		);
	}

	/**
	 * Sites that run Tandem too.
	 *
	 * @return list<RemoteSite>
	 */
	private function paired_sites(): array {
		return array_values( array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => SiteKind::Paired === $site->kind ) );
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
			sprintf( __( 'At %1$s the database refused it: %2$s. The user was saved. Mend the database: then whoever could not be written down is brought as they are now, but a password that was set meanwhile does not reach plain sites. After more than 300 people, run a backfill for each site: it finds the rest.', 'tandem-user-sync' ), $this->moment( (int) $trouble['at'] ), (string) ( $trouble['message'] ?? '' ) )
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
	 * A time for support.
	 *
	 * @param int $seconds Unix seconds, or 0.
	 */
	private function moment( int $seconds ): string {
		return 0 === $seconds ? 'never' : gmdate( 'Y-m-d H:i:s', $seconds ) . ' UTC';
	}
}
