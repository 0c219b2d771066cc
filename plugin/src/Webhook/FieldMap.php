<?php
/**
 * Which part of a request becomes which field of a person: for each field a text in which `{path}` stands for what
 * came under that path. A text without a path is the same for everybody.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;

final class FieldMap {

	public const LOGIN = 'user_login';
	public const TAGS  = 'tags';

	/** Fields besides meta. There is no password among them: a new account gets a random one and a mail to set it. */
	public const FIELDS = array( FieldSet::EMAIL, self::LOGIN, 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', FieldSet::ROLES, self::TAGS );

	/** Fields that a map may have, and characters of each text. */
	public const MOST    = 50;
	public const LONGEST = 1000;

	/** Fields whose value is a list. */
	private const LISTS = array( FieldSet::ROLES, self::TAGS );

	private const PLACE = '/\{([^{}]+)\}/';

	/**
	 * @param array<string, string> $from Texts by field.
	 */
	public function __construct( public readonly array $from = array() ) {
	}

	/**
	 * Reads a map as it lies in the database or comes from the page. What can't be mapped is left out.
	 *
	 * @param mixed $data List of `HookMapping` in admin-src/types.ts.
	 */
	public static function from_array( mixed $data ): self {
		$from = array();
		foreach ( is_array( $data ) ? array_slice( $data, 0, self::MOST ) : array() as $item ) {
			$field = is_array( $item ) ? ( $item['field'] ?? null ) : null;
			$text  = is_array( $item ) ? ( $item['from'] ?? null ) : null;
			if ( is_string( $field ) && is_string( $text ) && '' !== trim( $text ) && mb_strlen( $text ) <= self::LONGEST && self::is_field( $field ) ) {
				$from[ $field ] = trim( $text );
			}
		}
		return new self( $from );
	}

	/**
	 * The map as REST and the database know it.
	 *
	 * @return list<array{field: string, from: string}>
	 */
	public function to_array(): array {
		return array_map(
			static fn ( string $field, string $from ): array => array(
				'field' => $field,
				'from'  => $from,
			),
			array_keys( $this->from ),
			array_values( $this->from )
		);
	}

	/**
	 * Whether something may be mapped onto a field.
	 *
	 * @param string $field Name of a field; `meta:` and a key for meta.
	 */
	public static function is_field( string $field ): bool {
		return str_starts_with( $field, FieldSet::META )
			? SiteSettings::is_meta_key_allowed( substr( $field, strlen( FieldSet::META ) ) )
			: in_array( $field, self::FIELDS, true );
	}

	/**
	 * Whether a field is mapped.
	 *
	 * @param string $field Name of a field.
	 */
	public function has( string $field ): bool {
		return isset( $this->from[ $field ] );
	}

	/**
	 * The same with one more field, if that is not mapped.
	 *
	 * @param string $field Name of a field.
	 * @param string $from  Its text.
	 */
	public function otherwise( string $field, string $from ): self {
		return new self( $this->from + array( $field => $from ) );
	}

	/**
	 * The same with some fields alone.
	 *
	 * @param string ...$fields Names of fields.
	 */
	public function only( string ...$fields ): self {
		return new self( array_intersect_key( $this->from, array_flip( $fields ) ) );
	}

	/**
	 * Meta keys that are mapped.
	 *
	 * @return list<string>
	 */
	public function meta_keys(): array {
		$fields = array_filter( array_keys( $this->from ), static fn ( string $field ): bool => str_starts_with( $field, FieldSet::META ) );
		return array_values( array_map( static fn ( string $field ): string => substr( $field, strlen( FieldSet::META ) ), $fields ) );
	}

	/**
	 * The person of a request.
	 *
	 * @param Body $body What came.
	 */
	public function person( Body $body ): Person {
		$values  = array();
		$no_text = array();
		foreach ( $this->from as $field => $from ) {
			$value = in_array( $field, self::LISTS, true ) ? self::list( $from, $body ) : self::text( $from, $body );
			if ( null === $value ) {
				$no_text[] = $field;
			} elseif ( '' !== $value && array() !== $value ) {
				// What did not come is not changed.
				$values[ $field ] = $value;
			}
		}
		return new Person( $values, $no_text );
	}

	/**
	 * A text with the parts of a request in it, or null where a list or an object came in the place of a text.
	 *
	 * @param string $from The text.
	 * @param Body   $body What came.
	 */
	private static function text( string $from, Body $body ): ?string {
		$is_text = true;
		$text    = preg_replace_callback(
			self::PLACE,
			static function ( array $place ) use ( $body, &$is_text ): string {
				$value   = $body->at( trim( $place[1] ) );
				$is_text = $is_text && ! is_array( $value );
				return self::word( $value );
			},
			$from
		);
		return $is_text ? trim( (string) $text ) : null;
	}

	/**
	 * A list of words: a list that came, or a text with commas between them.
	 *
	 * @param string $from The text.
	 * @param Body   $body What came.
	 * @return list<string>|null Null where objects came in the place of words.
	 */
	private static function list( string $from, Body $body ): ?array {
		$words = array();
		foreach ( explode( ',', $from ) as $part ) {
			$value = 1 === preg_match( '/^\s*\{([^{}]+)\}\s*$/', $part, $place ) ? $body->at( trim( $place[1] ) ) : self::text( $part, $body );
			if ( ! is_array( $value ) ) {
				array_push( $words, ...explode( ',', self::word( $value ) ) );
				continue;
			}
			if ( array() !== array_filter( $value, 'is_array' ) ) {
				return null;
			}
			array_push( $words, ...array_map( self::word( ... ), array_values( $value ) ) );
		}
		return array_values( array_unique( array_filter( array_map( 'trim', $words ), static fn ( string $word ): bool => '' !== $word ) ) );
	}

	/**
	 * A value as a text. Lists have none.
	 *
	 * @param mixed $value Decoded JSON.
	 */
	private static function word( mixed $value ): string {
		return is_bool( $value ) ? ( $value ? 'true' : 'false' ) : ( is_scalar( $value ) ? (string) $value : '' );
	}
}
