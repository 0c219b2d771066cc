<?php
/**
 * Puts on record what other sites did here, and what was refused to them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Direction;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\FieldSet;

final class Journal {

	/**
	 * @param Log $log Activity.
	 */
	public function __construct( private readonly Log $log ) {
	}

	/**
	 * Something was done to an account.
	 *
	 * @param RemoteSite   $from     The other site.
	 * @param Action       $action   What.
	 * @param \WP_User     $account  The account.
	 * @param FieldSet     $fields   What was written.
	 * @param string       $says     Sentence.
	 * @param list<string> $warnings What was not taken.
	 */
	public function done( RemoteSite $from, Action $action, \WP_User $account, FieldSet $fields, string $says, array $warnings ): void {
		$result = Action::Update === $action && $fields->is_empty() ? Result::Refused : Result::Success;
		$this->log->add( new Entry( $action, $result, $from->id, $account->ID, $account->user_login, $account->user_email, $fields, '', $says, $warnings, Direction::In ) );
	}

	/**
	 * Something was not done.
	 *
	 * @param RemoteSite   $from     The other site.
	 * @param IncomingUser $user     The person.
	 * @param Declined     $declined Why.
	 * @param Result       $result   Refused, or skipped while it waits.
	 */
	public function refused( RemoteSite $from, IncomingUser $user, Declined $declined, Result $result ): void {
		$account = $declined->there;
		$action  = match ( true ) {
			null !== $user->deleted => Action::Delete,
			null === $account       => Action::Create,
			UserCode::ConfirmNeeded === $declined->reason, UserCode::AccountExists === $declined->reason => Action::Link,
			default                 => Action::Update,
		};
		$this->log->add(
			new Entry(
				$action,
				$result,
				$from->id,
				$account->ID ?? 0,
				sanitize_text_field( $account->user_login ?? $user->login ),
				sanitize_text_field( $account->user_email ?? $user->email() ),
				new FieldSet( ...array_map( 'strval', array_slice( array_keys( $user->fields ), 0, 100 ) ) ),
				$declined->reason->value,
				$declined->getMessage(),
				array(),
				Direction::In
			)
		);
	}
}
