<?php
/**
 * *Test* of a paired site: looks for what is in the way, line by line.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Security\SiteKeys;

final class PeerCheck {

	/** Seconds by which clocks may differ before it is said. */
	private const CLOCK_SECONDS = 60;

	/**
	 * @param PeerSites  $peers  Begins conversations.
	 * @param PeerLookup $lookup Asks a site who it is.
	 * @param Pairer     $pairer Tries passwords.
	 * @param SiteKeys   $keys   This site's keys.
	 */
	public function __construct( private readonly PeerSites $peers, private readonly PeerLookup $lookup, private readonly Pairer $pairer, private readonly SiteKeys $keys ) {
	}

	/**
	 * Looks at a paired site.
	 *
	 * @param RemoteSite $site The site.
	 * @return array{ok: bool, checks: list<array{code: string, state: string, label: string, message: string}>} `TestAnswer`.
	 */
	public function of( RemoteSite $site ): array {
		$list = new Checklist();
		$this->look( $site, $list );
		return array(
			'ok'     => $list->is_ok(),
			'checks' => array_map( static fn ( Check $check ): array => $check->to_array(), $list->checks() ),
		);
	}

	/**
	 * Looks.
	 *
	 * @param RemoteSite $site The site.
	 * @param Checklist  $list Checklist.
	 */
	private function look( RemoteSite $site, Checklist $list ): void {
		if ( ! $this->keys->are_readable() ) {
			$list->fail( 'credential', ProblemCode::SaltsChanged->sentence( $site->name ) );
			return;
		}
		$api = $this->peers->api( $site );
		try {
			$api->greet();
		} catch ( RemoteFailure $failure ) {
			$list->fail( in_array( $failure->problem->code, array( ProblemCode::Unpaired, ProblemCode::SignatureRefused, ProblemCode::ClockOff, ProblemCode::PeerStopped ), true ) ? 'tandem' : 'reachable', $failure->problem->message );
			return;
		}
		$list->pass( 'reachable', __( 'The site answers.', 'tandem-user-sync' ) );
		/* translators: %s: versions. */
		$list->pass( 'tandem', sprintf( __( 'It accepts our signature. %s.', 'tandem-user-sync' ), $api->pairing()->versions ) );
		str_starts_with( $site->rest_url, 'https://' )
			? $list->pass( 'https', __( 'The connection is encrypted.', 'tandem-user-sync' ) )
			: $list->warn( 'https', __( 'The connection is not encrypted. That is only for sites on your own computer.', 'tandem-user-sync' ) );
		$this->check_way_back( $site, $list );
		$this->check_passwords( $this->pairer->test_passwords( $site ), $list );
		$ahead = $api->pairing()->clock_offset;
		abs( $ahead ) <= self::CLOCK_SECONDS
			? $list->pass( 'clock', __( 'Both clocks show the same time.', 'tandem-user-sync' ) )
			/* translators: %s: a span of time. */
			: $list->warn( 'clock', sprintf( $ahead < 0 ? __( 'Its clock is %s behind ours. Tandem allows for that, but tell its host.', 'tandem-user-sync' ) : __( 'Its clock is %s ahead of ours. Tandem allows for that, but tell its host.', 'tandem-user-sync' ), human_time_diff( 0, abs( $ahead ) ) ) );
		if ( '' !== $api->noise() ) {
			/* translators: %s: what was printed. */
			$list->warn( 'noise', sprintf( __( 'Something prints into the answers of this site; it was passed over: %s. Switch the display of errors off there (WP_DEBUG_DISPLAY).', 'tandem-user-sync' ), $api->noise() ) );
		}
	}

	/**
	 * Whether it reaches this site.
	 *
	 * @param RemoteSite $site The site.
	 * @param Checklist  $list Checklist.
	 */
	private function check_way_back( RemoteSite $site, Checklist $list ): void {
		$about = $this->lookup->describe( $site->rest_url );
		if ( null !== $about && $about['uuid'] !== $site->pairing?->uuid ) {
			$list->fail( 'tandem', ProblemCode::SignatureRefused->sentence( $site->name ) );
		}
		$site->pairing?->reaches_us
			? $list->pass( 'way_back', __( 'It reaches this site too: changes go both ways.', 'tandem-user-sync' ) )
			: $list->warn( 'way_back', __( 'When the two were paired, it could not reach this site: its own changes don’t come here. Behind a firewall or on your own computer that is so. Otherwise make this site reachable and connect again.', 'tandem-user-sync' ) );
	}

	/**
	 * What came of the password test.
	 *
	 * @param RemoteSite $site The site, just tested.
	 * @param Checklist  $list Checklist.
	 */
	private function check_passwords( RemoteSite $site, Checklist $list ): void {
		$test = $site->pairing->test ?? array();
		match ( true ) {
			! isset( $test['hashOut'] ) => $list->warn( 'passwords', __( 'No test of a password has come to an end yet. Test again.', 'tandem-user-sync' ) ),
			$test['hashOut'] ?? false   => $list->pass( 'passwords', __( 'A test password that was set here worked there, without its plain text travelling.', 'tandem-user-sync' ) ),
			$test['sealedOut'] ?? false => $list->warn( 'passwords', __( 'A test password that was set here worked there, sent sealed in plain text: the other site does not understand how passwords are stored here. Those of people who exist already can’t be brought over.', 'tandem-user-sync' ) ),
			default                     => $list->fail( 'passwords', __( 'A test password that was set here did not work there. A plugin on one of the two sites replaces WordPress’s password functions.', 'tandem-user-sync' ) ),
		};
	}
}
