<?php
/**
 * A person was deleted on another site: does to their account here what the owner decided.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

final class Remover {

	/**
	 * @param ProtectedAccounts                    $protected_accounts Accounts that are out of reach.
	 * @param Suspension                           $suspension         Suspends.
	 * @param RemovalLimit                         $limit              How many at most.
	 * @param Links                                $links              Who is who.
	 * @param Records                              $records            Tombstones.
	 * @param Forwarding                           $forwarding         To the other sites.
	 * @param \Closure( int, \Closure ): mixed     $silently           `Recorder::silently()`.
	 */
	public function __construct(
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Suspension $suspension,
		private readonly RemovalLimit $limit,
		private readonly Links $links,
		private readonly Records $records,
		private readonly Forwarding $forwarding,
		private readonly \Closure $silently,
	) {
	}

	/**
	 * Removes an account, or what the owner wants in place of that.
	 *
	 * @param RemoteSite $from    The other site.
	 * @param Policy     $policy  What it may do here.
	 * @param \WP_User   $user    The account; linked with that site.
	 * @param list<string> $uids  The uids that the deletion came with.
	 * @param Stamp      $deleted When and where they were deleted.
	 * @return string The sentence about it.
	 * @throws Declined When the owner does not let it.
	 */
	public function remove( RemoteSite $from, Policy $policy, \WP_User $user, array $uids, Stamp $deleted ): string {
		if ( $this->protected_accounts->covers( $user ) ) {
			throw new Declined( UserCode::ProtectedAccount, $user );
		}
		if ( Removal::Delete === $policy->delete ) {
			$this->check_heir( $policy, $user );
		}
		if ( Removal::Ignore !== $policy->delete && ! $this->limit->takes( $from, $policy, $user->ID ) ) {
			throw new Declined( UserCode::RemovalLimit, $user );
		}
		switch ( $policy->delete ) {
			case Removal::Delete:
				$this->delete( $from, $policy, $user, $uids, $deleted );
				return __( 'The account was deleted, because the person was deleted on that site.', 'tandem-user-sync' );
			case Removal::Suspend:
				$this->without_roles( $from, $user, fn () => $this->suspension->suspend( $user->ID ) );
				return __( 'The account was suspended, because the person was deleted on that site.', 'tandem-user-sync' );
			case Removal::Roles:
				$this->without_roles(
					$from,
					$user,
					static function () use ( $policy, $user ): void {
						$user->set_role( '' );
						if ( $policy->logout ) {
							\WP_Session_Tokens::get_instance( $user->ID )->destroy_all();
						}
					}
				);
				return __( 'The account has lost its roles, because the person was deleted on that site.', 'tandem-user-sync' );
			default:
				$this->links->remove( $from->id, $user->ID );
				return __( 'The person was deleted on that site. The account here stays as it is, as the site’s owner decided; it is no longer linked.', 'tandem-user-sync' );
		}
	}

	/**
	 * Who gets the content must be somebody, and somebody else.
	 *
	 * @param Policy   $policy What that site may do here.
	 * @param \WP_User $user   The account to delete.
	 * @throws Declined When that is not so.
	 */
	private function check_heir( Policy $policy, \WP_User $user ): void {
		if ( null === $policy->reassign || $policy->reassign === $user->ID || false === get_userdata( $policy->reassign ) ) {
			throw new Declined( UserCode::NotAccepted, $user, __( 'Nobody was deleted: the account that should receive the content of the deleted does not exist, or is the one to delete. The site’s owner can choose another.', 'tandem-user-sync' ) );
		}
	}

	/**
	 * Deletes. The link goes last: should this die on the way, the same message finds what is left.
	 *
	 * @param RemoteSite $from    The other site.
	 * @param Policy     $policy  Who gets the content.
	 * @param \WP_User   $user    The account.
	 * @param list<string> $uids  The uids that the deletion came with.
	 * @param Stamp      $deleted When and where they were deleted.
	 * @throws Declined When WordPress does not delete it.
	 */
	private function delete( RemoteSite $from, Policy $policy, \WP_User $user, array $uids, Stamp $deleted ): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		$known = $this->records->find( $user->ID )->uid ?? $uids[0] ?? wp_generate_uuid4();
		$this->forwarding->deleting(
			$from->id,
			$user,
			$this->records->all_uids( $known ),
			$uids,
			function () use ( $policy, $user, $uids, $deleted ): void {
				if ( true !== ( $this->silently )( $user->ID, static fn (): bool => wp_delete_user( $user->ID, $policy->reassign ) ) ) {
					throw new Declined( UserCode::Failed, $user );
				}
				$this->records->bury( $user->ID, $uids, $deleted );
			}
		);
		$this->links->remove( $from->id, $user->ID );
	}

	/**
	 * Takes the roles away. That is this site's own change, which its other sites get, and not the one where the person
	 * is gone.
	 *
	 * @param RemoteSite        $from The other site.
	 * @param \WP_User          $user The account.
	 * @param \Closure(): mixed $take Takes them.
	 */
	private function without_roles( RemoteSite $from, \WP_User $user, \Closure $take ): void {
		( $this->silently )( $user->ID, $take );
		$after = get_userdata( $user->ID );
		if ( false !== $after ) {
			$this->records->settle( UserState::of( $after ), array( FieldSet::ROLES ), null );
			$this->forwarding->changed( $from, $after, array( FieldSet::ROLES ), array(), array(), false, null );
		}
		$this->links->remove( $from->id, $user->ID );
	}
}
