<?php
/**
 * Somebody's filter threw, or returned what can't be meant. Nothing is sent on such an answer, and nothing is dropped:
 * the delivery is tried again, and the owner reads which filter it was.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Hooks;

final class FilterFailed extends \RuntimeException {

	/** The code in the activity. */
	public const CODE = 'filter_failed';

	/**
	 * @param string          $filter Its name.
	 * @param \Throwable|null $thrown What it threw; null when it returned the wrong thing.
	 */
	public function __construct( string $filter, ?\Throwable $thrown = null ) {
		// Its kind and place, never its message: that may hold somebody's data.
		$why = null === $thrown
			? __( 'it returned something else than what it should', 'tandem-user-sync' )
			: ( new \ReflectionClass( $thrown ) )->getShortName() . ', ' . basename( $thrown->getFile() ) . ':' . $thrown->getLine();
		parent::__construct(
			/* translators: 1: name of a filter, 2: why. */
			sprintf( __( 'A plugin or theme on this site uses the filter “%1$s” and failed in it (%2$s). Nothing is sent on such an answer. Mend it there; it is tried again by itself.', 'tandem-user-sync' ), $filter, $why ),
			0,
			$thrown
		);
	}
}
