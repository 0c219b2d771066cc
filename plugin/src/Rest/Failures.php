<?php
/**
 * Turns what the plugin's classes throw into WordPress's errors: the one place
 * that knows which HTTP status belongs to which failure.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

use Tandem\Backfill;
use Tandem\Database;
use Tandem\Remote\ConnectFailed;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\SiteNotFound;
use Tandem\Security\Unreadable;
use Tandem\Verify;
use Tandem\Webhook\HookNotFound;

final class Failures {

	/** Another site is at fault. Not 502 or 504: some proxies put a page of their own in the place of those. */
	private const REMOTE = 424;

	/**
	 * The answer for an exception: stable code, sentence, status.
	 *
	 * @param \Exception $exception What was thrown.
	 * @throws \Exception What is none of the plugin's own: a defect belongs into the error log, not behind a sentence.
	 */
	public function answer( \Exception $exception ): \WP_Error {
		return match ( true ) {
			$exception instanceof Refused          => $this->error( $exception->reason, $exception->getMessage(), $exception->status ),
			$exception instanceof Backfill\Refused => $this->error( $exception->reason, $exception->getMessage(), 'backfill_not_found' === $exception->reason ? 404 : 409 ),
			$exception instanceof Verify\Refused   => $this->error( $exception->reason, $exception->getMessage(), 'verification_not_found' === $exception->reason ? 404 : 409 ),
			$exception instanceof ConnectFailed    => $this->error( $exception->reason, $exception->getMessage(), 422 ),
			$exception instanceof SiteNotFound     => $this->error( 'tandem_site_not_found', __( 'There is no connected site with this number. It may have been removed in another window.', 'tandem-user-sync' ), 404 ),
			$exception instanceof HookNotFound     => $this->error( 'tandem_webhook_not_found', __( 'There is no webhook with this number. It may have been removed in another window.', 'tandem-user-sync' ), 404 ),
			$exception instanceof RemoteFailure    => $this->error( $exception->problem->code->value, $exception->problem->message, self::REMOTE ),
			$exception instanceof Unreadable       => $this->error( 'tandem_credential_unreadable', __( 'The stored application password can’t be read any more: the secret keys (salts) in wp-config.php have changed since. Connect the site again.', 'tandem-user-sync' ), 409 ),
			$exception instanceof Database\Failure => $this->error( 'tandem_database', __( 'The database of this site refused to answer. Try again in a moment. If it stays like this, Tools > Site Health says more.', 'tandem-user-sync' ), 500 ),
			default                                => throw $exception,
		};
	}

	/**
	 * An error.
	 *
	 * @param string $code     Stable code.
	 * @param string $sentence For a person.
	 * @param int    $status   HTTP status.
	 */
	private function error( string $code, string $sentence, int $status ): \WP_Error {
		return new \WP_Error( $code, $sentence, array( 'status' => $status ) );
	}
}
