<?php
/**
 * "Moved, or a copy?": `POST /identity`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\Sites;
use Tandem\Security\SiteIdentity;

final class IdentityController implements Controller {

	/**
	 * @param SiteIdentity $identity Which site this is.
	 * @param Sites        $sites    The remote sites.
	 * @param Log          $log      The record.
	 */
	public function __construct(
		private readonly SiteIdentity $identity,
		private readonly Sites $sites,
		private readonly Log $log,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		return array(
			new Route(
				'POST',
				'/identity',
				$this->decide( ... ),
				array(
					'decision' => array(
						'type'        => 'string',
						'description' => __( 'Whether this site has moved here, or is a copy of the site at its former address.', 'tandem-user-sync' ),
						'enum'        => array( 'moved', 'copy' ),
						'required'    => true,
					),
				)
			),
		);
	}

	/**
	 * Goes on as the owner says. A copy loses its connections: their credentials and links are those of the
	 * original, which goes on using them.
	 *
	 * @param \WP_REST_Request $request `decision`.
	 * @return array{copyOf: string|null}
	 * @throws Refused When there is nothing to decide: an old window must not remove anything.
	 */
	private function decide( \WP_REST_Request $request ): array {
		$original = $this->identity->copy_of();
		if ( null === $original ) {
			throw new Refused( 'tandem_nothing_to_decide', __( 'This has been decided already. Load the page again.', 'tandem-user-sync' ), 409 );
		}
		if ( 'moved' === $request['decision'] ) {
			$this->identity->moved();
			/* translators: %s: address of a site. */
			$message = __( 'This site has moved here from %s. Syncing goes on.', 'tandem-user-sync' );
		} else {
			foreach ( $this->sites->all() as $site ) {
				$this->sites->remove( $site->id );
			}
			$this->identity->becomes_another();
			/* translators: %s: address of a site. */
			$message = __( 'This site is a copy of %s. Its connections were removed; those of the original are as they were.', 'tandem-user-sync' );
		}
		$this->log->add( new Entry( Action::Site, Result::Success, 0, message: sprintf( $message, $original ) ) );
		return array( 'copyOf' => $this->identity->copy_of() );
	}
}
