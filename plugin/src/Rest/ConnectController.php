<?php
/**
 * The way to a connection: `POST /sites/discover` looks at an address,
 * `POST /sites/connect` says where to send the browser for approval.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Admin\Page;
use Tandem\Remote\Connector;
use Tandem\Remote\Discovery;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;

final class ConnectController implements Controller {

	/**
	 * @param Discovery $discovery Looks at an address.
	 * @param Connector $connector Begins a connection.
	 * @param Sites     $sites     The sites.
	 */
	public function __construct(
		private readonly Discovery $discovery,
		private readonly Connector $connector,
		private readonly Sites $sites,
	) {
	}

	/**
	 * JSON schema of an address as a person types it.
	 *
	 * @return array<string, mixed>
	 */
	public static function url_schema(): array {
		return array(
			'type'        => 'string',
			'description' => __( 'Address of the other site.', 'tandem-user-sync' ),
			'minLength'   => 1,
			'maxLength'   => 255,
		);
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array(
			new Route( 'POST', '/sites/discover', $this->discover( ... ), array( 'url' => self::url_schema() + array( 'required' => true ) ) ),
			new Route(
				'POST',
				'/sites/connect',
				$this->connect( ... ),
				array(
					'url'  => self::url_schema(),
					'site' => self::NUMBER,
				)
			),
		);
	}

	/**
	 * Looks at an address.
	 *
	 * @param \WP_REST_Request $request `url`.
	 * @return array<string, mixed> `Discovery`.
	 */
	private function discover( \WP_REST_Request $request ): array {
		return $this->discovery->discover( $request['url'] )->to_array();
	}

	/**
	 * Begins a connection, or the renewal of one.
	 *
	 * @param \WP_REST_Request $request `url` or `site`.
	 * @return array{authorizeUrl: string}
	 * @throws Refused When neither or both are given, or it is no site.
	 */
	private function connect( \WP_REST_Request $request ): array {
		if ( ( null === $request['url'] ) === ( null === $request['site'] ) ) {
			throw new Refused( 'tandem_url_or_site', __( 'Give the address of a new site, or the number of a site to connect again.', 'tandem-user-sync' ) );
		}
		$site = null === $request['site'] ? null : $this->sites->get( $request['site'] );
		if ( SiteKind::Webhook === $site?->kind ) {
			throw Refused::kind( true );
		}
		return array( 'authorizeUrl' => $this->connector->begin( $request['url'] ?? '', $site, Page::url() ) );
	}
}
