<?php
/**
 * An account on one site of the network.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;

final class Account {

	/** Fields that are edited. */
	public const FIELDS = array( 'first_name', 'nickname', 'roles', 'password', 'tag:gold', 'tag:vip' );

	/** @var array<string, mixed> Values by field. */
	public array $values;

	/**
	 * @param int    $id    User id there.
	 * @param string $login What the owner knows the person by.
	 */
	public function __construct( public readonly int $id, public readonly string $login ) {
		$this->values = array( 'first_name' => $login, 'nickname' => '', 'roles' => array(), 'password' => 'none#0', 'tag:gold' => null, 'tag:vip' => null );
	}

	public function state(): UserState {
		return new UserState( $this->id, $this->login, 0, array( 'first_name' => (string) $this->values['first_name'], 'nickname' => (string) $this->values['nickname'] ), $this->values['roles'], array(), tags: $this->tags() );
	}

	/**
	 * @return list<string>
	 */
	private function tags(): array {
		return array_values( array_filter( array( 'gold', 'vip' ), fn ( string $tag ): bool => null !== $this->values[ FieldSet::TAG . $tag ] ) );
	}

	/**
	 * The stored hash: the password and a salt, which changes when core hashes anew.
	 */
	public function hash(): string {
		return (string) $this->values[ FieldSet::PASSWORD ];
	}

	/**
	 * What a person would call the value: a password without its salt.
	 */
	public function meaning( string $field ): mixed {
		return FieldSet::PASSWORD === $field ? strtok( $this->hash(), '#' ) : $this->values[ $field ];
	}
}
