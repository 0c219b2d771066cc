<?php
/**
 * A paired site redeems a code: tells it whose it is, by the number of the link and by nothing else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Peer\MessageCode;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\Suspension;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\Dispatcher;
use Tandem\Time\Clock;

final class Redemption {

	/**
	 * @param Codes      $codes      Codes.
	 * @param Partners   $partners   Sites with which this one logs people in.
	 * @param Suspension $suspension Who may not use this site.
	 * @param Dispatcher $dispatcher Knows what is on its way to a site.
	 * @param Log        $log        Activity.
	 * @param Clock      $clock      Time.
	 */
	public function __construct(
		private readonly Codes $codes,
		private readonly Partners $partners,
		private readonly Suspension $suspension,
		private readonly Dispatcher $dispatcher,
		private readonly Log $log,
		private readonly Clock $clock,
	) {
	}

	/**
	 * Takes a code. It is gone then, whoever has sent it: one that another site has was seen by somebody else.
	 *
	 * @param RemoteSite              $from Who sent it: the signature says so.
	 * @param array<array-key, mixed> $body `code` and `state`.
	 * @return array<string, mixed> `refused` with a reason; or `ref`, `second_factor`, and `user`: the person as they are on their way there, or null.
	 * @throws MessageRefused When it is not what the protocol says.
	 */
	public function redeem( RemoteSite $from, #[\SensitiveParameter] array $body ): array {
		$code  = $body['code'] ?? null;
		$state = $body['state'] ?? null;
		if ( ! is_string( $code ) || ! is_string( $state ) || strlen( $code ) > 200 || strlen( $state ) > 200 ) {
			throw new MessageRefused( MessageCode::Invalid, __( 'It holds no code and no state.', 'tandem-user-sync' ) );
		}
		$known = $this->codes->take( $code );
		if ( null === $known || $known->site_id !== $from->id || $known->until < $this->clock->now() || ! hash_equals( $known->state, Ticket::hash( $state ) ) ) {
			// One answer for all of it: who tries codes learns nothing, and writes nothing down here.
			return null === $known ? array( 'refused' => Refusal::Code->value ) : $this->refused( $from, Refusal::Code, null );
		}
		$user = get_userdata( $known->user_id );
		if ( false === $user || ! $this->partners->vouches_for_people_to( $from ) || ! Vouching::may_be_named( $user, $from ) || $this->suspension->is_suspended( $user ) ) {
			return $this->refused( $from, Refusal::NotShared, false === $user ? null : $user );
		}
		/* translators: %s: name of the other site. */
		$this->record( $from, Result::Success, $user, '', sprintf( __( 'Was named to %s, to log in there.', 'tandem-user-sync' ), $from->name ) );
		return array(
			'ref'           => $user->ID,
			'second_factor' => $known->second_factor,
			'user'          => $this->dispatcher->on_the_way( $from, $user->ID ),
		);
	}

	/**
	 * Says no.
	 *
	 * @param RemoteSite    $from   Who asks.
	 * @param Refusal       $reason Why.
	 * @param \WP_User|null $user   Whose code it was.
	 * @return array{refused: string}
	 */
	private function refused( RemoteSite $from, Refusal $reason, ?\WP_User $user ): array {
		$this->record( $from, Result::Refused, $user, $reason->value, $reason->sentence() );
		return array( 'refused' => $reason->value );
	}

	/**
	 * Puts it on record.
	 *
	 * @param RemoteSite    $site    The other site.
	 * @param Result        $result  How it ended.
	 * @param \WP_User|null $user    Who.
	 * @param string        $code    Stable code, or ''.
	 * @param string        $message Sentence.
	 */
	private function record( RemoteSite $site, Result $result, ?\WP_User $user, string $code, string $message ): void {
		$this->log->add( new Entry( Action::Login, $result, $site->id, $user->ID ?? 0, $user->user_login ?? '', $user->user_email ?? '', code: $code, message: $message, direction: Direction::Out ) );
	}
}
