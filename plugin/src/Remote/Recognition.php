<?php
/**
 * Decides whether an account on a plain site may be linked with a person here: the
 * account-takeover guard.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\CreateIntent;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;

final class Recognition {

	/** Seconds after we said that we create an account in which one that appears there is ours. */
	private const OURS_SECONDS = 120;

	/**
	 * @param Delivery       $delivery  What to bring.
	 * @param Links          $links     Who is who.
	 * @param AddressChanges $addresses When e-mail addresses were changed here.
	 */
	public function __construct(
		private readonly Delivery $delivery,
		private readonly Links $links,
		private readonly AddressChanges $addresses,
	) {
	}

	/**
	 * Whether the owner named an account that is not linked yet, or not with their word for it.
	 */
	public function wants_other_link(): bool {
		$chosen = $this->delivery->decision->link_with;
		$link   = $this->delivery->link;
		return $chosen > 0 && ( null === $link || $link->remote_id !== $chosen || ! $link->approved );
	}

	/**
	 * Whether an account is out of reach: an administrator's or the like, or the one that Tandem uses.
	 *
	 * @param RemoteUser $there The account there.
	 * @param Link|null  $link  The link to it; null when the owner's earlier word does not count.
	 */
	public function is_protected( RemoteUser $there, ?Link $link ): bool {
		return ! ( null !== $link && $link->approved && $link->remote_id === $there->id )
			&& ( $there->id === $this->delivery->site->remote_user_id || $there->has_login( $this->delivery->site->username ) || $there->is_privileged() );
	}

	/**
	 * Whether somebody else here is linked with an account.
	 *
	 * @param RemoteUser $there The account there.
	 */
	public function is_somebody_else( RemoteUser $there ): bool {
		$link = $this->links->find_by_remote( $this->delivery->site->id, $there->id );
		return null !== $link && $link->user_id !== $this->delivery->user_id;
	}

	/**
	 * Whether we made the account ourselves, and its answer was lost.
	 *
	 * @param RemoteUser        $there  The account there.
	 * @param CreateIntent|null $intent What we were about to create, by the site's own clock.
	 */
	public function is_our_own( RemoteUser $there, ?CreateIntent $intent ): bool {
		return null !== $intent
			&& $intent->remote_at > 0
			&& $there->has_login( $intent->login )
			&& $there->has_email( $intent->email )
			&& $there->registered_at >= $intent->remote_at
			&& $there->registered_at <= $intent->remote_at + self::OURS_SECONDS;
	}

	/**
	 * Whether an account with the same e-mail address may be linked without asking its holder.
	 *
	 * @param UserState $user The user here.
	 */
	public function may_link( UserState $user ): bool {
		$site     = $this->delivery->site;
		$decision = $this->delivery->decision;
		if ( $decision->trusted && ( null === $decision->email ? ! $this->has_new_address() : 0 === strcasecmp( $decision->email, $user->email() ) ) ) {
			return true;
		}
		// A multisite's super administrators can't be told from others by REST: only a person's word links there.
		if ( $site->is_multisite ) {
			return false;
		}
		return ExistingPolicy::Trust === $site->settings->existing
			|| ( $user->registered_at > 0 && $user->registered_at < $site->connected_at && ! $this->has_new_address() );
	}

	/**
	 * On whose word a paired site may link an existing account (docs/protocol.md, `claim`).
	 *
	 * @param UserState $user The user here.
	 */
	public function claim( UserState $user ): string {
		$decision = $this->delivery->decision;
		if ( $decision->trusted && ( null === $decision->email ? ! $this->has_new_address() : 0 === strcasecmp( $decision->email, $user->email() ) ) ) {
			return 'backfill';
		}
		return $user->registered_at > 0 && $user->registered_at < $this->delivery->site->connected_at && ! $this->has_new_address() ? 'older' : 'registered';
	}

	/**
	 * Whether an account is powerful because the owner let a role be given that is powerful here too.
	 *
	 * @param RemoteUser      $there  The account there.
	 * @param RemoteUser|null $before As it was; null for a new one.
	 */
	public function is_meant_to_be_powerful( RemoteUser $there, ?RemoteUser $before ): bool {
		$granted  = $this->delivery->site->settings->grant_roles;
		$powerful = array_filter(
			array_intersect( $there->roles, $granted ),
			static fn ( string $role ): bool => SiteSettings::is_privileged( wp_roles()->roles[ $role ]['capabilities'] ?? array() )
		);
		return array() !== $powerful && $there->is_privileged_by( array( ...$granted, ...( $before->roles ?? array() ) ) );
	}

	/**
	 * Whether the e-mail address here is younger than the connection. "Now" and "since then" both count: the
	 * change may be the very one that is being delivered.
	 */
	private function has_new_address(): bool {
		return $this->delivery->fields->has( FieldSet::EMAIL ) || $this->addresses->last( $this->delivery->user_id ) >= $this->delivery->site->connected_at;
	}
}
