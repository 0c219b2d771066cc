<?php
/**
 * Connects a site: through its own `authorize-application.php`, or with a username and
 * an application password typed by hand. Nothing is stored before the credential has worked.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Peer\Fence;
use Tandem\Security\SiteIdentity;
use Tandem\Security\Unreadable;

final class Connector {

	/** Seconds in which the owner has to come back from the other site. */
	private const SECONDS = 15 * MINUTE_IN_SECONDS;

	/** What application passwords of ours are called there, followed by the name of this site. */
	private const APP_NAME = 'Tandem User Sync';

	/**
	 * @param Discovery    $discovery   Looks at addresses.
	 * @param PlainSites   $plain_sites Begins conversations.
	 * @param Sites        $sites       Remote sites.
	 * @param Credentials  $credentials Seals application passwords.
	 * @param SiteIdentity $identity    Number of this installation.
	 * @param Pairer       $pairer      Introduces this site to others with Tandem.
	 */
	public function __construct(
		private readonly Discovery $discovery,
		private readonly PlainSites $plain_sites,
		private readonly Sites $sites,
		private readonly Credentials $credentials,
		private readonly SiteIdentity $identity,
		private readonly Pairer $pairer,
	) {
	}

	/**
	 * Begins a connection, or the renewal of one.
	 *
	 * @param string          $url        Address that a person typed; not used for a renewal.
	 * @param RemoteSite|null $site       The site whose credential is to be renewed.
	 * @param string          $return_url Where the other site sends the owner back to: gets `tandem_connect`, and `success=false` when refused.
	 * @return string Where to send the browser.
	 * @throws ConnectFailed When it can't work.
	 */
	public function begin( string $url, ?RemoteSite $site, string $return_url ): string {
		$found = $this->discovery->discover( null === $site ? $url : $site->url, $site );
		$this->refuse_if_failed( $found->checklist );
		if ( '' === $found->authorize_url ) {
			throw new ConnectFailed( 'application_passwords', __( 'Application passwords can’t be approved there. Connect with a username and an application password instead.', 'tandem-user-sync' ) );
		}
		$state = bin2hex( random_bytes( 32 ) );
		set_transient(
			self::key( $state ),
			array(
				'hash'     => self::hash( $state ),
				'user'     => get_current_user_id(),
				'site'     => $site?->id,
				'url'      => $found->url,
				'site_url' => $found->site_url,
				'rest_url' => $found->rest_url,
				'name'     => $found->name,
				'kind'     => $found->kind->value,
			),
			self::SECONDS
		);
		$back = add_query_arg( 'tandem_connect', $state, $return_url );
		return $found->authorize_url . ( str_contains( $found->authorize_url, '?' ) ? '&' : '?' ) . http_build_query(
			array(
				'app_name'    => $this->app_name( $found->kind ),
				'app_id'      => SiteKind::Paired === $found->kind ? Fence::app_id( $this->identity->uuid() ) : $this->identity->uuid(),
				'success_url' => $back,
				'reject_url'  => add_query_arg( 'success', 'false', $back ),
			)
		);
	}

	/**
	 * Finishes what `begin()` began.
	 *
	 * @param string $state      `tandem_connect` of the address.
	 * @param string $site_url   What the other site says its address is.
	 * @param string $user_login Username there.
	 * @param string $password   Application password.
	 * @throws ConnectFailed When it is not the answer that was waited for, or the credential does not work.
	 * @throws SiteNotFound  When the site whose credential was to be renewed has been removed meanwhile.
	 * @throws \Tandem\Database\Failure When the database fails.
	 */
	public function finish( string $state, string $site_url, string $user_login, #[\SensitiveParameter] string $password ): RemoteSite {
		$asked = $this->take( $state );
		if ( get_current_user_id() !== $asked['user'] ) {
			throw new ConnectFailed( 'other_user', __( 'The connection was begun by somebody else. Begin again with Connect.', 'tandem-user-sync' ) );
		}
		$is_it = '' === $asked['site_url'] ? Address::is_same_host( $site_url, $asked['url'] ) : Address::is_same( $site_url, $asked['site_url'] );
		if ( ! $is_it ) {
			/* translators: 1: address, 2: address. */
			throw new ConnectFailed( 'other_site', sprintf( __( 'The answer came from %1$s, but %2$s was asked. Nothing was connected. Begin again with Connect.', 'tandem-user-sync' ), esc_url_raw( $site_url ), $asked['url'] ) );
		}
		if ( '' === $user_login || '' === $password ) {
			throw new ConnectFailed( 'state', __( 'The other site sent no application password back. Begin again with Connect.', 'tandem-user-sync' ) );
		}
		if ( SiteKind::Paired === $asked['kind'] ) {
			return $this->pairer->introduce( new Discovered( $asked['url'], $asked['site_url'], $asked['rest_url'], $asked['name'], SiteKind::Paired, '', new Checklist() ), $user_login, $password );
		}
		$site = null === $asked['site'] ? null : $this->sites->get( $asked['site'] );
		return $this->store( $site, $asked['url'], $asked['rest_url'], $asked['name'], $user_login, $password, true );
	}

	/**
	 * Pairs with a one-time code that was made on the other site's page.
	 *
	 * @param string $url  Address.
	 * @param string $code The code.
	 * @throws ConnectFailed When it does not work. Nothing is stored then.
	 */
	public function pair( string $url, #[\SensitiveParameter] string $code ): RemoteSite {
		$known = $this->sites->find_at( $url );
		$found = $this->discovery->discover( $url, $known );
		$this->refuse_if_failed( $found->checklist, 'application_passwords' );
		if ( SiteKind::Paired !== $found->kind ) {
			throw new ConnectFailed( 'tandem', __( 'Tandem is not active there, so there is nothing that could take a pairing code. Install and activate it there first.', 'tandem-user-sync' ) );
		}
		return $this->pairer->introduce( $found, null, $code );
	}

	/**
	 * Connects a new site with a credential that was typed.
	 *
	 * @param string $url      Address.
	 * @param string $username Username there.
	 * @param string $password Application password.
	 * @throws ConnectFailed When it does not work. Nothing is stored then.
	 */
	public function connect( string $url, string $username, #[\SensitiveParameter] string $password ): RemoteSite {
		$found = $this->discovery->discover( $url );
		// Whether they can be approved over there does not matter to somebody who has one.
		$this->refuse_if_failed( $found->checklist, 'application_passwords' );
		return $this->store( null, $found->url, $found->rest_url, $found->name, $username, $password, false );
	}

	/**
	 * Gives a site a new credential that was typed.
	 *
	 * @param RemoteSite $site     The site.
	 * @param string     $username Username there.
	 * @param string     $password Application password.
	 * @throws ConnectFailed When it does not work. The old one is kept then.
	 */
	public function reconnect( RemoteSite $site, string $username, #[\SensitiveParameter] string $password ): RemoteSite {
		return $this->store( $site, $site->url, $site->rest_url, $site->name, $username, $password, false );
	}

	/**
	 * Tries a credential, and stores it if it works.
	 *
	 * @param RemoteSite|null $site     The site, if it is known.
	 * @param string          $url      Home address.
	 * @param string          $rest_url Address of the REST index.
	 * @param string          $name     The site's name.
	 * @param string          $username Username there.
	 * @param string          $password Application password.
	 * @param bool            $is_ours  Whether it was made for this and is revoked when it is of no use.
	 * @throws ConnectFailed When it does not work.
	 */
	private function store( ?RemoteSite $site, string $url, string $rest_url, string $name, string $username, #[\SensitiveParameter] string $password, bool $is_ours ): RemoteSite {
		$password = trim( $password );
		$api      = $this->plain_sites->with( $name, $rest_url, trim( $username ), $password );
		try {
			$me           = $api->me();
			$is_multisite = $api->is_multisite() ?? $site->is_multisite ?? false;
			$missing      = $is_multisite ? array() : PlainSiteTransport::missing_rights( $me );
		} catch ( RemoteFailure $failure ) {
			throw $this->refused( $failure->problem, $name, $is_ours );
		}
		if ( array() !== $missing ) {
			if ( $is_ours ) {
				$api->revoke();
			}
			/* translators: 1: username, 2: name of the other site, 3: names of rights. */
			throw new ConnectFailed( ProblemCode::MissingRight->value, sprintf( __( 'The account “%1$s” on %2$s lacks rights that are needed: %3$s. Connect with an account that has them, for example an administrator’s.', 'tandem-user-sync' ), $me->login, $name, implode( ', ', $missing ) ) );
		}
		if ( null === $site ) {
			$site = $this->sites->add( $name, $url, $rest_url, SiteKind::Plain, $me->login, $me->id, $is_multisite, SiteSettings::defaults() );
		} else {
			$this->revoke_old( $site, $password );
		}
		$this->credentials->store( $site->id, $me->login, $me->id, $password );
		return $this->sites->get( $site->id );
	}

	/**
	 * Revokes the application password that is being replaced, if it was made by Tandem.
	 *
	 * @param RemoteSite $site     The site.
	 * @param string     $password The new one.
	 */
	private function revoke_old( RemoteSite $site, #[\SensitiveParameter] string $password ): void {
		try {
			$old = $this->credentials->open( $site );
			if ( preg_replace( '/[^a-z\d]/i', '', $old ) === preg_replace( '/[^a-z\d]/i', '', $password ) ) {
				return;
			}
			$api  = $this->plain_sites->api( $site );
			$name = $api->introspect()['name'] ?? '';
			if ( is_string( $name ) && str_starts_with( $name, self::APP_NAME ) ) {
				$api->revoke();
			}
		} catch ( Unreadable ) {
			return;
		}
	}

	/**
	 * Takes what was remembered of `begin()`: once.
	 *
	 * @param string $state One-time state.
	 * @return array{user: int, site: int|null, url: string, site_url: string, rest_url: string, name: string, kind: SiteKind}
	 * @throws ConnectFailed When there is no such state (any more).
	 */
	private function take( string $state ): array {
		$asked = get_transient( self::key( $state ) );
		// Of two requests with the same state only one gets to delete it.
		if ( ! is_array( $asked ) || ! hash_equals( (string) ( $asked['hash'] ?? '' ), self::hash( $state ) ) || ! delete_transient( self::key( $state ) ) ) {
			throw new ConnectFailed( 'state', __( 'This connection was not begun here, or too long ago, or is finished already. Begin again with Connect.', 'tandem-user-sync' ) );
		}
		return array(
			'user'     => (int) $asked['user'],
			'site'     => null === $asked['site'] ? null : (int) $asked['site'],
			'url'      => (string) $asked['url'],
			'site_url' => (string) $asked['site_url'],
			'rest_url' => (string) $asked['rest_url'],
			'name'     => (string) $asked['name'],
			'kind'     => SiteKind::tryFrom( (string) ( $asked['kind'] ?? '' ) ) ?? SiteKind::Plain,
		);
	}

	/**
	 * Why a credential did not work, for somebody who has just entered it.
	 *
	 * @param Problem $problem What is in the way.
	 * @param string  $name    The site's name.
	 * @param bool    $is_ours Whether the other site has just made it, so that it can't be wrong.
	 */
	private function refused( Problem $problem, string $name, bool $is_ours ): ConnectFailed {
		if ( ! $is_ours && in_array( $problem->code, array( ProblemCode::CredentialRefused, ProblemCode::AccountGone, ProblemCode::HeaderStripped ), true ) ) {
			/* translators: %s: name of the other site. */
			return new ConnectFailed( ProblemCode::CredentialRefused->value, sprintf( __( '%s does not accept this username with this application password. It is not the password for logging in: make one there under Users > Profile > Application Passwords. If you are sure of both, its server may drop the Authorization header: ask its host to pass it on.', 'tandem-user-sync' ), $name ) );
		}
		return new ConnectFailed( $problem->code->value, $problem->message );
	}

	/**
	 * Stops when something is in the way.
	 *
	 * @param Checklist $checklist What was looked at.
	 * @param string    $but       Code of a check that does not matter.
	 * @throws ConnectFailed With the first thing that is.
	 */
	private function refuse_if_failed( Checklist $checklist, string $but = '' ): void {
		foreach ( $checklist->checks() as $check ) {
			if ( CheckState::Fail === $check->state && $check->code !== $but ) {
				throw new ConnectFailed( $check->code, $check->message );
			}
		}
	}

	/**
	 * A name that no other application password has: WordPress 6.1 refuses one that is in use. One that
	 * introduces this site to another with Tandem is fenced there from the first moment, by its `app_id`.
	 *
	 * @param SiteKind $kind Kind of the other site.
	 */
	private function app_name( SiteKind $kind ): string {
		$site = wp_strip_all_tags( html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES, 'UTF-8' ) );
		return sprintf( '%s%s (%s)', SiteKind::Paired === $kind ? Fence::NAME : self::APP_NAME . ': ', '' === $site ? (string) wp_parse_url( home_url(), PHP_URL_HOST ) : $site, substr( wp_generate_uuid4(), 0, 8 ) );
	}

	/**
	 * Name of the transient of a state.
	 *
	 * @param string $state One-time state.
	 */
	private static function key( string $state ): string {
		return 'tandem_connect_' . substr( self::hash( $state ), 0, 40 );
	}

	/**
	 * What is stored of a state.
	 *
	 * @param string $state One-time state.
	 */
	private static function hash( string $state ): string {
		return hash( 'sha256', $state );
	}
}
