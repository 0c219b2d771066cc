<?php
/**
 * One delivery to a plain site: finds out who the person is there, writes what differs,
 * and says what came of it.
 *
 * Made for one delivery and thrown away. Who may be linked with whom is decided in
 * `Recognition`, which roles are given in `Roles`, how a write is repeated without what the
 * site refuses in `PlainSiteWriter`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Security\PlainPassword;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\UserState;

final class PlainSiteDelivery {

	private Action $action = Action::Update;

	/** The link as it is now. */
	private ?Link $link;

	/** What has arrived so far. */
	private FieldSet $sent;

	/** What is worth saying of a delivery that arrived. */
	private ?Problem $remark = null;

	private readonly Remarks $remarks;

	private readonly Recognition $recognition;

	private readonly Roles $roles;

	private readonly PlainSiteWriter $writer;

	/**
	 * @param Delivery       $delivery  What to bring.
	 * @param PlainSiteApi   $api       Conversation with the site.
	 * @param Links          $links     Who is who.
	 * @param AddressChanges $addresses When e-mail addresses were changed here.
	 */
	public function __construct(
		private readonly Delivery $delivery,
		private readonly PlainSiteApi $api,
		private readonly Links $links,
		AddressChanges $addresses,
	) {
		$this->link        = $delivery->link;
		$this->sent        = new FieldSet();
		$this->remarks     = new Remarks( $delivery->site->name );
		$this->recognition = new Recognition( $delivery, $links, $addresses );
		$this->roles       = new Roles( $delivery->site->sent(), $this->remarks );
		$this->writer      = new PlainSiteWriter( $api, $this->remarks );
	}

	/**
	 * Delivers.
	 */
	public function run(): Outcome {
		$user = $this->delivery->payload;
		try {
			if ( null === $user ) {
				$this->action = Action::Delete;
				return ( new PlainSiteDeletion( $this->delivery, $this->api, $this->recognition ) )->run();
			}
			if ( $this->recognition->wants_other_link() ) {
				return $this->chosen( $user );
			}
			return null === $this->link ? $this->unlinked( $user ) : $this->linked( $user, $this->link );
		} catch ( RemoteFailure $failure ) {
			// Removed between two requests.
			return ProblemCode::RemovedThere === $failure->problem->code && null !== $this->link
				? $this->ask( ProblemCode::RemovedThere, null, $this->link->remote_login )
				: $this->failed( $failure->problem );
		}
	}

	/**
	 * The person is known there.
	 *
	 * @param UserState $user The user here.
	 * @param Link      $link Who they are there.
	 */
	private function linked( UserState $user, Link $link ): Outcome {
		try {
			$there = $this->api->get( $link->remote_id );
		} catch ( RemoteFailure $failure ) {
			if ( ProblemCode::RemovedThere !== $failure->problem->code ) {
				throw $failure;
			}
			return $this->missing( $user, $link );
		}
		// Numbers are given out again (a restored backup, SQLite): a username is for life.
		if ( '' !== $link->remote_login && ! $there->has_login( $link->remote_login ) ) {
			return $this->missing( $user, $link );
		}
		if ( $this->recognition->is_protected( $there, $link ) ) {
			return $this->ask( ProblemCode::ProtectedAccount, $there );
		}
		return $this->bring( $user, $there );
	}

	/**
	 * The owner said which account it is.
	 *
	 * @param UserState $user The user here.
	 */
	private function chosen( UserState $user ): Outcome {
		try {
			$there = $this->api->get( $this->delivery->decision->link_with );
		} catch ( RemoteFailure $failure ) {
			if ( ProblemCode::RemovedThere !== $failure->problem->code ) {
				throw $failure;
			}
			return $this->ask( ProblemCode::RemovedThere, null, '#' . $this->delivery->decision->link_with );
		}
		$decision = $this->delivery->decision;
		if ( '' !== $decision->link_login && ! $there->has_login( $decision->link_login ) ) {
			return $this->ask( ProblemCode::RemovedThere, null, $decision->link_login );
		}
		if ( $this->recognition->is_somebody_else( $there ) ) {
			return $this->ask( ProblemCode::LinkedToOther, $there );
		}
		$is_protected = $this->recognition->is_protected( $there, null );
		if ( $is_protected && ! $decision->link_protected ) {
			return $this->ask( ProblemCode::ProtectedAccount, $there );
		}
		$this->action = Action::Link;
		$this->set_link( $there, $is_protected );
		return $this->bring( $user, $there );
	}

	/**
	 * The linked account is gone.
	 *
	 * @param UserState $user The user here.
	 * @param Link      $link Who they were there.
	 */
	private function missing( UserState $user, Link $link ): Outcome {
		if ( $this->delivery->decision->recreate || MissingPolicy::Recreate === $this->delivery->site->settings->missing ) {
			$this->link = null;
			return $this->unlinked( $user );
		}
		$message = ProblemCode::RemovedThere->sentence( $this->delivery->site->name, $link->remote_login );
		if ( MissingPolicy::Unlink === $this->delivery->site->settings->missing ) {
			/* translators: 1: username, 2: name of the other site. */
			$message = sprintf( __( 'The account “%1$s” was removed on %2$s, so the link to it was removed too. Nothing is sent for this person until they change again.', 'tandem-user-sync' ), $link->remote_login, $this->delivery->site->name );
			return new Outcome( OutcomeKind::Skipped, Action::Unlink, ProblemCode::RemovedThere->value, $message, warnings: $this->said(), unlink: true );
		}
		return new Outcome( OutcomeKind::Attention, $this->action, ProblemCode::RemovedThere->value, $message, $this->delivery->fields, $this->said(), details: array( 'there' => null ) );
	}

	/**
	 * The person is not known there yet.
	 *
	 * @param UserState $user The user here.
	 */
	private function unlinked( UserState $user ): Outcome {
		if ( '' === trim( $user->email() ) ) {
			return $this->ask( ProblemCode::EmailMissing );
		}
		$decision = $this->delivery->decision;
		// Should it have been taken since, WordPress refuses the account, and it is looked for then.
		$there = $decision->is_new && $decision->email === $user->email() && null === $this->delivery->intent ? null : $this->api->find_by_email( $user->email() );
		return null === $there ? $this->create( $user ) : $this->found( $user, $there, $this->delivery->intent );
	}

	/**
	 * An account with the same e-mail address is there.
	 *
	 * @param UserState         $user   The user here.
	 * @param RemoteUser        $there  The account there.
	 * @param CreateIntent|null $intent What we were about to create.
	 */
	private function found( UserState $user, RemoteUser $there, ?CreateIntent $intent ): Outcome {
		if ( $this->recognition->is_protected( $there, null ) ) {
			return $this->ask( ProblemCode::ProtectedAccount, $there );
		}
		if ( $this->recognition->is_somebody_else( $there ) ) {
			return $this->ask( ProblemCode::LinkedToOther, $there );
		}
		$is_ours = $this->recognition->is_our_own( $there, $intent );
		if ( ! $is_ours && ! $this->recognition->may_link( $user ) ) {
			return $this->ask( ExistingPolicy::Never === $this->delivery->site->settings->existing ? ProblemCode::AccountExists : ProblemCode::ConfirmNeeded, $there );
		}
		$this->action = $is_ours ? Action::Create : Action::Link;
		$this->set_link( $there, false );
		return $this->bring( $user, $there );
	}

	/**
	 * Creates the account.
	 *
	 * @param UserState $user The user here.
	 */
	private function create( UserState $user ): Outcome {
		$this->action = Action::Create;
		$login        = $this->delivery->decision->create_as ?? $user->login;
		$intent       = new CreateIntent( $login, $user->email(), 0 === $this->api->remote_now() ? time() : $this->api->remote_now() );
		$changes      = Changes::of_new( $user, $this->delivery->site->sent() );
		$password     = $this->password();
		if ( null === $password && $this->delivery->site->sends( FieldSet::PASSWORD ) && null === $this->remark ) {
			$this->remarks->random_password( $this->reset_address() );
		}
		$roles = $this->roles->wanted( $user, null );
		$body  = $changes->only( false )->with( FieldSet::PASSWORD, $password ?? wp_generate_password( 24 ) );
		$body  = null === $roles ? $body : $body->with( FieldSet::ROLES, $roles );
		$this->delivery->about_to_create( $intent );
		try {
			$there = $this->writer->create( $login, $body );
		} catch ( RemoteFailure $failure ) {
			return $this->not_created( $user, $login, $intent, $failure );
		}
		$this->sent = new FieldSet( ...array_values( array_diff( $this->writer->written()->names, null === $password ? array( FieldSet::PASSWORD ) : array() ) ) );
		$this->forget_old_link( $there );
		$this->set_link( $there, false );
		$outcome = $this->guard_roles( $body, null, $there );
		$meta    = $this->known_meta_only( $changes->only( true ), $there );
		if ( null === $outcome && ! $meta->is_empty() ) {
			$this->write( $meta, $there );
		}
		return $outcome ?? $this->arrived();
	}

	/**
	 * The account was not created: is it there already?
	 *
	 * @param UserState     $user    The user here.
	 * @param string        $login   Username that was tried.
	 * @param CreateIntent  $intent  What was tried.
	 * @param RemoteFailure $failure What the site said.
	 * @throws RemoteFailure When it said something else.
	 */
	private function not_created( UserState $user, string $login, CreateIntent $intent, RemoteFailure $failure ): Outcome {
		$code = $failure->problem->code;
		if ( ProblemCode::UsernameTaken !== $code && ProblemCode::EmailTaken !== $code ) {
			throw $failure;
		}
		$there = $this->api->find_by_email( $user->email() );
		if ( null !== $there ) {
			return $this->found( $user, $there, $intent );
		}
		$there = ProblemCode::UsernameTaken === $code ? $this->api->find_by_login( $login ) : null;
		return $this->ask( $code, $there, $login );
	}

	/**
	 * Writes what differs.
	 *
	 * @param UserState  $user  The user here.
	 * @param RemoteUser $there The account there.
	 */
	private function bring( UserState $user, RemoteUser $there ): Outcome {
		$due     = $this->delivery->fields;
		$changes = $this->known_meta_only( Changes::of_known( $user, $there, $due, $this->delivery->site->sent() ), $there );
		$roles   = $due->includes( FieldSet::ROLES ) ? $this->roles->wanted( $user, $there ) : null;
		if ( null !== $roles ) {
			$changes = $changes->with( FieldSet::ROLES, $roles );
		}
		$password = $this->password();
		if ( null !== $password ) {
			$changes = $changes->with( FieldSet::PASSWORD, $password );
		}
		if ( $changes->is_empty() ) {
			return $this->arrived();
		}
		try {
			$after = $this->write( $changes, $there );
		} catch ( RemoteFailure $failure ) {
			if ( ! $changes->has( FieldSet::EMAIL ) || ! in_array( $failure->problem->code, array( ProblemCode::EmailTaken, ProblemCode::EmailInvalid ), true ) ) {
				throw $failure;
			}
			return $this->bring_without_email( $user, $there, $changes->without( FieldSet::EMAIL ), $failure->problem );
		}
		return $this->guard_roles( $changes, $there, $after ) ?? $this->arrived();
	}

	/**
	 * The site refuses the e-mail address. A new password must not wait for somebody's decision about that.
	 *
	 * @param UserState  $user    The user here.
	 * @param RemoteUser $there   The account there.
	 * @param Changes    $rest    Everything else.
	 * @param Problem    $problem What the site said.
	 */
	private function bring_without_email( UserState $user, RemoteUser $there, Changes $rest, Problem $problem ): Outcome {
		if ( ! $rest->is_empty() ) {
			$blocked = $this->guard_roles( $rest, $there, $this->write( $rest, $there ) );
			if ( null !== $blocked ) {
				return $blocked;
			}
		}
		$other = ProblemCode::EmailTaken === $problem->code ? $this->api->find_by_email( $user->email() ) : null;
		return $this->ask( $problem->code, $other, $problem->first_line );
	}

	/**
	 * Leaves out, and says, what is not registered for REST there.
	 *
	 * @param Changes    $changes What is to change.
	 * @param RemoteUser $there   The account there.
	 */
	private function known_meta_only( Changes $changes, RemoteUser $there ): Changes {
		foreach ( $changes->unknown_meta( $there ) as $key ) {
			$this->remarks->meta_not_registered( $key );
			$changes = $changes->without( FieldSet::META . $key );
		}
		return $changes;
	}

	/**
	 * Writes, and notes what arrived.
	 *
	 * @param Changes    $changes What to write.
	 * @param RemoteUser $there   The account there.
	 */
	private function write( Changes $changes, RemoteUser $there ): RemoteUser {
		$after      = $this->writer->update( $there, $changes );
		$this->sent = $this->sent->with( $this->writer->written() );
		return $after;
	}

	/**
	 * A role that is harmless here may be an administrator's there: takes it away again. Where the owner lets a powerful
	 * role be given, the account stays in reach afterwards.
	 *
	 * @param Changes         $changes What was written.
	 * @param RemoteUser|null $before  The account as it was; null for a new one.
	 * @param RemoteUser      $after   The account as it is.
	 * @return Outcome|null When it could not be taken away.
	 */
	private function guard_roles( Changes $changes, ?RemoteUser $before, RemoteUser $after ): ?Outcome {
		if ( ! $after->is_privileged() || ( null !== $before && ( $before->is_privileged() || ! $changes->has( FieldSet::ROLES ) ) ) ) {
			return null;
		}
		$given = array_values( array_diff( $after->roles, $before->roles ?? array() ) );
		if ( $this->recognition->is_meant_to_be_powerful( $after, $before ) ) {
			$this->set_link( $after, true );
			return null;
		}
		try {
			$reverted = $this->api->update( $after->id, array( 'roles' => $before->roles ?? array() ) );
		} catch ( RemoteFailure ) {
			$reverted = $after;
		}
		if ( $reverted->is_privileged() ) {
			return $this->ask( ProblemCode::PrivilegedRole, $after, implode( ', ', $given ) );
		}
		$this->remarks->privileged_role( $given );
		return null;
	}

	/**
	 * The password to send, or null. What can't be sent is said.
	 */
	private function password(): ?string {
		$password = $this->delivery->password;
		if ( ! $password instanceof PlainPassword || ! $this->delivery->fields->has( FieldSet::PASSWORD ) || ! $this->delivery->site->sends( FieldSet::PASSWORD ) || '' === $password->stored() ) {
			return null;
		}
		$plain = $password->for_rest();
		if ( null !== $plain && 1 === preg_match( '//u', $plain ) ) {
			return $plain;
		}
		$this->remark = $this->api->problem( null === $plain ? ProblemCode::PasswordBackslash : ProblemCode::PasswordEncoding, $this->reset_address() );
		$this->remarks->say( $this->remark->message );
		return null;
	}

	/**
	 * All that could be brought is there.
	 */
	private function arrived(): Outcome {
		$is_news = $this->has_new_link() || ! $this->sent->is_empty() || null !== $this->remark || array() !== $this->said();
		return new Outcome(
			$is_news ? OutcomeKind::Delivered : OutcomeKind::Skipped,
			$this->action,
			$this->remark?->code->value ?? '',
			$this->remark->message ?? '',
			$this->sent,
			$this->said(),
			// Also the one that was known: the dispatcher notes in it that a password arrived.
			$this->link
		);
	}

	/**
	 * A person must decide.
	 *
	 * @param ProblemCode     $code   Why.
	 * @param RemoteUser|null $there  The account that it is about.
	 * @param string|null     $detail What the sentence needs; the account's username when null.
	 */
	private function ask( ProblemCode $code, ?RemoteUser $there = null, ?string $detail = null ): Outcome {
		return new Outcome(
			$code->kind(),
			$this->action,
			$code->value,
			$code->sentence( $this->delivery->site->name, $detail ?? $there->login ?? '' ),
			$this->delivery->fields,
			$this->said(),
			$this->has_new_link() || $this->sent->has( FieldSet::PASSWORD ) ? $this->link : null,
			details: array( 'there' => $there?->to_account( $this->recognition->is_protected( $there, null ) ) ),
			password_arrived: $this->sent->has( FieldSet::PASSWORD )
		);
	}

	/**
	 * The site did not do as it should. A look at something harmless tells whether it is the site or this one person.
	 *
	 * @param Problem $problem What is in the way.
	 */
	private function failed( Problem $problem ): Outcome {
		if ( $problem->code->may_concern_one_request() ) {
			try {
				$problem = $this->of_one_request( $problem, $this->api->me() );
			} catch ( RemoteFailure $failure ) {
				$problem = $failure->problem;
			}
		}
		return new Outcome(
			$problem->kind,
			$this->action,
			$problem->code->value,
			$problem->message,
			$this->delivery->fields,
			$this->said(),
			$this->has_new_link() ? $this->link : null,
			retry_after: $problem->retry_after
		);
	}

	/**
	 * What a problem means when the site is well otherwise.
	 *
	 * @param Problem    $problem What was in the way.
	 * @param RemoteUser $me      The account that Tandem uses.
	 */
	private function of_one_request( Problem $problem, RemoteUser $me ): Problem {
		if ( ProblemCode::MissingRight === $problem->code ) {
			$missing = $this->delivery->site->is_multisite ? array() : PlainSiteTransport::missing_rights( $me );
			if ( Action::Delete === $this->action && ! $me->can( 'delete_users' ) ) {
				// The others need not wait for that.
				return $this->api->problem( ProblemCode::MissingRight, 'delete_users' )->as_kind( OutcomeKind::Attention );
			}
			return array() === $missing
				? $this->api->problem( ProblemCode::OutOfReach, $problem->first_line )
				: $this->api->problem( ProblemCode::MissingRight, implode( ', ', $missing ) );
		}
		return $problem->as_kind( ProblemCode::Firewall === $problem->code ? OutcomeKind::Attention : OutcomeKind::Retry );
	}

	/**
	 * Notes who the person is there.
	 *
	 * @param RemoteUser $there    The account there.
	 * @param bool       $approved Whether it may be a protected one.
	 */
	private function set_link( RemoteUser $there, bool $approved ): void {
		$known      = $this->delivery->link;
		$is_known   = null !== $known && $known->remote_id === $there->id;
		$this->link = new Link( $this->delivery->site->id, $this->delivery->user_id, $there->id, $there->login, $approved || ( $is_known && $known->approved ), $is_known ? $known->linked_at : 0, $is_known ? $known->password_at : 0 );
	}

	/**
	 * Whether the link is another than it was.
	 */
	private function has_new_link(): bool {
		$known = $this->delivery->link;
		return null !== $this->link && ( null === $known || $known->remote_id !== $this->link->remote_id || $known->remote_login !== $this->link->remote_login || $known->approved !== $this->link->approved );
	}

	/**
	 * The number of an account that was just made may be that of a removed one: nobody is that any more.
	 *
	 * @param RemoteUser $there The account there.
	 */
	private function forget_old_link( RemoteUser $there ): void {
		$old = $this->links->find_by_remote( $this->delivery->site->id, $there->id );
		if ( null !== $old && $old->user_id !== $this->delivery->user_id ) {
			$this->links->remove( $old->site_id, $old->user_id );
		}
	}

	/**
	 * Where the person can set a password there.
	 */
	private function reset_address(): string {
		return $this->delivery->site->url . '/wp-login.php?action=lostpassword';
	}

	/**
	 * What the site could not take.
	 *
	 * @return list<string>
	 */
	private function said(): array {
		$this->remarks->noise( $this->api->noise() );
		return $this->remarks->all();
	}
}
