<?php
/**
 * Sees every stamp on its way: one stamp of a person's field never stands for two values.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;

final class Watch {

	/** @var array<string, mixed> Values by person, field and stamp. */
	private array $seen = array();

	/** @var list<string> What should not have been. */
	public array $wrong = array();

	/** @var array<string, true> Logins. */
	private array $pardoned = array();

	/**
	 * A process has died before it could say that a password is another one. Until its row is looked at, the new one may
	 * go under the old stamp to a site that was connected meanwhile; the row brings the right one there.
	 */
	public function pardon( string $login ): void {
		$this->pardoned[ $login ] = true;
	}

	/**
	 * A site sends an account's fields.
	 *
	 * @param array<string, array{value: mixed, stamp: Stamp}> $fields Fields.
	 */
	public function saw( Account $account, array $fields ): void {
		foreach ( $fields as $field => $sent ) {
			$stamp = $sent['stamp'];
			if ( $stamp->is_zero() || ( FieldSet::PASSWORD === $field && isset( $this->pardoned[ $account->login ] ) ) ) {
				continue;
			}
			$key   = "$account->login $field $stamp";
			$value = $account->meaning( $field );

			$this->seen[ $key ] ??= $value;
			if ( $this->seen[ $key ] !== $value ) {
				$this->wrong[] = "$key stands for " . wp_json_encode( $this->seen[ $key ] ) . ' and ' . wp_json_encode( $value );
			}
		}
	}
}
