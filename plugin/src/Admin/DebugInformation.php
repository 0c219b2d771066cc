<?php
/**
 * What Tools > Site Health > Info shows of syncing, for support. No secrets, and no names of people: it is
 * copied into public forums.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Activity\Log;
use Tandem\Database\Schema;
use Tandem\Names;
use Tandem\Plugin;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Security\SiteIdentity;
use Tandem\Security\SiteKeys;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;

final class DebugInformation {

	/**
	 * @param Sites        $sites    The sites.
	 * @param Outbox       $outbox   What waits.
	 * @param Log          $log      How long deliveries take.
	 * @param SiteIdentity $identity Whether this is a copy of a site.
	 * @param SiteKeys     $keys     Whether they can be read.
	 * @param Schema       $schema   Whether the tables are there.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Outbox $outbox,
		private readonly Log $log,
		private readonly SiteIdentity $identity,
		private readonly SiteKeys $keys,
		private readonly Schema $schema,
	) {
	}

	/**
	 * Adds the facts. For the filter `debug_information`.
	 *
	 * @param array<string, array<string, mixed>> $info Sections that there are.
	 * @return array<string, array<string, mixed>>
	 */
	public function information( array $info ): array {
		$missing = $this->schema->missing();
		$fields  = array(
			'version' => $this->fact( __( 'Version', 'tandem-user-sync' ), Plugin::VERSION ),
			'tables'  => $this->fact( __( 'Tables', 'tandem-user-sync' ), sprintf( 'version %d%s%s', Schema::VERSION, $this->schema->is_current() ? '' : ', but others were made', array() === $missing ? '' : ', missing: ' . implode( ', ', $missing ) ) ),
			'copy'    => $this->fact( __( 'Looks like a copy of another site', 'tandem-user-sync' ), null === $this->identity->copy_of() ? 'no' : 'yes' ),
			'keys'    => $this->fact( __( 'Keys of this site', 'tandem-user-sync' ), $this->keys->are_readable() ? 'readable' : 'can not be read' ),
			'cron'    => $this->fact( __( 'Next run in the background', 'tandem-user-sync' ), $this->next_run() ),
			'last'    => $this->fact( __( 'Last run in the background', 'tandem-user-sync' ), $this->moment( Worker::last_run() ) ),
			'after'   => $this->fact( __( 'Can work after the answer', 'tandem-user-sync' ), function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' ) ? 'yes' : 'no (wakes itself by a request)' ),
		);
		foreach ( array() === $missing ? $this->sites->all() : array() as $site ) {
			$fields[ 'site_' . $site->id ] = $this->fact( $site->name, $this->site( $site ) );
		}
		$info['tandem-user-sync'] = array(
			'label'  => __( 'Tandem User Sync', 'tandem-user-sync' ),
			'fields' => $fields,
		);
		return $info;
	}

	/**
	 * A site in a line.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function site( RemoteSite $site ): string {
		$queue = $this->outbox->counts( $site->id );
		$pace  = $this->log->pace( $site->id );
		return sprintf(
			'%s, %s, %s%s; waiting %d%s, attention %d; last success %s%s%s',
			$site->shown_url(),
			$site->kind->value,
			$site->state->value,
			'' === $site->problem_code ? '' : ' (' . $site->problem_code . ' since ' . $this->moment( $site->problem_since ) . ')',
			$queue->waiting,
			null === $queue->oldest_at ? '' : ' (oldest since ' . $this->moment( $queue->oldest_at ) . ')',
			$queue->attention,
			$this->moment( $site->last_success_at ),
			null === $pace->median ? '' : sprintf( '; change to arrival %d ms, 95 %% within %d ms', $pace->median, (int) $pace->p95 ),
			null === $site->pairing ? '' : sprintf( '; %s; clock %+d s, reaches this site: %s', $site->pairing->versions, $site->pairing->clock_offset, $site->pairing->reaches_us ? 'yes' : 'not known' )
		);
	}

	/**
	 * A fact.
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
		$next = wp_next_scheduled( Names::CRON );
		return ( false === $next ? 'never' : $this->moment( $next ) ) . ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ? ' (DISABLE_WP_CRON is set)' : '' );
	}

	/**
	 * A time.
	 *
	 * @param int $seconds Unix seconds, or 0.
	 */
	private function moment( int $seconds ): string {
		return 0 === $seconds ? 'never' : gmdate( 'Y-m-d H:i:s', $seconds ) . ' UTC';
	}
}
