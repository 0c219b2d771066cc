<?php
/**
 * What is done each week about a paired site: nothing, compare and report, or compare and repair.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum VerifyPolicy: string {

	case Off    = 'off';
	case Report = 'report';
	case Repair = 'repair';
}
