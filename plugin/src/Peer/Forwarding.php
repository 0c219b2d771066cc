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
use Tandem\Security\Vault;
use Tandem\Settings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Outbox;
use Tandem\Sync\Stamp;
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
	 * Seals for plain sites only: a paired one gets the stored hash.
	 *
	 * @param Vault $vault Seals.
	 * @return \Closure( RemoteSite, int, PlainPassword ): ?string
	 */
	public static function seals_for_plain_sites( Vault $vault ): \Closure {
		return static fn ( RemoteSite $site, int $user_id, PlainPassword $password ): ?string => SiteKind::Plain === $site->kind ? $vault->seal( $password->stored(), 'password:' . $site->id . ':' . $user_id ) : null;
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
	 * A user is about to be deleted. Before it happens: should this process die after the deletion, nobody else knows
	 * of it any more.
	 *
	 * @param RemoteSite $from    Where they were deleted.
	 * @param \WP_User   $user    The user.
	 * @param string     $uid     Their uid.
	 * @param Stamp      $deleted When and where.
	 */
	public function deleted( RemoteSite $from, \WP_User $user, string $uid, Stamp $deleted ): void {
		foreach ( $this->sites->all() as $site ) {
			if ( $site->id !== $from->id ) {
				$this->outbox->open( $site->id, $user->ID );
				$this->outbox->complete(
					$site->id,
					$user->ID,
					new FieldSet( FieldSet::DELETED ),
					null,
					0,
					array(
						'login'   => $user->user_login,
						'email'   => $user->user_email,
						'uid'     => $uid,
						'deleted' => (string) $deleted,
					)
				);
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
		$sealed    = null === $password || ! $site->settings->sends( FieldSet::PASSWORD ) ? null : ( $this->seal )( $site, $user->ID, $password );
		$names     = array_filter(
			$fields->names,
			static fn ( string $name ): bool => match ( $name ) {
				FieldSet::UID      => $is_paired,
				// A plain site gets a password only where its plain text is known.
				FieldSet::PASSWORD => $site->settings->sends( $name ) && ( $is_paired || null !== $sealed ),
				default            => $site->settings->sends( $name ),
			}
		);
		if ( ! $site->settings->covers( array_values( $user->roles ) ) ) {
			// Not one of the people of this site (any more). Who leaves that circle takes the change of role along.
			$names  = array() !== array_intersect( array( FieldSet::ROLES, FieldSet::ALL ), $names ) && null !== $this->links->find( $site->id, $user->ID ) ? array( FieldSet::ROLES ) : array();
			$sealed = null;
		}
		if ( array() !== $names ) {
			$this->outbox->open( $site->id, $user->ID );
			$this->outbox->complete( $site->id, $user->ID, new FieldSet( ...array_values( $names ) ), $sealed, null === $sealed ? 0 : $this->clock->now() + $this->settings->password_expiry_hours() * HOUR_IN_SECONDS );
		}
	}
}
