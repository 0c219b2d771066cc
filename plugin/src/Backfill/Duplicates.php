<?php
/**
 * Points out people who may be one person although their addresses differ: `maria+shop@x.org` and `maria@x.org`, on
 * either site. A remark for the owner to look at; nothing is done because of it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Remote\RemoteSite;

final class Duplicates {

	/** Others that a remark names. */
	private const MOST_NAMED = 3;

	/**
	 * @param Items     $items The people.
	 * @param UserCache $users Users here.
	 */
	public function __construct( private readonly Items $items, private readonly UserCache $users = new UserCache() ) {
	}

	/**
	 * Looks for others with the mailboxes of these users, among accounts there and users here who were compared before.
	 *
	 * @param int                  $backfill_id Backfill.
	 * @param RemoteSite           $site        Remote site.
	 * @param array<int, \WP_User> $users       Users who were just compared, by id.
	 */
	public function point_out( int $backfill_id, RemoteSite $site, array $users ): void {
		$mailboxes = array_values( array_unique( array_map( static fn ( \WP_User $user ): string => Mailbox::of( $user->user_email ), array_filter( $users, static fn ( \WP_User $user ): bool => '' !== $user->user_email ) ) ) );
		$groups    = array_filter( $this->items->of_mailboxes( $backfill_id, $mailboxes ), static fn ( array $group ): bool => count( $group ) > 1 );
		if ( array() === $groups ) {
			return;
		}
		$ids    = array_map( static fn ( Item $item ): int => $item->user_id, array_merge( ...array_values( $groups ) ) );
		$others = $this->users->read( array_values( array_diff( $ids, array_keys( $users ), array( 0 ) ) ) );
		foreach ( $groups as $mailbox => $group ) {
			foreach ( $group as $item ) {
				$user = $users[ $item->user_id ] ?? $others[ $item->user_id ] ?? null;
				if ( null !== $user && '' === $item->remark && Finding::Left !== $item->finding ) {
					$this->compare( $site, (string) $mailbox, $item, $user->user_email, $group, $users + $others );
				}
			}
		}
		$this->users->forget( $others );
	}

	/**
	 * Compares one with the others of their group.
	 *
	 * @param RemoteSite           $site    Remote site.
	 * @param string               $mailbox Their mailbox.
	 * @param Item                 $item    The person.
	 * @param string               $email   Their address.
	 * @param list<Item>           $group   Who has that mailbox.
	 * @param array<int, \WP_User> $users   Users here, by id.
	 */
	private function compare( RemoteSite $site, string $mailbox, Item $item, string $email, array $group, array $users ): void {
		$is_linked = in_array( $item->finding, array( Finding::Link, Finding::Already ), true );
		$named     = array();
		foreach ( $group as $other ) {
			$address = 0 === $other->user_id ? $other->email : ( $users[ $other->user_id ]->user_email ?? '' );
			// The very same address is said where people are compared; whoever is linked already is not compared.
			$is_said = 0 === strcasecmp( $address, $email ) && ! ( Finding::Already === $item->finding && 0 === $other->user_id );
			// To a database's collation é is e.
			if ( $other->id === $item->id || ( $is_linked && $other->remote_id === $item->remote_id ) || $is_said || Mailbox::of( $address ) !== $mailbox ) {
				continue;
			}
			$named[] = 0 === $other->user_id
				/* translators: 1: e-mail address, 2: name of the other site. */
				? sprintf( __( '%1$s on %2$s', 'tandem-user-sync' ), $address, $site->name )
				/* translators: %s: e-mail address. */
				: sprintf( __( '%s here', 'tandem-user-sync' ), $address );
		}
		if ( array() !== $named ) {
			/* translators: %s: one or more addresses and where they are, such as "maria@x.org here". */
			$this->items->remark( $item->id, sprintf( __( 'May be the same person as %s.', 'tandem-user-sync' ), implode( ', ', array_slice( array_unique( $named ), 0, self::MOST_NAMED ) ) ) );
		}
	}
}
