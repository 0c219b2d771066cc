<?php
/**
 * Why no whole answer came.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote\Http;

enum Failure: string {
	/** Nothing listens there, or a firewall drops it. */
	case Refused = 'refused';
	/** The name is not known. */
	case Dns = 'dns';
	/** No answer in time. */
	case Timeout = 'timeout';
	/** The certificate is wrong, expired or not trusted. */
	case Certificate = 'certificate';
	/** The answer broke off. */
	case CutShort = 'cut_short';
	/** The answer is longer than any that is waited for. */
	case TooLarge = 'too_large';
	/** The address is not HTTPS, or not one that requests go to. */
	case Insecure = 'insecure';
	/** WP_HTTP_BLOCK_EXTERNAL forbids it. */
	case Blocked = 'blocked';
	/** Anything else that the HTTP library reports. */
	case Other = 'other';
}
