<?php
/**
 * Which roles an account on another site gets.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;

final class Roles {

	/**
	 * @param SiteSettings $settings What the owner decided.
	 * @param Remarks      $remarks  Gets what is left as it is.
	 */
	public function __construct( private readonly SiteSettings $settings, private readonly Remarks $remarks ) {
	}

	/**
	 * The roles to write, or null when they stay as they are. Roles that are not on the owner's list are
	 * neither given nor taken.
	 *
	 * @param UserState       $user  The user here.
	 * @param RemoteUser|null $there The account there; null for a new one.
	 * @return list<string>|null
	 */
	public function wanted( UserState $user, ?RemoteUser $there ): ?array {
		if ( ! $user->has_roles || ! in_array( FieldSet::ROLES, $this->settings->fields, true ) ) {
			return null;
		}
		$given = array_values( array_intersect( $user->roles, $this->settings->grant_roles ) );
		if ( array() === $given && array() !== $user->roles ) {
			$this->remarks->roles_not_granted( $user->roles );
			return null;
		}
		if ( null === $there ) {
			return $given;
		}
		$kept   = array_values( array_diff( $there->roles, $this->settings->grant_roles ) );
		$wanted = array( ...$kept, ...$given );
		if ( array() === array_diff( $wanted, $there->roles ) && array() === array_diff( $there->roles, $wanted ) ) {
			return null;
		}
		// WordPress takes all roles away for a moment: an administrator's must not get lost in it.
		if ( $there->is_privileged() && ! $there->is_privileged_by( $this->settings->grant_roles ) ) {
			$this->remarks->roles_of_administrator();
			return null;
		}
		return $wanted;
	}
}
