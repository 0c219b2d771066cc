<?php
/**
 * A person who is not the same on two paired sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Sync\Stamp;

final class Difference {

	/**
	 * @param int                  $user_id   Their id here.
	 * @param int                  $remote_id Their id there, or 0.
	 * @param Kind                 $kind      What is wrong.
	 * @param array<string, Wins>  $fields    Whose value is newer, by field that differs.
	 * @param array<string, Stamp> $stamps    The newest stamp that is known, by field that differs.
	 */
	public function __construct(
		public readonly int $user_id,
		public readonly int $remote_id,
		public readonly Kind $kind,
		public readonly array $fields = array(),
		public readonly array $stamps = array(),
	) {
	}

	/**
	 * Fields for which somebody wins.
	 *
	 * @param Wins $who Who.
	 * @return list<string>
	 */
	public function won_by( Wins $who ): array {
		return array_map( 'strval', array_keys( $this->fields, $who, true ) );
	}

	/**
	 * Whether it can be mended without anybody's word.
	 */
	public function is_plain(): bool {
		return match ( $this->kind ) {
			Kind::SomebodyElse => false,
			Kind::Differs      => count( $this->won_by( Wins::Nobody ) ) < count( $this->fields ),
			default            => true,
		};
	}
}
