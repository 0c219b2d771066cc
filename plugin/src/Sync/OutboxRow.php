<?php
/**
 * That one user must be made right on one remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class OutboxRow {

	/**
	 * @param int                  $id                Id.
	 * @param int                  $site_id           Remote site.
	 * @param int                  $user_id           User here.
	 * @param OutboxState          $state             What it waits for.
	 * @param FieldSet             $fields            What changed.
	 * @param int                  $version           Grows with every change; a delivery finishes only the version that it read.
	 * @param string               $secret            Sealed password, or ''.
	 * @param int                  $secret_expires_at Unix seconds, or 0.
	 * @param int                  $attempts          Tries so far.
	 * @param int                  $due_at            Unix seconds.
	 * @param int                  $first_ms          Since when it waits, Unix milliseconds.
	 * @param string               $code              Why the last try failed, or ''.
	 * @param string               $message           The sentence for it.
	 * @param array<string, mixed> $details           `login` and `email` of a deleted user, `decision`, `intent`, `there`, `confirm`.
	 * @param string               $claim             By which claim it is held, or ''. What was read under another one changes nothing.
	 */
	public function __construct(
		public readonly int $id,
		public readonly int $site_id,
		public readonly int $user_id,
		public readonly OutboxState $state,
		public readonly FieldSet $fields,
		public readonly int $version,
		public readonly string $secret,
		public readonly int $secret_expires_at,
		public readonly int $attempts,
		public readonly int $due_at,
		public readonly int $first_ms,
		public readonly string $code,
		public readonly string $message,
		public readonly array $details,
		public readonly string $claim,
	) {
	}

	/**
	 * Since when it waits, Unix seconds.
	 */
	public function waits_since(): int {
		return intdiv( $this->first_ms, 1000 );
	}

	/**
	 * The row with what the request that has it open is going to say when it ends, where it has not said anything yet:
	 * all of the user.
	 */
	public function as_if_complete(): self {
		return $this->fields->is_empty() ? new self( ...array_merge( get_object_vars( $this ), array( 'fields' => new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) ) ) ) : $this;
	}

	/**
	 * What a person said about it.
	 */
	public function decision(): Decision {
		return Decision::from_array( (array) ( $this->details['decision'] ?? array() ) );
	}

	/**
	 * What an earlier try was about to create there.
	 */
	public function intent(): ?CreateIntent {
		$intent = $this->details['intent'] ?? null;
		return is_array( $intent ) ? new CreateIntent( (string) $intent['login'], (string) $intent['email'], (int) $intent['remote_at'] ) : null;
	}
}
