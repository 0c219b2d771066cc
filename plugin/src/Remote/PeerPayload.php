<?php
/**
 * A person as they travel to a paired site: docs/protocol.md, "A user".
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Guest\Guests;
use Tandem\Login\Departures;
use Tandem\Rules\Grant;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Merge;
use Tandem\Sync\Record;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;

final class PeerPayload {

	/** How a sealed password begins that only a paired site can open. */
	public const SEALED = 'p1:';

	/** In its place: the stored password itself travels. Nothing is kept, but a process that dies leaves word that it is to. */
	public const STORED = 'h1:';

	/** @var list<string> What a person should know. */
	public array $warnings = array();

	/** Whether all of the person goes: they are not linked yet, so nothing is known there, unless they are only to be linked. */
	private readonly bool $is_whole;

	/**
	 * @param Delivery    $delivery What to bring.
	 * @param Pairing     $pairing  What is known of the site.
	 * @param Record      $record   When the fields were changed.
	 * @param Recognition $who      On whose word an existing account may be linked.
	 */
	public function __construct(
		private readonly Delivery $delivery,
		private readonly Pairing $pairing,
		private readonly Record $record,
		private readonly Recognition $who,
	) {
		$this->is_whole = null === $delivery->link && array( FieldSet::UID ) !== $delivery->fields->names;
	}

	/**
	 * The text in which a plain password is sealed.
	 *
	 * @param string $kind  `hash` or `plain`.
	 * @param string $value As it is stored or was hashed.
	 */
	public static function password_text( string $kind, #[\SensitiveParameter] string $value ): string {
		return (string) wp_json_encode(
			// Any bytes may be a password; JSON takes only UTF-8.
			1 === preg_match( '//u', $value )
				? array(
					'k' => $kind,
					'v' => $value,
				)
				: array(
					'k'   => $kind,
					'v64' => sodium_bin2base64( $value, SODIUM_BASE64_VARIANT_ORIGINAL ),
				)
		);
	}

	/**
	 * Somebody who exists here.
	 *
	 * @param UserState $user          The user.
	 * @param string    $password_hash Their password as it is stored.
	 * @param list<Grant> $grants      What rules here want for them there.
	 * @return array<string, mixed>
	 */
	public function of_user( UserState $user, #[\SensitiveParameter] string $password_hash, array $grants = array() ): array {
		$fields = array();
		foreach ( $this->values( $user ) as $name => $value ) {
			$fields[ $name ] = array(
				'v' => $value,
				's' => (string) $this->record->stamp( $name ),
			);
		}
		$decision = $this->delivery->decision;
		$guest    = Guests::is_guest( $user->id ) ? array( 'guest' => array( 'create' => $user->is_to_be_made ) ) : array();
		$sent     = $this->sends_grants() ? array_map( static fn ( Grant $grant ): array => $grant->to_array(), $grants ) : array();
		return $this->head() + $guest + array(
			'login'         => $user->login,
			'registered_at' => $user->registered_at,
			'claim'         => $this->who->claim( $user ),
			'create_as'     => $decision->create_as,
			'link_with'     => 0 === $decision->link_with ? null : $decision->link_with,
			'deleted'       => null,
			'fields'        => (object) $fields,
			'password'      => $this->password( $password_hash ),
		) + ( array() === $sent ? array() : array( 'grants' => $sent ) ) + $this->logout();
	}

	/**
	 * When they have logged out of everything, by the clock of the other site.
	 *
	 * @return array{logout?: int} Unix seconds.
	 */
	private function logout(): array {
		return $this->delivery->fields->has( FieldSet::LOGOUT ) ? array( 'logout' => max( 0, Departures::last( $this->delivery->user_id ) + $this->pairing->clock_offset ) ) : array();
	}

	/**
	 * Whether what rules want goes along.
	 */
	public function sends_grants(): bool {
		return $this->is_whole || $this->delivery->fields->includes( FieldSet::GRANTS );
	}

	/**
	 * Somebody who was deleted here.
	 *
	 * @param Stamp        $deleted    When.
	 * @param list<string> $other_uids Uids that they had besides.
	 * @param string       $email      Their address.
	 * @return array<string, mixed>
	 */
	public function of_deleted( Stamp $deleted, array $other_uids, string $email ): array {
		return $this->head() + array(
			'login'      => $this->delivery->link->remote_login ?? '',
			'email'      => $email,
			'deleted'    => (string) $deleted,
			'other_uids' => $other_uids,
			'fields'     => (object) array(),
		);
	}

	/**
	 * Who it is.
	 *
	 * @return array<string, mixed>
	 */
	private function head(): array {
		return array(
			'ref' => $this->delivery->user_id,
			'uid' => $this->record->uid,
			'id'  => $this->delivery->link?->remote_id,
		);
	}

	/**
	 * The values of the fields that are sent.
	 *
	 * @param UserState $user The user.
	 * @return array<string, mixed>
	 */
	private function values( UserState $user ): array {
		$wanted = $this->is_whole ? $this->delivery->fields->with( new FieldSet( FieldSet::ALL ) ) : $this->delivery->fields;
		$values = array();
		foreach ( $user->fields as $name => $value ) {
			// Somebody who is not linked yet is found by their address, also where addresses are not sent.
			$is_needed = FieldSet::EMAIL === $name && null === $this->delivery->link;
			if ( $is_needed || ( $wanted->includes( $name ) && $this->delivery->site->sends( $name ) ) ) {
				$values[ $name ] = $value;
			}
		}
		if ( $user->has_roles && $wanted->includes( FieldSet::ROLES ) && $this->delivery->site->sends( FieldSet::ROLES ) ) {
			$given = array_values( array_intersect( $user->roles, $this->delivery->site->settings->grant_roles ) );
			if ( array() !== $given || array() === $user->roles ) {
				$values[ FieldSet::ROLES ] = $given;
			} else {
				/* translators: %s: roles. */
				$this->warnings[] = sprintf( __( 'The roles %s are not among those that may be given there, so roles were left as they are.', 'tandem-user-sync' ), implode( ', ', $user->roles ) );
			}
		}
		foreach ( $user->meta as $key => $value ) {
			$name = FieldSet::META . $key;
			if ( ! $wanted->includes( $name ) ) {
				continue;
			}
			if ( ! self::is_plain_data( $value ) ) {
				/* translators: %s: meta key. */
				$this->warnings[] = sprintf( __( 'The value of “%s” holds PHP objects, which are not sent.', 'tandem-user-sync' ), $key );
				continue;
			}
			$values[ $name ] = $value;
		}
		return $values + $this->tags( $user, $wanted );
	}

	/**
	 * The tags that are sent: those that the person has, and those that were taken from them.
	 *
	 * @param UserState $user   The user.
	 * @param FieldSet  $wanted What is due.
	 * @return array<string, '1'|null>
	 */
	private function tags( UserState $user, FieldSet $wanted ): array {
		if ( ! $this->delivery->site->sends( FieldSet::TAGS ) ) {
			return array();
		}
		$name  = static fn ( string $tag ): string => FieldSet::TAG . $tag;
		$held  = array_map( $name, $user->tags );
		$taken = array_diff( Merge::removed_tags( $this->record->marks ), array_map( $name, $this->delivery->user->tags ?? array() ) );
		return array_filter( array_fill_keys( $held, '1' ) + array_fill_keys( $taken, null ), static fn ( string $field ): bool => $wanted->includes( $field ), ARRAY_FILTER_USE_KEY );
	}

	/**
	 * The password, if it is to be sent.
	 *
	 * @param string $hash As it is stored.
	 * @return array{s: string, sealed: string}|null
	 */
	private function password( #[\SensitiveParameter] string $hash ): ?array {
		$is_new = $this->delivery->fields->has( FieldSet::PASSWORD );
		if ( ! $is_new && ! ( $this->is_whole && $this->delivery->site->sends( FieldSet::PASSWORD ) ) ) {
			return null;
		}
		$form      = $this->delivery->site->settings->password_form;
		$has_plain = str_starts_with( $this->delivery->sealed, self::SEALED );
		$sealed    = match ( true ) {
			PasswordForm::Plain !== $form && $this->pairing->understands( $hash ) => $this->pairing->keys->seal( self::password_text( 'hash', $hash ) ),
			$has_plain && PasswordForm::Hash !== $form => substr( $this->delivery->sealed, strlen( self::SEALED ) ),
			default => null,
		};
		if ( null === $sealed ) {
			if ( ! $is_new ) {
				return null;
			}
			/* translators: %s: address. */
			$this->warnings[] = sprintf( __( 'The password did not travel: as it is stored here it is of no use there, or is not to be sent, and its plain text is not kept (any more). The person can set one at %s, or change it here once more.', 'tandem-user-sync' ), $this->delivery->site->url . '/wp-login.php?action=lostpassword' );
			return null;
		}
		return array(
			's'      => (string) $this->record->stamp( FieldSet::PASSWORD ),
			'sealed' => $sealed,
		);
	}

	/**
	 * Whether a value is made of texts, numbers, truth values and lists of them only.
	 *
	 * @param mixed $value Value.
	 */
	private static function is_plain_data( mixed $value ): bool {
		return null === $value || is_scalar( $value ) || ( is_array( $value ) && array() === array_filter( $value, static fn ( mixed $part ): bool => ! self::is_plain_data( $part ) ) );
	}
}
