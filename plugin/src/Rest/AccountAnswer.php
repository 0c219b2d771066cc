<?php
/**
 * An account on a remote site as the page sees it: `RemoteAccount` in admin-src/types.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class AccountAnswer {

	/**
	 * The account, with nothing but what the page is meant to see.
	 *
	 * @param array<string, mixed> $account As a delivery noted it down.
	 * @return array{id: int, username: string, name: string, email: string, roles: list<string>, protected: bool}
	 */
	public static function of( array $account ): array {
		$roles = $account['roles'] ?? array();
		return array(
			'id'        => (int) $account['id'],
			'username'  => (string) ( $account['username'] ?? '' ),
			'name'      => (string) ( $account['name'] ?? '' ),
			'email'     => (string) ( $account['email'] ?? '' ),
			'roles'     => is_array( $roles ) ? array_values( array_map( 'strval', $roles ) ) : array(),
			'protected' => ! empty( $account['protected'] ),
		);
	}
}
