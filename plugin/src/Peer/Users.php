<?php
/**
 * Takes people from a paired site, one after the other, and answers for each.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Guest\Guests;
use Tandem\Remote\RemoteSite;
use Tandem\Security\SiteKeys;
use Tandem\Security\Unreadable;

final class Users {

	/** Whether people came in this request: what is new of them goes on to other sites. */
	public bool $has_taken = false;

	/**
	 * @param \Closure(): Applier $applier Makes what writes users: only when people come, and not on every REST request.
	 * @param \Closure(): GuestAccounts $guests Makes accounts for guests, the same as `$applier` does.
	 * @param SiteKeys            $keys    Opens passwords.
	 * @param Batch               $batch   Writes some at a time.
	 */
	public function __construct( private readonly \Closure $applier, private readonly \Closure $guests, private readonly SiteKeys $keys, private readonly Batch $batch ) {
	}

	/**
	 * Takes people.
	 *
	 * @param RemoteSite              $from Who sent them.
	 * @param array<array-key, mixed> $body `users`.
	 * @return array{results: list<array<string, mixed>>} One for each, in their order.
	 * @throws MessageRefused When it is no list of people, or too long a one.
	 */
	public function take( RemoteSite $from, array $body ): array {
		$people = $body['users'] ?? null;
		// Not by the route's `args` alone: those WordPress looks at before anybody has looked at the signature, and in an
		// address, too.
		if ( true !== rest_validate_value_from_schema( $body, UserSchema::message(), 'message' ) || ! is_array( $people ) || ! array_is_list( $people ) ) {
			/* translators: %d: a number. */
			throw new MessageRefused( MessageCode::Invalid, sprintf( __( 'It must hold from one to %d people.', 'tandem-user-sync' ), Description::MOST_USERS ) );
		}
		$this->has_taken = true;

		$policy  = Policy::from_array( $from->policy );
		$results = $this->batch->apply( array_map( fn ( mixed $data ): \Closure => fn (): UserResult => $this->one( $from, $policy, $data ), $people ) );
		// Mails last: what was written lasts now, and nobody's account waits for somebody else's mail.
		return array( 'results' => array_map( fn ( UserResult $result ): array => ( $result->ref >= Guests::FIRST_ID ? ( $this->guests )()->greeted( $result ) : $result )->to_array(), $results ) );
	}

	/**
	 * Takes one.
	 *
	 * @param RemoteSite $from   Who sent them.
	 * @param Policy     $policy What that site may do here.
	 * @param mixed      $data   The person.
	 */
	private function one( RemoteSite $from, Policy $policy, mixed $data ): UserResult {
		try {
			return ( $this->applier )()->apply( $from, $policy, IncomingUser::from_array( is_array( $data ) ? $data : array(), $this->opened( ... ) ) );
		} catch ( Invalid $invalid ) {
			return UserResult::refused( is_array( $data ) && is_int( $data['ref'] ?? null ) ? $data['ref'] : 0, UserCode::Invalid->value, UserCode::Invalid->sentence() . ' ' . $invalid->getMessage() );
		}
	}

	/**
	 * Opens a sealed password.
	 *
	 * @param string $sealed Base64.
	 * @return string|null JSON; null when it can't be opened.
	 */
	private function opened( string $sealed ): ?string {
		try {
			return $this->keys->open( $sealed );
		} catch ( Unreadable ) {
			return null;
		}
	}
}
