<?php
/**
 * The sites with which this one logs people in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Security\SiteIdentity;

final class Partners {

	/**
	 * @param Sites        $sites    Remote sites.
	 * @param SiteIdentity $identity A copy of a site logs nobody in.
	 */
	public function __construct( private readonly Sites $sites, private readonly SiteIdentity $identity ) {
	}

	/**
	 * A paired site; null when there is none.
	 *
	 * @param string $uuid Its UUID.
	 */
	public function find( string $uuid ): ?RemoteSite {
		$site = wp_is_uuid( $uuid ) ? $this->sites->find_by_uuid( strtolower( $uuid ) ) : null;
		return null === $site?->pairing || SiteKind::Paired !== $site->kind ? null : $site;
	}

	/**
	 * Whether people who are logged in there may get in here by that.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function lets_in_from( RemoteSite $site ): bool {
		return $site->lets_in() && null === $this->identity->copy_of();
	}

	/**
	 * Whether this site says to that one who somebody is.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function vouches_for_people_to( RemoteSite $site ): bool {
		return $site->is_connected() && $site->settings->login->vouches && null === $this->identity->copy_of();
	}

	/**
	 * Sites that a log-in form here offers. Costs no query.
	 *
	 * @return array<string, string> Names by UUID.
	 */
	public function offered(): array {
		$names = $this->sites->offered();
		return array() === $names || null !== $this->identity->copy_of() ? array() : $names;
	}

	/**
	 * The site at a host whose visitors are looked up without a click; null when there is none. Costs no query for a
	 * host that is none.
	 *
	 * @param string $host Host with its port, in small letters.
	 */
	public function quiet_at( string $host ): ?RemoteSite {
		if ( ! in_array( $host, $this->sites->quiet_hosts(), true ) ) {
			return null;
		}
		foreach ( $this->sites->all() as $site ) {
			if ( $site->settings->login->quiet && Browser::host( $site->url ) === $host && $this->lets_in_from( $site ) ) {
				return $site;
			}
		}
		return null;
	}

	/**
	 * All paired sites.
	 *
	 * @return list<RemoteSite>
	 */
	public function paired(): array {
		return array_values( array_filter( $this->sites->all(), static fn ( RemoteSite $site ): bool => SiteKind::Paired === $site->kind ) );
	}

	/**
	 * A site by what people call it: its id here, its UUID, its host, its address or its name. Null when none is meant,
	 * or it is no paired one.
	 *
	 * @param string $word What they call it; '' where there is only one.
	 */
	public function called( string $word ): ?RemoteSite {
		$paired = $this->paired();
		$word   = strtolower( untrailingslashit( trim( $word ) ) );
		if ( '' === $word ) {
			return 1 === count( $paired ) ? $paired[0] : null;
		}
		foreach ( $paired as $site ) {
			if ( in_array( $word, array( (string) $site->id, $site->pairing->uuid ?? '', Browser::host( $site->url ), strtolower( $site->url ), strtolower( $site->name ) ), true ) ) {
				return $site;
			}
		}
		return null;
	}
}
