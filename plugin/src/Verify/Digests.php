<?php
/**
 * Digests of people for one question. They are keyed with the question's own number, so that they are of no use
 * elsewhere or later: a digest of a name can be guessed.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Sync\FieldSet;
use Tandem\Sync\Mark;

final class Digests {

	/** Hex digits. */
	private const DIGITS = 24;

	/** @var array<string, int> Fields that are compared, as keys. */
	private readonly array $fields;

	/**
	 * @param string    $nonce     32 hex digits of the question.
	 * @param Agreement $agreement What is compared.
	 */
	public function __construct( private readonly string $nonce, private readonly Agreement $agreement ) {
		$this->fields = array_flip( $agreement->fields() );
	}

	/**
	 * The values of a person that are compared. Of the password it is the time of its last change: the stored hash of the
	 * same password differs from site to site as soon as WordPress renews it at a log-in.
	 *
	 * @param LinkedPerson $person The person.
	 * @return array<string, mixed> By field.
	 */
	private function values( LinkedPerson $person ): array {
		$values = array_intersect_key( $person->state->values(), $this->fields );
		if ( isset( $values[ FieldSet::ROLES ] ) ) {
			$values[ FieldSet::ROLES ] = array_values( array_intersect( $person->state->values()[ FieldSet::ROLES ], $this->agreement->roles ) );
		}
		if ( '' === ( $values['nickname'] ?? null ) ) {
			// WordPress writes the username there at the first opportunity (`wp_insert_user()`): the same as none.
			$values['nickname'] = $person->state->login;
		}
		if ( isset( $this->fields[ FieldSet::TAGS ] ) ) {
			// All of them in one: a digest by its own name would say who has which.
			$values[ FieldSet::TAGS ] = $person->state->tags;
		}
		if ( isset( $this->fields[ FieldSet::PASSWORD ] ) ) {
			$values[ FieldSet::PASSWORD ] = $person->password_at;
		}
		$values[ FieldSet::UID ] = $person->uid;
		return $values;
	}

	/**
	 * A digest of the whole person; of one of whom nothing is told, the same for all of those.
	 *
	 * @param LinkedPerson                         $person The person.
	 * @param (\Closure( LinkedPerson ): bool)|null $tells  Of whom anything is told; null for all.
	 */
	public function of_person( LinkedPerson $person, ?\Closure $tells = null ): string {
		return null === $tells || $tells( $person ) ? $this->digest( Mark::text( $this->values( $person ) ) ) : str_repeat( '0', self::DIGITS );
	}

	/**
	 * A digest of each field of a person.
	 *
	 * @param LinkedPerson $person The person.
	 * @return array<string, string> By field.
	 */
	public function of_fields( LinkedPerson $person ): array {
		$digests = array();
		foreach ( $this->values( $person ) as $field => $value ) {
			$digests[ (string) $field ] = $this->of_field( (string) $field, $value );
		}
		return $digests;
	}

	/**
	 * A digest of one field.
	 *
	 * @param string $field Its name.
	 * @param mixed  $value Its value.
	 */
	public function of_field( string $field, mixed $value ): string {
		return $this->digest( $field . "\n" . Mark::text( $value ) );
	}

	/**
	 * How many people there are, and a digest of them all.
	 *
	 * @param iterable<LinkedPerson>               $people In the order of their refs.
	 * @param (\Closure( LinkedPerson ): bool)|null $tells  Of whom anything is told; null for all.
	 * @return array{int, string}
	 */
	public function of_people( iterable $people, ?\Closure $tells = null ): array {
		$count   = 0;
		$context = hash_init( 'sha256', HASH_HMAC, $this->nonce );
		foreach ( $people as $person ) {
			++$count;
			hash_update( $context, $person->ref . ':' . $this->of_person( $person, $tells ) . "\n" );
		}
		return array( $count, substr( hash_final( $context ), 0, self::DIGITS ) );
	}

	/**
	 * Whether a role of a person can't be told to the other site: what roles it has there says nothing then.
	 *
	 * @param LinkedPerson $person The person.
	 */
	public function hides_roles( LinkedPerson $person ): bool {
		return array() !== $person->state->roles && array() === array_intersect( $person->state->roles, $this->agreement->roles );
	}

	/**
	 * A digest of a text.
	 *
	 * @param string $text Text.
	 */
	private function digest( string $text ): string {
		return substr( hash_hmac( 'sha256', $text, $this->nonce ), 0, self::DIGITS );
	}
}
