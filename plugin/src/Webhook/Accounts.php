<?php
/**
 * Makes and changes accounts for incoming webhooks, by the same rules and the same writer as for paired sites
 * (`Peer\Sieve`, `Peer\Writer`): protected accounts are out of reach, a role that gives power is never given, meta that
 * rights hang on is never written. What is written is an ordinary change of this site, and travels on.
 *
 * Somebody is found by their e-mail address alone. An account that exists keeps its address, its username and its
 * password, whatever comes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Peer\Claim;
use Tandem\Peer\Declined;
use Tandem\Peer\IncomingField;
use Tandem\Peer\IncomingUser;
use Tandem\Peer\Plan;
use Tandem\Peer\Sieve;
use Tandem\Peer\UserCode;
use Tandem\Peer\Writer;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserReader;
use Tandem\Tags\Tags;

final class Accounts {

	/** Usernames that are tried for somebody who has none. */
	private const TRIES = 50;

	/**
	 * @param ProtectedAccounts $protected_accounts Out of reach.
	 * @param Sieve             $sieve              Decides what is taken.
	 * @param Writer            $writer             Writes.
	 * @param UserReader        $reader             Reads users.
	 * @param Tags              $tags               Gives tags.
	 */
	public function __construct(
		private readonly ProtectedAccounts $protected_accounts,
		private readonly Sieve $sieve,
		private readonly Writer $writer,
		private readonly UserReader $reader,
		private readonly Tags $tags,
	) {
	}

	/**
	 * The account with somebody's address, or null. Upper and lower case are alike, and nothing else is: MariaDB would
	 * take `bérta@…` for `berta@…`.
	 *
	 * @param Person $person The person.
	 * @throws Declined When the address is none.
	 */
	public function find( Person $person ): ?\WP_User {
		$email = $person->email();
		if ( '' === $email ) {
			throw new Declined( UserCode::EmailMissing );
		}
		if ( is_email( $email ) !== $email || strlen( $email ) > 100 ) {
			throw new Declined( UserCode::EmailInvalid, null, __( 'WordPress does not accept this e-mail address.', 'tandem-user-sync' ) );
		}
		$user = get_user_by( 'email', $email );
		return false === $user || 0 !== strcasecmp( $user->user_email, $email ) ? null : $user;
	}

	/**
	 * Makes an account.
	 *
	 * @param Hook   $hook   The webhook.
	 * @param Person $person Somebody who has none here, as `find()` says.
	 * @param bool   $mails  Whether they get WordPress's mail to set a password.
	 * @throws Declined When they can't have one.
	 */
	public function create( Hook $hook, Person $person, bool $mails ): Done {
		$warnings = array();
		$login    = $this->login( $person );
		$plan     = $this->plan( $hook, $person, array_keys( $person->fields() ), null, $warnings );
		if ( ! isset( $plan->core[ FieldSet::EMAIL ] ) ) {
			throw new Declined( UserCode::EmailTaken );
		}
		$id = $this->writer->create( $login, $plan, false, static function (): void {} );
		$this->tag( $id, $person->tags() );
		if ( $mails ) {
			$this->mail( $id, $warnings );
		}
		clean_user_cache( $id );
		$user = get_userdata( $id );
		return new Done( Done::CREATED, false === $user ? new \WP_User( $id ) : $user, $plan->written()->with( self::tag_fields( $person->tags() ) ), array( ...$warnings, ...$plan->warnings ) );
	}

	/**
	 * Changes an account that exists, as far as the owner lets this webhook.
	 *
	 * @param Hook     $hook   The webhook.
	 * @param Person   $person Somebody.
	 * @param \WP_User $user   Their account.
	 * @throws Declined When it is out of reach.
	 */
	public function change( Hook $hook, Person $person, \WP_User $user ): Done {
		if ( $this->protected_accounts->covers( $user ) ) {
			throw new Declined( UserCode::ProtectedAccount, $user, __( 'The account belongs to an administrator or somebody with similar rights, or the site’s owner protects it. No webhook changes such accounts.', 'tandem-user-sync' ) );
		}
		if ( Existing::Leave === $hook->settings->existing ) {
			return new Done( Done::LEFT, $user );
		}
		$warnings = array();
		$fields   = Existing::Profile === $hook->settings->existing ? array_keys( $person->fields() ) : array();
		$plan     = $this->plan( $hook, $person, array_values( array_diff( $fields, array( FieldSet::EMAIL ) ) ), $user, $warnings );
		$policy   = $hook->settings->policy( $person->roles() );
		if ( ! $plan->is_empty() ) {
			$this->writer->update( $user, $plan, $policy );
		}
		$tags    = $this->tag( $user->ID, $person->tags() );
		$written = $plan->written()->with( self::tag_fields( $tags ) );
		return new Done( $written->is_empty() ? Done::EQUAL : Done::UPDATED, $user, $written, array( ...$warnings, ...$plan->warnings ) );
	}

	/**
	 * What of somebody is taken.
	 *
	 * @param Hook           $hook     The webhook.
	 * @param Person         $person   Somebody.
	 * @param list<string>   $names    Fields that may be written, without roles.
	 * @param \WP_User|null  $user     Their account; null for a new one.
	 * @param list<string>   $warnings Filled with what is not taken.
	 */
	private function plan( Hook $hook, Person $person, array $names, ?\WP_User $user, array &$warnings ): Plan {
		$policy  = $hook->settings->policy( $person->roles() );
		$roles   = array_values( array_filter( $person->roles(), $policy->lets_give( ... ) ) );
		$refused = array_diff( $person->roles(), $roles );
		if ( array() !== $refused ) {
			/* translators: %s: names of roles. */
			$warnings[] = sprintf( __( 'Roles that this webhook may not give were not given: %s.', 'tandem-user-sync' ), implode( ', ', array_map( static fn ( string $role ): string => mb_substr( sanitize_text_field( $role ), 0, 60 ), array_slice( $refused, 0, 20 ) ) ) );
		}
		if ( array() !== $person->no_text ) {
			/* translators: %s: names of fields. */
			$warnings[] = sprintf( __( 'A list or an object came in the place of a text: %s. Look at the map of this webhook.', 'tandem-user-sync' ), implode( ', ', $person->no_text ) );
		}
		$fields = $person->fields() + ( array() === $roles ? array() : array( FieldSet::ROLES => $roles ) );
		$keys   = array_map( static fn ( string $name ): string => substr( $name, strlen( FieldSet::META ) ), array_filter( array_keys( $fields ), static fn ( string $name ): bool => str_starts_with( $name, FieldSet::META ) ) );
		return $this->sieve->plan(
			$policy,
			new IncomingUser( 0, '', 0, $person->login(), 0, Claim::Registered, null, 0, null, array_map( static fn ( mixed $value ): IncomingField => new IncomingField( $value, Stamp::zero() ), $fields ), null ),
			array( ...$names, ...( array() === $roles ? array() : array( FieldSet::ROLES ) ) ),
			$user,
			null === $user ? null : $this->reader->read( $user, array_values( $keys ) )
		);
	}

	/**
	 * The username of a new account: the one that came, or one made of the e-mail address.
	 *
	 * @param Person $person Somebody.
	 * @throws Declined When it belongs to somebody else, or WordPress does not accept it.
	 */
	private function login( Person $person ): string {
		$given = $person->login();
		if ( '' !== $given ) {
			if ( sanitize_user( $given, true ) !== $given || mb_strlen( $given ) > 60 ) {
				throw new Declined( UserCode::UsernameInvalid );
			}
			if ( false !== username_exists( $given ) ) {
				throw new Declined( UserCode::UsernameTaken );
			}
			return $given;
		}
		$base = mb_substr( sanitize_user( explode( '@', $person->email() )[0], true ), 0, 50 );
		$base = '' === $base ? 'user' : $base;
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$login = $base . ( 0 === $try ? '' : (string) ( $try < 10 ? $try + 1 : random_int( 1000, 9_999_999 ) ) );
			if ( false === username_exists( $login ) ) {
				return $login;
			}
		}
		throw new Declined( UserCode::UsernameTaken );
	}

	/**
	 * Adds tags, one row each.
	 *
	 * @param int          $user_id The account.
	 * @param list<string> $tags    Tags.
	 * @return list<string> Those that are new.
	 */
	private function tag( int $user_id, array $tags ): array {
		return $this->tags->change( $user_id, $tags, array() )[0];
	}

	/**
	 * Tags as names of fields.
	 *
	 * @param list<string> $tags Tags.
	 */
	private static function tag_fields( array $tags ): FieldSet {
		return new FieldSet( ...array_map( static fn ( string $tag ): string => FieldSet::TAG . $tag, $tags ) );
	}

	/**
	 * Sends WordPress's own mail with a link to set a password. The account stays, whatever becomes of the mail.
	 *
	 * @param int          $user_id  The account.
	 * @param list<string> $warnings Filled when it could not be sent.
	 */
	private function mail( int $user_id, array &$warnings ): void {
		try {
			wp_new_user_notification( $user_id, null, 'user' );
		} catch ( \Throwable ) {
			$warnings[] = __( 'The mail to set a password could not be sent. The person can ask for it on the log-in page.', 'tandem-user-sync' );
		}
	}
}
