<?php
/**
 * When and where a field was last changed: "<13 digits of milliseconds>-<uuid of the site>", compared as a string.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Stamp {

	/** The latest time that is believed, in milliseconds: the year 2100. */
	public const LATEST_MS = 4_102_444_800_000;

	/** The site of `zero()`. */
	private const NOWHERE = '00000000-0000-0000-0000-000000000000';

	/**
	 * @param int    $ms   Milliseconds since 1970 by the hybrid logical clock, 0 or more.
	 * @param string $site UUID of the site that made the change, in lower case.
	 */
	public function __construct( public readonly int $ms, public readonly string $site ) {
	}

	/**
	 * Never changed since Tandem looks: older than any other.
	 */
	public static function zero(): self {
		return new self( 0, self::NOWHERE );
	}

	/**
	 * Reads a stamp.
	 *
	 * @param string $text   As `__toString()` wrote it.
	 * @param int    $latest The latest milliseconds that are believed. Whoever holds a field at the end of time would hold it for ever.
	 * @return self|null Null when it is malformed.
	 */
	public static function from_string( string $text, int $latest = self::LATEST_MS ): ?self {
		if ( 1 !== preg_match( '/^([0-9]{13})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/D', $text, $parts ) || (int) $parts[1] > $latest ) {
			return null;
		}
		return new self( (int) $parts[1], $parts[2] );
	}

	/**
	 * The stamp of a change that is made now. The clock may stand still, be hours off or jump back: a change is always
	 * newer than what it replaces, because the field itself remembers the time (a hybrid logical clock).
	 *
	 * @param self|null $previous The stamp that the field had.
	 * @param int       $now_ms   The site's own time, milliseconds.
	 * @param string    $site     UUID of the site.
	 */
	public static function next( ?self $previous, int $now_ms, string $site ): self {
		return new self( max( $now_ms, ( $previous->ms ?? -1 ) + 1 ), $site );
	}

	/**
	 * Whether this change wins over another.
	 *
	 * @param self|null $other The other; nothing is older than everything.
	 */
	public function is_newer_than( ?self $other ): bool {
		return null === $other || strcmp( (string) $this, (string) $other ) > 0;
	}

	/**
	 * Whether the field was never changed since Tandem looks.
	 */
	public function is_zero(): bool {
		return 0 === $this->ms && self::NOWHERE === $this->site;
	}

	/**
	 * The stamp as it travels.
	 */
	public function __toString(): string {
		return sprintf( '%013d-%s', $this->ms, $this->site );
	}
}
