<?php
/**
 * A person of this site beside whom a decision is made: `Conflict[ 'here' ]` in admin-src/types.ts.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rest;

final class PersonAnswer {

	/**
	 * The person.
	 *
	 * @param int           $id    User id here.
	 * @param \WP_User|null $user  The user; null when they no longer exist.
	 * @param string        $login Username that they had.
	 * @param string        $email E-mail address that they had.
	 * @return array{id: int, username: string, email: string, name: string, roles: list<string>}
	 */
	public static function of( int $id, ?\WP_User $user, string $login = '', string $email = '' ): array {
		return array(
			'id'       => $id,
			'username' => $user->user_login ?? $login,
			'email'    => $user->user_email ?? $email,
			'name'     => $user->display_name ?? '',
			'roles'    => array_values( $user->roles ?? array() ),
		);
	}
}
