<?php
/**
 * A password as another site sent it, opened: the stored hash, or the plain text. Held so that it can't be printed,
 * logged or stored by mistake.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Security\PlainPassword;
use Tandem\Sync\Stamp;

final class IncomingPassword {

	/** Bytes. Of a longer one core stores `*`, with which nobody can log in (`wp_hash_password()`). */
	private const LONGEST = 4096;

	/**
	 * @param Stamp  $stamp   When and where it was set.
	 * @param bool   $is_hash Whether it is a stored hash.
	 * @param string $value   The hash or the plain text; '' when it could not be opened.
	 */
	public function __construct(
		public readonly Stamp $stamp,
		public readonly bool $is_hash,
		#[\SensitiveParameter] private readonly string $value,
	) {
	}

	/**
	 * Reads what was sealed: `{"k":"hash"|"plain","v":…}`, or `v64` where it is not UTF-8. What can't be read is a
	 * password all the same, of which only the time is known.
	 *
	 * @param Stamp       $stamp  When and where it was set.
	 * @param string|null $opened What was in the seal; null when it could not be opened.
	 */
	public static function read( Stamp $stamp, #[\SensitiveParameter] ?string $opened ): self {
		$data = null === $opened ? null : json_decode( $opened, true, 3 );
		if ( ! is_array( $data ) || ! in_array( $data['k'] ?? null, array( 'hash', 'plain' ), true ) ) {
			return new self( $stamp, false, '' );
		}
		$value = $data['v'] ?? null;
		if ( is_string( $data['v64'] ?? null ) ) {
			$value = base64_decode( $data['v64'], true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- bytes in JSON.
		}
		return new self( $stamp, 'hash' === $data['k'], is_string( $value ) && strlen( $value ) <= self::LONGEST ? $value : '' );
	}

	/**
	 * Whether there is something in it with which somebody could log in: for WordPress "0" and blanks are no password.
	 */
	public function is_readable(): bool {
		return $this->is_hash ? '' !== $this->value : ! in_array( trim( $this->value ), array( '', '0' ), true );
	}

	/**
	 * The hash or the plain text.
	 */
	public function value(): string {
		return $this->value;
	}

	/**
	 * The plain text, where it is one.
	 */
	public function plain(): ?PlainPassword {
		return $this->is_hash || ! $this->is_readable() ? null : new PlainPassword( $this->value );
	}

	/**
	 * What `var_dump()` and `print_r()` see.
	 *
	 * @return array<string, string>
	 */
	public function __debugInfo(): array {
		return array(
			'stamp' => (string) $this->stamp,
			'value' => '(hidden)',
		);
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
