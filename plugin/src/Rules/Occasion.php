<?php
/**
 * Something that sets rules off and holds at this moment: somebody has a role, an order is paid…
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

final class Occasion {

	/**
	 * @param int    $person User here, a guest's number, or 0 for nobody.
	 * @param string $name   What it is: `order:123:item:45`, `role:vip`…
	 * @param bool   $is_proven Whether it is sure that it is that person: whoever orders without an account types the
	 *                          address of whom they like, so nothing may be taken from somebody by that.
	 */
	public function __construct( public readonly int $person, public readonly string $name, public readonly bool $is_proven = true ) {
	}

	/**
	 * What it is, for people; '' where a rule's sentence says it already.
	 *
	 * @param string $name Its name.
	 */
	public static function words( string $name ): string {
		$parts = explode( ':', $name );
		$words = match ( $parts[0] ) {
			/* translators: %s: number of an order. */
			'order'        => __( 'order #%s', 'tandem-user-sync' ),
			/* translators: %s: number of a subscription. */
			'subscription' => __( 'subscription #%s', 'tandem-user-sync' ),
			/* translators: %s: number of a membership. */
			'membership'   => __( 'membership #%s', 'tandem-user-sync' ),
			default        => '',
		};
		return sprintf( $words, $parts[1] ?? '' );
	}
}
