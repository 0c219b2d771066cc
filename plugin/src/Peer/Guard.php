<?php
/**
 * The account-takeover guard: an account that exists here is not handed to whoever has its e-mail address on another
 * site. Its holder is asked by one mail with a one-time link, unless the owner decided otherwise.
 *
 * A yes makes no link by itself. It is a yes to one account there with one address; the link is made when that
 * account comes again, still with that address. Else somebody could register there with a victim's address, change
 * it to their own, and be handed the account when the victim says yes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Confirm\Question;
use Tandem\Confirm\Refused;
use Tandem\Names;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\ExistingPolicy;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\Sites;
use Tandem\Security\ProtectedAccounts;
use Tandem\Security\Vault;
use Tandem\Time\Clock;

final class Guard implements Question {

	/** Seconds for which a link in a mail is good. */
	private const GOOD_FOR = WEEK_IN_SECONDS;

	/** Seconds in which the holder of an account gets no second mail about the same site. */
	private const QUIET = DAY_IN_SECONDS;

	/** Seconds for which a yes is good, should the other site be away. */
	private const YES_FOR = MONTH_IN_SECONDS;

	/**
	 * @param Approvals                           $approvals          Who was asked.
	 * @param Sites                               $sites              Remote sites.
	 * @param ProtectedAccounts                   $protected_accounts Accounts whose holders are not even asked.
	 * @param AddressChanges                      $addresses          When addresses were changed here.
	 * @param Vault                               $vault              Makes fingerprints.
	 * @param Clock                               $clock              Time.
	 * @param \Closure( RemoteSite, int ): void   $on_approved        Tells the other site to send that account (its id there) again.
	 */
	public function __construct(
		private readonly Approvals $approvals,
		private readonly Sites $sites,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly AddressChanges $addresses,
		private readonly Vault $vault,
		private readonly Clock $clock,
		private readonly \Closure $on_approved,
	) {
	}

	/**
	 * Whether an account may be linked. Protected ones never come here.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $user    The person there.
	 * @param \WP_User     $account The account here.
	 * @param bool         $by_uid  Whether both are known to be the same person already: the uid and the address agree.
	 */
	public function verdict( RemoteSite $from, Policy $policy, IncomingUser $user, \WP_User $account, bool $by_uid ): Verdict {
		if ( ExistingPolicy::Never === $policy->existing ) {
			return Verdict::Refuse;
		}
		if ( $this->has_approved( $from, $user, $account ) ) {
			return Verdict::Link;
		}
		if ( 0 !== strcasecmp( $user->email(), $account->user_email ) || '' === $user->email() ) {
			// The word of the owner over there (`link_with`): the holder here has one, too.
			return Verdict::Ask;
		}
		$may = $by_uid
			|| ExistingPolicy::Trust === $policy->existing
			|| Claim::Backfill === $user->claim
			|| ( Claim::Older === $user->claim && $this->are_both_older( $from, $user, $account ) );
		return $may ? Verdict::Link : Verdict::Ask;
	}

	/**
	 * Asks the holder of an account, unless they were asked a short time ago.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param IncomingUser $user    The person there.
	 * @param \WP_User     $account The account here.
	 * @return bool False when the mail could not be sent, so that nobody will ever answer.
	 */
	public function ask( RemoteSite $from, IncomingUser $user, \WP_User $account ): bool {
		$now = $this->clock->now();
		if ( $this->approvals->last_asked( $from->id, $account->ID ) > $now - self::QUIET ) {
			return true;
		}
		$approval = $this->approvals->begin( $from->id, $user->ref, $account->ID, $this->email_print( $account->user_email, $user->email() ), $now );
		if ( null === $approval ) {
			return true;
		}
		$token = bin2hex( random_bytes( 32 ) );
		$this->approvals->set_token( $approval->id, $this->token_print( $approval->id, $token ) );
		// Not "key": whatever else it says, wp-login.php takes an address with that for a reset link.
		$link = add_query_arg(
			array(
				'action' => Names::APPROVE,
				'row'    => $approval->id,
				'token'  => $token,
			),
			// Not wp_login_url(): shops send their customers to a page of their own, where nobody knows of this.
			site_url( 'wp-login.php', 'login' )
		);
		if ( $this->mail( $from, $user, $account, $link ) ) {
			return true;
		}
		$this->approvals->not_asked( $approval->id );
		return false;
	}

	/**
	 * Both accounts are theirs, or the link is only checked. A mail is good for a week and for the address that it went to.
	 *
	 * @param int    $row    Which question.
	 * @param string $token  As it stands in the link.
	 * @param bool   $is_yes Whether they said yes.
	 * @return RemoteSite The other site.
	 * @throws Refused When the link is not good, with the sentence for a person.
	 */
	public function answer( int $row, #[\SensitiveParameter] string $token, bool $is_yes ): RemoteSite {
		$approval = $this->approvals->get( $row );
		if ( null === $approval || '' === $approval->token || ! hash_equals( $approval->token, $this->token_print( $row, $token ) ) ) {
			throw new Refused( __( 'This link is not valid, or it has been used already. If both accounts are connected, there is nothing left to do.', 'tandem-user-sync' ) );
		}
		if ( $approval->asked_at + self::GOOD_FOR < $this->clock->now() ) {
			throw new Refused( __( 'This link is more than a week old and no longer valid. Ask the site’s owner to connect your accounts.', 'tandem-user-sync' ) );
		}
		$account = get_userdata( $approval->user_id );
		$site    = $this->sites->find( $approval->site_id );
		if ( false === $account || null === $site ) {
			throw new Refused( __( 'The account here, or the connection with the other site, has been removed since the mail was sent. There is nothing to connect any more.', 'tandem-user-sync' ) );
		}
		if ( ! $this->is_same_address( $approval, $account ) ) {
			throw new Refused( __( 'The e-mail address of this account has changed since the mail was sent, so the link is no longer valid.', 'tandem-user-sync' ) );
		}
		if ( $this->protected_accounts->covers( $account ) ) {
			throw new Refused( UserCode::ProtectedAccount->sentence() );
		}
		if ( $is_yes && $this->approvals->approve( $approval, $this->clock->now() ) ) {
			( $this->on_approved )( $site, $approval->ref );
		}
		return $site;
	}

	/**
	 * The link is made: the yes is used up.
	 *
	 * @param RemoteSite $from The other site.
	 * @param int        $ref  The account there.
	 */
	public function linked( RemoteSite $from, int $ref ): void {
		$this->approvals->forget( $from->id, $ref );
	}

	/**
	 * Whether the holder has said yes to this account there with this address.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param IncomingUser $user    The person there.
	 * @param \WP_User     $account The account here.
	 */
	private function has_approved( RemoteSite $from, IncomingUser $user, \WP_User $account ): bool {
		$approval = $this->approvals->find( $from->id, $user->ref );
		return null !== $approval
			&& $approval->approved_at > $this->clock->now() - self::YES_FOR
			&& $approval->user_id === $account->ID
			&& hash_equals( $approval->email, $this->email_print( $account->user_email, $user->email() ) );
	}

	/**
	 * Whether both accounts are older than the connection, and the address here is, too. The account there alone is
	 * not enough: somebody could register here with the address of a customer of the other site, wait for the
	 * customer's next change, and be handed the account there.
	 *
	 * @param RemoteSite   $from    The other site; when it was connected is our own record.
	 * @param IncomingUser $user    The person there.
	 * @param \WP_User     $account The account here.
	 */
	private function are_both_older( RemoteSite $from, IncomingUser $user, \WP_User $account ): bool {
		return $user->registered_at > 0
			&& $user->registered_at < $from->connected_at
			&& (int) strtotime( $account->user_registered . ' UTC' ) < $from->connected_at
			&& $this->addresses->last( $account->ID ) < $from->connected_at;
	}

	/**
	 * Whether the account here still has the address at which its holder was asked.
	 *
	 * @param Approval $approval The question.
	 * @param \WP_User $account  The account here.
	 */
	private function is_same_address( Approval $approval, \WP_User $account ): bool {
		list( $here ) = explode( ':', $approval->email );
		return hash_equals( $here, $this->print_of( $account->user_email ) );
	}

	/**
	 * Sends the mail in the language of the account's holder.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param IncomingUser $user    The person there.
	 * @param \WP_User     $account The account here.
	 * @param string       $link    The one-time link.
	 * @return bool Whether it could be sent.
	 */
	private function mail( RemoteSite $from, IncomingUser $user, \WP_User $account, #[\SensitiveParameter] string $link ): bool {
		$switched = switch_to_user_locale( $account->ID );
		$here     = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		$names    = array( $here, $from->name, $from->url, $link );
		/* translators: 1: name of this site, 2: name of the other site. */
		$subject = sprintf( __( '[%1$s] Is the account on %2$s yours too?', 'tandem-user-sync' ), $here, $from->name );
		$same    = 0 === strcasecmp( $user->email(), $account->user_email );
		$message = $same
			/* translators: 1: name of this site, 2: name of the other site, 3: its address, 4: link. */
			? __(
				'You have an account with this e-mail address on %1$s. Somebody has an account with the same address on %2$s (%3$s).

If both are yours, open this link to connect them. From then on your password and profile are the same on both:

%4$s

If you have no account on %2$s, do nothing: your account on %1$s stays as it is. The link is good for a week.',
				'tandem-user-sync'
			)
			/* translators: 1: name of this site, 2: name of the other site, 3: its address, 4: link. */
			: __(
				'You have an account with this e-mail address on %1$s. The owner of %2$s (%3$s) says that an account there, with another address, is yours too.

If both are yours, open this link to connect them. From then on your password, profile and e-mail address are the same on both:

%4$s

If you have no account on %2$s, do nothing: your account on %1$s stays as it is. The link is good for a week.',
				'tandem-user-sync'
			);
		$mail = array(
			'subject' => $subject,
			'message' => vsprintf( $message, $names ),
		);
		/**
		 * Filters the mail that asks the holder of an account here whether an account on a paired site is theirs, too.
		 *
		 * @param array{subject: string, message: string} $mail    The mail, in the person's language.
		 * @param int                                     $user_id User here.
		 * @param array{name: string, url: string}        $there   The other site.
		 * @param string                                  $link    The one-time link, which the message must hold.
		 */
		$filtered = apply_filters(
			'tandem_approval_mail',
			$mail,
			$account->ID,
			array(
				'name' => $from->name,
				'url'  => $from->url,
			),
			$link
		);
		$filtered = is_array( $filtered ) ? $filtered : array();
		$sent     = wp_mail( $account->user_email, (string) ( $filtered['subject'] ?? $mail['subject'] ), (string) ( $filtered['message'] ?? $mail['message'] ) );
		if ( $switched ) {
			restore_previous_locale();
		}
		return $sent;
	}

	/**
	 * Fingerprints of both addresses.
	 *
	 * @param string $here  Address of the account here.
	 * @param string $there Address of the account there.
	 */
	private function email_print( string $here, string $there ): string {
		return $this->print_of( $here ) . ':' . $this->print_of( $there );
	}

	/**
	 * Fingerprint of an address.
	 *
	 * @param string $email Address.
	 */
	private function print_of( string $email ): string {
		return $this->vault->fingerprint( strtolower( $email ), 'approve-email' );
	}

	/**
	 * Fingerprint of a token.
	 *
	 * @param int    $id    Number of the question.
	 * @param string $token The token.
	 */
	private function token_print( int $id, #[\SensitiveParameter] string $token ): string {
		return $this->vault->fingerprint( $token, 'approve:' . $id );
	}
}
