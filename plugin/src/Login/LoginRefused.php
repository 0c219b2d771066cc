<?php
/**
 * Somebody is not logged in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class LoginRefused extends \RuntimeException {

	/**
	 * @param Refusal       $reason  Why.
	 * @param \WP_User|null $account Whose account here it is about, where that is known.
	 */
	public function __construct( public readonly Refusal $reason, public readonly ?\WP_User $account = null ) {
		parent::__construct( $reason->sentence() );
	}
}
