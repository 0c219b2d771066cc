<?php
/**
 * What of an incoming person is to be written, after the owner's policy has been asked.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;

final class Plan {

	/** @var array<string, string> Core fields to write, by name. */
	public array $core = array();

	/** @var list<string>|null Roles to write; null leaves them. */
	public ?array $roles = null;

	/** @var array<string, mixed> Meta to write, by key; null removes it. */
	public array $meta = array();

	/** @var array<string, bool> Tags to give (true) and to take, by tag. */
	public array $tags = array();

	/** Password to write; null leaves it. */
	public ?IncomingPassword $password = null;

	/** @var array<string, Stamp> Stamps of the fields that are taken, also of those that are equal here. */
	public array $stamps = array();

	/** @var list<string> Sentences about what is not taken. */
	public array $warnings = array();

	/** Whether taking the roles would go over the limit of removals. */
	public bool $is_over_limit = false;

	/**
	 * Whether nothing is to be written.
	 */
	public function is_empty(): bool {
		return array() === $this->core && null === $this->roles && array() === $this->meta && array() === $this->tags && null === $this->password;
	}

	/**
	 * Names of the fields that are to be written.
	 */
	public function written(): FieldSet {
		return new FieldSet(
			...array_keys( $this->core ),
			...( null === $this->roles ? array() : array( FieldSet::ROLES ) ),
			...array_map( static fn ( string|int $key ): string => FieldSet::META . $key, array_keys( $this->meta ) ),
			...array_map( static fn ( string|int $tag ): string => FieldSet::TAG . $tag, array_keys( $this->tags ) ),
			...( null === $this->password ? array() : array( FieldSet::PASSWORD ) )
		);
	}

	/**
	 * Tags to give, or to take.
	 *
	 * @param bool $given Which.
	 * @return list<string>
	 */
	public function tags( bool $given ): array {
		return array_map( 'strval', array_keys( $this->tags, $given, true ) );
	}

	/**
	 * Leaves the roles as they are: more people would be removed than the owner lets that site remove.
	 */
	public function postpone_roles(): void {
		$this->roles = null;
		unset( $this->stamps[ FieldSet::ROLES ] );
		$this->warnings[]    = UserCode::RemovalLimit->sentence();
		$this->is_over_limit = true;
	}
}
