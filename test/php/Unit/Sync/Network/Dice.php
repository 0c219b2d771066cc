<?php
/**
 * Chance that comes the same way again from the same seed (the "minimal standard" generator of Park and Miller).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Unit\Sync\Network;

final class Dice {

	private int $state;

	/**
	 * @param int $seed Any number.
	 */
	public function __construct( int $seed ) {
		$this->state = abs( crc32( "seed $seed" ) ) % 2_147_483_646 + 1;
	}

	/**
	 * A number from 0 up to, and without, a limit.
	 *
	 * @param int $limit At least 1.
	 */
	public function below( int $limit ): int {
		$this->state = $this->state * 48_271 % 2_147_483_647;
		return ( $this->state >> 4 ) % $limit;
	}

	/**
	 * Whether something happens that happens so often in a hundred.
	 *
	 * @param int $percent How often.
	 */
	public function says( int $percent ): bool {
		return $this->below( 100 ) < $percent;
	}

	/**
	 * One of a list.
	 *
	 * @template T
	 * @param array<array-key, T> $things At least one.
	 * @return T
	 */
	public function pick( array $things ): mixed {
		return array_values( $things )[ $this->below( count( $things ) ) ];
	}

	/**
	 * A UUID.
	 */
	public function uuid(): string {
		$digits = '';
		for ( $part = 0; $part < 8; $part++ ) {
			$digits .= sprintf( '%04x', $this->below( 65_536 ) );
		}
		return sprintf( '%s-%s-4%s-8%s-%s', substr( $digits, 0, 8 ), substr( $digits, 8, 4 ), substr( $digits, 13, 3 ), substr( $digits, 17, 3 ), substr( $digits, 20, 12 ) );
	}
}
