<?php
/**
 * Asks the holder of an e-mail address whether the accounts here and there are both theirs.
 *
 * One mail with a one-time link. What lies in the database is a fingerprint of its
 * token; the link holds no address and no name.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

use Tandem\Remote\RemoteSite;
use Tandem\Security\Vault;
use Tandem\Sync\Decision;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\UserState;
use Tandem\Time\Clock;

final class Confirmation {

	/** Seconds for which a link is good. */
	private const GOOD_FOR = WEEK_IN_SECONDS;

	/** Seconds in which the same person gets no second mail about the same site. */
	private const QUIET = DAY_IN_SECONDS;

	/**
	 * @param Outbox $outbox Outbox.
	 * @param Vault  $vault  Makes fingerprints.
	 * @param Clock  $clock  Time.
	 */
	public function __construct( private readonly Outbox $outbox, private readonly Vault $vault, private readonly Clock $clock ) {
	}

	/**
	 * Sends the mail, unless one went to the same address a short time ago.
	 *
	 * @param OutboxRow  $row  The row that waits.
	 * @param UserState  $user The person.
	 * @param RemoteSite $site The other site.
	 */
	public function ask( OutboxRow $row, UserState $user, RemoteSite $site ): void {
		$asked = (array) ( $row->details['confirm'] ?? array() );
		if ( ( $asked['email'] ?? '' ) === $this->email_print( $user->email() ) && (int) ( $asked['at'] ?? 0 ) > $this->clock->now() - self::QUIET ) {
			return;
		}
		$token = bin2hex( random_bytes( 32 ) );
		$this->outbox->set_details(
			$row->id,
			array(
				'confirm' => array(
					'token' => $this->vault->fingerprint( $token, 'confirm:' . $row->id ),
					'email' => $this->email_print( $user->email() ),
					'at'    => $this->clock->now(),
				),
			) + $row->details
		);
		$this->mail( $user, $site, add_query_arg( array( 'action' => Screen::ACTION, 'row' => $row->id, 'key' => $token ), wp_login_url() ) ); // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing
	}

	/**
	 * The row that a link is about, if the link is good.
	 *
	 * @param int    $row_id Row.
	 * @param string $token  As it stands in the link.
	 * @return OutboxRow
	 * @throws Refused When it is not, with the sentence for a person.
	 */
	public function check( int $row_id, #[\SensitiveParameter] string $token ): OutboxRow {
		$row   = $this->outbox->find( $row_id );
		$asked = (array) ( $row?->details['confirm'] ?? array() );
		if ( null === $row || OutboxState::Confirm !== $row->state || ! isset( $asked['token'] ) || ! hash_equals( (string) $asked['token'], $this->vault->fingerprint( $token, 'confirm:' . $row_id ) ) ) {
			throw new Refused( __( 'This link is not valid, or it has been used already. If both accounts are connected, there is nothing left to do.', 'tandem-user-sync' ) );
		}
		if ( (int) ( $asked['at'] ?? 0 ) + self::GOOD_FOR < $this->clock->now() ) {
			throw new Refused( __( 'This link is more than a week old and no longer valid. Ask the site’s owner to connect your accounts.', 'tandem-user-sync' ) );
		}
		$user = get_userdata( $row->user_id );
		if ( false === $user || ! hash_equals( (string) ( $asked['email'] ?? '' ), $this->email_print( $user->user_email ) ) ) {
			throw new Refused( __( 'The e-mail address of this account has changed since the mail was sent, so the link is no longer valid. A new mail goes to the new address.', 'tandem-user-sync' ) );
		}
		return $row;
	}

	/**
	 * The holder said yes: both accounts are theirs.
	 *
	 * @param OutboxRow $row The row, as `check()` gave it.
	 */
	public function confirm( OutboxRow $row ): void {
		$user = get_userdata( $row->user_id );
		$this->outbox->decide( $row->id, new Decision( trusted: true, email: false === $user ? null : $user->user_email ) );
	}

	/**
	 * Sends the mail in the person's language.
	 *
	 * @param UserState  $user The person.
	 * @param RemoteSite $site The other site.
	 * @param string     $link The one-time link.
	 */
	private function mail( UserState $user, RemoteSite $site, #[\SensitiveParameter] string $link ): void {
		$switched = switch_to_user_locale( $user->id );
		$here     = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		/* translators: 1: name of this site, 2: name of the other site. */
		$subject = sprintf( __( '[%1$s] Is your account on %2$s yours too?', 'tandem-user-sync' ), $here, $site->name );
		$message = sprintf(
			/* translators: 1: name of this site, 2: name of the other site, 3: its address, 4: link. */
			__( 'An account was made with this e-mail address on %1$s. There is an account with the same address on %2$s (%3$s).

If both are yours, open this link to connect them. From then on your password and profile are the same on both:

%4$s

If you did not make an account on %1$s, do nothing: your account on %2$s stays as it is. The link is good for a week.', 'tandem-user-sync' ),
			$here,
			$site->name,
			$site->url,
			$link
		);
		wp_mail( $user->email(), $subject, $message );
		if ( $switched ) {
			restore_previous_locale();
		}
	}

	/**
	 * A fingerprint of an address.
	 *
	 * @param string $email E-mail address.
	 */
	private function email_print( string $email ): string {
		return $this->vault->fingerprint( strtolower( $email ), 'confirm-email' );
	}
}
