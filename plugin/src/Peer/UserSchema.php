<?php
/**
 * What `POST peer/users` takes, as JSON schema: docs/peer-users.schema.json is the same. WordPress's own validation reads
 * it, so it keeps to what that knows (draft 4, without `$ref`).
 *
 * Parts that it does not name are passed over, so that a later Tandem may say more than this one understands.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Rules\Deed;

final class UserSchema {

	private const UUID  = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
	private const STAMP = '^[0-9]{13}-' . self::UUID . '$';

	/**
	 * A message, without what each person is: one bad person must not refuse the others.
	 *
	 * @return array<string, mixed>
	 */
	public static function message(): array {
		return array(
			'type'       => 'object',
			'required'   => array( 'users' ),
			'properties' => array(
				'users' => array(
					'type'     => 'array',
					'minItems' => 1,
					'maxItems' => Description::MOST_USERS,
				),
			),
		);
	}

	/**
	 * A message and its people, as it is documented.
	 *
	 * @return array<string, mixed>
	 */
	public static function documented(): array {
		$schema                                 = self::message();
		$schema['properties']['users']['items'] = self::person();
		return array(
			'$schema' => 'http://json-schema.org/draft-07/schema#',
			'title'   => 'POST tandem/v1/peer/users',
		) + $schema;
	}

	/**
	 * One person: docs/protocol.md, "A user".
	 *
	 * @return array<string, mixed>
	 */
	public static function person(): array {
		$uid = array(
			'type'    => 'string',
			'pattern' => '^' . self::UUID . '$',
		);
		return array(
			'type'       => 'object',
			'required'   => array( 'ref', 'uid', 'login' ),
			'properties' => array(
				'ref'           => array(
					'type'    => 'integer',
					'minimum' => 1,
				),
				'uid'           => $uid,
				'id'            => self::number(),
				'login'         => self::text( IncomingUser::LONGEST_LOGIN ),
				'registered_at' => self::number(),
				'claim'         => array(
					'type' => 'string',
					'enum' => array_column( Claim::cases(), 'value' ),
				),
				'create_as'     => array( 'type' => array( 'string', 'null' ) ) + self::text( IncomingUser::LONGEST_LOGIN ),
				'link_with'     => self::number(),
				'deleted'       => array( 'type' => array( 'string', 'null' ) ) + self::stamp(),
				'fields'        => array(
					'type'                 => 'object',
					'maxProperties'        => IncomingUser::MOST_FIELDS,
					'patternProperties'    => array( '^(?!password$)[\s\S]{1,' . IncomingUser::LONGEST_NAME . '}$' => self::stamped( array( 'v' ) ) ),
					'additionalProperties' => false,
				),
				'password'      => array( 'type' => array( 'object', 'null' ) ) + self::stamped( array( 'sealed' ), array( 'sealed' => self::text( 20_000 ) ) ),
				'other_uids'    => array(
					'type'     => 'array',
					'maxItems' => IncomingUser::MOST_UIDS,
					'items'    => $uid,
				),
				'email'         => self::text( IncomingUser::LONGEST_LOGIN ),
				'guest'         => array(
					'type'       => array( 'object', 'null' ),
					'properties' => array( 'create' => array( 'type' => 'boolean' ) ),
				),
				'grants'        => array(
					'type'     => 'array',
					'maxItems' => IncomingUser::MOST_GRANTS,
					'items'    => self::stamped(
						array( 'deed', 'target' ),
						array(
							'deed'   => self::text( 100 ),
							'target' => array( 'minLength' => 1 ) + self::text( Deed::LONGEST_TARGET ),
							'v'      => array(
								'type'    => array( 'integer', 'null' ),
								'minimum' => 1,
								'maximum' => 1,
							),
						)
					),
				),
				'logout'        => self::number(),
			),
		);
	}

	/**
	 * Something with a stamp.
	 *
	 * @param list<string>         $required   What it has besides.
	 * @param array<string, mixed> $properties Schema of that.
	 * @return array<string, mixed>
	 */
	private static function stamped( array $required, array $properties = array() ): array {
		return array(
			'type'       => 'object',
			'required'   => array( ...$required, 's' ),
			'properties' => $properties + array( 's' => self::stamp() ),
		);
	}

	/**
	 * A stamp.
	 *
	 * @return array<string, mixed>
	 */
	private static function stamp(): array {
		return array(
			'type'    => 'string',
			'pattern' => self::STAMP,
		);
	}

	/**
	 * A number, 0 or null for none.
	 *
	 * @return array<string, mixed>
	 */
	private static function number(): array {
		return array(
			'type'    => array( 'integer', 'null' ),
			'minimum' => 0,
		);
	}

	/**
	 * A text.
	 *
	 * @param int $longest Characters.
	 * @return array<string, mixed>
	 */
	private static function text( int $longest ): array {
		return array(
			'type'      => 'string',
			'maxLength' => $longest,
		);
	}
}
