<?php
/**
 * Whose value of a field that differs is the newer one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

enum Wins: string {

	case Here  = 'here';
	case There = 'there';

	/** Neither is newer, or the newer one does not travel: the owner may say that this site's is the right one. */
	case Nobody = 'nobody';
}
