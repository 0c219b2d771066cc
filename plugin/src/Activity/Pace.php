<?php
/**
 * How long deliveries took from the change here to the arrival there.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Activity;

final class Pace {

	/**
	 * @param int|null $median Milliseconds; null when nothing has been delivered.
	 * @param int|null $p95    The 95th percentile, milliseconds.
	 */
	private function __construct( public readonly ?int $median, public readonly ?int $p95 ) {
	}

	/**
	 * Of some deliveries.
	 *
	 * @param list<int> $took Milliseconds that each took.
	 */
	public static function of( array $took ): self {
		if ( array() === $took ) {
			return new self( null, null );
		}
		sort( $took );
		// The nearest rank: a value that was really seen.
		$at = static fn ( float $share ): int => $took[ (int) ceil( $share * count( $took ) ) - 1 ];
		return new self( $at( 0.5 ), $at( 0.95 ) );
	}
}
