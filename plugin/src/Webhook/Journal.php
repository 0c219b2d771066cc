<?php
/**
 * Puts on record what came of requests to incoming webhooks. A cause that has nothing to do with a person is written
 * down once an hour, because anybody can send nonsense to an address.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Sync\FieldSet;

final class Journal {

	/** Seconds in which one cause is written down once. */
	private const QUIET = HOUR_IN_SECONDS;

	/**
	 * @param Log $log Activity.
	 */
	public function __construct( private readonly Log $log ) {
	}

	/**
	 * Somebody was made, changed or left alone.
	 *
	 * @param Hook $hook The webhook.
	 * @param Done $done What was done.
	 */
	public function done( Hook $hook, Done $done ): void {
		$result = match ( true ) {
			Done::CREATED === $done->what, Done::UPDATED === $done->what => Result::Success,
			array() !== $done->warnings                                  => Result::Refused,
			default                                                      => Result::Skipped,
		};
		$this->log->add( new Entry( Done::CREATED === $done->what ? Action::Create : Action::Update, $result, 0, $done->user->ID, $done->user->user_login, $done->user->user_email, $done->fields, '', self::by( $hook, $done->sentence() ), $done->warnings, Direction::In ) );
	}

	/**
	 * A person was refused.
	 *
	 * @param Hook          $hook   The webhook.
	 * @param Person        $person The person.
	 * @param TurnedAway    $turned Why.
	 * @param \WP_User|null $there  The account in the way.
	 */
	public function refused( Hook $hook, Person $person, TurnedAway $turned, ?\WP_User $there ): void {
		$this->log->add(
			new Entry(
				null === $there ? Action::Create : Action::Update,
				Result::Refused,
				0,
				$there->ID ?? 0,
				mb_substr( sanitize_text_field( $there->user_login ?? $person->login() ), 0, 60 ),
				mb_substr( sanitize_text_field( $there->user_email ?? $person->email() ), 0, 100 ),
				new FieldSet( ...array_map( 'strval', array_keys( $person->values ) ) ),
				$turned->reason,
				self::by( $hook, $turned->getMessage() ),
				array(),
				Direction::In
			)
		);
	}

	/**
	 * A request was not let in, or was not carried out for what it is.
	 *
	 * @param Hook   $hook     The webhook.
	 * @param string $code     Stable code.
	 * @param string $sentence Sentence.
	 */
	public function not_let_in( Hook $hook, string $code, string $sentence ): void {
		$key = "tandem_hook_{$hook->id}_$code";
		if ( false === get_transient( $key ) ) {
			set_transient( $key, 1, self::QUIET );
			$this->log->add( new Entry( Action::Site, Result::Refused, 0, code: $code, message: self::by( $hook, $sentence ), direction: Direction::In ) );
		}
	}

	/**
	 * A sentence, and by which webhook it came about.
	 *
	 * @param Hook   $hook     The webhook.
	 * @param string $sentence Sentence.
	 */
	private static function by( Hook $hook, string $sentence ): string {
		/* translators: 1: name of a webhook, 2: a sentence. */
		return sprintf( __( 'Webhook “%1$s”: %2$s', 'tandem-user-sync' ), $hook->name, $sentence );
	}
}
