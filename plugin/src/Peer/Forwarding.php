<?php
/**
 * What came from one site is brought to the others: puts it into the outbox.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Security\PlainPassword;
use Tandem\Settings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Outbox;
use Tandem\Time\Clock;

final class Forwarding {

	/**
	 * @param Sites                                                  $sites    Remote sites.
	 * @param Links                                                  $links    Who is who.
	 * @param Outbox                                                 $outbox   Outbox.
	 * @param Settings                                               $settings How long a password is kept.
	 * @param Clock                                                  $clock    Time.
	 * @param \Closure( RemoteSite, int, PlainPassword ): ?string    $seal     Seals a password of a user for a site; null where only the stored hash goes there.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Settings $settings,
		private readonly Clock $clock,
		private readonly \Closure $seal,
	) {
	}

	/**
	 * Fields of a user were applied.
	 *
	 * @param RemoteSite         $from         Where they came from.
	 * @param \WP_User           $user         The user as they are now.
	 * @param list<string>       $taken        Fields that were applied, or FieldSet::ALL.
	 * @param list<string>       $changed_here Fields that something here changed besides.
	 * @param list<string>       $newer_here   Fields of the message that are newer here.
	 * @param bool               $uid_changed  Whether their uid became another one.
	 * @param PlainPassword|null $password     The new password, where its plain text came.
	 */
	public function changed( RemoteSite $from, \WP_User $user, array $taken, array $changed_here, array $newer_here, bool $uid_changed, ?PlainPassword $password ): void {
		$sites  = $this->sites->all();
		$onward = Merge::onward( $from->id, array_map( static fn ( RemoteSite $site ): int => $site->id, $sites ), $taken, $changed_here, $newer_here, $uid_changed );
		foreach ( $sites as $site ) {
			if ( isset( $onward[ $site->id ] ) ) {
				$this->to( $site, $user, $onward[ $site->id ], $site->id === $from->id ? null : $password );
			}
		}
	}

	/**
	 * Something was found out about a user that other sites don't know yet.
	 *
	 * @param \WP_User $user     The user as they are now.
	 * @param FieldSet $fields   What.
	 * @param int      $but_site A site that knows it, or 0.
	 */
	public function tell( \WP_User $user, FieldSet $fields, int $but_site = 0 ): void {
		foreach ( $this->sites->all() as $site ) {
			if ( $site->id !== $but_site ) {
				$this->to( $site, $user, $fields, null );
			}
		}
	}

	/**
	 * Deletes a user of whom other sites must hear. It is written down before it happens: should this process die after
	 * the deletion, nobody else knows of it any more. And it is not due before it has happened: a delivery meanwhile
	 * would find the user in place and nothing to say.
	 *
	 * @param int                 $from   Where they were deleted.
	 * @param \WP_User            $user   The user.
	 * @param non-empty-list<string> $uids All uids that they have had here, the present one first.
	 * @param list<string>        $named  Those that the other site named.
	 * @param \Closure(): void    $delete Deletes them.
	 */
	public function deleting( int $from, \WP_User $user, array $uids, array $named, \Closure $delete ): void {
		$sites    = array_filter( $this->sites->all(), fn ( RemoteSite $site ): bool => $site->id === $from || $site->may_cover( $user ) || null !== $this->links->find( $site->id, $user->ID ) );
		$site_ids = Merge::hear_of_deletion( $from, array_values( array_map( static fn ( RemoteSite $site ): int => $site->id, $sites ) ), $uids, $named );
		$fields   = new FieldSet( FieldSet::DELETED );
		$details  = array(
			'login' => $user->user_login,
			'email' => $user->user_email,
			'uid'   => $uids[0],
		);
		foreach ( $site_ids as $site_id ) {
			$this->outbox->open( $site_id, $user->ID );
			$this->outbox->open( $site_id, $user->ID );
			$this->outbox->complete( $site_id, $user->ID, $fields, null, 0, $details );
		}
		try {
			$delete();
		} finally {
			foreach ( $site_ids as $site_id ) {
				$this->outbox->complete( $site_id, $user->ID, $fields, null, 0, $details );
			}
		}
	}

	/**
	 * Puts what concerns one site into the outbox.
	 *
	 * @param RemoteSite         $site     The site.
	 * @param \WP_User           $user     The user.
	 * @param FieldSet           $fields   What is to be brought there.
	 * @param PlainPassword|null $password The new password.
	 */
	private function to( RemoteSite $site, \WP_User $user, FieldSet $fields, ?PlainPassword $password ): void {
		$is_paired = SiteKind::Paired === $site->kind;
		$sealed    = null === $password || ! $site->may_send( FieldSet::PASSWORD ) ? null : ( $this->seal )( $site, $user->ID, $password );
		$names     = array_filter(
			$fields->names,
			fn ( string $name ): bool => match ( $name ) {
				FieldSet::LOGOUT   => $is_paired && $site->settings->login->logs_out && null !== $this->links->find( $site->id, $user->ID ),
				FieldSet::UID      => $is_paired && null !== $this->links->find( $site->id, $user->ID ),
				// A plain site gets a password only where its plain text is known.
				FieldSet::PASSWORD => $site->may_send( $name ) && ( $is_paired || null !== $sealed ),
				default            => $site->may_send( $name ),
			}
		);
		if ( ! $site->may_cover( $user ) ) {
			// Not one of the people of this site (any more). Who leaves that circle takes the change of role along.
			$names  = array() !== array_intersect( array( FieldSet::ROLES, FieldSet::ALL ), $names ) && null !== $this->links->find( $site->id, $user->ID ) ? array_merge( array( FieldSet::ROLES ), array_intersect( array( FieldSet::LOGOUT ), $names ) ) : array();
			$sealed = null;
		}
		if ( array() !== $names ) {
			$this->outbox->open( $site->id, $user->ID );
			$this->outbox->complete( $site->id, $user->ID, new FieldSet( ...array_values( $names ) ), $sealed, null === $sealed ? 0 : $this->clock->now() + $this->settings->password_expiry_hours() * HOUR_IN_SECONDS );
		}
	}
}
