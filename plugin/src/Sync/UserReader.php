<?php
/**
 * Reads users as a delivery sends them: WordPress's own fields, user meta, tags, and what adapters of other plugins know.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Contract\Adapter;
use Tandem\Hooks\Adapters;
use Tandem\Hooks\FilterFailed;
use Tandem\Tags\Tag;
use Tandem\Tags\Tags;

final class UserReader {

	/**
	 * @param Adapters $adapters Whose fields are no user meta.
	 */
	public function __construct( private readonly Adapters $adapters ) {
	}

	/**
	 * Reads a user.
	 *
	 * @param \WP_User     $user The user.
	 * @param list<string> $keys Meta keys, and keys of adapters, to read besides.
	 * @throws FilterFailed When an adapter can't tell.
	 */
	public function read( \WP_User $user, array $keys = array() ): UserState {
		return UserState::of( $user, $this->values( $user->ID, $keys, static fn ( string $key ): mixed => metadata_exists( 'user', $user->ID, $key ) ? get_user_meta( $user->ID, $key, true ) : null ), Tags::of( $user->ID ) );
	}

	/**
	 * The same from rows that were read in bulk. Whether the account is active is not known then: plugins that decide it
	 * want a whole user.
	 *
	 * @param int                        $id   User id here.
	 * @param array<string, string|null> $row  Columns of WordPress's table of users.
	 * @param array<string, string>      $meta First stored value of each meta key: `UserState::profile_meta_keys()` and those asked for.
	 * @param list<string>               $keys Meta keys, and keys of adapters, that were asked for besides.
	 * @param list<string>               $tags Values of the meta rows that are tags.
	 * @throws FilterFailed When an adapter can't tell.
	 */
	public function from_rows( int $id, array $row, array $meta, array $keys, array $tags = array() ): UserState {
		return UserState::of_rows( $id, $row, $meta, $this->values( $id, $keys, static fn ( string $key ): mixed => isset( $meta[ $key ] ) ? maybe_unserialize( $meta[ $key ] ) : null ), Tag::all( $tags ) );
	}

	/**
	 * Values by their keys.
	 *
	 * @param int                       $user_id User here.
	 * @param list<string>              $keys    Keys.
	 * @param \Closure( string ): mixed $meta    Reads user meta.
	 * @return array<string, mixed>
	 * @throws FilterFailed When an adapter can't tell.
	 */
	private function values( int $user_id, array $keys, \Closure $meta ): array {
		$values = array();
		foreach ( $keys as $key ) {
			$adapter        = $this->adapters->owner( $key );
			$values[ $key ] = null === $adapter ? $meta( $key ) : self::told( $adapter, $user_id, $key );
		}
		return $values;
	}

	/**
	 * What an adapter says, as user meta would have it: what is not a list is a text.
	 *
	 * @param Adapter $adapter The adapter.
	 * @param int     $user_id User here.
	 * @param string  $key     One of its fields.
	 * @throws FilterFailed When it can't tell.
	 */
	private static function told( Adapter $adapter, int $user_id, string $key ): mixed {
		try {
			$value = $adapter->read( $user_id, $key );
		} catch ( \Throwable $thrown ) {
			throw new FilterFailed( Adapters::FILTER, $thrown ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- escaped where it is shown.
		}
		return is_scalar( $value ) ? (string) $value : $value;
	}
}
