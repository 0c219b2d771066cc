<?php
/**
 * Carries out a request that was let in: counts it, keeps it for its owner to look at, does nothing twice, and has the
 * account made or changed.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Peer\Declined;
use Tandem\Peer\UserCode;
use Tandem\Security\SiteIdentity;
use Tandem\Sync\FieldSet;
use Tandem\Time\Clock;

final class Intake {

	/** Webhook number of what concerns all of them: one account at a time for one address. */
	private const ALL = 0;

	/** Looks whether somebody else is done with the same address, and microseconds between them. */
	private const LOOKS = 15;
	private const PAUSE = 200_000;

	/**
	 * @param Hooks        $hooks    The webhooks.
	 * @param LastRequests $requests Keeps the last request.
	 * @param Answers      $answers  What was answered already.
	 * @param Accounts     $accounts Makes and changes accounts.
	 * @param Journal      $journal  The record.
	 * @param SiteIdentity $identity A copy of a site takes nothing.
	 * @param Clock        $clock    Time.
	 */
	public function __construct(
		private readonly Hooks $hooks,
		private readonly LastRequests $requests,
		private readonly Answers $answers,
		private readonly Accounts $accounts,
		private readonly Journal $journal,
		private readonly SiteIdentity $identity,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Carries a request out.
	 *
	 * @param Hook                   $hook The webhook.
	 * @param \Closure(): Incoming   $read Reads the request.
	 * @return array<string, mixed> The answer; `status` is the HTTP status.
	 * @throws TurnedAway When it is not carried out.
	 */
	public function take( Hook $hook, \Closure $read ): array {
		try {
			return $this->taken( $hook, $read );
		} catch ( TurnedAway $turned ) {
			if ( ! in_array( $turned->reason, array( 'hook_busy', 'hook_refused' ), true ) && null === UserCode::tryFrom( $turned->reason ) ) {
				$this->journal->not_let_in( $hook, $turned->reason, $turned->getMessage() );
			}
			throw $turned;
		}
	}

	/**
	 * Carries a request out.
	 *
	 * @param Hook                 $hook The webhook.
	 * @param \Closure(): Incoming $read Reads the request.
	 * @return array<string, mixed>
	 * @throws TurnedAway When it is not carried out.
	 */
	private function taken( Hook $hook, \Closure $read ): array {
		if ( null !== $this->identity->copy_of() ) {
			throw new TurnedAway( 'hook_copy', __( 'This looks like a copy of another site, and takes nothing until its owner has said what it is.', 'tandem-user-sync' ), 503, HOUR_IN_SECONDS );
		}
		if ( HookState::Off === $hook->state ) {
			throw new TurnedAway( 'hook_off', __( 'This webhook is switched off.', 'tandem-user-sync' ), 403 );
		}
		if ( ! $this->hooks->may_go_on( $hook ) ) {
			throw new TurnedAway( 'hook_rate', __( 'Too many requests came in this minute.', 'tandem-user-sync' ), 429, MINUTE_IN_SECONDS - $this->clock->now() % MINUTE_IN_SECONDS );
		}
		$incoming = $read();
		$this->requests->keep( $hook, $incoming->body, $incoming->headers );
		if ( HookState::Listening === $hook->state || ! $hook->settings->map->has( FieldSet::EMAIL ) ) {
			return array(
				'status'  => 202,
				'result'  => 'listening',
				'message' => __( 'The request has arrived. Nobody is created until its fields are mapped and the webhook is switched on.', 'tandem-user-sync' ),
			);
		}
		return '' === $incoming->message ? $this->carried_out( $hook, $incoming ) : $this->once( $hook, $incoming );
	}

	/**
	 * Carries a message out, or gives the answer that was given to it already.
	 *
	 * @param Hook     $hook     The webhook.
	 * @param Incoming $incoming The request.
	 * @return array<string, mixed>
	 * @throws TurnedAway When the person is refused, or somebody is at it.
	 */
	private function once( Hook $hook, Incoming $incoming ): array {
		$known = $this->answers->take( $hook->id, $incoming->message );
		if ( null !== $known ) {
			return isset( $known['code'] ) ? throw new TurnedAway( (string) $known['code'], (string) $known['message'], (int) $known['status'] ) : $known;
		}
		$is_kept = false;
		try {
			$answer = $this->carried_out( $hook, $incoming );
			$this->answers->keep( $hook->id, $incoming->message, $answer );
			$is_kept = true;
			return $answer;
		} catch ( TurnedAway $turned ) {
			if ( $turned->status < 500 && 409 !== $turned->status ) {
				$this->answers->keep(
					$hook->id,
					$incoming->message,
					array(
						'code'    => $turned->reason,
						'message' => $turned->getMessage(),
						'status'  => $turned->status,
					)
				);
				$is_kept = true;
			}
			throw $turned;
		} finally {
			if ( ! $is_kept ) {
				$this->answers->let_go( $hook->id, $incoming->message );
			}
		}
	}

	/**
	 * Makes or changes the account.
	 *
	 * @param Hook     $hook     The webhook.
	 * @param Incoming $incoming The request.
	 * @return array<string, mixed>
	 * @throws TurnedAway When the person is refused.
	 */
	private function carried_out( Hook $hook, Incoming $incoming ): array {
		$map = $hook->settings->map;
		if ( '' !== $incoming->role && ! str_contains( $incoming->role, '{' ) ) {
			$map = $map->otherwise( FieldSet::ROLES, $incoming->role );
		}
		if ( $incoming->only_tags ) {
			$map = $map->only( FieldSet::EMAIL, FieldMap::TAGS );
		}
		$person = $map->person( $incoming->body );
		$key    = 'person:' . strtolower( $person->email() );
		try {
			// WordPress has no unique key on addresses: of two requests at the same moment one makes the account.
			$this->wait_for( $key );
			try {
				$done = $this->made_right( $hook, $incoming, $person );
			} finally {
				$this->answers->let_go( self::ALL, $key );
			}
		} catch ( Declined $declined ) {
			$turned = new TurnedAway( $declined->reason->value, $declined->getMessage(), UserCode::Failed === $declined->reason ? 500 : 422 );
			$this->journal->refused( $hook, $person, $turned, $declined->there );
			throw $turned;
		}
		$this->journal->done( $hook, $done );
		if ( in_array( $done->what, array( Done::CREATED, Done::UPDATED ), true ) ) {
			$this->hooks->count_taken( $hook->id );
		}
		return array( 'status' => Done::CREATED === $done->what ? 201 : 200 ) + $done->to_array();
	}

	/**
	 * Waits until nobody else is at the same address.
	 *
	 * @param string $key Name of the address.
	 * @throws TurnedAway When that takes too long.
	 */
	private function wait_for( string $key ): void {
		for ( $look = 1; ; $look++ ) {
			try {
				$this->answers->take( self::ALL, $key );
				return;
			} catch ( TurnedAway $busy ) {
				if ( $look >= self::LOOKS ) {
					throw $busy;
				}
				usleep( self::PAUSE );
			}
		}
	}

	/**
	 * Makes or changes the account, while nobody else does.
	 *
	 * @param Hook     $hook     The webhook.
	 * @param Incoming $incoming The request.
	 * @param Person   $person   Somebody.
	 * @throws Declined When the person is refused.
	 * @throws TurnedAway When they have no account here and are to get none.
	 */
	private function made_right( Hook $hook, Incoming $incoming, Person $person ): Done {
		$user = $this->accounts->find( $person );
		if ( null !== $user ) {
			return $this->accounts->change( $hook, $person, $user );
		}
		if ( ! $incoming->may_create ) {
			throw new TurnedAway( 'hook_no_account', __( 'Nobody here has this e-mail address.', 'tandem-user-sync' ), 404 );
		}
		return $this->accounts->create( $hook, $person, $incoming->mails ?? $hook->settings->mail );
	}
}
