<?php
/**
 * Does for an account what rules of a paired site want, as far as the owner of this site lets them: gives and takes
 * roles, tags and courses.
 *
 * Only what it has given itself is ever taken away, and only what it has taken is given back (`Rules\Granted`). What it
 * is about to do is written down first: whoever dies in between does it again when the person comes again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Capture\Trouble;
use Tandem\Remote\RemoteSite;
use Tandem\Rules\Courses;
use Tandem\Rules\Deed;
use Tandem\Rules\Granted;
use Tandem\Rules\Kind;
use Tandem\Rules\Tags;
use Tandem\Security\ProtectedAccounts;

final class GrantWriter {

	/** How often somebody else may write at the same time. */
	private const TRIES = 5;

	/**
	 * @param ProtectedAccounts               $protected_accounts What nobody may become from outside.
	 * @param Suspension                      $suspension         Whose roles are only remembered.
	 * @param Courses                         $courses            The courses of this site.
	 * @param Tags                            $tags               Tags of people.
	 * @param Trouble                         $trouble            Where failures are noted.
	 * @param \Closure( \Closure ): mixed     $quietly            `Rules\Engine::quietly()`: what is done here sets no rule off.
	 */
	public function __construct(
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Suspension $suspension,
		private readonly Courses $courses,
		private readonly Tags $tags,
		private readonly Trouble $trouble,
		private readonly \Closure $quietly,
	) {
	}

	/**
	 * Does what is wanted for an account.
	 *
	 * @param RemoteSite          $from    The other site.
	 * @param Policy              $policy  What it may do here.
	 * @param \WP_User            $account The account. Never a protected one.
	 * @param list<IncomingGrant> $grants  What is wanted.
	 */
	public function apply( RemoteSite $from, Policy $policy, \WP_User $account, array $grants ): GrantReport {
		$report = new GrantReport();
		// The newest last: of two that contradict each other it counts.
		usort( $grants, static fn ( IncomingGrant $one, IncomingGrant $two ): int => strcmp( (string) $one->stamp, (string) $two->stamp ) );
		( $this->quietly )(
			function () use ( $from, $policy, $account, $grants, $report ): void {
				foreach ( $grants as $grant ) {
					$this->one( $from, $policy, $account, $grant, $report );
				}
				$this->tags->say( $account->ID );
			}
		);
		return $report;
	}

	/**
	 * Does one thing.
	 *
	 * @param RemoteSite    $from    The other site.
	 * @param Policy        $policy  What it may do here.
	 * @param \WP_User      $account The account.
	 * @param IncomingGrant $grant   What is wanted.
	 * @param GrantReport   $report  Gets what came of it.
	 */
	private function one( RemoteSite $from, Policy $policy, \WP_User $account, IncomingGrant $grant, GrantReport $report ): void {
		$deed = $grant->deed;
		$uuid = $from->pairing->uuid ?? (string) $from->id;
		if ( null === $deed ) {
			$report->refused[] = UserCode::GrantRefused->sentence( $grant->target );
			return;
		}
		$user_id = $account->ID;
		if ( ! Granted::of( $user_id )->wants( $deed, $grant->target, $uuid, $grant->stamp ) ) {
			return;
		}
		// Undoing what that site has done is always allowed: its owner may want it the more for having changed the policy.
		if ( $grant->holds && ! $this->may( $policy, $deed, $grant->target ) ) {
			$report->refused[] = UserCode::GrantRefused->sentence( $deed->sentence( $grant->target ) );
			return;
		}
		$known = Granted::of( $user_id );
		if ( ! $known->knows( $deed->kind(), $grant->target ) && ( ! $grant->holds || $known->is_full() ) ) {
			if ( $grant->holds ) {
				$report->refused[] = UserCode::GrantRefused->sentence( $deed->sentence( $grant->target ) );
			}
			// Else it was refused, or never arrived: there is nothing to undo.
			return;
		}
		try {
			$has    = $this->has( $account, $deed->kind(), $grant->target );
			$before = $known->should_have( $deed->kind(), $grant->target ) ?? $has;
			$told   = $this->written( $user_id, static fn ( Granted $granted ): Granted => $granted->told( $deed, $grant->target, $uuid, $grant->stamp, $grant->holds, $has ) );
			$after  = $told->should_have( $deed->kind(), $grant->target ) ?? $has;
			// Something new has happened there (another order): it counts, also where what was given has run out meanwhile.
			// What is only undone takes back what the rule gave, and nothing else.
			if ( $has !== $after && ( $grant->holds || $before !== $after || $known->is_open( $deed->kind(), $grant->target ) ) ) {
				if ( ! $this->set( $account, $deed->kind(), $grant->target, $after ) ) {
					$this->written( $user_id, static fn ( Granted $granted ): Granted => $granted->untold( $deed, $grant->target, $uuid ) );
					$report->refused[] = UserCode::GrantRefused->sentence( $deed->sentence( $grant->target ) );
					return;
				}
				$report->done[] = $this->says( $deed->kind(), $grant->target, $after );
			}
			$this->written( $user_id, static fn ( Granted $granted ): Granted => $granted->done( $deed->kind(), $grant->target ) );
		} catch ( \Throwable $thrown ) {
			// The plugin with the course, or the database. It is wanted again.
			$this->trouble->note( $thrown );
			$report->failed[] = $deed->sentence( $grant->target );
		}
	}

	/**
	 * Whether the owner lets that site do this, and it can be done.
	 *
	 * @param Policy $policy What that site may do here.
	 * @param Deed   $deed   What.
	 * @param string $target To what.
	 */
	private function may( Policy $policy, Deed $deed, string $target ): bool {
		return match ( $deed->kind() ) {
			Kind::Role   => $policy->roles && $policy->lets_give( $target ),
			Kind::Tag    => $policy->lets_tag() && Tags::is_tag( $target ),
			Kind::Course => $policy->lets_enrol( $target ) && $this->courses->exists( $target ),
		};
	}

	/**
	 * Whether an account has a thing.
	 *
	 * @param \WP_User $account The account.
	 * @param Kind     $kind    What kind of thing.
	 * @param string   $target  Which.
	 */
	private function has( \WP_User $account, Kind $kind, string $target ): bool {
		return match ( $kind ) {
			Kind::Role   => in_array( $target, $this->roles( $account ), true ),
			Kind::Tag    => $this->tags->has( $account->ID, $target ),
			Kind::Course => $this->courses->is_enrolled( $account->ID, $target ),
		};
	}

	/**
	 * Gives a thing to an account, or takes it.
	 *
	 * @param \WP_User $account The account.
	 * @param Kind     $kind    What kind of thing.
	 * @param string   $target  Which.
	 * @param bool     $has     Whether it has the thing afterwards.
	 * @return bool Whether that was done: not where it would give power.
	 * @throws \Exception What the plugin with the course throws.
	 */
	private function set( \WP_User $account, Kind $kind, string $target, bool $has ): bool {
		match ( $kind ) {
			Kind::Role   => $this->set_role( $account, $target, $has ),
			Kind::Tag    => $has ? $this->tags->add( $account->ID, $target ) : $this->tags->remove( $account->ID, $target ),
			Kind::Course => $this->courses->set( $account->ID, $target, $has ),
		};
		if ( $has && Kind::Role === $kind && $this->protected_accounts->covers( $account ) ) {
			// A role that looks harmless may give power by another plugin's filter.
			$this->set_role( $account, $target, false );
			return false;
		}
		return true;
	}

	/**
	 * Gives a role to an account besides those that it has, or takes it.
	 *
	 * @param \WP_User $account The account.
	 * @param string   $role    Role slug.
	 * @param bool     $has     Whether it has it afterwards.
	 */
	private function set_role( \WP_User $account, string $role, bool $has ): void {
		$roles = $this->roles( $account );
		if ( in_array( $role, $roles, true ) === $has ) {
			return;
		}
		if ( $this->suspension->is_suspended( $account ) ) {
			$this->suspension->set_roles( $account->ID, $has ? array( ...$roles, $role ) : array_values( array_diff( $roles, array( $role ) ) ) );
		} elseif ( $has && wp_roles()->is_role( $role ) && ! ProtectedAccounts::is_powerful_role( $role ) ) {
			$account->add_role( $role );
		} elseif ( ! $has ) {
			$account->remove_role( $role );
		}
	}

	/**
	 * The roles of an account; of a suspended one, those that it gets back.
	 *
	 * @param \WP_User $account The account.
	 * @return list<string>
	 */
	private function roles( \WP_User $account ): array {
		return $this->suspension->is_suspended( $account ) ? $this->suspension->roles( $account->ID ) : array_values( $account->roles );
	}

	/**
	 * Changes what is known of an account, also where another process does so at the same time.
	 *
	 * @param int                           $user_id The account.
	 * @param \Closure( Granted ): Granted $change  Gives what is known then.
	 * @throws \RuntimeException When others were quicker every time.
	 */
	private function written( int $user_id, \Closure $change ): Granted {
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$before = Granted::of( $user_id );
			$after  = $change( $before );
			if ( $after->store( $user_id, $before ) ) {
				return $after;
			}
		}
		throw new \RuntimeException( 'What rules give is being changed by too many others at once.' );
	}

	/**
	 * What was done, for people.
	 *
	 * @param Kind   $kind   What kind of thing.
	 * @param string $target Which.
	 * @param bool   $has    Whether it was given.
	 */
	private function says( Kind $kind, string $target, bool $has ): string {
		$sentence = match ( true ) {
			/* translators: %s: role. */
			Kind::Role === $kind && $has => __( 'By a rule there: got the role %s.', 'tandem-user-sync' ),
			/* translators: %s: role. */
			Kind::Role === $kind         => __( 'By a rule there: lost the role %s.', 'tandem-user-sync' ),
			/* translators: %s: tag. */
			Kind::Tag === $kind && $has  => __( 'By a rule there: got the tag %s.', 'tandem-user-sync' ),
			/* translators: %s: tag. */
			Kind::Tag === $kind          => __( 'By a rule there: lost the tag %s.', 'tandem-user-sync' ),
			/* translators: %s: course. */
			$has                         => __( 'By a rule there: enrolled in %s.', 'tandem-user-sync' ),
			/* translators: %s: course. */
			default                      => __( 'By a rule there: no longer enrolled in %s.', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, Kind::Course === $kind ? $this->courses->title( $target ) : $target );
	}
}
