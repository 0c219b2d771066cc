<?php
/**
 * One attempt to bring one user's present state to one remote site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Remote\Link;
use Tandem\Remote\RemoteSite;
use Tandem\Security\PlainPassword;

final class Delivery {

	/** The user as they travel: after developers had their say. What is remembered of their fields is that of `$user`. */
	public readonly ?UserState $payload;

	/**
	 * @param RemoteSite                     $site     Where to.
	 * @param int                            $user_id  Who.
	 * @param UserState|null                 $user     The user as they are now; null when they no longer exist here.
	 * @param FieldSet                       $fields   What changed. Only what the site's settings send.
	 * @param PlainPassword|null             $password The new password, if it changed and can be read.
	 * @param Link|null                      $link     Who they are there, if known.
	 * @param Decision                       $decision What the owner, the backfill or the account's holder said about this person.
	 * @param CreateIntent|null              $intent   Set when an earlier attempt began to create this account there and its answer was lost.
	 * @param \Closure(CreateIntent): void   $remember Stores an intent before the request that creates is sent.
	 * @param string                         $sealed   The new password sealed to a paired site's key at the moment of capture, '' when there is none.
	 * @param array{uid: string, email: string, login?: string} $gone  Who they were, when they no longer exist here; '' what is not known.
	 * @param UserState|null                 $payload  The user as they travel; as they are when null.
	 * @param string                         $message  A name for this change of this person: the same for every try by itself.
	 * @param int                            $since_ms Since when the change waits, Unix milliseconds, or 0.
	 */
	public function __construct(
		public readonly RemoteSite $site,
		public readonly int $user_id,
		public readonly ?UserState $user,
		public readonly FieldSet $fields,
		public readonly ?PlainPassword $password,
		public readonly ?Link $link,
		public readonly Decision $decision,
		public readonly ?CreateIntent $intent,
		private readonly \Closure $remember,
		public readonly string $sealed = '',
		public readonly array $gone = array(
			'uid'   => '',
			'email' => '',
		),
		?UserState $payload = null,
		public readonly string $message = '',
		public readonly int $since_ms = 0,
	) {
		$this->payload = $payload ?? $user;
	}

	/**
	 * What goes of what changed: without the fields that developers have taken out.
	 */
	public function sent(): FieldSet {
		$left = $this->payload?->values() ?? array();
		if ( false === $this->payload?->has_roles ) {
			unset( $left[ FieldSet::ROLES ] );
		}
		$taken = array_keys( array_diff_key( $this->user?->values() ?? array(), $left ) );
		if ( array() === $taken ) {
			return $this->fields;
		}
		$whole = $this->fields->has( FieldSet::ALL ) ? array_filter( array_keys( $left ), $this->site->sends( ... ) ) : array();
		return new FieldSet( ...array_diff( array( ...$this->fields->names, ...$whole ), array( FieldSet::ALL, ...$taken ) ) );
	}

	/**
	 * To be called right before an account is created there: when the answer gets lost, the next attempt
	 * knows that the account which it finds is its own and not a stranger's.
	 *
	 * @param CreateIntent $intent What is about to be created.
	 */
	public function about_to_create( CreateIntent $intent ): void {
		( $this->remember )( $intent );
	}
}
