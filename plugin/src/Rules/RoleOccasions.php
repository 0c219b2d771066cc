<?php
/**
 * Somebody gets a role, or loses it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class RoleOccasions implements Occasions {

	/**
	 * @param Engine $engine Hears of it.
	 */
	public function __construct( private readonly Engine $engine ) {
	}

	/**
	 * Action `add_user_role`. WordPress fires it for every role that somebody did not have, also where it sets one in the
	 * place of others (`WP_User::set_role()`).
	 *
	 * @param int    $user_id User here.
	 * @param string $role    Role slug.
	 */
	public function given( int $user_id, string $role ): void {
		$this->engine->happened( Trigger::Role, $user_id, $role, self::name( $role ) );
	}

	/**
	 * Action `remove_user_role`.
	 *
	 * @param int    $user_id User here.
	 * @param string $role    Role slug.
	 */
	public function taken( int $user_id, string $role ): void {
		$this->engine->undone( $user_id, self::name( $role ) );
	}

	/**
	 * Roles.
	 *
	 * @return list<Trigger>
	 */
	public function triggers(): array {
		return array( Trigger::Role );
	}

	/**
	 * The roles of this site.
	 *
	 * @param Trigger $trigger Role.
	 * @param string  $search  What was typed, or ''.
	 * @return list<array{id: string, label: string}>
	 */
	public function subjects( Trigger $trigger, string $search ): array {
		$roles = array();
		foreach ( wp_roles()->role_names as $slug => $name ) {
			$label = translate_user_role( $name );
			if ( '' === $search || false !== mb_stripos( $label, $search ) ) {
				$roles[] = array(
					'id'    => (string) $slug,
					'label' => $label,
				);
			}
		}
		return array_slice( $roles, 0, OccasionPage::SIZE );
	}

	/**
	 * Name of a role, or null.
	 *
	 * @param Trigger $trigger Role.
	 * @param string  $subject Role slug.
	 */
	public function label( Trigger $trigger, string $subject ): ?string {
		$name = wp_roles()->role_names[ $subject ] ?? null;
		return null === $name ? null : translate_user_role( $name );
	}

	/**
	 * Who has a role.
	 *
	 * @param Trigger $trigger Role.
	 * @param string  $subject Role slug.
	 * @param int     $page    Which part, from 1.
	 */
	public function present( Trigger $trigger, string $subject, int $page ): OccasionPage {
		return UserPages::of( array( 'role' => $subject ), self::name( $subject ), $page );
	}

	/**
	 * What it is called that somebody has a role.
	 *
	 * @param string $role Role slug.
	 */
	private static function name( string $role ): string {
		return 'role:' . $role;
	}
}
