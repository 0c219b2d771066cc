<?php
/**
 * A person as a paired site sent them: checked for what the protocol says of each part, and for nothing else.
 * Whether any of it is taken is decided later.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Rules\Deed;
use Tandem\Security\Unreadable;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;

final class IncomingUser {

	/** Fields that one person may have. */
	public const MOST_FIELDS = 1000;

	/** Bytes of a name of a field: `meta:` and a meta key, or `tag:` and a tag. */
	public const LONGEST_NAME = 260;

	/** Bytes of a username. WordPress takes 60 characters; what is longer is refused with a reason of its own. */
	public const LONGEST_LOGIN = 1000;

	/** Uids that somebody who was deleted may have had: two for each time that networks of sites were joined. */
	public const MOST_UIDS = 50;

	/** What rules may want for one person. */
	public const MOST_GRANTS = 500;

	/**
	 * @param int                          $ref           The sender's id for the person.
	 * @param string                       $uid           The same person on every site, in lower case.
	 * @param int                          $id            Our id, if the sender knows it, or 0. Its word alone counts for nothing.
	 * @param string                       $login         Username there.
	 * @param int                          $registered_at Unix seconds, or 0.
	 * @param Claim                        $claim         On whose word an existing account may be linked.
	 * @param string|null                  $create_as     Username to create the account under, where the owner there chose another.
	 * @param int                          $link_with     Our account that the owner there says is the same person, or 0.
	 * @param Stamp|null                   $deleted       When they were deleted there.
	 * @param array<string, IncomingField> $fields        By name.
	 * @param IncomingPassword|null        $password      The password.
	 * @param list<string>                 $other_uids    Uids that somebody who was deleted had besides.
	 * @param string                       $deleted_email The address that somebody who was deleted had, or ''.
	 * @param bool                         $is_guest      Whether they have ordered there without an account.
	 * @param bool                         $is_to_be_made Whether a guest is to get an account here.
	 * @param list<IncomingGrant>          $grants        What rules there want for them.
	 * @param int                          $logged_out_at When they have logged out of everything, Unix seconds here, or 0.
	 */
	public function __construct(
		public readonly int $ref,
		public readonly string $uid,
		public readonly int $id,
		public readonly string $login,
		public readonly int $registered_at,
		public readonly Claim $claim,
		public readonly ?string $create_as,
		public readonly int $link_with,
		public readonly ?Stamp $deleted,
		public readonly array $fields,
		public readonly ?IncomingPassword $password,
		public readonly array $other_uids = array(),
		public readonly string $deleted_email = '',
		public readonly bool $is_guest = false,
		public readonly bool $is_to_be_made = true,
		public readonly array $grants = array(),
		public readonly int $logged_out_at = 0,
	) {
	}

	/**
	 * Reads one.
	 *
	 * @param array<mixed>                        $data Decoded JSON: docs/protocol.md, "A user".
	 * @param (\Closure( string ): ?string)|null  $open Opens a sealed password; null, or `Unreadable`, when it can't.
	 * @throws Invalid When it is not what the protocol says.
	 */
	public static function from_array( array $data, ?\Closure $open = null ): self {
		// WordPress's validation first. It takes "5" for a number and counts characters where we count bytes, so what is
		// used is looked at once more.
		$valid = rest_validate_value_from_schema( $data, self::schema(), 'user' );
		if ( is_wp_error( $valid ) ) {
			throw new Invalid( $valid->get_error_message() );
		}
		$uid = self::uid( $data['uid'] ?? null );
		$ref = self::number( $data, 'ref' );
		if ( 0 === $ref ) {
			throw new Invalid( __( '“ref” is missing.', 'tandem-user-sync' ) );
		}
		if ( isset( $data['guest'] ) && ! is_array( $data['guest'] ) ) {
			throw new Invalid( __( '“guest” is not an object.', 'tandem-user-sync' ) );
		}
		$deleted = $data['deleted'] ?? null;
		return new self(
			$ref,
			$uid,
			self::number( $data, 'id' ),
			self::text( $data, 'login', self::LONGEST_LOGIN ),
			self::number( $data, 'registered_at' ),
			Claim::tryFrom( self::text( $data, 'claim', 20, Claim::Registered->value ) ) ?? throw new Invalid( __( '“claim” is none that the protocol knows.', 'tandem-user-sync' ) ),
			null === ( $data['create_as'] ?? null ) ? null : self::text( $data, 'create_as', self::LONGEST_LOGIN ),
			self::number( $data, 'link_with' ),
			null === $deleted ? null : self::stamp( $deleted ),
			self::fields( $data['fields'] ?? array() ),
			self::password( $data['password'] ?? null, $open ),
			self::other_uids( $data['other_uids'] ?? array() ),
			null === $deleted ? '' : self::text( $data, 'email', self::LONGEST_LOGIN, '' ),
			is_array( $data['guest'] ?? null ) && null === $deleted,
			! is_array( $data['guest'] ?? null ) || true === ( $data['guest']['create'] ?? false ),
			null === $deleted ? self::grants( $data['grants'] ?? array() ) : array(),
			self::number( $data, 'logout' )
		);
	}

	/**
	 * The schema, made once for all people of a message.
	 *
	 * @return array<string, mixed>
	 */
	private static function schema(): array {
		static $schema   = null;
		return $schema ??= UserSchema::person();
	}

	/**
	 * The e-mail address that came, if one did.
	 */
	public function email(): string {
		$value = ( $this->fields[ FieldSet::EMAIL ] ?? null )?->value;
		return is_string( $value ) ? $value : '';
	}

	/**
	 * All uids that came, the present one first.
	 *
	 * @return non-empty-list<string>
	 */
	public function uids(): array {
		return array( $this->uid, ...$this->other_uids );
	}

	/**
	 * The username to create the account under.
	 */
	public function wanted_login(): string {
		return $this->create_as ?? $this->login;
	}

	/**
	 * The stamps of all fields, the password among them.
	 *
	 * @return array<string, Stamp>
	 */
	public function stamps(): array {
		$stamps = array_map( static fn ( IncomingField $field ): Stamp => $field->stamp, $this->fields );
		return null === $this->password ? $stamps : $stamps + array( FieldSet::PASSWORD => $this->password->stamp );
	}

	/**
	 * Reads a uid.
	 *
	 * @param mixed $value Anything.
	 * @throws Invalid When it is none.
	 */
	private static function uid( mixed $value ): string {
		if ( ! is_string( $value ) || 1 !== preg_match( '/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/D', $value ) ) {
			throw new Invalid( __( '“uid” is not a UUID in small letters.', 'tandem-user-sync' ) );
		}
		return $value;
	}

	/**
	 * Reads uids.
	 *
	 * @param mixed $data Anything.
	 * @return list<string>
	 * @throws Invalid When they are none, or too many.
	 */
	private static function other_uids( mixed $data ): array {
		if ( ! is_array( $data ) || count( $data ) > self::MOST_UIDS ) {
			throw new Invalid( __( '“other_uids” is not a list of at most 50 uids.', 'tandem-user-sync' ) );
		}
		return array_map( self::uid( ... ), array_values( $data ) );
	}

	/**
	 * Reads the fields.
	 *
	 * @param mixed $data Anything.
	 * @return array<string, IncomingField>
	 * @throws Invalid When they are not fields.
	 */
	private static function fields( mixed $data ): array {
		if ( ! is_array( $data ) || count( $data ) > self::MOST_FIELDS ) {
			throw new Invalid( __( '“fields” is not an object of at most 1,000 fields.', 'tandem-user-sync' ) );
		}
		$fields = array();
		foreach ( $data as $name => $field ) {
			$name = (string) $name;
			if ( '' === $name || strlen( $name ) > self::LONGEST_NAME || FieldSet::PASSWORD === $name || ! mb_check_encoding( $name, 'UTF-8' ) ) {
				throw new Invalid( __( 'The name of a field is empty, too long or reserved.', 'tandem-user-sync' ) );
			}
			if ( ! is_array( $field ) || ! array_key_exists( 'v', $field ) || is_object( $field['v'] ) ) {
				throw new Invalid( __( 'A field is not an object with “v” and “s”.', 'tandem-user-sync' ) );
			}
			$fields[ $name ] = new IncomingField( $field['v'], self::stamp( $field['s'] ?? null ) );
		}
		return $fields;
	}

	/**
	 * Reads what rules want.
	 *
	 * @param mixed $data Anything.
	 * @return list<IncomingGrant>
	 * @throws Invalid When it is not what the protocol says.
	 */
	private static function grants( mixed $data ): array {
		if ( ! is_array( $data ) || count( $data ) > self::MOST_GRANTS ) {
			throw new Invalid( __( '“grants” is not a list of at most 500 grants.', 'tandem-user-sync' ) );
		}
		$grants = array();
		foreach ( $data as $grant ) {
			$target = is_array( $grant ) ? PlainData::text( $grant['target'] ?? null, Deed::LONGEST_TARGET ) : null;
			if ( ! is_array( $grant ) || ! is_string( $grant['deed'] ?? null ) || null === $target || '' === $target ) {
				throw new Invalid( __( 'A grant is not an object with “deed”, “target”, “v” and “s”.', 'tandem-user-sync' ) );
			}
			$grants[] = new IncomingGrant( Deed::tryFrom( $grant['deed'] ), $target, 1 === ( $grant['v'] ?? null ), self::stamp( $grant['s'] ?? null ) );
		}
		return $grants;
	}

	/**
	 * Reads the password.
	 *
	 * @param mixed                             $data Anything.
	 * @param (\Closure( string ): ?string)|null $open Opens it.
	 * @throws Invalid When it is no sealed password with a stamp.
	 */
	private static function password( mixed $data, ?\Closure $open ): ?IncomingPassword {
		if ( null === $data ) {
			return null;
		}
		if ( ! is_array( $data ) || ! is_string( $data['sealed'] ?? null ) ) {
			throw new Invalid( __( '“password” is not an object with “s” and “sealed”.', 'tandem-user-sync' ) );
		}
		$stamp = self::stamp( $data['s'] ?? null );
		try {
			return IncomingPassword::read( $stamp, null === $open ? null : $open( $data['sealed'] ) );
		} catch ( Unreadable ) {
			return IncomingPassword::read( $stamp, null );
		}
	}

	/**
	 * Reads a stamp.
	 *
	 * @param mixed $value Anything.
	 * @throws Invalid When it is none.
	 */
	private static function stamp( mixed $value ): Stamp {
		return ( is_string( $value ) ? Stamp::from_string( $value ) : null ) ?? throw new Invalid( __( 'A stamp is malformed or lies too far in the future.', 'tandem-user-sync' ) );
	}

	/**
	 * Reads a number that is not negative; 0 when it is absent or null.
	 *
	 * @param array<mixed> $data Where.
	 * @param string       $name Which.
	 * @throws Invalid When it is something else.
	 */
	private static function number( array $data, string $name ): int {
		$value = $data[ $name ] ?? 0;
		if ( ! is_int( $value ) || $value < 0 ) {
			/* translators: %s: name of a part of a message. */
			throw new Invalid( sprintf( __( '“%s” is not a whole number from 0.', 'tandem-user-sync' ), $name ) );
		}
		return $value;
	}

	/**
	 * Reads a text.
	 *
	 * @param array<mixed> $data      Where.
	 * @param string       $name      Which.
	 * @param int          $longest   Bytes at most.
	 * @param string|null  $otherwise When it is absent.
	 * @throws Invalid When it is none.
	 */
	private static function text( array $data, string $name, int $longest, ?string $otherwise = null ): string {
		$value = $data[ $name ] ?? $otherwise;
		if ( ! is_string( $value ) || strlen( $value ) > $longest || ! mb_check_encoding( $value, 'UTF-8' ) ) {
			/* translators: %s: name of a part of a message. */
			throw new Invalid( sprintf( __( '“%s” is missing, or is not a text of the length that the protocol allows.', 'tandem-user-sync' ), $name ) );
		}
		return $value;
	}
}
