<?php
/**
 * Removes what the plugin keeps of a person, for WordPress's erasure of personal data.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Privacy;

use Tandem\Activity\Log;
use Tandem\Remote\Links;
use Tandem\Sync\Outbox;
use Tandem\Webhook\Hooks;
use Tandem\Webhook\LastRequests;

final class Eraser {

	/**
	 * @param Person $person Who an address is.
	 * @param Log    $log    The record.
	 * @param Links  $links  The links.
	 * @param Outbox $outbox What waits.
	 * @param LastRequests $requests What incoming webhooks received last.
	 * @param Hooks  $hooks  Keeps that.
	 */
	public function __construct(
		private readonly Person $person,
		private readonly Log $log,
		private readonly Links $links,
		private readonly Outbox $outbox,
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
	 * Removes a person's rows of the record, and the links of an account that is gone. The link of an account that
	 * exists stays: without it the next change would not find the right account there.
	 *
	 * @param string $email E-mail address.
	 * @return array{items_removed: bool, items_retained: bool, messages: list<string>, done: bool} As WordPress wants it.
	 */
	public function erase( string $email ): array {
		$removed  = 0;
		$messages = array();
		foreach ( $this->person->ids( $email ) as $id ) {
			$removed += $this->log->forget( $id );
			$exists   = false !== get_userdata( $id );
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
