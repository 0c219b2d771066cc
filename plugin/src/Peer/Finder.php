<?php
/**
 * Which account here is a person of another site, who is not linked yet. The sender's word for an id counts for nothing.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\Outbox;
use Tandem\Sync\Record;
use Tandem\Sync\Records;
use Tandem\Time\Clock;

final class Finder {

	/**
	 * @param Links             $links              Who is who.
	 * @param Outbox            $outbox             What waits for a link.
	 * @param Records           $records            Uids.
	 * @param Guard             $guard              Account-takeover guard.
	 * @param ProtectedAccounts $protected_accounts Accounts that are out of reach.
	 * @param Clock             $clock              Time.
	 */
	public function __construct(
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Records $records,
		private readonly Guard $guard,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Finds an account that exists and may be linked, and links it. Null when the person is new here.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $user   The person.
	 * @param Record|null  $by_uid Record of their uid here.
	 * @throws Declined      When there is one that may not be linked.
	 * @throws CameMeanwhile When it was linked, or made, in the moment since `$by_uid` was looked for.
	 */
	public function find( RemoteSite $from, Policy $policy, IncomingUser $user, ?Record $by_uid ): ?\WP_User {
		$account   = $this->by_uid( $from, $user, $by_uid );
		$is_same   = null !== $account;
		$account ??= $this->named( $user ) ?? $this->by_email( $user );
		if ( null === $account ) {
			return null;
		}
		if ( $this->protected_accounts->covers( $account ) ) {
			throw new Declined( UserCode::ProtectedAccount, $account );
		}
		$link = $this->links->find( $from->id, $account->ID );
		if ( null !== $link ) {
			throw $link->remote_id === $user->ref ? new CameMeanwhile() : new Declined( UserCode::LinkedToOther, $account );
		}
		if ( null === $by_uid && $this->has_uid_of( $account, $user ) ) {
			throw new CameMeanwhile();
		}
		switch ( $this->guard->verdict( $from, $policy, $user, $account, $is_same ) ) {
			case Verdict::Link:
				$this->links->save( $this->link( $from, $user, $account->ID ) );
				$this->guard->linked( $from, $user->ref );
				$this->outbox->question_is_answered( $from->id, $account->ID );
				return $account;
			case Verdict::Ask:
				throw $this->guard->ask( $from, $user, $account )
					? new Declined( UserCode::ConfirmNeeded, $account )
					: new Declined( UserCode::AccountExists, $account, __( 'An account with this e-mail address exists. The mail that asks its holder whether both are theirs could not be sent from that site: its owner has to mend its mail.', 'tandem-user-sync' ) );
			default:
				throw new Declined( UserCode::AccountExists, $account );
		}
	}

	/**
	 * The link of a person.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param IncomingUser $user    The person.
	 * @param int          $user_id User here.
	 */
	public function link( RemoteSite $from, IncomingUser $user, int $user_id ): Link {
		return new Link( $from->id, $user_id, $user->ref, mb_substr( $user->login, 0, 60 ), false, $this->clock->now() );
	}

	/**
	 * The account that has the person's uid. Only other sites that share it know its uid, and a site that knows it may
	 * still have been told wrong: the address must agree, too.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param IncomingUser $user   The person.
	 * @param Record|null  $by_uid Record of their uid here.
	 * @throws Declined When the address does not agree yet.
	 */
	private function by_uid( RemoteSite $from, IncomingUser $user, ?Record $by_uid ): ?\WP_User {
		$account = null === $by_uid || $by_uid->is_gone() ? false : get_userdata( $by_uid->user_id );
		// An account that no site shares has no uid that anybody could know.
		$shared = false === $account ? array() : $this->links->of_user( $account->ID );
		if ( false === $account || array() === $shared ) {
			return null;
		}
		foreach ( $shared as $link ) {
			if ( $link->site_id === $from->id ) {
				return null;
			}
		}
		if ( 0 === strcasecmp( $account->user_email, $user->email() ) ) {
			return $account;
		}
		if ( $this->protected_accounts->covers( $account ) ) {
			throw new Declined( UserCode::ProtectedAccount );
		}
		throw new Declined( UserCode::Failed, null, __( 'The e-mail addresses of this person differ between the sites at the moment. It is tried again.', 'tandem-user-sync' ) );
	}

	/**
	 * Whether an account has a uid of the person by now.
	 *
	 * @param \WP_User     $account The account.
	 * @param IncomingUser $user    The person.
	 */
	private function has_uid_of( \WP_User $account, IncomingUser $user ): bool {
		$held = $this->records->find( $account->ID );
		return null !== $held && in_array( $held->uid, $user->uids(), true );
	}

	/**
	 * The account that the owner over there named.
	 *
	 * @param IncomingUser $user The person.
	 */
	private function named( IncomingUser $user ): ?\WP_User {
		$account = $user->link_with > 0 ? get_userdata( $user->link_with ) : false;
		return false === $account ? null : $account;
	}

	/**
	 * The account with the person's address: the whole of it, and only the case of letters does not count. The
	 * database's own comparison takes an "é" for an "e".
	 *
	 * @param IncomingUser $user The person.
	 */
	private function by_email( IncomingUser $user ): ?\WP_User {
		$email   = $user->email();
		$account = '' === $email || strlen( $email ) > 100 || is_email( $email ) !== $email ? false : get_user_by( 'email', $email );
		return false !== $account && 0 === strcasecmp( $account->user_email, $email ) ? $account : null;
	}
}
