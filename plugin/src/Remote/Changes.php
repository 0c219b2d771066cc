<?php
/**
 * What is to be written to an account on a plain site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Sync\FieldSet;
use Tandem\Sync\UserState;

final class Changes {

	/**
	 * @param array<string, mixed> $values By their names here: `user_email`, `roles`, `meta:x`…
	 */
	private function __construct( #[\SensitiveParameter] private readonly array $values ) {
	}

	/**
	 * All that a new account gets, but roles and password. What is empty is left out.
	 *
	 * @param UserState    $user     The user here.
	 * @param SiteSettings $settings What the owner decided.
	 */
	public static function of_new( UserState $user, SiteSettings $settings ): self {
		$values = array();
		foreach ( $user->fields as $name => $value ) {
			if ( '' !== $value && in_array( $name, $settings->fields, true ) ) {
				$values[ $name ] = $value;
			}
		}
		foreach ( $settings->meta as $key ) {
			if ( null !== ( $user->meta[ $key ] ?? null ) ) {
				$values[ FieldSet::META . $key ] = $user->meta[ $key ];
			}
		}
		// Nobody is made without one, whatever is kept equal later.
		return new self( array( FieldSet::EMAIL => $user->email() ) + $values );
	}

	/**
	 * What is different there of the fields that are due, but roles and password.
	 *
	 * @param UserState    $user     The user here.
	 * @param RemoteUser   $there    The account there.
	 * @param FieldSet     $due      Fields that are due.
	 * @param SiteSettings $settings What the owner decided.
	 */
	public static function of_known( UserState $user, RemoteUser $there, FieldSet $due, SiteSettings $settings ): self {
		$values = array();
		foreach ( $user->fields as $name => $value ) {
			$held = $there->fields[ $name ] ?? null;
			if ( ! ( $due->includes( $name ) || ( $due->has( FieldSet::EMPTY ) && '' === $held ) ) || ! in_array( $name, $settings->fields, true ) || $held === $value ) {
				continue;
			}
			// "The site's own language" shows there as that language: whether it is the same can't be seen.
			if ( 'locale' === $name && '' === $value && ! $due->has( $name ) ) {
				continue;
			}
			$values[ $name ] = $value;
		}
		foreach ( $settings->meta as $key ) {
			$held   = $there->meta[ $key ] ?? null;
			$is_due = $due->includes( FieldSet::META . $key ) || ( $due->has( FieldSet::EMPTY ) && in_array( $held, array( null, '', array() ), true ) );
			if ( $is_due && array_key_exists( $key, $user->meta ) && ! self::is_same( $user->meta[ $key ], $held ) ) {
				$values[ FieldSet::META . $key ] = $user->meta[ $key ];
			}
		}
		return new self( $values );
	}

	/**
	 * With one more.
	 *
	 * @param string $name  Name here.
	 * @param mixed  $value Value.
	 */
	public function with( string $name, #[\SensitiveParameter] mixed $value ): self {
		return new self( array( $name => $value ) + $this->values );
	}

	/**
	 * Without some.
	 *
	 * @param string ...$names Names here.
	 */
	public function without( string ...$names ): self {
		return new self( array_diff_key( $this->values, array_flip( $names ) ) );
	}

	/**
	 * Only the meta keys, or all but these. WordPress writes meta after everything else, so that a key which it
	 * refuses leaves an account behind that was made all the same.
	 *
	 * @param bool $meta Which.
	 */
	public function only( bool $meta ): self {
		return new self( array_filter( $this->values, static fn ( string $name ): bool => str_starts_with( $name, FieldSet::META ) === $meta, ARRAY_FILTER_USE_KEY ) );
	}

	/**
	 * Whether something is in it.
	 *
	 * @param string $name Name here.
	 */
	public function has( string $name ): bool {
		return array_key_exists( $name, $this->values );
	}

	/**
	 * The roles, if they are in it.
	 *
	 * @return list<string>
	 */
	public function roles(): array {
		$roles = $this->values[ FieldSet::ROLES ] ?? array();
		return is_array( $roles ) ? array_values( array_filter( $roles, 'is_string' ) ) : array();
	}

	/**
	 * Whether nothing is in it.
	 */
	public function is_empty(): bool {
		return array() === $this->values;
	}

	/**
	 * The names of all that is in it.
	 */
	public function fields(): FieldSet {
		return new FieldSet( ...array_keys( $this->values ) );
	}

	/**
	 * Meta keys in it that an account does not show, because they are not registered for REST there.
	 *
	 * @param RemoteUser $there The account there.
	 * @return list<string>
	 */
	public function unknown_meta( RemoteUser $there ): array {
		$unknown = array();
		foreach ( array_keys( $this->only( true )->values ) as $name ) {
			$key = substr( $name, strlen( FieldSet::META ) );
			if ( ! array_key_exists( $key, $there->meta ) ) {
				$unknown[] = $key;
			}
		}
		return $unknown;
	}

	/**
	 * As `wp/v2/users` wants it.
	 *
	 * @return array<string, mixed>
	 */
	public function to_rest(): array {
		$body = array();
		foreach ( $this->values as $name => $value ) {
			if ( str_starts_with( $name, FieldSet::META ) ) {
				$body['meta'][ substr( $name, strlen( FieldSet::META ) ) ] = $value;
			} else {
				$body[ RemoteUser::NAMES[ $name ] ?? $name ] = $value;
			}
		}
		return $body;
	}

	/**
	 * What `var_dump()` and `print_r()` see.
	 *
	 * @return array<string, list<string>>
	 */
	public function __debugInfo(): array {
		return array( 'names' => array_keys( $this->values ) );
	}

	/**
	 * Whether two values of a meta key are the same. User meta is stored as text here; there it has a type.
	 *
	 * @param mixed $here  Value here; null for none.
	 * @param mixed $there Value there.
	 */
	private static function is_same( mixed $here, mixed $there ): bool {
		if ( null === $here ) {
			return null === $there || '' === $there;
		}
		return is_scalar( $here ) && is_scalar( $there ) ? (string) $here === (string) $there : $here === $there;
	}
}
