<?php
/**
 * Brings users to a plain site: a WordPress without Tandem, by its own `wp/v2/users`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Guest\Guests;
use Tandem\Security\Unreadable;
use Tandem\Sync\Delivery;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;

final class PlainSiteTransport implements Transport {

	/** What the account that Tandem uses must be allowed to do. */
	private const RIGHTS = array( 'list_users', 'create_users', 'edit_users' );

	/**
	 * @param PlainSites     $plain_sites Begins conversations.
	 * @param Links          $links       Who is who.
	 * @param AddressChanges $addresses   When e-mail addresses were changed here.
	 */
	public function __construct(
		private readonly PlainSites $plain_sites,
		private readonly Links $links,
		private readonly AddressChanges $addresses,
	) {
	}

	/**
	 * Brings one user's present state to the site.
	 *
	 * @param Delivery $delivery What to bring.
	 * @return Outcome What came of it; never throws for anything that the site does.
	 */
	public function deliver( Delivery $delivery ): Outcome {
		$password = $delivery->password;
		try {
			$api = $this->plain_sites->api( $delivery->site, ...( null === $password ? array() : array( $password->stored(), $password->for_rest() ?? '' ) ) );
		} catch ( Unreadable ) {
			return $this->salts_changed( $delivery->site, null === $delivery->user ? Action::Delete : Action::Update );
		}
		if ( Guests::is_guest( $delivery->user_id ) ) {
			return ( new PlainGuestDelivery( $delivery, $api ) )->run();
		}
		return ( new PlainSiteDelivery( $delivery, $api, $this->links, $this->addresses ) )->run();
	}

	/**
	 * Asks whether the site is well again and our account may do what is needed.
	 *
	 * @param RemoteSite $site The site.
	 * @return Outcome Of kind Delivered when it is.
	 */
	public function probe( RemoteSite $site ): Outcome {
		try {
			$api     = $this->plain_sites->api( $site );
			$me      = $api->me();
			$missing = $site->is_multisite ? array() : self::missing_rights( $me );
			$problem = array() === $missing ? null : $api->problem( ProblemCode::MissingRight, implode( ', ', $missing ) );
		} catch ( Unreadable ) {
			return $this->salts_changed( $site, Action::Site );
		} catch ( RemoteFailure $failure ) {
			$problem = $failure->problem;
		}
		return null === $problem
			? new Outcome( OutcomeKind::Delivered, Action::Site )
			: new Outcome( $problem->kind, Action::Site, $problem->code->value, $problem->message, retry_after: $problem->retry_after );
	}

	/**
	 * What an account lacks to be of use.
	 *
	 * @param RemoteUser $user The account.
	 * @return list<string> Names of rights.
	 */
	public static function missing_rights( RemoteUser $user ): array {
		return array_values( array_filter( self::RIGHTS, static fn ( string $right ): bool => ! $user->can( $right ) ) );
	}

	/**
	 * The stored log-in can't be read.
	 *
	 * @param RemoteSite $site   The site.
	 * @param Action     $action What was tried.
	 */
	private function salts_changed( RemoteSite $site, Action $action ): Outcome {
		return new Outcome( OutcomeKind::Held, $action, ProblemCode::SaltsChanged->value, ProblemCode::SaltsChanged->sentence( $site->name ) );
	}
}
