<?php
/**
 * A message of a paired site is refused as a whole.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class MessageRefused extends \RuntimeException {

	/**
	 * @param MessageCode          $reason Why.
	 * @param string               $detail What exactly, '' when the sentence says it all.
	 * @param array<string, mixed> $data   What else the sender needs to know.
	 */
	public function __construct( public readonly MessageCode $reason, string $detail = '', public readonly array $data = array() ) {
		parent::__construct( trim( $reason->sentence() . ' ' . $detail ) );
	}

	/**
	 * As WordPress's REST API answers.
	 */
	public function to_error(): \WP_Error {
		return new \WP_Error(
			$this->reason->value,
			$this->getMessage(),
			array(
				'status' => $this->reason->status(),
				'retry'  => $this->reason->may_be_retried(),
			) + $this->data
		);
	}
}
