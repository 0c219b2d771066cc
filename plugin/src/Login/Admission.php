<?php
/**
 * Who may log in here on another site's word: this site decides, and that site only says which of its people it is.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Peer\Policy;
use Tandem\Peer\Suspension;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\Standing;

final class Admission {

	/**
	 * @param Links             $links              Who is who.
	 * @param ProtectedAccounts $protected_accounts Accounts that are out of reach.
	 * @param Suspension        $suspension         Who may not log in.
	 */
	public function __construct(
		private readonly Links $links,
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Suspension $suspension,
	) {
	}

	/**
	 * The account here of somebody whom another site has named.
	 *
	 * @param RemoteSite $from          The other site.
	 * @param int        $ref           Their id there.
	 * @param bool       $second_factor Whether they have given a second factor there.
	 * @throws LoginRefused When they may not log in by that.
	 */
	public function account( RemoteSite $from, int $ref, bool $second_factor ): \WP_User {
		$policy = Policy::from_array( $from->policy );
		$link   = $this->links->find_by_remote( $from->id, $ref );
		$user   = null === $link ? false : get_userdata( $link->user_id );
		if ( false === $user || ( is_multisite() && ! is_user_member_of_blog( $user->ID ) ) ) {
			throw new LoginRefused( Refusal::NotLinked );
		}
		$why = match ( true ) {
			! $policy->login                                                                     => Refusal::NotOffered,
			! $policy->login_protected && $this->protected_accounts->covers( $user )             => Refusal::Protected,
			$this->suspension->is_suspended( $user )                                             => Refusal::Suspended,
			! Standing::is_active( $user )                                                       => Refusal::Pending,
			$policy->login_second_factor && ! $second_factor                                     => Refusal::SecondFactor,
			default                                                                              => null,
		};
		if ( null !== $why ) {
			throw new LoginRefused( $why, $user );
		}
		// What WordPress asks after it has checked a password; the password itself is not known here.
		$allowed = apply_filters( 'wp_authenticate_user', $user, '' ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- WordPress's own.
		if ( ! $allowed instanceof \WP_User || $allowed->ID !== $user->ID ) {
			throw new LoginRefused( Refusal::Declined, $user );
		}
		return $user;
	}
}
