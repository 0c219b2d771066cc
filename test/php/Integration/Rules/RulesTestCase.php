<?php
/**
 * A plugin of the test's own with a paired site and a shop.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rules;

use Tandem\Activity\Action;
use Tandem\Activity\Item;
use Tandem\Activity\Query;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Deed;
use Tandem\Rules\Grant;
use Tandem\Rules\Rule;
use Tandem\Rules\Trigger;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

abstract class RulesTestCase extends CaptureTestCase {

	protected function setUp(): void {
		parent::setUp();
		require_once dirname( __DIR__, 3 ) . '/stand-ins/woocommerce.php';
		update_option(
			'stand_in_products',
			array(
				45 => 'Yoga Basics',
				46 => 'Yoga Basics, blue',
				50 => 'Mat',
			)
		);
		$this->plugin->sites()->remove( $this->site->id );
		$this->site = $this->plugin->sites()->add( 'B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::from_array( array() ) );
		$this->end_request();
	}

	/**
	 * Adds a rule for B.
	 */
	protected function rule( Trigger $trigger, string $subject, Deed $deed = Deed::Enrol, string $target = 'learndash/course:12', bool $reverses = true, bool $is_on = true ): Rule {
		return $this->plugin->rules()->add( new Rule( 0, $this->site->id, $is_on, $trigger, $subject, $subject, $deed, $target, $target, $reverses ) );
	}

	/**
	 * What rules want for somebody on B, in short.
	 *
	 * @return array<string, bool> By deed and target: whether it holds.
	 */
	protected function wanted( int $person ): array {
		$wanted = array();
		foreach ( $this->plugin->grants()->of( $person ) as $grant ) {
			$wanted[ $grant->deed->value . ' ' . $grant->target ] = $grant->holds();
		}
		return $wanted;
	}

	/**
	 * The one grant of somebody.
	 */
	protected function grant( int $person ): Grant {
		$grants = $this->plugin->grants()->of( $person );
		self::assertCount( 1, $grants );
		return $grants[0];
	}

	/**
	 * What is on record about rules, the newest first.
	 *
	 * @return list<Item>
	 */
	protected function runs(): array {
		return $this->plugin->log()->search( new Query( actions: array( Action::Rule ) ) );
	}

	/**
	 * An order of somebody, not paid yet.
	 *
	 * @param array<int, array<string, mixed>> $items By their ids; one mat-less Yoga Basics when empty.
	 */
	protected function order( int $customer, array $items = array() ): \WC_Order {
		return stand_in_order(
			array(
				'customer' => $customer,
				'items'    => array() === $items ? array(
					1 => array(
						'product' => 45,
						'total'   => 20,
					),
				) : $items,
			)
		);
	}
}
