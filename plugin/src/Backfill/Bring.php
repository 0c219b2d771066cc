<?php
/**
 * What becomes of the fields of people who have an account on both sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

enum Bring: string {
	/** They stay as they are on both sites until they are changed. */
	case Nothing = 'nothing';
	/** The values of this site replace those there. */
	case Here = 'here';
	/** Only what is empty there is filled. */
	case Fill = 'fill';
}
