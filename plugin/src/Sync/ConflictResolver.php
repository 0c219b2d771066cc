<?php
/**
 * Carries out what a person said about someone who waits in the outbox for a decision.
 *
 * Nothing is sent from here: the decision is stored on the row, which becomes due.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\Links;
use Tandem\Remote\ProblemCode;

final class ConflictResolver {

	/**
	 * @param Outbox $outbox What waits.
	 * @param Links  $links  Who is who already.
	 * @param Log    $log    The record.
	 */
	public function __construct(
		private readonly Outbox $outbox,
		private readonly Links $links,
		private readonly Log $log,
	) {
	}

	/**
	 * Which choices make sense for somebody.
	 *
	 * @param string        $code        Why they wait.
	 * @param string|null   $email_there E-mail address of the account that was found there; null when there is none.
	 * @param \WP_User|null $user        The user here; null when they no longer exist.
	 * @return list<Choice>
	 */
	public static function possible( string $code, ?string $email_there, ?\WP_User $user ): array {
		if ( null === $user ) {
			return array( Choice::Ignore );
		}
		$choices = array();
		$problem = ProblemCode::tryFrom( $code );
		if ( null !== $email_there && ProblemCode::LinkedToOther !== $problem ) {
			$choices[] = Choice::Link;
		}
		// With the same address there, WordPress refuses a second account.
		$free = null !== $email_there && 0 !== strcasecmp( $email_there, $user->user_email );
		if ( $free || in_array( $problem, array( ProblemCode::RemovedThere, ProblemCode::UsernameInvalid ), true ) ) {
			$choices[] = Choice::Create;
		}
		$choices[] = Choice::Ignore;
		return $choices;
	}

	/**
	 * Which choices make sense for a row.
	 *
	 * @param OutboxRow     $row  The row.
	 * @param \WP_User|null $user The user here; null when they no longer exist.
	 * @return list<Choice>
	 */
	public function choices( OutboxRow $row, ?\WP_User $user ): array {
		$there = $this->there( $row );
		return self::possible( $row->code, null === $there ? null : (string) ( $there['email'] ?? '' ), $user );
	}

	/**
	 * Carries a choice out.
	 *
	 * @param int         $id       Row of the outbox.
	 * @param Choice      $choice   What the person said.
	 * @param string|null $username For `Create`: the username there; this one's with a number when null.
	 * @param bool        $alone    Whether it was said of this person alone, and not of several at once.
	 * @throws CannotResolve With a sentence, when it can't be done.
	 */
	public function resolve( int $id, Choice $choice, ?string $username = null, bool $alone = true ): void {
		$row = $this->outbox->find( $id );
		if ( null === $row || OutboxState::Attention !== $row->state ) {
			throw new CannotResolve( __( 'This person no longer waits for a decision.', 'tandem-user-sync' ) );
		}
		$user = get_userdata( $row->user_id );
		$user = false === $user ? null : $user;
		if ( ! in_array( $choice, $this->choices( $row, $user ), true ) ) {
			throw new CannotResolve( __( 'This choice is not possible for this person any more. Load the list again.', 'tandem-user-sync' ) );
		}
		match ( $choice ) {
			Choice::Link   => $this->link( $row, $alone ),
			Choice::Create => $this->create( $row, $user->user_login ?? '', $username ),
			Choice::Ignore => $this->ignore( $row, $user ),
		};
	}

	/**
	 * Links with the account that was found there.
	 *
	 * @param OutboxRow $row   The row.
	 * @param bool      $alone Whether it was said of this person alone.
	 * @throws CannotResolve When that account is somebody else here already, or an administrator's that nobody looked at.
	 */
	private function link( OutboxRow $row, bool $alone ): void {
		$there     = $this->there( $row ) ?? array();
		$remote_id = (int) ( $there['id'] ?? 0 );
		$protected = ! empty( $there['protected'] );
		if ( $protected && ! $alone ) {
			/* translators: %s: username on the other site. */
			throw new CannotResolve( sprintf( __( 'The account “%s” there belongs to an administrator or somebody with similar rights. Decide about this person alone.', 'tandem-user-sync' ), (string) ( $there['username'] ?? '' ) ) );
		}
		$taken = $this->links->find_by_remote( $row->site_id, $remote_id );
		if ( null !== $taken && $taken->user_id !== $row->user_id ) {
			$other = get_userdata( $taken->user_id );
			throw new CannotResolve(
				sprintf(
					/* translators: 1: username on the other site, 2: username on this site. */
					__( 'The account “%1$s” there is linked with “%2$s” here already.', 'tandem-user-sync' ),
					$taken->remote_login,
					false === $other ? (string) $taken->user_id : $other->user_login
				)
			);
		}
		$this->outbox->decide( $row->id, new Decision( link_with: $remote_id, link_login: (string) ( $there['username'] ?? '' ), link_protected: $protected ) );
	}

	/**
	 * Has an account made: again, or under another username.
	 *
	 * @param OutboxRow   $row      The row.
	 * @param string      $login    Username here.
	 * @param string|null $username Username there, or null for a proposal.
	 * @throws CannotResolve When WordPress would not take that username.
	 */
	private function create( OutboxRow $row, string $login, ?string $username ): void {
		$again = ProblemCode::RemovedThere->value === $row->code;
		if ( $again && null === $username ) {
			$this->outbox->decide( $row->id, new Decision( recreate: true ) );
			return;
		}
		$username ??= $this->numbered( $login, $row->decision()->create_as );
		// The rules of wp_insert_user() and of wp/v2/users.
		if ( '' === $username || mb_strlen( $username ) > 60 || sanitize_user( $username, true ) !== $username ) {
			throw new CannotResolve( __( 'This username can’t be used: it may have up to 60 plain letters, digits, spaces and any of _ . - @', 'tandem-user-sync' ) );
		}
		$this->outbox->decide( $row->id, new Decision( create_as: $username, recreate: $again ) );
	}

	/**
	 * Leaves this one alone until they change again.
	 *
	 * @param OutboxRow     $row  The row.
	 * @param \WP_User|null $user The user here.
	 */
	private function ignore( OutboxRow $row, ?\WP_User $user ): void {
		$this->outbox->discard( $row->id );
		$this->log->add(
			new Entry(
				null === $user ? Action::Delete : Action::Update,
				Result::Skipped,
				$row->site_id,
				$row->user_id,
				$user->user_login ?? (string) ( $row->details['login'] ?? '' ),
				$user->user_email ?? (string) ( $row->details['email'] ?? '' ),
				$row->fields,
				'ignored',
				__( 'Left as it is there, as an administrator decided. The next change to this person here is tried again.', 'tandem-user-sync' )
			),
			true
		);
	}

	/**
	 * A username with the next number: `anna` becomes `anna2`, and `anna3` when `anna2` was tried already.
	 *
	 * @param string      $login Username here.
	 * @param string|null $tried What was tried last.
	 */
	private function numbered( string $login, ?string $tried ): string {
		$number = null !== $tried && str_starts_with( $tried, $login ) ? (int) substr( $tried, strlen( $login ) ) : 1;
		$suffix = (string) ( max( 1, $number ) + 1 );
		return mb_substr( $login, 0, 60 - strlen( $suffix ) ) . $suffix;
	}

	/**
	 * The account that was found there, or null.
	 *
	 * @param OutboxRow $row The row.
	 * @return array<string, mixed>|null Shape of `RemoteAccount` in admin-src/types.ts.
	 */
	private function there( OutboxRow $row ): ?array {
		$there = $row->details['there'] ?? null;
		return is_array( $there ) && ! empty( $there['id'] ) ? $there : null;
	}
}
