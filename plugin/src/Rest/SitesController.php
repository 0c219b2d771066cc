<?php
/**
 * The remote sites: `/sites` and `/sites/{id}`, and what can be done with one.
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
use Tandem\Peer\Policy;
use Tandem\Remote\Connector;
use Tandem\Remote\PeerCheck;
use Tandem\Remote\PeerSites;
use Tandem\Remote\PlainSites;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\RemoteUser;
use Tandem\Remote\SiteCheck;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteState;
use Tandem\Remote\Sites;
use Tandem\Remote\WebhookTransport;
use Tandem\Rules\RuleBook;
use Tandem\Sync\Outbox;
use Tandem\Sync\Worker;
use Tandem\Time\Clock;

final class SitesController implements Controller {

	/** Seconds in which "sync now" begins new deliveries, while a person waits. */
	private const SYNC_SECONDS = 4.0;

	/**
	 * @param Sites        $sites     The sites.
	 * @param SiteAnswer   $answer    How a site looks to the page.
	 * @param SiteChanges  $changes   What may be changed about one.
	 * @param Connector    $connector Connects with a username and an application password.
	 * @param PolicyChanges $policies What may be changed about what one may do here.
	 * @param SiteCheck    $check     Looks for what is in the way to a plain one.
	 * @param PeerCheck    $peer_check Looks for what is in the way to a paired one.
	 * @param PeerSites    $peers     Conversations with paired ones.
	 * @param WebhookTransport $webhooks Tries webhooks.
	 * @param PlainSites  $plain     Accounts there.
	 * @param Outbox       $outbox    What waits.
	 * @param Worker       $worker    Delivers it.
	 * @param Log          $log       The record.
	 * @param Clock        $clock     Time.
	 * @param RuleBook     $rules     Rules of a site that is removed go with it.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly SiteAnswer $answer,
		private readonly SiteChanges $changes,
		private readonly Connector $connector,
		private readonly PolicyChanges $policies,
		private readonly SiteCheck $check,
		private readonly PeerCheck $peer_check,
		private readonly PeerSites $peers,
		private readonly WebhookTransport $webhooks,
		private readonly PlainSites $plain,
		private readonly Outbox $outbox,
		private readonly Worker $worker,
		private readonly Log $log,
		private readonly Clock $clock,
		private readonly RuleBook $rules,
	) {
	}

	/**
	 * The routes.
	 *
	 * @return list<Route>
	 */
	public function routes(): array {
		$id       = array(
			'id' => self::NUMBER,
		);
		$one      = '/sites/' . self::ID;
		$username = array(
			'type'      => 'string',
			'minLength' => 1,
			'maxLength' => 100,
		);
		$password = array(
			'type'        => 'string',
			'description' => __( 'Application password. It is stored encrypted and never comes back.', 'tandem-user-sync' ),
			'minLength'   => 1,
			'maxLength'   => 255,
		);
		return array(
			new Route( 'GET', '/sites', $this->all( ... ) ),
			new Route(
				'POST',
				'/sites',
				$this->add( ... ),
				array(
					'url'      => ConnectController::url_schema() + array( 'required' => true ),
					'username' => $username + array( 'required' => true ),
					'password' => $password + array( 'required' => true ),
				)
			),
			new Route( 'GET', $one, fn ( \WP_REST_Request $request ): array => $this->site( $request['id'] ), $id ),
			new Route(
				'PATCH',
				$one,
				$this->change( ... ),
				$id + array(
					'name'     => array(
						'type'      => 'string',
						'minLength' => 1,
						'maxLength' => 200,
					),
					'settings' => $this->changes->schema(),
					'policy'   => $this->policies->schema(),
					'username' => $username,
					'password' => $password,
				)
			),
			new Route( 'DELETE', $one, $this->remove( ... ), $id ),
			new Route(
				'POST',
				'/sites/pair',
				$this->pair( ... ),
				array(
					'url'  => ConnectController::url_schema() + array( 'required' => true ),
					'code' => array(
						'type'      => 'string',
						'required'  => true,
						'minLength' => 20,
						'maxLength' => 60,
					),
				)
			),
			new Route( 'POST', "$one/allow-removals", $this->allow_removals( ... ), $id ),
			new Route( 'POST', "$one/test", $this->test( ... ), $id ),
			new Route( 'POST', "$one/sync", $this->sync( ... ), $id ),
			new Route( 'POST', "$one/pause", $this->pause( ... ), $id ),
			new Route( 'POST', "$one/resume", $this->resume( ... ), $id ),
			new Route(
				'GET',
				"$one/accounts",
				$this->accounts( ... ),
				$id + array(
					'search' => array(
						'type'      => 'string',
						'maxLength' => 100,
						'default'   => '',
					),
				)
			),
		);
	}

	/**
	 * All sites.
	 *
	 * @return list<array<string, mixed>> List of `Site`.
	 */
	private function all(): array {
		return $this->answer->of_all( $this->sites->all() );
	}

	/**
	 * One site.
	 *
	 * @param int $id Site.
	 * @return array<string, mixed> `Site`.
	 */
	private function site( int $id ): array {
		return $this->answer->of( $this->sites->get( $id ) );
	}

	/**
	 * Connects by hand.
	 *
	 * @param \WP_REST_Request $request `NewSite`.
	 * @return \WP_REST_Response `Site`.
	 */
	private function add( \WP_REST_Request $request ): \WP_REST_Response {
		$site = $this->connector->connect( $request['url'], $request['username'], $request['password'] );
		return new \WP_REST_Response( $this->answer->of( $site ), 201 );
	}

	/**
	 * Pairs with a code that was made on the other site's page.
	 *
	 * @param \WP_REST_Request $request `PairRequest`.
	 * @return \WP_REST_Response `Site`.
	 */
	private function pair( \WP_REST_Request $request ): \WP_REST_Response {
		return new \WP_REST_Response( $this->answer->of( $this->connector->pair( $request['url'], $request['code'] ) ), 201 );
	}

	/**
	 * Lets a paired site remove more people here than its policy says, for an hour.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `Site`.
	 * @throws Refused When it removes nobody.
	 */
	private function allow_removals( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteKind::Webhook === $site->kind ) {
			throw Refused::kind( true );
		}
		$this->sites->allow_removals( $site->id, $this->clock->now() + HOUR_IN_SECONDS );
		/* translators: %s: username of an administrator. */
		$this->record( $site, Action::Settings, __( '%s lets that site remove more people here for an hour.', 'tandem-user-sync' ) );
		$this->peers->notify(
			$site,
			array(
				'type' => 'again',
				'code' => ProblemCode::RemovalLimit->value,
			)
		);
		return $this->site( $site->id );
	}

	/**
	 * Changes what is named: first what can be refused, so that nothing is changed by half.
	 *
	 * @param \WP_REST_Request $request `SiteChanges`.
	 * @return array<string, mixed> `Site`.
	 * @throws Refused When a part can't be as it was asked for.
	 */
	private function change( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( ( null === $request['username'] ) !== ( null === $request['password'] ) ) {
			throw new Refused( 'tandem_both_needed', __( 'A username and its application password belong together: give both.', 'tandem-user-sync' ) );
		}
		if ( null !== $request['password'] && SiteKind::Webhook === $site->kind ) {
			throw Refused::kind( true );
		}
		$settings = null === $request['settings'] ? null : $this->changes->apply( $site, $request['settings'] );
		$policy   = null === $request['policy'] ? null : $this->policies->apply( $site, $request['policy'] );
		$name     = null === $request['name'] ? null : trim( sanitize_text_field( $request['name'] ) );
		if ( '' === $name ) {
			throw new Refused( 'tandem_name_empty', __( 'Give the site a name that can be read.', 'tandem-user-sync' ) );
		}
		if ( null !== $request['password'] ) {
			$this->connector->reconnect( $site, $request['username'], $request['password'] );
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Settings, __( '%s gave the site another application password.', 'tandem-user-sync' ) );
		}
		if ( null !== $settings ) {
			$this->sites->set_settings( $site->id, $settings );
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Settings, __( '%s changed what is sent.', 'tandem-user-sync' ), Audit::changes( $site->settings->to_array(), $settings->to_array() ) );
		}
		if ( null !== $policy ) {
			$this->sites->set_policy( $site->id, $policy->to_array() );
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Settings, __( '%s changed what that site may do here.', 'tandem-user-sync' ), Audit::changes( Policy::from_array( $site->policy )->to_array(), $policy->to_array() ) );
			// What it was refused until now may be possible.
			foreach ( array( ProblemCode::NotAccepted, ProblemCode::GrantRefused ) as $code ) {
				$this->peers->notify(
					$site,
					array(
						'type' => 'again',
						'code' => $code->value,
					)
				);
			}
		}
		if ( null !== $name ) {
			$this->sites->rename( $site->id, $name );
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Settings, __( '%s renamed the site.', 'tandem-user-sync' ), Audit::changes( array( 'name' => $site->name ), array( 'name' => $name ) ) );
		}
		return $this->site( $site->id );
	}

	/**
	 * Removes a site with its links and its queue. Accounts stay on both sides.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array{deleted: bool}
	 */
	private function remove( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteKind::Paired === $site->kind ) {
			$this->peers->notify( $site, array( 'type' => 'unpaired' ) );
		} elseif ( SiteKind::Plain === $site->kind && SiteState::Connected === $site->state ) {
			// What nobody uses any more should open nothing. A site that is away is not waited for.
			$this->plain->take_leave( $site );
		}
		$this->sites->remove( $site->id );
		$this->rules->forget_site( $site->id );
		/* translators: 1: username of an administrator, 2: name of a site. */
		$this->record( $site, Action::Site, __( '%1$s removed the connection with %2$s. Accounts stay as they are on both sites.', 'tandem-user-sync' ) );
		return array( 'deleted' => true );
	}

	/**
	 * Looks for what is in the way.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `TestAnswer`.
	 */
	private function test( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		return match ( $site->kind ) {
			SiteKind::Plain   => $this->check->of( $site ),
			SiteKind::Paired  => $this->peer_check->of( $site ),
			SiteKind::Webhook => $this->webhooks->test( $site ),
		};
	}

	/**
	 * Delivers what waits for a site, as far as that goes in a few seconds; the rest follows by itself.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `Site`.
	 * @throws Refused When the owner has paused the site.
	 */
	private function sync( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteState::Paused === $site->state ) {
			throw new Refused( 'tandem_site_paused', __( 'This site is paused. Resume it first: what waits is sent then.', 'tandem-user-sync' ), 409 );
		}
		$this->sites->try_now( $site->id );
		$this->outbox->release_site( $site->id );
		$this->worker->serve_now( array( $site->id ), self::SYNC_SECONDS );
		$this->worker->wake();
		return $this->site( $site->id );
	}

	/**
	 * Stops deliveries. Changes are kept.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `Site`.
	 */
	private function pause( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		$this->sites->pause( $site->id );
		if ( SiteState::Paused !== $site->state ) {
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Site, __( '%s paused the site. Changes are kept.', 'tandem-user-sync' ) );
		}
		return $this->site( $site->id );
	}

	/**
	 * Lets deliveries go on.
	 *
	 * @param \WP_REST_Request $request `id`.
	 * @return array<string, mixed> `Site`.
	 */
	private function resume( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteState::Paused === $site->state ) {
			$this->sites->resume( $site->id );
			/* translators: %s: username of an administrator. */
			$this->record( $site, Action::Site, __( '%s let the site go on.', 'tandem-user-sync' ) );
			$this->worker->wake();
		}
		return $this->site( $site->id );
	}

	/**
	 * Accounts on a plain site; of a paired one, those of this site that may receive content.
	 *
	 * @param \WP_REST_Request $request `id`, `search`.
	 * @return list<array<string, mixed>> List of `RemoteAccount`.
	 * @throws Refused When it has none.
	 */
	private function accounts( \WP_REST_Request $request ): array {
		$site = $this->sites->get( $request['id'] );
		if ( SiteKind::Webhook === $site->kind ) {
			throw Refused::kind( true );
		}
		if ( SiteKind::Paired === $site->kind ) {
			return $this->accounts_here( $request['search'] );
		}
		return array_map(
			static fn ( RemoteUser $user ): array => $user->to_account( $user->is_privileged() ),
			$this->plain->api( $site )->search( $request['search'] )
		);
	}

	/**
	 * Accounts of this site: a paired site's deletions leave content here, and the owner chooses who receives it.
	 *
	 * @param string $search What was typed.
	 * @return list<array<string, mixed>> List of `RemoteAccount`.
	 */
	private function accounts_here( string $search ): array {
		$found = get_users(
			array(
				'number'         => 20,
				'search'         => '' === $search ? '' : "*$search*",
				'search_columns' => array( 'user_login', 'user_email', 'display_name' ),
			)
		);
		return array_values(
			array_map(
				static fn ( \WP_User $user ): array => array(
					'id'        => $user->ID,
					'username'  => $user->user_login,
					'name'      => $user->display_name,
					'email'     => $user->user_email,
					'roles'     => array_values( $user->roles ),
					'protected' => user_can( $user, 'manage_options' ),
				),
				array_filter( $found, static fn ( mixed $user ): bool => $user instanceof \WP_User )
			)
		);
	}

	/**
	 * Puts on record what an administrator did.
	 *
	 * @param RemoteSite $site     The site.
	 * @param Action     $action   What it is about.
	 * @param string     $sentence With places for the administrator's username and the site's name.
	 * @param string     $changes  What was changed, from what to what; nothing is put on record when it is ''.
	 */
	private function record( RemoteSite $site, Action $action, string $sentence, ?string $changes = null ): void {
		if ( '' !== $changes ) {
			$this->log->add( new Entry( $action, Result::Success, $site->id, message: trim( sprintf( $sentence, Audit::who(), $site->name ) . ' ' . $changes ) ) );
		}
	}
}
