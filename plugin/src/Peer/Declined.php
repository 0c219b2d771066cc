<?php
/**
 * A person who is not taken from a paired site: why, and which account is in the way.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

final class Declined extends \RuntimeException {

	/**
	 * @param UserCode      $reason Why.
	 * @param \WP_User|null $there  The account in the way.
	 * @param string        $says   A sentence of its own; '' for that of the code.
	 */
	public function __construct( public readonly UserCode $reason, public readonly ?\WP_User $there = null, string $says = '' ) {
		parent::__construct( '' === $says ? $reason->sentence() : $says );
	}
}
