<?php
/**
 * What the owner decided about one log-in with one remote site. What that site may do here stands in `Peer\Policy`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class LoginSettings {

	/**
	 * @param bool $vouches  Whether people who are logged in here may get in there by that.
	 * @param bool $button   Whether the log-in forms here offer to log in with that site.
	 * @param bool $quiet    Whether a visitor who comes from there is looked up by themselves, without a click.
	 * @param bool $logs_out Whether somebody who logs out here is logged out there too.
	 */
	public function __construct(
		public readonly bool $vouches = true,
		public readonly bool $button = true,
		public readonly bool $quiet = false,
		public readonly bool $logs_out = false,
	) {
	}

	/**
	 * Reads them as they lie in the database or come from the page. What is absent is as it is by default.
	 *
	 * @param mixed $data Shape of `LoginSettings` in admin-src/types.ts.
	 */
	public static function from_array( mixed $data ): self {
		$data = is_array( $data ) ? $data : array();
		$flag = static fn ( string $name, bool $otherwise ): bool => is_bool( $data[ $name ] ?? null ) ? $data[ $name ] : $otherwise;
		return new self( $flag( 'vouch', true ), $flag( 'button', true ), $flag( 'quiet', false ), $flag( 'logOut', false ) );
	}

	/**
	 * As REST and the database know them.
	 *
	 * @return array{vouch: bool, button: bool, quiet: bool, logOut: bool}
	 */
	public function to_array(): array {
		return array(
			'vouch'  => $this->vouches,
			'button' => $this->button,
			'quiet'  => $this->quiet,
			'logOut' => $this->logs_out,
		);
	}
}
