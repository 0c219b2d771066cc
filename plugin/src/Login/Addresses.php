<?php
/**
 * The addresses of the handshake. None holds anything about a person.
 *
 * All are addresses of a site's home page: a changed or hidden wp-login.php, a closed wp-admin and a closed REST API
 * don't matter.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Names;
use Tandem\Remote\RemoteSite;

final class Addresses {

	/** On the site where somebody wants in: begin. The UUID of the site that is to say who it is; with `to`. */
	public const BEGIN = 'tandem_login';

	/** On the site that is to say who it is. The UUID of the site that asks; with `state`, and `quiet` and `to`. */
	public const ASK = 'tandem_who';

	/** Back on the site where somebody wants in. The UUID of the site that was asked; with `state`, and `code` or `no`. */
	public const BACK = 'tandem_back';

	/** On a site that leads to another: what that one is called here; with `to`. */
	public const GO = 'tandem_go';

	/**
	 * Where a log-in begins, on another site, with this one.
	 *
	 * @param RemoteSite $on   The other site.
	 * @param string     $uuid UUID of this site.
	 * @param string     $to   Path there.
	 */
	public static function begin_on( RemoteSite $on, string $uuid, string $to ): string {
		return self::made( $on->url, array( self::BEGIN => $uuid ) + ( '/' === $to ? array() : array( 'to' => $to ) ) );
	}

	/**
	 * Where a log-in begins, on this site, with another one.
	 *
	 * @param string $uuid UUID of the other site.
	 * @param string $to   Path here.
	 */
	public static function begin_here( string $uuid, string $to ): string {
		return self::made( home_url(), array( self::BEGIN => $uuid ) + ( '/' === $to ? array() : array( 'to' => $to ) ) );
	}

	/**
	 * An address here that leads to another site and logs people in there, whatever its own address becomes.
	 *
	 * @param RemoteSite $to The other site.
	 */
	public static function onward( RemoteSite $to ): string {
		return self::made( home_url(), array( self::GO => Browser::host( $to->url ) ) );
	}

	/**
	 * Where another site says who somebody is.
	 *
	 * @param RemoteSite $on    The other site.
	 * @param string     $uuid  UUID of this site.
	 * @param string     $state The state.
	 * @param string     $quiet Path here to come back to when nobody has asked for this; '' when somebody has.
	 */
	public static function ask( RemoteSite $on, string $uuid, #[\SensitiveParameter] string $state, string $quiet ): string {
		return self::made(
			$on->url,
			array(
				self::ASK => $uuid,
				'state'   => $state,
			) + ( '' === $quiet ? array() : array(
				'quiet' => '1',
				'to'    => $quiet,
			) )
		);
	}

	/**
	 * Back to the site that has asked: below the address that is on record for it, whatever the request says.
	 *
	 * @param RemoteSite            $on     The site that has asked.
	 * @param string                $uuid   UUID of this site.
	 * @param array<string, string> $answer `state`, and `code` or `no`.
	 */
	public static function back( RemoteSite $on, string $uuid, #[\SensitiveParameter] array $answer ): string {
		return self::made( $on->url, array( self::BACK => $uuid ) + $answer );
	}

	/**
	 * The log-in form here, with the reason why it has come to that.
	 *
	 * @param Refusal $reason Why.
	 * @param string  $to     Path to go to afterwards.
	 */
	public static function form( Refusal $reason, string $to ): string {
		return add_query_arg( Names::REFUSED, $reason->value, wp_login_url( Path::address( $to ) ) );
	}

	/**
	 * The home page of a site, with parameters.
	 *
	 * @param string                $home       Home address.
	 * @param array<string, string> $parameters Parameters.
	 */
	private static function made( string $home, #[\SensitiveParameter] array $parameters ): string {
		return untrailingslashit( $home ) . '/?' . http_build_query( $parameters, '', '&', PHP_QUERY_RFC3986 );
	}
}
