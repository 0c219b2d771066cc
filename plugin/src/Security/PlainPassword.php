<?php
/**
 * A password in plain text, held so that it can't be printed, logged or stored by mistake.
 *
 * It is kept exactly as WordPress hashed it: passwords that come from forms carry
 * the slashes that `wp_magic_quotes()` adds, and core compares the slashed form
 * at log-in too (`wp_signon()` takes `$_POST['pwd']` as it is).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class PlainPassword {

	/**
	 * @param string $stored The string that WordPress hashed.
	 */
	public function __construct( #[\SensitiveParameter] private readonly string $stored ) {
	}

	/**
	 * The string that WordPress hashed, byte for byte.
	 */
	public function stored(): string {
		return $this->stored;
	}

	/**
	 * What to give to `wp/v2/users`, which adds slashes itself (`WP_REST_Users_Controller` calls `wp_slash()`),
	 * so that the person types the same on both sites. Null where REST refuses it: it takes no backslash at all.
	 */
	public function for_rest(): ?string {
		$typed = wp_unslash( $this->stored );
		if ( wp_slash( $typed ) !== $this->stored ) {
			// Set by code that did not add slashes, as a form would have.
			$typed = $this->stored;
		}
		return str_contains( $typed, '\\' ) || '' === $typed ? null : $typed;
	}

	/**
	 * What `var_dump()` and `print_r()` see.
	 *
	 * @return array<string, string>
	 */
	public function __debugInfo(): array {
		return array( 'stored' => '(hidden)' );
	}

	/**
	 * Never written anywhere by `serialize()`.
	 *
	 * @return never
	 */
	public function __serialize(): array {
		throw new \LogicException( 'A password is not serialized.' );
	}
}
