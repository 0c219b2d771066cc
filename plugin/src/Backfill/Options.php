<?php
/**
 * What a backfill is to do, as its owner chose.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

final class Options {

	/** The highest rate that can be chosen; what is quicker than that needs no limit. */
	public const MOST_A_SECOND = 10_000;

	/**
	 * @param bool  $create  Whether those who are missing there are created.
	 * @param Bring $bring   What becomes of the fields of those who are on both sites.
	 * @param bool  $by_name Whether an equal username is proposed as a link, where nobody there has the address.
	 * @param int   $rate    People a second at most; 0 for as many as it can.
	 * @param bool  $fetch   Whether those who are missing here are fetched from a paired site.
	 */
	public function __construct(
		public readonly bool $create = true,
		public readonly Bring $bring = Bring::Nothing,
		public readonly bool $by_name = false,
		public readonly int $rate = 0,
		public readonly bool $fetch = false,
	) {
	}

	/**
	 * Reads them.
	 *
	 * @param array<array-key, mixed> $data As `to_array()` gave it; what is missing is as it is by default.
	 */
	public static function from_array( array $data ): self {
		return ( new self() )->with( $data );
	}

	/**
	 * The same with some of them changed.
	 *
	 * @param array<array-key, mixed> $changes Some of `to_array()`.
	 */
	public function with( array $changes ): self {
		$rate = $changes['rate'] ?? 0;
		return new self(
			(bool) ( $changes['create'] ?? $this->create ),
			Bring::tryFrom( is_string( $changes['bring'] ?? null ) ? $changes['bring'] : '' ) ?? $this->bring,
			(bool) ( $changes['byName'] ?? $this->by_name ),
			array_key_exists( 'rate', $changes ) ? max( 0, min( self::MOST_A_SECOND, is_numeric( $rate ) ? (int) $rate : 0 ) ) : $this->rate,
			(bool) ( $changes['fetch'] ?? $this->fetch )
		);
	}

	/**
	 * As they lie in the table, and as the page sees them: `BackfillOptions` in admin-src/types.ts.
	 *
	 * @return array{create: bool, bring: string, byName: bool, fetch: bool, rate: int|null}
	 */
	public function to_array(): array {
		return array(
			'create' => $this->create,
			'bring'  => $this->bring->value,
			'byName' => $this->by_name,
			'fetch'  => $this->fetch,
			'rate'   => 0 === $this->rate ? null : $this->rate,
		);
	}

	/**
	 * Whether anybody's fields are brought.
	 */
	public function brings(): bool {
		return Bring::Nothing !== $this->bring;
	}
}
