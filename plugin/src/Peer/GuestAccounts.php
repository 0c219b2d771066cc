<?php
/**
 * Makes accounts for people who have ordered on a paired site without one (docs/protocol.md, "A guest").
 *
 * Nobody has shown that the address of a guest's order is theirs. So nothing of an account that exists is changed for
 * one, and no link is made: whoever registers over there later with this address goes through the guard like everybody.
 * A new account gets a password that nobody knows, and WordPress's own mail with which its holder sets one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Guest\GuestMark;
use Tandem\Hooks\Events;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;

final class GuestAccounts {

	/** How many usernames are tried before one is made up. */
	private const TRIES = 20;

	/** @var array<int, int> Accounts that were made for guests, by the sender's number for them: they get their mail last. */
	private array $made = array();

	/** @var list<string> What of the one made last was not taken. */
	private array $warnings = array();

	/**
	 * @param Sieve      $sieve      What of a person is taken.
	 * @param Writer     $writer     Writes accounts.
	 * @param Records    $records    Stamps.
	 * @param Forwarding $forwarding Tells other sites.
	 * @param Journal    $journal    The record.
	 * @param Events     $events     Who wants to hear of it.
	 * @param UserReader $reader     Reads users.
	 * @param \Closure( int, \Closure(): int ): int $silently Writes an account that is none of this site's own.
	 * @param \Closure(): list<string> $meta_keys Meta keys that any paired site gets or writes.
	 * @param GrantWriter       $grants             Does what rules there want.
	 * @param ProtectedAccounts $protected_accounts Out of reach.
	 */
	public function __construct(
		private readonly Sieve $sieve,
		private readonly Writer $writer,
		private readonly Records $records,
		private readonly Forwarding $forwarding,
		private readonly Journal $journal,
		private readonly Events $events,
		private readonly UserReader $reader,
		private readonly \Closure $silently,
		private readonly \Closure $meta_keys,
		private readonly GrantWriter $grants,
		private readonly ProtectedAccounts $protected_accounts,
	) {
	}

	/**
	 * Makes an account, unless there is one with the address, and does what rules there want for it.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $guest  The person.
	 * @throws Declined When it is not done.
	 */
	public function take( RemoteSite $from, Policy $policy, IncomingUser $guest ): UserResult {
		if ( isset( $this->made[ $guest->ref ] ) ) {
			// They come once more: the transaction in which they were made did not last, and caches remember them.
			clean_user_cache( $this->made[ $guest->ref ] );
		}
		$account = '' === $guest->email() ? false : get_user_by( 'email', $guest->email() );
		if ( false !== $account ) {
			// The database's own comparison takes an "é" for an "e".
			return 0 === strcasecmp( $account->user_email, $guest->email() ) ? $this->known( $from, $policy, $guest, $account ) : new UserResult( UserResult::EQUAL, $guest->ref, granted: count( $guest->grants ) );
		}
		if ( ! $guest->is_to_be_made ) {
			return new UserResult( UserResult::EQUAL, $guest->ref, granted: count( $guest->grants ) );
		}
		$account = $this->made( $from, $policy, $guest );
		$report  = $this->granted( $from, $policy, $guest, $account );
		$code    = $report->code();
		return null === $code
			? new UserResult( UserResult::CREATED, $guest->ref, warnings: $this->warnings, granted: count( $guest->grants ) )
			: new UserResult( UserResult::REFUSED, $guest->ref, $code->value, $report->sentence(), warnings: $this->warnings, granted: count( $guest->grants ) );
	}

	/**
	 * Somebody with that address has an account: only what rules give is done for it.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $guest   The person.
	 * @param \WP_User     $account The account.
	 * @throws Declined When it is out of reach.
	 */
	private function known( RemoteSite $from, Policy $policy, IncomingUser $guest, \WP_User $account ): UserResult {
		$granted = count( $guest->grants );
		if ( 0 === $granted ) {
			return new UserResult( UserResult::EQUAL, $guest->ref, granted: 0 );
		}
		if ( $this->protected_accounts->covers( $account ) ) {
			throw new Declined( UserCode::ProtectedAccount, $account );
		}
		$report = $this->granted( $from, $policy, $guest, $account );
		$code   = $report->code();
		if ( array() !== $report->done || array() !== $report->refused ) {
			$this->journal->done( $from, Action::Update, $account, array() === $report->done ? new FieldSet() : new FieldSet( FieldSet::GRANTS ), implode( ' ', $report->done ), $report->refused );
		}
		return null === $code
			? new UserResult( array() === $report->done ? UserResult::EQUAL : UserResult::UPDATED, $guest->ref, granted: $granted )
			: new UserResult( UserResult::REFUSED, $guest->ref, $code->value, $report->sentence(), granted: $granted );
	}

	/**
	 * Does what rules there give. Nothing is taken from anybody because of an order that anybody may have placed. It is
	 * this site's own change: other sites hear of a tag as of any other.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $guest   The person.
	 * @param \WP_User     $account The account.
	 */
	private function granted( RemoteSite $from, Policy $policy, IncomingUser $guest, \WP_User $account ): GrantReport {
		$given = array_values( array_filter( $guest->grants, static fn ( IncomingGrant $grant ): bool => true === ( $grant->deed?->gives() ?? true ) ) );
		return array() === $given ? new GrantReport() : $this->grants->apply( $from, $policy, $account, $given );
	}

	/**
	 * Makes an account.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $guest  The person.
	 * @throws Declined When it is not done.
	 */
	private function made( RemoteSite $from, Policy $policy, IncomingUser $guest ): \WP_User {
		if ( ! $policy->create ) {
			throw new Declined( UserCode::NotAccepted );
		}
		$plan = $this->sieve->plan( $policy, $guest, Merge::wanted( null, $guest->stamps() ), null, null );
		if ( ! isset( $plan->core[ FieldSet::EMAIL ] ) ) {
			throw new Declined( '' === $guest->email() ? UserCode::EmailMissing : UserCode::EmailInvalid );
		}
		// Nobody's word but the holder's own sets it.
		$plan->password = null;
		unset( $plan->stamps[ FieldSet::PASSWORD ] );

		$login = $this->free_login( $guest );
		$uid   = wp_generate_uuid4();
		$id    = ( $this->silently )(
			-1,
			fn (): int => $this->writer->create(
				$login,
				$plan,
				false,
				function ( int $user_id ) use ( $uid ): void {
					$this->records->adopt_uid( $user_id, $uid );
				}
			)
		);
		// Before anything can be told to others: the other site wants no account for them.
		GuestMark::set( $id, $from->id );
		$account = get_userdata( $id );
		if ( false === $account ) {
			throw new Declined( UserCode::Failed );
		}
		$keys    = array_values( array_unique( array( ...( $this->meta_keys )(), ...$policy->meta_list ) ) );
		$applied = $this->records->applied( $this->reader->read( $account, $keys ), $plan->stamps, $account->user_pass, $uid );
		$this->forwarding->changed( $from, $account, array( FieldSet::ALL ), $applied->changed_here, array(), false, null );
		$this->journal->done( $from, Action::Create, $account, $plan->written(), __( 'Made for somebody who has ordered there as a guest. They get WordPress’s mail with which they set a password.', 'tandem-user-sync' ), $plan->warnings );
		$this->events->received( $from, $id, $plan->written(), Action::Create->value );
		$this->made[ $guest->ref ] = $id;
		$this->warnings            = $plan->warnings;
		return $account;
	}

	/**
	 * Sends WordPress's mail to somebody for whom an account was made in this message. To be called when that will last.
	 *
	 * @param UserResult $result What came of them.
	 * @return UserResult The same, with a word if the mail could not be sent.
	 */
	public function greeted( UserResult $result ): UserResult {
		$id = $this->made[ $result->ref ] ?? 0;
		unset( $this->made[ $result->ref ] );
		if ( 0 === $id || false === get_userdata( $id ) ) {
			return $result;
		}
		$has_failed = false;
		$note       = static function () use ( &$has_failed ): void {
			$has_failed = true;
		};
		add_action( 'wp_mail_failed', $note );
		try {
			wp_new_user_notification( $id, null, 'user' );
		} catch ( \Throwable ) {
			$has_failed = true;
		} finally {
			remove_action( 'wp_mail_failed', $note );
		}
		if ( ! $has_failed ) {
			return $result;
		}
		$warning = __( 'The account was made, but the site could not send the mail with which the person sets a password. Its owner has to mend its mail; the person can ask for a link there with “Lost your password?”.', 'tandem-user-sync' );
		return new UserResult( $result->result, $result->ref, $result->code, $result->message, warnings: array( ...$result->warnings, $warning ), granted: $result->granted );
	}

	/**
	 * A username that nobody has: the one that was proposed, or the same with a number.
	 *
	 * @param IncomingUser $guest The person.
	 */
	private function free_login( IncomingUser $guest ): string {
		$wanted = mb_substr( sanitize_user( $guest->wanted_login(), true ), 0, 50 );
		$wanted = '' === $wanted || ! validate_username( $wanted ) ? 'customer' : $wanted;
		$login  = $wanted;
		$number = 1;
		while ( false !== username_exists( $login ) ) {
			++$number;
			$login = $number > self::TRIES ? $wanted . '-' . strtolower( wp_generate_password( 8, false ) ) : "$wanted-$number";
		}
		return $login;
	}
}
