<?php
/**
 * What an incoming webhook did to an account.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Sync\FieldSet;

final class Done {

	public const CREATED = 'created';
	public const UPDATED = 'updated';
	public const EQUAL   = 'equal';
	public const LEFT    = 'left';

	/**
	 * @param self::*      $what     What.
	 * @param \WP_User     $user     The account.
	 * @param FieldSet     $fields   What was written.
	 * @param list<string> $warnings What was not taken, a sentence each.
	 */
	public function __construct( public readonly string $what, public readonly \WP_User $user, public readonly FieldSet $fields = new FieldSet(), public readonly array $warnings = array() ) {
	}

	/**
	 * The sentence for a person.
	 */
	public function sentence(): string {
		return match ( $this->what ) {
			self::CREATED => __( 'the account was created.', 'tandem-user-sync' ),
			self::UPDATED => __( 'the account was changed.', 'tandem-user-sync' ),
			self::EQUAL   => __( 'nothing was to be changed.', 'tandem-user-sync' ),
			self::LEFT    => __( 'the account exists, and this webhook leaves accounts that exist alone.', 'tandem-user-sync' ),
		};
	}

	/**
	 * As the sender is told: no data of the person.
	 *
	 * @return array{result: string, id: int, warnings: list<string>}
	 */
	public function to_array(): array {
		return array(
			'result'   => $this->what,
			'id'       => $this->user->ID,
			'warnings' => $this->warnings,
		);
	}
}
