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

use Tandem\Names;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Security\Vault;
use Tandem\Sync\Decision;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Sync\UserState;
use Tandem\Time\Clock;

final class Confirmation implements Question {

	/** Seconds for which a link is good. */
	private const GOOD_FOR = WEEK_IN_SECONDS;

	/** Seconds in which the same person gets no second mail about the same site. */
	private const QUIET = DAY_IN_SECONDS;

	/**
	 * @param Outbox            $outbox Outbox.
	 * @param Sites             $sites  Remote sites.
	 * @param Vault             $vault  Makes fingerprints.
	 * @param Clock             $clock  Time.
	 * @param \Closure(): void  $wake   Has delivered what waited for a yes.
	 */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Sites $sites,
		private readonly Vault $vault,
		private readonly Clock $clock,
		private readonly \Closure $wake,
	) {
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
		// Not "key": whatever else it says, wp-login.php takes an address with that for a reset link.
		$link = add_query_arg(
			array(
				'action' => Names::CONFIRM,
				'row'    => $row->id,
				'token'  => $token,
			),
			// Not wp_login_url(): shops send their customers to a page of their own, where nobody knows of this.
			site_url( 'wp-login.php', 'login' )
		);
		if ( ! $this->mail( $user, $site, $link ) ) {
			$this->leave_to_the_owner( $row, $site );
		}
	}

	/**
	 * Both accounts are theirs, or the link is only checked. A mail is good for a week and for the address that it went to.
	 *
	 * @param int    $row    Row of the outbox.
	 * @param string $token  As it stands in the link.
	 * @param bool   $is_yes Whether they said yes.
	 * @return RemoteSite The other site.
	 * @throws Refused When the link is not good, with the sentence for a person.
	 */
	public function answer( int $row, #[\SensitiveParameter] string $token, bool $is_yes ): RemoteSite {
		$waiting = $this->outbox->find( $row );
		$asked   = (array) ( $waiting?->details['confirm'] ?? array() );
		if ( null === $waiting || ! isset( $asked['token'] ) || ! hash_equals( (string) $asked['token'], $this->vault->fingerprint( $token, 'confirm:' . $row ) ) ) {
			throw new Refused( __( 'This link is not valid, or it has been used already. If both accounts are connected, there is nothing left to do.', 'tandem-user-sync' ) );
		}
		if ( (int) ( $asked['at'] ?? 0 ) + self::GOOD_FOR < $this->clock->now() ) {
			throw new Refused( __( 'This link is more than a week old and no longer valid. Ask the site’s owner to connect your accounts.', 'tandem-user-sync' ) );
		}
		$user = get_userdata( $waiting->user_id );
		$site = $this->sites->find( $waiting->site_id );
		if ( false === $user || null === $site ) {
			throw new Refused( __( 'The account here has been deleted since the mail was sent, so there is nothing to connect any more.', 'tandem-user-sync' ) );
		}
		if ( ! hash_equals( (string) ( $asked['email'] ?? '' ), $this->email_print( $user->user_email ) ) ) {
			throw new Refused( __( 'The email address of this account has changed since the mail was sent, so the link is no longer valid. If there is an account with the new address on the other site, a new mail goes to that address.', 'tandem-user-sync' ) );
		}
		if ( OutboxState::Confirm !== $waiting->state ) {
			throw new Refused( __( 'Nobody waits for this answer any more. If both accounts are connected, there is nothing left to do.', 'tandem-user-sync' ) );
		}
		if ( $is_yes ) {
			$this->outbox->decide( $waiting->id, new Decision( trusted: true, email: $user->user_email ) );
			( $this->wake )();
		}
		return $site;
	}

	/**
	 * Sends the mail in the person's language.
	 *
	 * @param UserState  $user The person.
	 * @param RemoteSite $site The other site.
	 * @param string     $link The one-time link.
	 * @return bool Whether it could be sent.
	 */
	private function mail( UserState $user, RemoteSite $site, #[\SensitiveParameter] string $link ): bool {
		$switched = switch_to_user_locale( $user->id );
		$here     = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		/* translators: 1: name of this site, 2: name of the other site. */
		$subject = sprintf( __( '[%1$s] Is your account on %2$s yours too?', 'tandem-user-sync' ), $here, $site->name );
		$message = sprintf(
			/* translators: 1: name of this site, 2: name of the other site, 3: its address, 4: link. */
			__(
				'An account was made with this e-mail address on %1$s. There is an account with the same address on %2$s (%3$s).

If both are yours, open this link to connect them. From then on your password and profile are the same on both:

%4$s

If you did not make an account on %1$s, do nothing: your account on %2$s stays as it is. The link is good for a week.',
				'tandem-user-sync'
			),
			$here,
			$site->name,
			$site->url,
			$link
		);
		/**
		 * Filters the mail that asks an account's holder whether the accounts on both sites are theirs.
		 *
		 * @param array{subject: string, message: string} $mail    The mail, in the person's language.
		 * @param int                                     $user_id User here.
		 * @param array{name: string, url: string}        $there   The other site.
		 * @param string                                  $link    The one-time link, which the message must hold.
		 */
		$filtered = apply_filters(
			'tandem_confirmation_mail',
			array(
				'subject' => $subject,
				'message' => $message,
			),
			$user->id,
			array(
				'name' => $site->name,
				'url'  => $site->url,
			),
			$link
		);
		$filtered = is_array( $filtered ) ? $filtered : array();
		$sent     = wp_mail( $user->email(), (string) ( $filtered['subject'] ?? $subject ), (string) ( $filtered['message'] ?? $message ) );
		if ( $switched ) {
			restore_previous_locale();
		}
		return $sent;
	}

	/**
	 * The mail could not be sent, so nobody will ever answer: the owner decides.
	 *
	 * @param OutboxRow  $row  The row that waits.
	 * @param RemoteSite $site The other site.
	 */
	private function leave_to_the_owner( OutboxRow $row, RemoteSite $site ): void {
		$this->outbox->hold(
			$row,
			OutboxState::Attention,
			ProblemCode::AccountExists->value,
			/* translators: %s: name of the other site. */
			sprintf( __( 'An account with this email address exists on %s already. The mail that asks its holder whether both are theirs could not be sent from this site. Mend the site’s mail and press Retry, or decide yourself.', 'tandem-user-sync' ), $site->name ),
			array()
		);
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
