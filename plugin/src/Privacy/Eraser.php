<?php
/**
 * Removes what the plugin keeps of a person, for WordPress's erasure of personal data.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Privacy;

use Tandem\Activity\Log;
use Tandem\Guest\Guests;
use Tandem\Remote\Links;
use Tandem\Rules\Grants;
use Tandem\Sync\Outbox;
use Tandem\Webhook\Hooks;
use Tandem\Webhook\LastRequests;

final class Eraser {

	/**
	 * @param Person $person Who an address is.
	 * @param Log    $log    The record.
	 * @param Links  $links  The links.
	 * @param Outbox $outbox What waits.
	 * @param Guests $guests Who has ordered without an account.
	 * @param \Closure( int ): int $take_tags Takes all tags from a user and says how many those were.
	 * @param Grants $grants What rules want for people.
	 * @param LastRequests $requests What incoming webhooks received last.
	 * @param Hooks  $hooks  Keeps that.
	 */
	public function __construct(
		private readonly Person $person,
		private readonly Log $log,
		private readonly Links $links,
		private readonly Outbox $outbox,
		private readonly Guests $guests,
		private readonly \Closure $take_tags,
		private readonly Grants $grants,
		private readonly LastRequests $requests,
		private readonly Hooks $hooks,
	) {
	}

	/**
	 * Registers the eraser. For the filter `wp_privacy_personal_data_erasers`.
	 *
	 * @param array<string, array<string, mixed>> $erasers Those that there are.
	 * @return array<string, array<string, mixed>>
	 */
	public function register( array $erasers ): array {
		$erasers['tandem-user-sync'] = array(
			'eraser_friendly_name' => __( 'Tandem User Sync', 'tandem-user-sync' ),
			'callback'             => $this->erase( ... ),
		);
		return $erasers;
	}

	/**
	 * Removes a person's tags, rows of the record, and the links of an account that is gone. The link of an account that
	 * exists stays: without it the next change would not find the right account there.
	 *
	 * @param string $email E-mail address.
	 * @return array{items_removed: bool, items_retained: bool, messages: list<string>, done: bool} As WordPress wants it.
	 */
	public function erase( string $email ): array {
		$removed  = 0;
		$messages = array();
		$guest    = $this->guests->of_email( $email );
		if ( null !== $guest ) {
			// Should they still wait for a site, nothing is sent there any more.
			$this->guests->forget( $guest->user_id );
			$this->grants->forget( $guest->user_id );
			++$removed;
		}
		foreach ( $this->person->ids( $email ) as $id ) {
			$removed += ( $this->take_tags )( $id );
			$removed += $this->log->forget( $id );
			$exists   = false !== get_userdata( $id );
			if ( ! $exists ) {
				$removed += $this->grants->forget( $id );
			} elseif ( array() !== $this->grants->of( $id ) ) {
				$messages[] = __( 'What rules give to this person on connected sites, and for which orders, is kept as long as the account exists here: without it nothing could be taken back after a refund.', 'tandem-user-sync' );
			}
			foreach ( $this->links->of_user( $id ) as $link ) {
				if ( $exists ) {
					$messages[] = __( 'That this account belongs to an account on a connected site is kept as long as the account exists here.', 'tandem-user-sync' );
				} elseif ( null !== $this->outbox->find_for( $link->site_id, $id ) ) {
					$messages[] = __( 'The deletion of this account still waits to be sent to a connected site. Erase again when it has arrived.', 'tandem-user-sync' );
				} else {
					$this->links->remove( $link->site_id, $id );
					++$removed;
				}
			}
		}
		foreach ( $this->requests->naming( $email ) as $hook ) {
			$this->hooks->set_last_request( $hook->id, '' );
			++$removed;
		}
		$messages = array_values( array_unique( $messages ) );
		return array(
			'items_removed'  => $removed > 0,
			'items_retained' => array() !== $messages,
			'messages'       => $messages,
			// More than one look at the record was needed, if somebody is still in it.
			'done'           => 0 === $removed || array() === $this->gone( $email ),
		);
	}

	/**
	 * Deleted accounts with this address that are still on record.
	 *
	 * @param string $email E-mail address.
	 * @return list<int>
	 */
	private function gone( string $email ): array {
		return array_values( array_filter( $this->person->ids( $email ), static fn ( int $id ): bool => false === get_userdata( $id ) ) );
	}
}
