<?php
/**
 * A set of names of syncable things of a user: `user_email`, `roles`, `meta:billing_phone`…
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class FieldSet {

	/** Everything of the user, as when they are new. */
	public const ALL = '*';

	/** The user was deleted here. */
	public const DELETED = 'deleted';

	/** Who they are: that two accounts are one person's, or that the person's uid became another one. For paired sites. */
	public const UID = 'uid';

	/** Whatever the user has and the account there has not, but roles: a backfill may fill it. For plain sites. */
	public const EMPTY = 'empty';

	/** When they have logged out of everything (`Login\Departures`). For paired sites. */
	public const LOGOUT = 'logout';

	/** What rules here want for them on the site. For paired sites. */
	public const GRANTS = 'grants';

	public const PASSWORD = 'password';
	public const EMAIL    = 'user_email';
	public const ROLES    = 'roles';
	public const META     = 'meta:';

	/** All tags: what the owner ticks, and what is compared. In the outbox: each of them with the stamp that it has. */
	public const TAGS = 'tags';

	/** Begins the name of one tag's field: `tag:vip` is '1' for who has it, null for who has not. */
	public const TAG = 'tag:';

	/** Core fields that can be sent, as DESIGN's word "field" names them. */
	public const CORE = array( 'user_email', 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', 'roles', 'password' );

	/** What an owner may tick for a site, besides meta keys. */
	public const CHOICES = array( ...self::CORE, self::TAGS );

	/** @var list<string> Names, each once, sorted. */
	public readonly array $names;

	/**
	 * @param string ...$names Names of fields.
	 */
	public function __construct( string ...$names ) {
		$names = array_values( array_unique( $names ) );
		sort( $names );
		$this->names = $names;
	}

	/**
	 * Reads a set as `__toString()` wrote it.
	 *
	 * @param string $text JSON list.
	 */
	public static function from_string( string $text ): self {
		$names = json_decode( $text, true );
		return is_array( $names ) ? new self( ...array_map( 'strval', array_values( $names ) ) ) : new self();
	}

	/**
	 * The set as it lies in the database.
	 */
	public function __toString(): string {
		return (string) wp_json_encode( $this->names );
	}

	/**
	 * Both sets together.
	 *
	 * @param self $other The other set.
	 */
	public function with( self $other ): self {
		return new self( ...$this->names, ...$other->names );
	}

	/**
	 * Whether the name is in the set itself.
	 *
	 * @param string $name Name of a field.
	 */
	public function has( string $name ): bool {
		return in_array( $name, $this->names, true );
	}

	/**
	 * Whether a field is to be sent: named, or part of "everything". A password is never part of "everything".
	 *
	 * @param string $name Name of a field.
	 */
	public function includes( string $name ): bool {
		return $this->has( $name ) || ( self::is_tag( $name ) && $this->has( self::TAGS ) ) || ( ! in_array( $name, array( self::PASSWORD, self::DELETED, self::UID, self::EMPTY, self::LOGOUT ), true ) && $this->has( self::ALL ) );
	}

	/**
	 * Whether a field is one tag.
	 *
	 * @param string $name Name of a field.
	 */
	public static function is_tag( string $name ): bool {
		return str_starts_with( $name, self::TAG );
	}

	/**
	 * Whether nothing is in it.
	 */
	public function is_empty(): bool {
		return array() === $this->names;
	}
}
