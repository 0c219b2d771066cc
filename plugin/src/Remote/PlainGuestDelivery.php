<?php
/**
 * Makes an account on a plain site for somebody who has ordered here without one.
 *
 * Nobody has shown that the address is theirs: an account that exists there is left alone. `POST wp/v2/users` sends no
 * mail, so WordPress's own "Lost your password?" is asked for one, as the person could themselves.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\UserState;

final class PlainGuestDelivery {

	/** How many usernames are tried. */
	private const TRIES = 5;

	private readonly Remarks $remarks;

	/**
	 * @param Delivery     $delivery What to bring.
	 * @param PlainSiteApi $api      Conversation with the site.
	 */
	public function __construct( private readonly Delivery $delivery, private readonly PlainSiteApi $api ) {
		$this->remarks = new Remarks( $delivery->site->name );
	}

	/**
	 * Delivers.
	 */
	public function run(): Outcome {
		$guest = $this->delivery->payload;
		if ( null === $guest || ! $guest->is_to_be_made ) {
			return new Outcome( OutcomeKind::Skipped, Action::Create );
		}
		try {
			$there = $this->api->find_by_email( $guest->email() );
			if ( null !== $there ) {
				$intent = $this->delivery->intent;
				// Made by the try before, whose answer was lost: the mail was not asked for yet.
				return null !== $intent && $intent->remote_at > 0 && $there->has_login( $intent->login ) && $there->registered_at >= $intent->remote_at
					? $this->made( new FieldSet( FieldSet::EMAIL ) )
					: new Outcome( OutcomeKind::Skipped, Action::Create, 'guest_has_account', __( 'Ordered as a guest. They have an account there already, which was left as it is.', 'tandem-user-sync' ) );
			}
			return $this->create( $guest );
		} catch ( RemoteFailure $failure ) {
			return new Outcome( $failure->problem->kind, Action::Create, $failure->problem->code->value, $failure->problem->message, $this->delivery->fields, $this->remarks->all(), retry_after: $failure->problem->retry_after );
		}
	}

	/**
	 * Makes the account, under another username where somebody has that one.
	 *
	 * @param UserState $guest The person.
	 * @throws RemoteFailure When the site refuses it.
	 */
	private function create( UserState $guest ): Outcome {
		$settings = $this->delivery->site->sent();
		$writer   = new PlainSiteWriter( $this->api, $this->remarks );
		$changes  = Changes::of_new( $guest, $settings );
		$roles    = ( new Roles( $settings, $this->remarks ) )->wanted( $guest, null );
		$body     = $changes->only( false )->with( FieldSet::PASSWORD, wp_generate_password( 32 ) );
		$body     = null === $roles ? $body : $body->with( FieldSet::ROLES, $roles );
		$there    = $this->try_logins( $guest, $writer, $body );
		$sent     = new FieldSet( ...array_values( array_diff( $writer->written()->names, array( FieldSet::PASSWORD ) ) ) );
		if ( $there->is_privileged() ) {
			// A role that is harmless here may be an administrator's there.
			$this->api->update( $there->id, array( 'roles' => array() ) );
			$this->remarks->privileged_role( $there->roles );
		}
		$meta = $changes->only( true );
		foreach ( $meta->unknown_meta( $there ) as $key ) {
			$this->remarks->meta_not_registered( $key );
			$meta = $meta->without( FieldSet::META . $key );
		}
		if ( ! $meta->is_empty() ) {
			$writer->update( $there, $meta );
			$sent = $sent->with( $writer->written() );
		}
		return $this->made( $sent );
	}

	/**
	 * Makes the account under the first username that nobody has.
	 *
	 * @param UserState       $guest  The person.
	 * @param PlainSiteWriter $writer Writes.
	 * @param Changes         $body   What the account gets.
	 * @throws RemoteFailure When the site refuses it.
	 */
	private function try_logins( UserState $guest, PlainSiteWriter $writer, Changes $body ): RemoteUser {
		$login = $guest->login;
		for ( $try = 1; ; $try++ ) {
			$this->delivery->about_to_create( new CreateIntent( $login, $guest->email(), 0 === $this->api->remote_now() ? time() : $this->api->remote_now() ) );
			try {
				return $writer->create( $login, $body );
			} catch ( RemoteFailure $failure ) {
				if ( ProblemCode::UsernameTaken !== $failure->problem->code || $try >= self::TRIES ) {
					throw $failure;
				}
				$login = mb_substr( $guest->login, 0, 50 ) . '-' . ( $try < self::TRIES - 1 ? (string) ( $try + 1 ) : strtolower( wp_generate_password( 8, false ) ) );
			}
		}
	}

	/**
	 * The account is there: asks for its mail. What is not sent can be asked for by the person, so it is only said.
	 *
	 * @param FieldSet $sent What has arrived.
	 */
	private function made( FieldSet $sent ): Outcome {
		$guest = $this->delivery->payload;
		if ( null !== $guest && ! $this->api->ask_for_password_link( $this->delivery->site->url, $guest->email() ) ) {
			/* translators: 1: name of the other site, 2: address. */
			$this->remarks->say( sprintf( __( 'The account was made, but %1$s did not take the request for the mail with which the person sets a password. They can ask for it at %2$s.', 'tandem-user-sync' ), $this->delivery->site->name, $this->delivery->site->url . '/wp-login.php?action=lostpassword' ) );
		}
		$this->remarks->noise( $this->api->noise() );
		return new Outcome( OutcomeKind::Delivered, Action::Create, 'guest', __( 'Ordered as a guest: the account was made there only, and the person is sent a link to set a password.', 'tandem-user-sync' ), $sent, $this->remarks->all() );
	}
}
