<?php
/**
 * Sentences about what a site could not take although the rest arrived.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Remarks {

	/** @var list<string> */
	private array $sentences = array();

	/**
	 * @param string $site The site's name.
	 */
	public function __construct( private readonly string $site ) {
	}

	/**
	 * All of them.
	 *
	 * @return list<string>
	 */
	public function all(): array {
		return array_values( array_unique( $this->sentences ) );
	}

	/**
	 * None of the person's roles may be given there.
	 *
	 * @param list<string> $roles Role slugs.
	 */
	public function roles_not_granted( array $roles ): void {
		/* translators: 1: names of roles, 2: name of the other site. */
		$this->sentences[] = sprintf( __( 'The roles were left as they are on %2$s: %1$s is not on the list of roles that may be given there.', 'tandem-user-sync' ), implode( ', ', $roles ), $this->site );
	}

	/**
	 * The account there has rights that are not ours to take.
	 */
	public function roles_of_administrator(): void {
		/* translators: %s: name of the other site. */
		$this->sentences[] = sprintf( __( 'The roles were left as they are on %s: it is an administrator’s account there.', 'tandem-user-sync' ), $this->site );
	}

	/**
	 * A role does not exist there.
	 *
	 * @param string $role Role slug.
	 */
	public function role_unknown( string $role ): void {
		/* translators: 1: name of a role, 2: name of the other site. */
		$this->sentences[] = sprintf( __( 'The role “%1$s” does not exist on %2$s and was left out.', 'tandem-user-sync' ), $role, $this->site );
	}

	/**
	 * Roles were refused for another reason.
	 *
	 * @param string $line What the site said.
	 */
	public function roles_refused( string $line ): void {
		/* translators: 1: name of the other site, 2: what it said. */
		$this->sentences[] = sprintf( __( 'The roles were left as they are on %1$s. It said: %2$s', 'tandem-user-sync' ), $this->site, $line );
	}

	/**
	 * The account that Tandem uses may not change roles.
	 */
	public function no_right_for_roles(): void {
		/* translators: %s: name of the other site. */
		$this->sentences[] = sprintf( __( 'The roles were left as they are: the account that Tandem uses on %s lacks the right promote_users.', 'tandem-user-sync' ), $this->site );
	}

	/**
	 * A role that is harmless here is powerful there, and was taken away again.
	 *
	 * @param list<string> $roles Role slugs.
	 */
	public function privileged_role( array $roles ): void {
		/* translators: 1: names of roles, 2: name of the other site. */
		$this->sentences[] = sprintf( __( 'The role “%1$s” has an administrator’s rights on %2$s, unlike here, so it was taken away again. Take it off the list of roles that may be given there.', 'tandem-user-sync' ), implode( ', ', $roles ), $this->site );
	}

	/**
	 * A field was refused.
	 *
	 * @param string $field Name of a field.
	 * @param string $line  What the site said.
	 */
	public function field_refused( string $field, string $line ): void {
		/* translators: 1: name of the other site, 2: name of a field, 3: what it said. */
		$this->sentences[] = sprintf( __( '%1$s did not take the field “%2$s”, everything else arrived. It said: %3$s', 'tandem-user-sync' ), $this->site, $field, $line );
	}

	/**
	 * A meta key is not registered there.
	 *
	 * @param string $key Meta key.
	 */
	public function meta_not_registered( string $key ): void {
		/* translators: 1: meta key, 2: name of the other site. */
		$this->sentences[] = sprintf( __( 'The meta key “%1$s” is not registered for REST on %2$s, so it did not arrive. It needs register_meta( \'user\', …, show_in_rest ) in a plugin there.', 'tandem-user-sync' ), $key, $this->site );
	}

	/**
	 * The account got a password that nobody knows.
	 *
	 * @param string $address Where one can be set.
	 */
	public function random_password( string $address ): void {
		/* translators: 1: name of the other site, 2: address. */
		$this->sentences[] = sprintf( __( 'Created on %1$s with a random password, because the person’s own is not known in plain text. They can set one at %2$s or by changing it here.', 'tandem-user-sync' ), $this->site, $address );
	}

	/**
	 * Something went wrong with the password.
	 *
	 * @param string $sentence The sentence of its problem.
	 */
	public function say( string $sentence ): void {
		$this->sentences[] = $sentence;
	}

	/**
	 * Something printed into an answer.
	 *
	 * @param string $line First line of it.
	 */
	public function noise( string $line ): void {
		if ( '' !== $line ) {
			/* translators: 1: name of the other site, 2: what it printed. */
			$this->sentences[] = sprintf( __( 'Something on %1$s prints into its answers. It was passed over this time: %2$s. Switch the display of errors off there (WP_DEBUG_DISPLAY).', 'tandem-user-sync' ), $this->site, $line );
		}
	}
}
