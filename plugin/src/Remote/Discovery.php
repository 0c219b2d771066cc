<?php
/**
 * Finds out what is at an address: whether it is a WordPress that can be connected,
 * and what is in the way. Nothing here carries a credential, so redirects are followed.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Remote\Http\Client;
use Tandem\Remote\Http\Failure;
use Tandem\Remote\Http\Request;
use Tandem\Remote\Http\Response;
use Tandem\Remote\Http\Unreachable;
use Tandem\Security\HashFormat;
use Tandem\Time\Clock;

final class Discovery {

	/** Redirects that are followed. */
	private const REDIRECTS = 3;

	/** Seconds for one request: a person waits. */
	private const TIMEOUT = 8.0;

	/** Seconds by which clocks may differ before it is said. */
	private const CLOCK_SECONDS = 60;

	private const API_LINK = 'https://api.w.org/';

	/** First core with application passwords. */
	private const OLDEST_CORE = '5.6';

	/**
	 * @param Client     $client Sends requests.
	 * @param Sites      $sites  Sites that are connected already.
	 * @param PeerLookup $lookup Asks a site with Tandem who it is.
	 * @param Clock      $clock  Time.
	 */
	public function __construct( private readonly Client $client, private readonly Sites $sites, private readonly PeerLookup $lookup, private readonly Clock $clock ) {
	}

	/**
	 * Looks at an address.
	 *
	 * @param string          $typed   What a person typed.
	 * @param RemoteSite|null $renewed The site whose credential is being renewed: that it is connected is no obstacle.
	 */
	public function discover( string $typed, ?RemoteSite $renewed = null ): Discovered {
		$list    = new Checklist();
		$address = Address::typed( $typed );
		if ( null === $address ) {
			$list->fail( 'address', __( 'This is not the address of a website. Enter it as you would in a browser, for example https://example.com', 'tandem-user-sync' ) );
			return new Discovered( trim( $typed ), '', '', '', SiteKind::Plain, '', $list );
		}
		$visit = $this->first_that_answers( $address, $list );
		if ( null === $visit ) {
			return new Discovered( $address->https(), '', '', '', SiteKind::Plain, '', $list );
		}
		list( $url, $page ) = $visit;
		$found              = $this->rest_root( $url, $page );
		$root               = is_array( $found ) ? $found : null;
		$index              = null === $root ? array() : $root[1];
		$home               = self::text( $index, 'home' );
		if ( '' === $home || ! Address::is_same_host( $home, $url ) ) {
			$home = (string) preg_replace( '/[?#].*$/', '', $url );
		}
		$home = untrailingslashit( ( str_starts_with( $url, 'https://' ) ? 'https://' : 'http://' ) . preg_replace( '#^https?://#i', '', $home ) );
		$this->check_https( $home, $list );
		$is_wordpress = $this->check_wordpress( $page, $root, $list );
		$this->check_not_known( array( $home, self::text( $index, 'url' ), self::text( $index, 'home' ) ), $renewed, $list );
		$authorize = '';
		$kind      = SiteKind::Plain;
		if ( null !== $root ) {
			$authorize = $this->check_rest( $home, $root[0], $index, $list );
			$kind      = in_array( 'tandem/v1', (array) ( $index['namespaces'] ?? array() ), true ) ? SiteKind::Paired : SiteKind::Plain;
		} elseif ( $found instanceof Unreachable ) {
			$list->fail( 'rest', ( new ProblemReader( $home, '', new Excerpt(), is_retried: false ) )->of_unreachable( $found, $home )->message );
		} elseif ( $is_wordpress ) {
			$list->fail( 'rest', __( 'The REST API does not answer. A security plugin may switch it off, or the server may not pass /wp-json/ on to WordPress: save Settings > Permalinks there once, and allow the REST API for logged-in users.', 'tandem-user-sync' ) );
		}
		if ( null !== $root && SiteKind::Paired === $kind ) {
			$this->check_peer( $root[0], $list );
		}
		$name = html_entity_decode( self::text( $index, 'name' ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		$name = trim( mb_substr( wp_strip_all_tags( $name ), 0, 150 ) );
		return new Discovered( $home, self::text( $index, 'url' ), null === $root ? '' : $root[0], '' === $name ? (string) wp_parse_url( $home, PHP_URL_HOST ) : $name, $kind, $authorize, $list );
	}

	/**
	 * Visits an address by https, and by http where that is allowed.
	 *
	 * @param Address   $address Address.
	 * @param Checklist $list    Checklist.
	 * @return array{string, Response}|null Final address and answer; null when nothing answers.
	 */
	private function first_that_answers( Address $address, Checklist $list ): ?array {
		$candidates = array( $address->https() );
		if ( $this->client->policy()->http_allowed ) {
			$candidates = $address->is_http ? array( $address->http(), $address->https() ) : ( $address->has_scheme ? $candidates : array( $address->https(), $address->http() ) );
		}
		$problem = null;
		foreach ( $candidates as $candidate ) {
			$reader = new ProblemReader( $candidate, '', new Excerpt(), is_retried: false );
			try {
				list( $url, $response ) = $this->visit( $candidate );
			} catch ( Unreachable $error ) {
				$problem ??= $reader->of_unreachable( $error, $candidate );
				continue;
			}
			if ( $response->status >= 500 || 429 === $response->status ) {
				$problem ??= $reader->of_response( $response, $candidate, null );
				continue;
			}
			if ( '' !== $response->redirects_to( $url ) ) {
				/* translators: %s: address. */
				$list->fail( 'reachable', sprintf( __( 'The address is sent on again and again, at last to %s. Enter the address at which the site really is.', 'tandem-user-sync' ), $response->redirects_to( $url ) ) );
				return null;
			}
			Address::is_same( $candidate, $url )
				? $list->pass( 'reachable', __( 'The site answers.', 'tandem-user-sync' ) )
				/* translators: %s: address. */
				: $list->warn( 'reachable', sprintf( __( 'The address is sent on to %s, which is used from now on.', 'tandem-user-sync' ), $url ) );
			return array( $url, $response );
		}
		$list->fail( 'reachable', $problem->message );
		return null;
	}

	/**
	 * Fetches an address and follows its redirects, as far as the address policy allows.
	 *
	 * @param string $url Address.
	 * @return array{string, Response} Final address and answer; a redirect when there were too many.
	 * @throws Unreachable When nothing answers, or a redirect leads where no request may go.
	 */
	private function visit( string $url ): array {
		$accept = array( 'Accept' => 'text/html,application/json;q=0.9,*/*;q=0.8' );
		for ( $hop = 0; ; $hop++ ) {
			$response = $this->client->send( new Request( 'GET', $url, $accept, '', self::TIMEOUT, 5_000_000 ) );
			$to       = $response->redirects_to( $url );
			if ( '' === $to || $hop >= self::REDIRECTS ) {
				return array( $url, $response );
			}
			$url = $to;
		}
	}

	/**
	 * Where the REST API begins, and its index. An index that is closed to visitors is an empty one.
	 *
	 * @param string   $url  Home address.
	 * @param Response $page Its page.
	 * @return array{string, array<string, mixed>}|Unreachable|null Null where it is not; what happened where it can't be known, because the site is too slow.
	 */
	private function rest_root( string $url, Response $page ): array|Unreachable|null {
		$home   = untrailingslashit( (string) preg_replace( '/[?#].*$/', '', $url ) );
		$origin = (string) preg_replace( '#^(https?://[^/]+).*$#i', '$1', $home );
		$closed = null;
		foreach ( array_unique( array( self::linked_root( $page, $url ), "$home/wp-json/", "$home/?rest_route=/", "$origin/wp-json/" ) ) as $root ) {
			if ( '' === $root || ! Address::is_same_host( $root, $url ) ) {
				continue;
			}
			try {
				list( $found, $response ) = $this->visit( PlainSiteApi::address( $root, '', array( '_fields' => 'name,url,home,namespaces,authentication' ) ) );
			} catch ( Unreachable $error ) {
				if ( Failure::Timeout === $error->failure ) {
					return $error;
				}
				continue;
			}
			$json = Json::read( $response->body )->value;
			if ( ! is_array( $json ) ) {
				continue;
			}
			// A redirect (to www., to https) holds for the whole API.
			$root = (string) preg_replace( '/[?&]_fields=[^&]*$/', '', $found );
			if ( 200 === $response->status && is_array( $json['namespaces'] ?? null ) ) {
				return array( $root, $json );
			}
			if ( in_array( $response->status, array( 401, 403 ), true ) && isset( $json['code'], $json['message'] ) ) {
				$closed ??= array( $root, array() );
			}
		}
		return $closed;
	}

	/**
	 * The REST root that a page names in its headers or its head.
	 *
	 * @param Response $page The page.
	 * @param string   $url  Its address.
	 */
	private static function linked_root( Response $page, string $url ): string {
		$rel = preg_quote( self::API_LINK, '#' );
		if ( ! preg_match( '#<([^>]+)>\s*;[^,]*rel="?' . $rel . '"?#i', $page->header( 'link' ), $match )
			&& ! preg_match( '#<link\b[^>]*rel=["\']' . $rel . '["\'][^>]*href=["\']([^"\']+)["\']#i', $page->body, $match )
			&& ! preg_match( '#<link\b[^>]*href=["\']([^"\']+)["\'][^>]*rel=["\']' . $rel . '["\']#i', $page->body, $match ) ) {
			return '';
		}
		$absolute = \WpOrg\Requests\Iri::absolutize( $url, html_entity_decode( $match[1], ENT_QUOTES, 'UTF-8' ) );
		return false === $absolute ? '' : (string) $absolute->uri;
	}

	/**
	 * Whether it is a WordPress.
	 *
	 * @param Response                                $page The page.
	 * @param array{string, array<string, mixed>}|null $root REST root.
	 * @param Checklist                               $list Checklist.
	 */
	private function check_wordpress( Response $page, ?array $root, Checklist $list ): bool {
		$version = preg_match( '#<meta[^>]+content=["\']WordPress (\d+[\d.]*)#i', $page->body, $match ) ? $match[1] : '';
		if ( '' !== $version && version_compare( $version, self::OLDEST_CORE, '<' ) ) {
			/* translators: 1: version of WordPress, 2: version of WordPress. */
			$list->fail( 'core', sprintf( __( 'WordPress %1$s has no application passwords yet. Update it to %2$s or newer.', 'tandem-user-sync' ), $version, self::OLDEST_CORE ) );
			return true;
		}
		if ( '' !== $version ) {
			/* translators: %s: version of WordPress. */
			$list->pass( 'core', sprintf( __( 'WordPress %s.', 'tandem-user-sync' ), $version ) );
			return true;
		}
		if ( null !== $root || str_contains( $page->body, '/wp-content/' ) || str_contains( $page->body, '/wp-includes/' ) || str_contains( $page->header( 'link' ), self::API_LINK ) ) {
			$list->pass( 'core', __( 'It is a WordPress. Its version is not shown.', 'tandem-user-sync' ) );
			return true;
		}
		$list->fail( 'core', __( 'No WordPress was found at this address. If it is in a folder, enter the address with the folder.', 'tandem-user-sync' ) );
		return false;
	}

	/**
	 * Whether passwords may travel there.
	 *
	 * @param string    $url  Home address.
	 * @param Checklist $list Checklist.
	 */
	private function check_https( string $url, Checklist $list ): void {
		str_starts_with( $url, 'https://' )
			? $list->pass( 'https', __( 'The connection is encrypted, and its certificate is good.', 'tandem-user-sync' ) )
			: $list->warn( 'https', __( 'The connection is not encrypted. That is only for sites on your own computer.', 'tandem-user-sync' ) );
	}

	/**
	 * Whether it is neither this very site nor one that is connected already.
	 *
	 * @param list<string>    $addresses All that are known of it.
	 * @param RemoteSite|null $renewed   The site that is being renewed.
	 * @param Checklist       $list      Checklist.
	 */
	private function check_not_known( array $addresses, ?RemoteSite $renewed, Checklist $list ): void {
		foreach ( $addresses as $address ) {
			if ( Address::is_same( $address, home_url() ) || Address::is_same( $address, site_url() ) ) {
				$list->fail( 'this_site', __( 'This is the address of this very site. Enter the address of the other one.', 'tandem-user-sync' ) );
				return;
			}
			foreach ( $this->sites->all() as $site ) {
				if ( Address::is_same( $address, $site->url ) && $site->id !== $renewed?->id ) {
					/* translators: %s: name of the other site. */
					$list->fail( 'connected', sprintf( __( 'This site is connected already, as “%s”.', 'tandem-user-sync' ), $site->name ) );
					return;
				}
			}
		}
	}

	/**
	 * What the REST index tells, and where an application password is approved.
	 *
	 * @param string               $home  Home address.
	 * @param string               $root  REST root.
	 * @param array<string, mixed> $index REST index; empty when it is closed to visitors.
	 * @param Checklist            $list  Checklist.
	 * @return string Address, or '' when that can't work.
	 */
	private function check_rest( string $home, string $root, array $index, Checklist $list ): string {
		if ( array() === $index ) {
			$list->warn( 'rest', __( 'The REST API is closed to visitors. That is no obstacle if it is open to people who are logged in: connecting will show.', 'tandem-user-sync' ) );
			return $home . '/wp-admin/authorize-application.php';
		}
		in_array( 'wp/v2', (array) $index['namespaces'], true )
			? $list->pass( 'rest', __( 'The REST API answers.', 'tandem-user-sync' ) )
			: $list->fail( 'rest', __( 'The REST API answers, but a plugin there has removed WordPress’s own part of it (wp/v2). Allow it for logged-in users.', 'tandem-user-sync' ) );
		if ( str_contains( $root, 'rest_route=' ) ) {
			$list->pass( 'permalinks', __( 'The site uses plain permalinks. That works too.', 'tandem-user-sync' ) );
		}
		$url = $index['authentication']['application-passwords']['endpoints']['authorization'] ?? '';
		if ( ! is_string( $url ) || '' === $url ) {
			$list->fail( 'application_passwords', __( 'Application passwords are switched off there, usually by a security plugin or because the site does not use HTTPS. Switch them on, for administrators at least.', 'tandem-user-sync' ) );
			return '';
		}
		if ( ! $this->client->policy()->allows( $url ) || ! ( Address::is_same_host( $url, $home ) || Address::is_same_host( $url, self::text( $index, 'url' ) ) ) ) {
			/* translators: %s: address. */
			$list->fail( 'application_passwords', sprintf( __( 'The site wants application passwords to be approved at %s, which is not its own address or not HTTPS. Connect with a username and an application password instead.', 'tandem-user-sync' ), $url ) );
			return '';
		}
		$list->pass( 'application_passwords', __( 'Application passwords are available.', 'tandem-user-sync' ) );
		return $url;
	}

	/**
	 * What a site with Tandem says of itself.
	 *
	 * @param string    $root REST root.
	 * @param Checklist $list Checklist.
	 */
	private function check_peer( string $root, Checklist $list ): void {
		$about = $this->lookup->describe( $root );
		if ( null === $about ) {
			$list->fail( 'tandem', __( 'Tandem runs there too, but does not answer, or is a version that this one does not understand. A plugin there may close the REST API to visitors: allow /wp-json/tandem/v1/ for everybody, because every message is signed. Otherwise update the older of the two.', 'tandem-user-sync' ) );
			return;
		}
		/* translators: 1: version of Tandem, 2: version of WordPress. */
		$list->pass( 'tandem', sprintf( __( 'Tandem %1$s runs there too, on WordPress %2$s. Changes can go both ways, and every message is signed.', 'tandem-user-sync' ), self::text( $about, 'tandem' ), self::text( $about, 'core' ) ) );
		array() === array_intersect( array_column( HashFormat::understood(), 'value' ), (array) ( $about['hashes'] ?? array() ) )
			? $list->warn( 'passwords', __( 'The two sites store passwords in different ways. New passwords travel sealed; those of people who exist already can’t be brought over.', 'tandem-user-sync' ) )
			: $list->pass( 'passwords', __( 'Both sites understand how the other stores passwords: people keep theirs, and no plain text travels.', 'tandem-user-sync' ) );
		empty( $about['authorization_arrived'] )
			? $list->warn( 'authorization', __( 'Its server drops the Authorization header, so Connect won’t work. Make a pairing code on Tandem’s page there and enter it here instead.', 'tandem-user-sync' ) )
			: $list->pass( 'authorization', __( 'The Authorization header arrives there.', 'tandem-user-sync' ) );
		$ahead = is_int( $about['time'] ?? null ) ? $about['time'] - $this->clock->now() : 0;
		abs( $ahead ) <= self::CLOCK_SECONDS
			? $list->pass( 'clock', __( 'Both clocks show the same time.', 'tandem-user-sync' ) )
			/* translators: %s: a span of time. */
			: $list->warn( 'clock', sprintf( __( 'The clocks differ by %s. Tandem allows for that, but tell the host whose clock is wrong.', 'tandem-user-sync' ), human_time_diff( 0, abs( $ahead ) ) ) );
	}

	/**
	 * A text of the index, or ''.
	 *
	 * @param array<string, mixed> $index REST index.
	 * @param string               $name  Its name.
	 */
	private static function text( array $index, string $name ): string {
		return is_string( $index[ $name ] ?? null ) ? $index[ $name ] : '';
	}
}
