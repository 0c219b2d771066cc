<?php
/**
 * The test of a connected site: everything that a delivery needs, one after the other,
 * each with what to do.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\Unreadable;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutcomeKind;
use Tandem\Time\Clock;

final class SiteCheck {

	/** Seconds by which clocks may differ before it is worth a word. */
	private const CLOCK_SECONDS = 120;

	/**
	 * @param PlainSites $plain_sites Begins conversations.
	 * @param Clock      $clock       Time.
	 */
	public function __construct( private readonly PlainSites $plain_sites, private readonly Clock $clock ) {
	}

	/**
	 * Tests a site. Changes nothing there.
	 *
	 * @param RemoteSite $site The site.
	 * @return array{ok: bool, checks: list<array{code: string, state: string, label: string, message: string}>} `TestAnswer` in admin-src/types.ts.
	 */
	public function of( RemoteSite $site ): array {
		$list = $this->checklist( $site );
		return array(
			'ok'     => $list->is_ok(),
			'checks' => array_map( static fn ( Check $check ): array => $check->to_array(), $list->checks() ),
		);
	}

	/**
	 * The checklist.
	 *
	 * @param RemoteSite $site The site.
	 */
	private function checklist( RemoteSite $site ): Checklist {
		$list = new Checklist();
		str_starts_with( $site->url, 'https://' )
			? $list->pass( 'https', __( 'The connection is encrypted.', 'tandem-user-sync' ) )
			: $list->warn( 'https', __( 'The connection is not encrypted. That is only for sites on your own computer.', 'tandem-user-sync' ) );
		try {
			$api = $this->plain_sites->api( $site );
			$me  = $api->me();
		} catch ( Unreadable ) {
			$list->fail( 'credential', ProblemCode::SaltsChanged->sentence( $site->name ) );
			return $list;
		} catch ( RemoteFailure $failure ) {
			$this->place( $failure->problem, $list );
			return $list;
		}
		$list->pass( 'reachable', __( 'The site answers.', 'tandem-user-sync' ) );
		$list->pass( 'rest', __( 'The REST API answers.', 'tandem-user-sync' ) );
		$list->pass( 'authorization', __( 'Our log-in arrives there.', 'tandem-user-sync' ) );
		$this->check_account( $site, $me, $list );
		$is_multisite = $api->is_multisite() ?? $site->is_multisite;
		$this->check_rights( $site, $me, $is_multisite, $list );
		$this->check_users( $api, $list );
		$this->check_deletions( $site, $api, $me, $is_multisite, $list );
		$this->check_password( $api, $list );
		$this->check_clock( $api->remote_now(), $list );
		if ( '' !== $api->noise() ) {
			/* translators: %s: what was printed. */
			$list->warn( 'noise', sprintf( __( 'Something prints into the answers of this site; it was passed over: %s. Switch the display of errors off there (WP_DEBUG_DISPLAY).', 'tandem-user-sync' ), $api->noise() ) );
		}
		return $list;
	}

	/**
	 * Puts a problem beside the line that it belongs to, and what was passed until there before it.
	 *
	 * @param Problem   $problem The problem.
	 * @param Checklist $list    Checklist.
	 */
	private function place( Problem $problem, Checklist $list ): void {
		if ( OutcomeKind::Unreachable === $problem->kind || in_array( $problem->code, array( ProblemCode::Insecure, ProblemCode::BlockedHere, ProblemCode::Moved ), true ) ) {
			$list->fail( 'reachable', $problem->message );
			return;
		}
		$list->pass( 'reachable', __( 'The site answers.', 'tandem-user-sync' ) );
		if ( in_array( $problem->code, array( ProblemCode::RestClosed, ProblemCode::RestMissing, ProblemCode::LoginPage, ProblemCode::ServerPassword, ProblemCode::Firewall ), true ) ) {
			$list->fail( 'rest', $problem->message );
			return;
		}
		$list->pass( 'rest', __( 'The REST API answers.', 'tandem-user-sync' ) );
		if ( ProblemCode::HeaderStripped === $problem->code ) {
			$list->fail( 'authorization', $problem->message );
			return;
		}
		$list->pass( 'authorization', __( 'Our log-in arrives there.', 'tandem-user-sync' ) );
		$list->fail( 'account', $problem->message );
	}

	/**
	 * Whose account is used.
	 *
	 * @param RemoteSite $site The site.
	 * @param RemoteUser $me   The account.
	 * @param Checklist  $list Checklist.
	 */
	private function check_account( RemoteSite $site, RemoteUser $me, Checklist $list ): void {
		if ( $me->id !== $site->remote_user_id ) {
			/* translators: 1: username, 2: username. */
			$list->fail( 'account', sprintf( __( 'The log-in belongs to “%1$s” now and not to “%2$s”, with whom this site was connected. Connect it again.', 'tandem-user-sync' ), $me->login, $site->username ) );
			return;
		}
		$list->pass(
			'account',
			$me->can( 'manage_options' )
				/* translators: %s: username. */
				? sprintf( __( 'Logged in as “%s”, an administrator. An account whose role has only list_users, create_users, edit_users, promote_users and, if you want deletions, delete_users is enough and safer.', 'tandem-user-sync' ), $me->login )
				/* translators: %s: username. */
				: sprintf( __( 'Logged in as “%s”.', 'tandem-user-sync' ), $me->login )
		);
	}

	/**
	 * What that account may do.
	 *
	 * @param RemoteSite $site         The site.
	 * @param RemoteUser $me           The account.
	 * @param bool       $is_multisite Whether it is a multisite, where super administrators have rights that REST does not name.
	 * @param Checklist  $list         Checklist.
	 */
	private function check_rights( RemoteSite $site, RemoteUser $me, bool $is_multisite, Checklist $list ): void {
		$missing = PlainSiteTransport::missing_rights( $me );
		if ( array() !== $missing && ! $is_multisite ) {
			$list->fail( 'rights', ProblemCode::MissingRight->sentence( $site->name, implode( ', ', $missing ) ) );
			return;
		}
		$list->pass( 'rights', __( 'The account may find, create and change users.', 'tandem-user-sync' ) );
		if ( in_array( FieldSet::ROLES, $site->settings->fields, true ) && ! $is_multisite ) {
			$me->can( 'promote_users' )
				? $list->pass( 'roles', __( 'The account may change roles.', 'tandem-user-sync' ) )
				: $list->warn( 'roles', __( 'The account lacks the right promote_users: roles of existing users stay as they are. Give it that right, or take “roles” off the fields that are sent.', 'tandem-user-sync' ) );
		}
	}

	/**
	 * Whether users can really be read: some plugins close just that.
	 *
	 * @param PlainSiteApi $api  Conversation.
	 * @param Checklist    $list Checklist.
	 */
	private function check_users( PlainSiteApi $api, Checklist $list ): void {
		try {
			$api->page( 1, 1 );
		} catch ( RemoteFailure $failure ) {
			$list->fail( 'rights', $failure->problem->message );
		}
	}

	/**
	 * Whether deletions can work, if they are wanted.
	 *
	 * @param RemoteSite   $site         The site.
	 * @param PlainSiteApi $api          Conversation.
	 * @param RemoteUser   $me           The account.
	 * @param bool         $is_multisite Whether it is a multisite.
	 * @param Checklist    $list         Checklist.
	 */
	private function check_deletions( RemoteSite $site, PlainSiteApi $api, RemoteUser $me, bool $is_multisite, Checklist $list ): void {
		if ( $is_multisite ) {
			$list->warn( 'multisite', __( 'The site is part of a multisite. WordPress does not delete users there for other sites: deletions have to be done by hand. Super administrators can’t be recognised from here, so existing accounts are never linked without asking.', 'tandem-user-sync' ) );
			return;
		}
		if ( ! $site->settings->delete ) {
			return;
		}
		if ( ! $me->can( 'delete_users' ) ) {
			$list->fail( 'deletions', ProblemCode::MissingRight->sentence( $site->name, 'delete_users' ) );
			return;
		}
		try {
			$heir = $api->get( (int) $site->settings->reassign );
			/* translators: %s: username. */
			$list->pass( 'deletions', sprintf( __( 'Users can be deleted. Their content goes to “%s”.', 'tandem-user-sync' ), $heir->login ) );
		} catch ( RemoteFailure $failure ) {
			$list->fail( 'deletions', ProblemCode::RemovedThere === $failure->problem->code ? ProblemCode::ReassignMissing->sentence( $site->name ) : $failure->problem->message );
		}
	}

	/**
	 * Which application password is in use.
	 *
	 * @param PlainSiteApi $api  Conversation.
	 * @param Checklist    $list Checklist.
	 */
	private function check_password( PlainSiteApi $api, Checklist $list ): void {
		$password = $api->introspect();
		if ( null === $password ) {
			$list->pass( 'application_passwords', __( 'An application password is in use. The site does not tell which.', 'tandem-user-sync' ) );
			return;
		}
		/* translators: %s: name of an application password. */
		$list->pass( 'application_passwords', sprintf( __( 'The application password “%s” is in use.', 'tandem-user-sync' ), is_string( $password['name'] ?? null ) ? $api->shown( $password['name'] ) : '' ) );
	}

	/**
	 * Whether both clocks show the same.
	 *
	 * @param int       $there Unix seconds; 0 when not told.
	 * @param Checklist $list  Checklist.
	 */
	private function check_clock( int $there, Checklist $list ): void {
		$here = $this->clock->now();
		if ( 0 === $there || abs( $there - $here ) <= self::CLOCK_SECONDS ) {
			$list->pass( 'clock', __( 'Both clocks show the same time.', 'tandem-user-sync' ) );
			return;
		}
		$list->warn(
			'clock',
			sprintf(
				$there < $here
					/* translators: %s: a span of time. */
					? __( 'Its clock is %s behind ours. One of the two servers has the wrong time: tell its host.', 'tandem-user-sync' )
					/* translators: %s: a span of time. */
					: __( 'Its clock is %s ahead of ours. One of the two servers has the wrong time: tell its host.', 'tandem-user-sync' ),
				human_time_diff( min( $there, $here ), max( $there, $here ) )
			)
		);
	}
}
