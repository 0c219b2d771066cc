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
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;

final class GuestAccounts {

	/** How many usernames are tried before one is made up. */
	private const TRIES = 20;

	/** @var array<int, int> Accounts that were made for guests, by the sender's number for them: they get their mail last. */
	private array $made = array();

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
	) {
	}

	/**
	 * Makes an account, unless there is one with the address.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $guest  The person.
	 * @throws Declined When it is not done.
	 */
	public function take( RemoteSite $from, Policy $policy, IncomingUser $guest ): UserResult {
		if ( false !== email_exists( $guest->email() ) ) {
			return new UserResult( UserResult::EQUAL, $guest->ref );
		}
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
		return new UserResult( UserResult::CREATED, $guest->ref, warnings: $plan->warnings );
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
		if ( 0 === $id || UserResult::CREATED !== $result->result || false === get_userdata( $id ) ) {
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
		return new UserResult( $result->result, $result->ref, warnings: array( ...$result->warnings, $warning ) );
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
