<?php
/**
 * Writes to a plain site, and again without what it refuses: an unknown role, a language
 * that it lacks, a meta key of another type. The rest arrives all the same.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\FieldSet;

final class PlainSiteWriter {

	/** How often a write is repeated with less in it. */
	private const TRIES = 12;

	/** What a person is without: never left out. */
	private const NEEDED = array( 'email', 'username', 'password' );

	private FieldSet $written;

	/**
	 * @param PlainSiteApi $api     Conversation with the site.
	 * @param Remarks      $remarks Gets what was left out.
	 */
	public function __construct( private readonly PlainSiteApi $api, private readonly Remarks $remarks ) {
		$this->written = new FieldSet();
	}

	/**
	 * What the last write brought over.
	 */
	public function written(): FieldSet {
		return $this->written;
	}

	/**
	 * Creates an account.
	 *
	 * @param string  $login   Username.
	 * @param Changes $changes What it gets, without meta.
	 * @throws RemoteFailure When it is refused.
	 */
	public function create( string $login, Changes $changes ): RemoteUser {
		return $this->write( $changes, fn ( Changes $now ): RemoteUser => $this->api->create( array( 'username' => $login ) + $now->to_rest() ), null );
	}

	/**
	 * Changes an account.
	 *
	 * @param RemoteUser $there   The account as it is.
	 * @param Changes    $changes What is to change.
	 * @throws RemoteFailure When it is refused.
	 */
	public function update( RemoteUser $there, Changes $changes ): RemoteUser {
		return $this->write( $changes, fn ( Changes $now ): RemoteUser => $this->api->update( $there->id, $now->to_rest() ), $there );
	}

	/**
	 * Writes, and again with less.
	 *
	 * @param Changes                           $changes What to write.
	 * @param callable( Changes ): RemoteUser   $send    Writes it.
	 * @param RemoteUser|null                   $there   The account as it is, if there is one.
	 * @throws RemoteFailure When it is refused for a reason that leaving something out does not help.
	 */
	private function write( Changes $changes, callable $send, ?RemoteUser $there ): RemoteUser {
		$all       = $changes;
		$left_out  = array();
		$is_partly = false;
		for ( $try = 1; ; $try++ ) {
			if ( $changes->is_empty() && null !== $there ) {
				$this->written = $all->without( ...$left_out )->fields();
				return $is_partly ? $this->api->get( $there->id ) : $there;
			}
			try {
				$after         = $send( $changes );
				$this->written = $all->without( ...$left_out )->fields();
				foreach ( $changes->unknown_meta( $after ) as $key ) {
					$this->remarks->meta_not_registered( $key );
					$this->written = $this->without( $this->written, FieldSet::META . $key );
				}
				return $after;
			} catch ( RemoteFailure $failure ) {
				$less = $this->less( $changes, $failure->problem );
				if ( null === $less || $try >= self::TRIES ) {
					throw $failure;
				}
				foreach ( $changes->fields()->names as $name ) {
					if ( ! $less->has( $name ) ) {
						$left_out[] = $name;
					}
				}
				// WordPress refuses single meta keys when all else is written already: once more would be a second mail about the password.
				if ( null !== $there && self::concerns_meta( $failure->problem ) ) {
					$is_partly = true;
					$less      = $less->only( true );
				}
				$changes = $less;
			}
		}
	}

	/**
	 * What is left without the things that were refused; null when nothing can be left out.
	 *
	 * @param Changes $changes What was refused.
	 * @param Problem $problem Why.
	 */
	private function less( Changes $changes, Problem $problem ): ?Changes {
		if ( $changes->has( FieldSet::ROLES ) && in_array( $problem->remote_code, array( 'rest_user_invalid_role', 'rest_cannot_edit_roles' ), true ) ) {
			return $this->less_roles( $changes, $problem );
		}
		$less = $changes;
		if ( 'user_url_too_long' === $problem->remote_code ) {
			$less = $this->leave_out( $less, 'url', $problem->first_line );
		}
		foreach ( $problem->params as $param => $sentence ) {
			if ( ! in_array( $param, self::NEEDED, true ) ) {
				$less = $this->leave_out( $less, $param, '' === $sentence ? $problem->first_line : $sentence );
			}
		}
		return $less->fields()->names === $changes->fields()->names ? null : $less;
	}

	/**
	 * Leaves a parameter out that was refused.
	 *
	 * @param Changes $changes What was refused.
	 * @param string  $param   Name of the parameter there.
	 * @param string  $line    What the site said.
	 */
	private function leave_out( Changes $changes, string $param, string $line ): Changes {
		$names = match ( true ) {
			str_starts_with( $param, 'meta.' ) => array( FieldSet::META . explode( '[', substr( $param, 5 ) )[0] ),
			'meta' === $param                  => $changes->only( true )->fields()->names,
			default                            => array( (string) array_search( explode( '[', $param )[0], RemoteUser::NAMES, true ) ),
		};
		foreach ( $names as $name ) {
			if ( $changes->has( $name ) ) {
				$this->remarks->field_refused( $name, $this->api->shown( $line ) );
				$changes = $changes->without( $name );
			}
		}
		return $changes;
	}

	/**
	 * Without the role that was refused, or without any. A role that is unknown there must not cost somebody the others.
	 *
	 * @param Changes $changes What was refused.
	 * @param Problem $problem Why.
	 */
	private function less_roles( Changes $changes, Problem $problem ): Changes {
		$roles = $changes->roles();
		if ( 'rest_cannot_edit_roles' === $problem->remote_code ) {
			$this->remarks->no_right_for_roles();
			return $changes->without( FieldSet::ROLES );
		}
		foreach ( 400 === $problem->status ? $roles : array() as $role ) {
			if ( preg_match( '/(?<![\w-])' . preg_quote( $role, '/' ) . '(?![\w-])/u', $problem->first_line ) ) {
				$this->remarks->role_unknown( $role );
				$rest = array_values( array_diff( $roles, array( $role ) ) );
				return array() === $rest ? $changes->without( FieldSet::ROLES ) : $changes->with( FieldSet::ROLES, $rest );
			}
		}
		$this->remarks->roles_refused( $problem->first_line );
		return $changes->without( FieldSet::ROLES );
	}

	/**
	 * Whether single meta keys were refused.
	 *
	 * @param Problem $problem What is in the way.
	 */
	private static function concerns_meta( Problem $problem ): bool {
		foreach ( array_keys( $problem->params ) as $param ) {
			if ( ! str_starts_with( (string) $param, 'meta.' ) ) {
				return false;
			}
		}
		return array() !== $problem->params;
	}

	/**
	 * A set without one of its names.
	 *
	 * @param FieldSet $fields The set.
	 * @param string   $name   The name.
	 */
	private function without( FieldSet $fields, string $name ): FieldSet {
		return new FieldSet( ...array_values( array_diff( $fields->names, array( $name ) ) ) );
	}
}
