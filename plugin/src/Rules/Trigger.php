<?php
/**
 * What sets a rule off.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

enum Trigger: string {
	case Role         = 'role';
	case Tag          = 'tag';
	case Product      = 'product';
	case OrderStatus  = 'order_status';
	case Subscription = 'subscription';
	case Membership   = 'membership';

	/**
	 * The first half of a rule's sentence.
	 *
	 * @param string $subject What it is about, as a person calls it.
	 */
	public function sentence( string $subject ): string {
		$sentence = match ( $this ) {
			/* translators: %s: name of a role. */
			self::Role         => __( 'When somebody gets the role %s', 'tandem-user-sync' ),
			/* translators: %s: a tag. */
			self::Tag          => __( 'When somebody gets the tag %s', 'tandem-user-sync' ),
			/* translators: %s: name of a product. */
			self::Product      => __( 'When %s is bought', 'tandem-user-sync' ),
			/* translators: %s: name of an order's status. */
			self::OrderStatus  => __( 'When an order becomes %s', 'tandem-user-sync' ),
			/* translators: %s: name of a product. */
			self::Subscription => __( 'When a subscription to %s becomes active', 'tandem-user-sync' ),
			/* translators: %s: name of a membership plan. */
			self::Membership   => __( 'When the membership %s becomes active', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $subject );
	}
}
