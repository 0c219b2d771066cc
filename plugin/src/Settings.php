<?php
/**
 * What the owner decided for the whole plugin, in one option that WordPress loads
 * with the others: asking costs no query.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem;

final class Settings {

	/** Name of the option. */
	public const OPTION = 'tandem_settings';

	public const ACTIVITY_DAYS = array(
		'minimum' => 1,
		'default' => 90,
		'maximum' => 3650,
	);

	/** Retries go on for days; a password that could not be delivered after a week is not worth the risk of keeping it. */
	public const EXPIRY_HOURS = array(
		'minimum' => 1,
		'default' => 72,
		'maximum' => 168,
	);

	/**
	 * Days that activity rows are kept.
	 */
	public function keep_activity_days(): int {
		return $this->number( 'keepActivityDays', self::ACTIVITY_DAYS );
	}

	/**
	 * Hours after which a captured password that could not be delivered is wiped.
	 */
	public function password_expiry_hours(): int {
		return $this->number( 'passwordExpiryHours', self::EXPIRY_HOURS );
	}

	/**
	 * Accounts that no other site may change, besides administrators.
	 *
	 * @return list<int> User ids.
	 */
	public function protected_accounts(): array {
		$stored = get_option( self::OPTION );
		$ids    = is_array( $stored ) ? ( $stored['protectedAccounts'] ?? array() ) : array();
		return is_array( $ids ) ? array_values( array_filter( array_map( 'intval', $ids ), static fn ( int $id ): bool => $id > 0 ) ) : array();
	}

	/**
	 * Whether the owner gets a mail when a site has needed attention for an hour, and when it is well again.
	 */
	public function sends_alerts(): bool {
		$stored = get_option( self::OPTION );
		return (bool) ( is_array( $stored ) ? ( $stored['alerts'] ?? true ) : true );
	}

	/**
	 * Who gets that mail: the site's administrator unless another address was chosen.
	 */
	public function alert_address(): string {
		$chosen = $this->chosen_alert_address();
		return '' === $chosen ? (string) get_option( 'admin_email' ) : $chosen;
	}

	/**
	 * The address that was chosen, '' for none.
	 */
	private function chosen_alert_address(): string {
		$stored = get_option( self::OPTION );
		$chosen = is_array( $stored ) ? ( $stored['alertAddress'] ?? '' ) : '';
		return is_string( $chosen ) ? $chosen : '';
	}

	/**
	 * The settings as REST knows them.
	 *
	 * @return array{keepActivityDays: int, passwordExpiryHours: int, protectedAccounts: list<int>, alerts: bool, alertAddress: string} Shape of `Settings` in admin-src/types.ts.
	 */
	public function to_array(): array {
		return array(
			'keepActivityDays'    => $this->keep_activity_days(),
			'passwordExpiryHours' => $this->password_expiry_hours(),
			'protectedAccounts'   => $this->protected_accounts(),
			'alerts'              => $this->sends_alerts(),
			'alertAddress'        => $this->chosen_alert_address(),
		);
	}

	/**
	 * Stores what is named and leaves the rest. Numbers out of their bounds are brought back into them.
	 *
	 * @param array<string, mixed> $changes Any part of `to_array()`.
	 */
	public function update( array $changes ): void {
		update_option( self::OPTION, array_intersect_key( $changes, $this->to_array() ) + $this->to_array(), true );
	}

	/**
	 * One number, within its bounds whatever lies in the database.
	 *
	 * @param string                                           $name   Its name.
	 * @param array{minimum: int, default: int, maximum: int} $bounds Its bounds.
	 */
	private function number( string $name, array $bounds ): int {
		$stored = get_option( self::OPTION );
		$value  = is_array( $stored ) ? ( $stored[ $name ] ?? null ) : null;
		return is_numeric( $value ) ? max( $bounds['minimum'], min( $bounds['maximum'], (int) $value ) ) : $bounds['default'];
	}
}
