<?php
/**
 * Why a message of a paired site is refused as a whole: a closed list (docs/protocol.md), in the order in which it is
 * looked at.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

enum MessageCode: string {
	case TooLarge     = 'too_large';
	case Invalid      = 'invalid';
	case UnknownSite  = 'unknown_site';
	case Misdirected  = 'misdirected';
	case UnknownKey   = 'unknown_key';
	case BadSignature = 'bad_signature';
	case Clock        = 'clock';
	case Stopped      = 'stopped';
	case Replayed     = 'replayed';

	/**
	 * HTTP status. Not 401: some hosts put a page of their own in its place.
	 */
	public function status(): int {
		return match ( $this ) {
			self::TooLarge => 413,
			self::Invalid  => 400,
			self::Stopped  => 503,
			self::Replayed, self::Clock => 409,
			default        => 403,
		};
	}

	/**
	 * Whether the same may be accepted later without anybody doing anything. The sender goes by it (`data.retry`).
	 */
	public function may_be_retried(): bool {
		return in_array( $this, array( self::Stopped, self::Clock, self::Replayed ), true );
	}

	/**
	 * The sentence for a person.
	 */
	public function sentence(): string {
		return match ( $this ) {
			self::UnknownSite  => __( 'This site does not know the sender, or not any more. Connect the two again.', 'tandem-user-sync' ),
			self::Stopped      => __( 'This site takes nothing at the moment: it looks like a copy of another site.', 'tandem-user-sync' ),
			self::Misdirected  => __( 'The message was for another site than this one.', 'tandem-user-sync' ),
			self::UnknownKey   => __( 'The message is signed by a key that this site does not know. Connect the two again.', 'tandem-user-sync' ),
			self::BadSignature => __( 'The signature does not fit the message: it was altered on the way, or not sent by that site.', 'tandem-user-sync' ),
			self::Clock        => __( 'The message is too old or too early by the clock of this site.', 'tandem-user-sync' ),
			self::Replayed     => __( 'This message came before.', 'tandem-user-sync' ),
			self::TooLarge     => __( 'The message is longer than this site accepts.', 'tandem-user-sync' ),
			self::Invalid      => __( 'The message is not what the protocol says.', 'tandem-user-sync' ),
		};
	}
}
