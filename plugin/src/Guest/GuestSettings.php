<?php
/**
 * What the owner decided about guests' orders for one remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Guest;

final class GuestSettings {

	/** WooCommerce's own; a site without it gives its own default in place of it. */
	public const DEFAULT_ROLE = 'customer';

	/**
	 * @param bool   $are_brought Whether a guest who has paid gets an account there.
	 * @param string $role        Role that it gets; '' for the one that the other site gives to everybody.
	 */
	public function __construct( public readonly bool $are_brought = false, public readonly string $role = self::DEFAULT_ROLE ) {
	}

	/**
	 * Reads them as they lie in the database or come from the page.
	 *
	 * @param mixed $data Shape of `GuestSettings` in admin-src/types.ts.
	 */
	public static function from_array( mixed $data ): self {
		$data = is_array( $data ) ? $data : array();
		return new self( true === ( $data['enabled'] ?? false ), is_string( $data['role'] ?? null ) ? sanitize_key( $data['role'] ) : self::DEFAULT_ROLE );
	}

	/**
	 * As REST and the database know them.
	 *
	 * @return array{enabled: bool, role: string}
	 */
	public function to_array(): array {
		return array(
			'enabled' => $this->are_brought,
			'role'    => $this->role,
		);
	}
}
