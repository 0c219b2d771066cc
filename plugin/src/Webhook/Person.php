<?php
/**
 * Somebody as an automator or a CRM sent them, by the owner's map. Nothing is known of the values yet.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Sync\FieldSet;

final class Person {

	/**
	 * @param array<string, string|list<string>> $values  By field; what did not come is not there.
	 * @param list<string>                       $no_text Fields for which something came that can't be a value of theirs.
	 */
	public function __construct( public readonly array $values, public readonly array $no_text = array() ) {
	}

	/**
	 * The e-mail address, or ''.
	 */
	public function email(): string {
		return $this->text( FieldSet::EMAIL );
	}

	/**
	 * The username, or ''.
	 */
	public function login(): string {
		return $this->text( FieldMap::LOGIN );
	}

	/**
	 * Tags, as texts that may be stored.
	 *
	 * @return list<string>
	 */
	public function tags(): array {
		$tags = array_map( static fn ( string $tag ): string => mb_substr( sanitize_text_field( $tag ), 0, 190 ), (array) ( $this->values[ FieldMap::TAGS ] ?? array() ) );
		return array_slice( array_values( array_unique( array_filter( $tags, static fn ( string $tag ): bool => '' !== $tag ) ) ), 0, 100 );
	}

	/**
	 * Roles that are asked for.
	 *
	 * @return list<string>
	 */
	public function roles(): array {
		return array_values( (array) ( $this->values[ FieldSet::ROLES ] ?? array() ) );
	}

	/**
	 * Fields that WordPress or another plugin keeps, without tags, username and roles.
	 *
	 * @return array<string, string>
	 */
	public function fields(): array {
		$fields = array_filter( $this->values, 'is_string' );
		unset( $fields[ FieldMap::LOGIN ] );
		foreach ( $fields as $name => $value ) {
			if ( str_starts_with( $name, FieldSet::META ) ) {
				// Often what a visitor has typed into a form somewhere: WordPress cleans its own fields, and nobody these.
				$fields[ $name ] = sanitize_textarea_field( $value );
			}
		}
		return $fields;
	}

	/**
	 * A text, or ''.
	 *
	 * @param string $field Its field.
	 */
	private function text( string $field ): string {
		$value = $this->values[ $field ] ?? '';
		return is_string( $value ) ? $value : '';
	}
}
