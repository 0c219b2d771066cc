<?php
/**
 * What other ways of syncing users have left here, and taking it over: `GET /import`, `POST /import/…`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Import\LinkImport;
use Tandem\Import\RemoteIds;
use Tandem\Import\WpRemoteUsersSync;
use Tandem\Integration\WpFusion;
use Tandem\Peer\Policy;
use Tandem\Remote\Address;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;

final class ImportController implements Controller {

	/** People in one look at the database, and seconds after which an answer is given with what there is by then. */
	private const PAGE    = 100;
	private const SECONDS = 15.0;

	/**
	 * @param RemoteIds     $ids      Ids in people's meta.
	 * @param LinkImport    $links    Takes them over.
	 * @param Sites         $sites    The sites.
	 * @param SiteChanges   $changes  Checks settings.
	 * @param PolicyChanges $policies Checks policies.
	 * @param Log           $log      Activity.
	 * @param \Closure(): ?WpFusion $fusion WP Fusion, where it is there.
	 * @param \Closure(): bool $flush Writes down what was changed so far, so that a long step holds no growing memory.
	 */
	public function __construct(
		private readonly RemoteIds $ids,
		private readonly LinkImport $links,
		private readonly Sites $sites,
		private readonly SiteChanges $changes,
		private readonly PolicyChanges $policies,
		private readonly Log $log,
		private readonly \Closure $fusion,
		private readonly \Closure $flush,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$ids = array(
			'site'  => self::NUMBER + array( 'required' => true ),
			'key'   => array(
				'type'      => 'string',
				'required'  => true,
				'minLength' => 1,
				'maxLength' => 255,
			),
			'after' => array(
				'type'    => 'integer',
				'minimum' => 0,
				'default' => 0,
			),
		);
		return array(
			new Route( 'GET', '/import', fn (): array => $this->found() ),
			new Route( 'GET', '/import/links', fn ( \WP_REST_Request $request ): array => $this->step( $request, false ), $ids ),
			new Route( 'POST', '/import/links', fn ( \WP_REST_Request $request ): array => $this->step( $request, true ), $ids ),
			new Route( 'POST', '/import/tags', $this->take_tags( ... ), array( 'after' => $ids['after'] ) ),
			new Route( 'POST', '/import/settings', $this->take_settings( ... ), self::OF_SITE ),
		);
	}

	/**
	 * What was found.
	 *
	 * @return array<string, mixed> Shape of `ImportFound` in admin-src/types.ts.
	 */
	private function found(): array {
		$sites = $this->sites->all();
		$keys  = array();
		foreach ( $this->ids->keys() as $key => $people ) {
			$keys[] = array(
				'key'    => $key,
				'people' => $people,
			);
		}
		return array(
			'ids'       => $keys,
			'indexed'   => array_values( array_map( static fn ( RemoteSite $site ): int => $site->id, array_filter( $sites, fn ( RemoteSite $site ): bool => $this->links->has_index( $site->id ) ) ) ),
			'proposals' => array_map(
				static fn ( array $proposal ): array => $proposal + array( 'siteId' => self::site_at( $sites, $proposal['url'] )?->id ),
				WpRemoteUsersSync::proposals()
			),
			'isActive'  => WpRemoteUsersSync::is_active(),
			'tags'      => null !== ( $this->fusion )() && array() !== $this->ids->page( WpFusion::meta_key(), 0, 1 ),
		);
	}

	/**
	 * Looks at people whose meta holds ids, or links them.
	 *
	 * @param \WP_REST_Request $request `site`, `key`, `after`.
	 * @param bool             $links   Whether those who fit are linked.
	 * @return array<string, mixed> Shape of `ImportStep` in admin-src/types.ts.
	 * @throws Refused When it can't be done.
	 */
	private function step( \WP_REST_Request $request, bool $links ): array {
		$site = $this->sites->get( (int) $request['site'] );
		$key  = (string) $request['key'];
		if ( ! RemoteIds::is_key( $key ) ) {
			throw new Refused( 'tandem_import_key', __( 'Only the keys user_id_1 to user_id_9 are taken for numbers of accounts on other sites.', 'tandem-user-sync' ) );
		}
		if ( ! $this->links->has_index( $site->id ) ) {
			/* translators: %s: name of a site. */
			throw new Refused( 'tandem_import_no_index', sprintf( __( 'The accounts of %s are not known yet. Start a backfill for it and come back when its preview is there: then each number is checked against the account that it stands for.', 'tandem-user-sync' ), $site->name ), 409 );
		}
		$step = $this->links->step( $site, $key, (int) $request['after'], $links );
		return $step['counts'] + array( 'next' => $step['next'] );
	}

	/**
	 * Gives people the tags that WP Fusion holds of them, as many as there is time for. They travel as any change.
	 *
	 * @param \WP_REST_Request $request `after`.
	 * @return array{people: int, next: int|null} How many had not all of them.
	 * @throws Refused When WP Fusion is not there.
	 */
	private function take_tags( \WP_REST_Request $request ): array {
		$fusion = ( $this->fusion )();
		if ( null === $fusion ) {
			throw new Refused( 'tandem_import_nothing', __( 'WP Fusion is not switched on, or not connected with a CRM.', 'tandem-user-sync' ), 404 );
		}
		$after  = (int) $request['after'];
		$until  = microtime( true ) + self::SECONDS;
		$people = 0;
		do {
			$page = $this->ids->page( WpFusion::meta_key(), $after, self::PAGE );
			cache_users( array_column( $page, 'user_id' ) );
			foreach ( $page as $one ) {
				$after   = $one['row'];
				$people += $fusion->adopt( $one['user_id'] ) ? 1 : 0;
			}
			( $this->flush )();
			$is_over = count( $page ) < self::PAGE;
		} while ( ! $is_over && microtime( true ) < $until );
		return array(
			'people' => $people,
			'next'   => $is_over ? null : $after,
		);
	}

	/**
	 * Gives a connected site the settings that WP Remote Users Sync has for its address.
	 *
	 * @param \WP_REST_Request $request `site`.
	 * @return array{taken: bool}
	 * @throws Refused When there are none, or they can't be as they are.
	 */
	private function take_settings( \WP_REST_Request $request ): array {
		$site = $this->sites->get( (int) $request['site'] );
		foreach ( WpRemoteUsersSync::proposals() as $proposal ) {
			if ( ! Address::is_same( $proposal['url'], $site->url ) ) {
				continue;
			}
			$settings = $this->changes->apply( $site, $proposal['settings'] );
			$changes  = array( Audit::changes( $site->settings->to_array(), $settings->to_array() ) );
			$this->sites->set_settings( $site->id, $settings );
			if ( SiteKind::Paired === $site->kind ) {
				$policy    = $this->policies->apply( $site, $proposal['policy'] );
				$changes[] = Audit::changes( Policy::from_array( $site->policy )->to_array(), $policy->to_array() );
				$this->sites->set_policy( $site->id, $policy->to_array() );
			}
			/* translators: %s: username of an administrator. */
			$this->log->add( new Entry( Action::Settings, Result::Success, $site->id, message: trim( sprintf( __( '%s took over the settings of WP Remote Users Sync.', 'tandem-user-sync' ), Audit::who() ) . ' ' . implode( ' ', $changes ) ) ) );
			return array( 'taken' => true );
		}
		/* translators: %s: name of a site. */
		throw new Refused( 'tandem_import_nothing', sprintf( __( 'WP Remote Users Sync has no settings for the address of %s.', 'tandem-user-sync' ), $site->name ), 404 );
	}

	/**
	 * The connected site at an address, or null.
	 *
	 * @param list<RemoteSite> $sites The sites.
	 * @param string           $url   Address.
	 */
	private static function site_at( array $sites, string $url ): ?RemoteSite {
		foreach ( $sites as $site ) {
			if ( Address::is_same( $site->url, $url ) ) {
				return $site;
			}
		}
		return null;
	}
}
