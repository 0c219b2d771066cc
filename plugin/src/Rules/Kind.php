<?php
/**
 * The kinds of things that rules give and take.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

enum Kind: string {
	case Role   = 'role';
	case Tag    = 'tag';
	case Course = 'course';
}
