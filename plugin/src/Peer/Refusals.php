<?php
/**
 * Puts on record that something was refused to another site. Whoever knows a site's UUID can send
 * nonsense in its name, so one cause is written down once an hour.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\RemoteSite;

final class Refusals {

	/** Seconds in which one cause is written down once. */
	private const QUIET = HOUR_IN_SECONDS;

	/**
	 * @param Log $log Activity.
	 */
	public function __construct( private readonly Log $log ) {
	}

	/**
	 * A message was refused.
	 *
	 * @param RemoteSite     $site    Who it says it is from.
	 * @param MessageRefused $refused Why.
	 */
	public function of_message( RemoteSite $site, MessageRefused $refused ): void {
		if ( MessageCode::Clock !== $refused->reason ) {
			$this->once( $site->id, $refused->reason->value, $refused->getMessage() );
		}
	}

	/**
	 * An application password that introduces a site was used for something else.
	 *
	 * @param string $route    What it was used for.
	 * @param string $username Whose it is.
	 */
	public function of_fenced( string $route, string $username ): void {
		/* translators: 1: username, 2: path of a REST route. */
		$this->once( 0, 'fenced', sprintf( __( 'An application password of “%1$s” that may only introduce another site was used for %2$s. It was refused. If you don’t know why, revoke it in that account’s profile.', 'tandem-user-sync' ), $username, $route ) );
	}

	/**
	 * Writes it down, unless the same was written a short time ago.
	 *
	 * @param int    $site_id Remote site, or 0.
	 * @param string $code    Stable code.
	 * @param string $message Sentence.
	 */
	private function once( int $site_id, string $code, string $message ): void {
		$key = "tandem_refused_{$site_id}_$code";
		if ( false === get_transient( $key ) ) {
			set_transient( $key, 1, self::QUIET );
			$this->log->add( new Entry( Action::Site, Result::Refused, $site_id, code: $code, message: $message, direction: Direction::In ) );
		}
	}
}
