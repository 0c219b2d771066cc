<?php
/**
 * Makes people right here who come from paired sites. With what it uses, the only thing that writes users.
 *
 * In this order: whose account is it (the link; else the uid; else the e-mail address, by the guard), what of it is
 * newer than what is held here, what of that does the owner accept, and then WordPress's own functions. Any message
 * may come any number of times.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Capture\TagChanges;
use Tandem\Capture\Trouble;
use Tandem\Database\Failure;
use Tandem\Guest\GuestMark;
use Tandem\Hooks\Events;
use Tandem\Login\Departures;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\Fate;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Record;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;
use Tandem\Sync\UserState;

final class Applier {

	/**
	 * @param Links                            $links              Who is who.
	 * @param Records                          $records            Uids, stamps and tombstones.
	 * @param Finder                           $finder             Finds accounts that are not linked yet.
	 * @param ProtectedAccounts                $protected_accounts Accounts that are out of reach.
	 * @param Sieve                            $sieve              Decides what is taken.
	 * @param Writer                           $writer             Writes.
	 * @param Remover                          $remover            Removes.
	 * @param RemovalLimit                     $limit              How many people may be removed.
	 * @param Forwarding                       $forwarding         To the other sites.
	 * @param Journal                          $journal            Puts on record what was done and what was refused.
	 * @param Events                           $events             Who wants to hear of it.
	 * @param TagChanges                       $tags               Says what has become of tags.
	 * @param Trouble                          $trouble            Where our own failures are noted.
	 * @param UserReader                       $reader             Reads users.
	 * @param GuestAccounts                    $guests             Makes accounts for people without one there.
	 * @param Departures                       $departures         Ends sessions.
	 * @param \Closure( int, \Closure ): mixed $silently           `Recorder::silently()`: what it does to that user is no change of this site. -1 is one that is about to be made.
	 * @param \Closure(): list<string>         $meta_keys          Meta keys that any site gets or sends.
	 * @param GrantWriter                      $grants             Does what rules there want.
	 */
	public function __construct(
		private readonly Links $links,
		private readonly Records $records,
		private readonly Finder $finder,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Sieve $sieve,
		private readonly Writer $writer,
		private readonly Remover $remover,
		private readonly RemovalLimit $limit,
		private readonly Forwarding $forwarding,
		private readonly Journal $journal,
		private readonly Events $events,
		private readonly TagChanges $tags,
		private readonly Trouble $trouble,
		private readonly UserReader $reader,
		private readonly GuestAccounts $guests,
		private readonly Departures $departures,
		private readonly \Closure $silently,
		private readonly \Closure $meta_keys,
		private readonly GrantWriter $grants,
	) {
	}

	/**
	 * Makes one person right. Never throws for anything that is in `$user`.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $user   The person as they are there.
	 */
	public function apply( RemoteSite $from, Policy $policy, IncomingUser $user ): UserResult {
		try {
			if ( $user->is_guest ) {
				return $this->guests->take( $from, $policy, $user );
			}
			try {
				return $this->decide( $from, $policy, $user );
			} catch ( CameMeanwhile | Failure ) {
				// Of two who write the same person at once the database may let one win and end the other (a deadlock).
				return $this->decide( $from, $policy, $user );
			}
		} catch ( Declined $declined ) {
			return $this->declined( $from, $user, $declined );
		} catch ( \Throwable $failure ) {
			// The database, or another plugin's hook. What is half done is found by its link when the person comes again.
			$this->trouble->note( $failure );
			return $this->declined( $from, $user, new Declined( UserCode::Failed ) );
		}
	}

	/**
	 * Decides what the message means.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $user   The person.
	 * @throws Declined      When it is not done.
	 * @throws CameMeanwhile When somebody else has brought them in this moment.
	 * @throws Failure       When the database refuses something.
	 */
	private function decide( RemoteSite $from, Policy $policy, IncomingUser $user ): UserResult {
		$link   = $this->links->find_by_remote( $from->id, $user->ref );
		$linked = null === $link ? false : get_userdata( $link->user_id );
		if ( null !== $link && false === $linked ) {
			$this->forget_removed( $link, $user );
		}
		if ( null !== $link && false !== $linked && $this->is_reused( $user, $link, $linked ) ) {
			$this->links->remove( $from->id, $linked->ID );
			$linked = false;
		}
		$by_uid = $this->among( $user->uids() );
		$held   = false === $linked ? null : $this->records->find( $linked->ID );
		$fate   = Merge::fate( $held, $by_uid, null !== $user->deleted );
		if ( false !== $linked ) {
			return Fate::Known === $fate || Fate::Unknown === $fate
				? $this->update( $from, $policy, $user, $linked, false )
				: $this->remove( $from, $policy, $user, $linked, $by_uid );
		}
		if ( null !== $user->deleted ) {
			return $this->deleted_stranger( $from, $policy, $user, $by_uid );
		}
		if ( null !== $by_uid && $by_uid->is_gone() ) {
			return new UserResult( UserResult::GONE, $user->ref, uid: $by_uid->uid );
		}
		if ( $user->id > 0 ) {
			// The sender takes them for known here, so it has sent only what has changed. It says all of it next.
			return new UserResult( UserResult::UNKNOWN, $user->ref );
		}
		$account = $this->finder->find( $from, $policy, $user, $by_uid );
		if ( null !== $account ) {
			return $this->update( $from, $policy, $user, $account, true );
		}
		try {
			return $this->create( $from, $policy, $user, null === $by_uid ? $user->uid : wp_generate_uuid4() );
		} catch ( Declined $declined ) {
			throw null === $by_uid && null !== $this->among( $user->uids() ) ? new CameMeanwhile() : $declined;
		}
	}

	/**
	 * Whether a site has given the number of somebody whom it has lost to another person: one that was restored from a
	 * backup does. It does not take them for known then, and neither uid nor username nor address is that of the account here.
	 *
	 * @param IncomingUser $user    The person.
	 * @param Link         $link    The link of their number.
	 * @param \WP_User     $account The account that it leads to.
	 */
	private function is_reused( IncomingUser $user, Link $link, \WP_User $account ): bool {
		if ( $user->id > 0 || null !== $user->deleted || in_array( $user->login, array( $link->remote_login, $account->user_login ), true ) || '' === $user->email() || 0 === strcasecmp( $user->email(), $account->user_email ) ) {
			return false;
		}
		$held = $this->records->find( $account->ID );
		return null !== $held && array() === array_intersect( $user->uids(), $this->records->all_uids( $held->uid ) );
	}

	/**
	 * The record that uids lead to: of somebody who lives here before a tombstone.
	 *
	 * @param list<string> $uids Uids.
	 */
	private function among( array $uids ): ?Record {
		$found = null;
		foreach ( $uids as $uid ) {
			$record = $this->records->find_by_uid( $uid );
			if ( null !== $record && ! $record->is_gone() ) {
				return $record;
			}
			$found ??= $record;
		}
		return $found;
	}

	/**
	 * The account of a link is gone without our having seen it.
	 *
	 * @param Link         $link The link.
	 * @param IncomingUser $user The person.
	 */
	private function forget_removed( Link $link, IncomingUser $user ): void {
		if ( null !== $user->deleted ) {
			$this->records->bury( $link->user_id, $user->uids(), $user->deleted );
		} else {
			$this->records->forget_missing( $link->user_id );
		}
		$this->links->remove( $link->site_id, $link->user_id );
	}

	/**
	 * Somebody was deleted there who is not linked with anybody here by that account. If one here has the same uid it is
	 * the same person where that site knows it as theirs: it is linked with another account of theirs, because two
	 * became one, or it names the address too, with which it could have linked them a moment before (`Finder::by_uid()`).
	 * Else it is another site's business: that one says so itself. A site whose deletions count for nothing here keeps
	 * nobody away either.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What that site may do here.
	 * @param IncomingUser $user   The person.
	 * @param Record|null  $by_uid Record of their uids here.
	 * @throws Declined When it is not done.
	 */
	private function deleted_stranger( RemoteSite $from, Policy $policy, IncomingUser $user, ?Record $by_uid ): UserResult {
		$account = null === $by_uid || $by_uid->is_gone() ? false : get_userdata( $by_uid->user_id );
		if ( false !== $account && ( null !== $this->links->find( $from->id, $account->ID ) || 0 === strcasecmp( $account->user_email, $user->deleted_email ) ) ) {
			return $this->remove( $from, $policy, $user, $account, $by_uid );
		}
		if ( false === $account && null !== $user->deleted && Removal::Ignore !== $policy->delete ) {
			// An older message about them may still be on its way.
			$this->records->bury( 0, $user->uids(), $user->deleted );
			return new UserResult( UserResult::DELETED, $user->ref, uid: $user->uid );
		}
		return new UserResult( UserResult::DELETED, $user->ref, warnings: array( __( 'Nobody was removed: no account is linked with this person.', 'tandem-user-sync' ) ) );
	}

	/**
	 * Removes a linked account, or does what the owner wants in place of that.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $user    The person.
	 * @param \WP_User     $account The account.
	 * @param Record|null  $by_uid  Record of the uid; a tombstone when they were deleted from elsewhere.
	 * @throws Declined When it is not done.
	 */
	private function remove( RemoteSite $from, Policy $policy, IncomingUser $user, \WP_User $account, ?Record $by_uid ): UserResult {
		$deleted = $user->deleted ?? $by_uid->deleted ?? null;
		if ( null === $deleted ) {
			throw new Declined( UserCode::Failed );
		}
		$says = $this->remover->remove( $from, $policy, $account, $user->uids(), $deleted );
		$this->done( $from, Action::Delete, $account, new FieldSet( FieldSet::DELETED ), $says, array() );
		return new UserResult( null === $user->deleted ? UserResult::GONE : UserResult::DELETED, $user->ref, '', $says, $account->ID, $user->uid, $account->user_login, Removal::Delete === $policy->delete ? array() : array( $says ) );
	}

	/**
	 * Makes an account.
	 *
	 * @param RemoteSite   $from   The other site.
	 * @param Policy       $policy What it may do here.
	 * @param IncomingUser $user   The person.
	 * @param string       $uid    Their uid here.
	 * @throws Declined When it is not done.
	 */
	private function create( RemoteSite $from, Policy $policy, IncomingUser $user, string $uid ): UserResult {
		if ( ! $policy->create ) {
			throw new Declined( UserCode::NotAccepted );
		}
		$login = $this->checked_login( $user );
		$plan  = $this->sieve->plan( $policy, $user, Merge::wanted( null, $user->stamps() ), null, null );
		if ( ! isset( $plan->core[ FieldSet::EMAIL ] ) ) {
			throw new Declined( self::why_no_email( $user ) );
		}
		$id      = ( $this->silently )(
			-1,
			fn (): int => $this->writer->create(
				$login,
				$plan,
				$policy->bare && Claim::Backfill === $user->claim && ! is_multisite(),
				function ( int $user_id ) use ( $from, $user, $uid ): void {
					foreach ( $this->links->of_user( $user_id ) as $stale ) {
						// Of a deleted user who had the number before.
						$this->links->remove( $stale->site_id, $user_id );
					}
					if ( ! $this->records->adopt_uid( $user_id, $uid ) && null === $this->records->find( $user_id ) ) {
						// Another process has just made an account for them, which was not there when `wp_insert_user()` looked.
						throw new Declined( UserCode::Failed );
					}
					$this->links->save( $this->finder->link( $from, $user, $user_id ) );
				}
			)
		);
		$account = $this->account( $id );
		$report  = $this->granted( $from, $policy, $user, $account );
		$applied = $this->records->applied( $this->state( $account, $policy ), $plan->stamps, $account->user_pass, $uid );
		if ( $applied->record->is_gone() ) {
			return $this->take_back( $from, $user, $account );
		}
		$taken = isset( $plan->stamps[ FieldSet::PASSWORD ] ) ? array( FieldSet::ALL, FieldSet::PASSWORD ) : array( FieldSet::ALL );
		$this->forwarding->changed( $from, $account, $taken, $applied->changed_here, array(), false, $plan->password?->plain() );
		$this->done( $from, Action::Create, $account, self::with_grants( $plan->written(), $report ), implode( ' ', $report->done ), array( ...$plan->warnings, ...$report->refused ) );
		$code = $report->code();
		return new UserResult( null === $code ? UserResult::CREATED : UserResult::REFUSED, $user->ref, $code->value ?? '', null === $code ? '' : $report->sentence(), $account->ID, $applied->record->uid, $account->user_login, $plan->warnings, granted: self::looked_at( $user ) );
	}

	/**
	 * The person was deleted elsewhere in the moment in which their account was made: it goes again.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param IncomingUser $user    The person.
	 * @param \WP_User     $account The account.
	 */
	private function take_back( RemoteSite $from, IncomingUser $user, \WP_User $account ): UserResult {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		( $this->silently )( $account->ID, static fn (): bool => wp_delete_user( $account->ID ) );
		$this->links->remove( $from->id, $account->ID );
		return new UserResult( UserResult::GONE, $user->ref, uid: $user->uid );
	}

	/**
	 * Brings an account up to date.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $user    The person.
	 * @param \WP_User     $account The account.
	 * @param bool         $is_new  Whether it was linked just now.
	 * @throws Declined When it is not done.
	 */
	private function update( RemoteSite $from, Policy $policy, IncomingUser $user, \WP_User $account, bool $is_new ): UserResult {
		if ( $this->protected_accounts->covers( $account ) ) {
			throw new Declined( UserCode::ProtectedAccount, $account );
		}
		$state  = $this->state( $account, $policy );
		$record = $this->records->settle( $state, array(), $account->user_pass );
		$stamps = $user->stamps();
		$newer  = Merge::newer_here( $record, $stamps, 0 === $user->id );
		$plan   = $this->sieve->plan( $policy, $user, Merge::wanted( $record, $stamps ), $account, $state );
		if ( array() === $plan->roles && array() !== $account->roles && ! $this->limit->takes( $from, $policy, $account->ID ) ) {
			$plan->postpone_roles();
		} elseif ( isset( $user->fields[ FieldSet::ROLES ] ) && array() !== $plan->roles ) {
			$this->limit->forget( $from, $account->ID );
		}
		$written = $plan->written();
		if ( ! $plan->is_empty() ) {
			( $this->silently )( $account->ID, fn () => $this->writer->update( $account, $plan, $policy ) );
			$account = $this->account( $account->ID );
		}
		$report  = $this->granted( $from, $policy, $user, $account );
		$written = self::with_grants( $written, $report );
		$account = array() === $report->done ? $account : $this->account( $account->ID );
		$is_out  = $user->logged_out_at > 0 && $policy->logout && $this->departures->happened( $account, $user->logged_out_at );
		$written = $is_out ? $written->with( new FieldSet( FieldSet::LOGOUT ) ) : $written;
		$applied = $this->records->applied( $this->state( $account, $policy ), $plan->stamps, $account->user_pass, $user->uid );
		if ( $applied->record->is_gone() ) {
			return new UserResult( UserResult::GONE, $user->ref, uid: $applied->record->uid );
		}
		// A tag whose removal is too old to be remembered goes no further: it would go round in a ring of sites.
		$taken = array_map( 'strval', array_keys( array_intersect_key( $plan->stamps, $applied->record->marks ) ) );
		if ( $is_out ) {
			$taken[] = FieldSet::LOGOUT;
		}
		$this->forwarding->changed( $from, $account, $taken, array( ...$record->renewed, ...$applied->changed_here ), $newer, $applied->uid_changed, $plan->password?->plain() );
		if ( $is_new ) {
			GuestMark::drop( $account->ID, $from->id );
		}
		$warnings = array( ...$plan->warnings, ...$report->refused );
		if ( $is_new || ! $written->is_empty() || array() !== $warnings ) {
			$this->done( $from, $is_new ? Action::Link : Action::Update, $account, $written, implode( ' ', $report->done ), $warnings );
		}
		$code = $plan->is_over_limit ? UserCode::RemovalLimit : $report->code();
		return new UserResult(
			null !== $code ? UserResult::REFUSED : ( $written->is_empty() ? UserResult::EQUAL : UserResult::UPDATED ),
			$user->ref,
			$code->value ?? '',
			null === $code ? '' : ( $plan->is_over_limit ? $code->sentence() : $report->sentence() ),
			$account->ID,
			$applied->record->uid,
			$account->user_login,
			$plan->warnings,
			$newer,
			granted: self::looked_at( $user )
		);
	}

	/**
	 * Does what rules there want for an account. Not for one that has become a protected one in this moment.
	 *
	 * @param RemoteSite   $from    The other site.
	 * @param Policy       $policy  What it may do here.
	 * @param IncomingUser $user    The person.
	 * @param \WP_User     $account The account.
	 */
	private function granted( RemoteSite $from, Policy $policy, IncomingUser $user, \WP_User $account ): GrantReport {
		if ( array() === $user->grants || $this->protected_accounts->covers( $account ) ) {
			return new GrantReport();
		}
		// Tags that came are news for rules here; those that rules there give are not.
		$this->tags->say( $account->ID );
		return ( $this->silently )( $account->ID, fn (): GrantReport => $this->grants->apply( $from, $policy, $account, $user->grants ) );
	}

	/**
	 * What was written, with what rules have done.
	 *
	 * @param FieldSet    $written What was written besides.
	 * @param GrantReport $report  What rules have done.
	 */
	private static function with_grants( FieldSet $written, GrantReport $report ): FieldSet {
		return array() === $report->done ? $written : $written->with( new FieldSet( FieldSet::GRANTS ) );
	}

	/**
	 * How many grants were looked at: a site that knows of none says nothing.
	 *
	 * @param IncomingUser $user The person.
	 */
	private static function looked_at( IncomingUser $user ): ?int {
		return array() === $user->grants ? null : count( $user->grants );
	}

	/**
	 * Something was done to an account: puts it on record and lets others hear of it.
	 *
	 * @param RemoteSite   $from     The other site.
	 * @param Action       $action   What.
	 * @param \WP_User     $account  The account.
	 * @param FieldSet     $fields   What was written.
	 * @param string       $says     Sentence.
	 * @param list<string> $warnings What was not taken.
	 */
	private function done( RemoteSite $from, Action $action, \WP_User $account, FieldSet $fields, string $says, array $warnings ): void {
		$this->journal->done( $from, $action, $account, $fields, $says, $warnings );
		$this->tags->say( $account->ID );
		if ( Action::Update !== $action || ! $fields->is_empty() ) {
			$this->events->received( $from, $account->ID, $fields, $action->value );
		}
	}

	/**
	 * The username for a new account.
	 *
	 * @param IncomingUser $user The person.
	 * @throws Declined When WordPress would not take it as it is, or somebody has it.
	 */
	private function checked_login( IncomingUser $user ): string {
		$login = $user->wanted_login();
		if ( '' === $login || mb_strlen( $login ) > 60 || sanitize_user( $login, true ) !== $login || ! validate_username( $login ) ) {
			throw new Declined( UserCode::UsernameInvalid );
		}
		$holder = get_user_by( 'login', $login );
		if ( false !== $holder ) {
			throw new Declined( UserCode::UsernameTaken, $holder );
		}
		return $login;
	}

	/**
	 * Why there is no e-mail address for a new account.
	 *
	 * @param IncomingUser $user The person.
	 */
	private static function why_no_email( IncomingUser $user ): UserCode {
		$email = $user->email();
		return match ( true ) {
			'' === $email                    => UserCode::EmailMissing,
			strlen( $email ) <= 100 && is_email( $email ) === $email => UserCode::EmailTaken,
			default                          => UserCode::EmailInvalid,
		};
	}

	/**
	 * It was not done.
	 *
	 * @param RemoteSite   $from     The other site.
	 * @param IncomingUser $user     The person.
	 * @param Declined     $declined Why.
	 */
	private function declined( RemoteSite $from, IncomingUser $user, Declined $declined ): UserResult {
		$is_waiting = UserCode::ConfirmNeeded === $declined->reason;
		try {
			$this->journal->refused( $from, $user, $declined, $is_waiting ? Result::Skipped : Result::Refused );
		} catch ( \Throwable $failure ) {
			$this->trouble->note( $failure );
		}
		return new UserResult(
			$is_waiting ? UserResult::WAITING : UserResult::REFUSED,
			$user->ref,
			$declined->reason->value,
			$declined->getMessage(),
			there: null === $declined->there ? null : $this->describe( $declined->there, $user )
		);
	}

	/**
	 * The account in the way, as far as the sender may know: its address and its name only where the sender has named
	 * that very address.
	 *
	 * @param \WP_User     $account The account.
	 * @param IncomingUser $user    The person.
	 * @return array<string, mixed> `RemoteAccount` in admin-src/types.ts.
	 */
	private function describe( \WP_User $account, IncomingUser $user ): array {
		$knows = '' !== $user->email() && 0 === strcasecmp( $account->user_email, $user->email() );
		return array(
			'id'        => $account->ID,
			'username'  => $account->user_login,
			'name'      => $knows ? $account->display_name : '',
			'email'     => $knows ? $account->user_email : '',
			'roles'     => $knows ? array_values( $account->roles ) : array(),
			'protected' => $this->protected_accounts->covers( $account ),
		);
	}

	/**
	 * An account as it is now.
	 *
	 * @param int $id Its id.
	 * @throws Declined When it has gone meanwhile.
	 */
	private function account( int $id ): \WP_User {
		$account = get_userdata( $id );
		return false === $account ? throw new Declined( UserCode::Failed ) : $account;
	}

	/**
	 * What of an account is synced.
	 *
	 * @param \WP_User $account The account.
	 * @param Policy   $policy  Which meta that site may write.
	 */
	private function state( \WP_User $account, Policy $policy ): UserState {
		return $this->reader->read( $account, array_values( array_unique( array( ...( $this->meta_keys )(), ...$policy->meta_list ) ) ) );
	}
}
