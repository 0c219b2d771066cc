<?php
/**
 * How a new password travels to a paired site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

enum PasswordForm: string {
	/** As it is stored, where the other site understands that; else in plain text, sealed to its key. */
	case Auto = 'auto';
	/** As it is stored, or not at all. */
	case Hash = 'hash';
	/** In plain text, sealed to its key: the other site stores it in its own way. */
	case Plain = 'plain';
}
