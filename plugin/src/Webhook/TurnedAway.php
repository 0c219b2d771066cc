<?php
/**
 * A request to an incoming webhook that is not carried out: a stable code, a sentence for whoever set the automation
 * up, and a status that tells the sender whether to try again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

final class TurnedAway extends \RuntimeException {

	/**
	 * @param string   $reason      Stable code.
	 * @param string   $sentence    What is wrong and what to do, translated.
	 * @param int      $status      HTTP status.
	 * @param int|null $retry_after Seconds after which it may be tried again, or null.
	 */
	public function __construct( public readonly string $reason, string $sentence, public readonly int $status, public readonly ?int $retry_after = null ) {
		parent::__construct( $sentence );
	}

	/**
	 * The body is too long.
	 *
	 * @param int $most Bytes that are taken.
	 */
	public static function too_large( int $most ): self {
		/* translators: %s: a size such as "64 KB". */
		return new self( 'hook_too_large', sprintf( __( 'The body is longer than %s. Send only the fields that are needed.', 'tandem-user-sync' ), (string) size_format( $most ) ), 413 );
	}

	/**
	 * As WordPress's REST API answers it.
	 */
	public function to_error(): \WP_Error {
		return new \WP_Error( $this->reason, $this->getMessage(), array( 'status' => $this->status ) );
	}
}
