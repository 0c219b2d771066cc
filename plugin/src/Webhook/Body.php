<?php
/**
 * What came with a request: JSON or a form, as one tree whose leaves have paths (`contact.email`, `tags.0`,
 * `tags.*.title` for a list of objects).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Webhook;

final class Body {

	/** Bytes of a body. What automators and CRMs send of one person is a few thousand. */
	public const MOST_BYTES = 65_536;

	/** Lists and objects within each other. */
	private const MOST_LEVELS = 12;

	/** Leaves. */
	private const MOST_LEAVES = 500;

	/**
	 * @param array<array-key, mixed> $data The tree.
	 */
	public function __construct( public readonly array $data ) {
	}

	/**
	 * Reads the body of a request.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @throws TurnedAway When it is too large, or neither JSON nor a form.
	 */
	public static function of( \WP_REST_Request $request ): self {
		$raw = (string) $request->get_body();
		// Of a form with parts PHP keeps no text; its length is in a header.
		if ( max( strlen( $raw ), (int) $request->get_header( 'content_length' ) ) > self::MOST_BYTES ) {
			throw TurnedAway::too_large( self::MOST_BYTES );
		}
		return self::checked( self::is_form( $request ) ? (array) $request->get_body_params() : self::json( $raw ) );
	}

	/**
	 * Reads a request that did not come by REST.
	 *
	 * @param array<array-key, mixed> $params Parameters, without slashes.
	 * @param string                  $raw    The raw body: JSON in it counts too.
	 * @param int                     $length Bytes of the body: of a form with parts PHP keeps no text.
	 * @throws TurnedAway When it is too large.
	 */
	public static function of_form( array $params, string $raw, int $length ): self {
		if ( max( strlen( $raw ), $length ) > self::MOST_BYTES ) {
			throw TurnedAway::too_large( self::MOST_BYTES );
		}
		$json = json_decode( $raw, true, self::MOST_LEVELS );
		return self::checked( $params + ( is_array( $json ) ? $json : array() ) );
	}

	/**
	 * What lies under a path, or null.
	 *
	 * @param string $path Path.
	 */
	public function at( string $path ): mixed {
		return self::below( $this->data, explode( '.', $path ) );
	}

	/**
	 * All leaves, as a person may look at them.
	 *
	 * @return array<string, string> Values by path.
	 */
	public function leaves(): array {
		$leaves = array();
		self::collect( $this->data, '', $leaves );
		return $leaves;
	}

	/**
	 * Whether the request brings a form.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	private static function is_form( \WP_REST_Request $request ): bool {
		return in_array( $request->get_content_type()['value'] ?? '', array( 'application/x-www-form-urlencoded', 'multipart/form-data' ), true );
	}

	/**
	 * Reads JSON, whatever the request says it is: some senders call it text.
	 *
	 * @param string $raw Body.
	 * @return array<array-key, mixed>
	 * @throws TurnedAway When it is none.
	 */
	private static function json( string $raw ): array {
		$data = json_decode( $raw, true, self::MOST_LEVELS );
		return is_array( $data ) ? $data : throw new TurnedAway( 'hook_unreadable', __( 'The body is neither a JSON object nor a form. Choose “JSON” or “Form” as the payload type.', 'tandem-user-sync' ), 400 );
	}

	/**
	 * The tree, if it is of a bearable size and text.
	 *
	 * @param array<array-key, mixed> $data The tree.
	 * @throws TurnedAway When it is not.
	 */
	private static function checked( array $data ): self {
		$count = 0;
		array_walk_recursive(
			$data,
			static function ( mixed $value, int|string $key ) use ( &$count ): void {
				++$count;
				if ( ! mb_check_encoding( (string) $key, 'UTF-8' ) || ( is_string( $value ) && ! mb_check_encoding( $value, 'UTF-8' ) ) ) {
					throw new TurnedAway( 'hook_unreadable', __( 'The body is not text in UTF-8.', 'tandem-user-sync' ), 400 );
				}
			}
		);
		return $count > self::MOST_LEAVES ? throw new TurnedAway( 'hook_too_large', __( 'The request has too many fields.', 'tandem-user-sync' ), 413 ) : new self( $data );
	}

	/**
	 * What lies below a value. A key may have dots in it: the longest that fits is taken.
	 *
	 * @param mixed        $data  Value.
	 * @param list<string> $steps Rest of the path.
	 */
	private static function below( mixed $data, array $steps ): mixed {
		if ( array() === $steps ) {
			return $data;
		}
		if ( ! is_array( $data ) ) {
			return null;
		}
		for ( $taken = count( $steps ); $taken > 0; $taken-- ) {
			$key = implode( '.', array_slice( $steps, 0, $taken ) );
			if ( array_key_exists( $key, $data ) ) {
				return self::below( $data[ $key ], array_slice( $steps, $taken ) );
			}
		}
		if ( '*' !== $steps[0] ) {
			return null;
		}
		return array_values( array_filter( array_map( static fn ( mixed $item ): mixed => self::below( $item, array_slice( $steps, 1 ) ), array_values( $data ) ), static fn ( mixed $item ): bool => null !== $item ) );
	}

	/**
	 * Collects leaves. Of a list of objects there is one path for each of their keys.
	 *
	 * @param array<array-key, mixed> $data   Tree.
	 * @param string                  $path   Where it lies.
	 * @param array<string, string>   $leaves Filled.
	 */
	private static function collect( array $data, string $path, array &$leaves ): void {
		$is_list = array_is_list( $data ) && array() !== $data;
		if ( $is_list && array() === array_filter( $data, 'is_array' ) && '' !== $path ) {
			$leaves[ $path ] = implode( ', ', array_map( self::shown( ... ), $data ) );
			return;
		}
		foreach ( $data as $key => $value ) {
			$at = ( '' === $path ? '' : "$path." ) . ( $is_list && is_array( $value ) ? '*' : $key );
			if ( is_array( $value ) ) {
				self::collect( $value, $at, $leaves );
			} elseif ( isset( $leaves[ $at ] ) ) {
				$leaves[ $at ] .= ', ' . self::shown( $value );
			} else {
				$leaves[ $at ] = self::shown( $value );
			}
		}
	}

	/**
	 * A value for people.
	 *
	 * @param mixed $value Value.
	 */
	private static function shown( mixed $value ): string {
		return is_string( $value ) ? $value : (string) wp_json_encode( $value );
	}
}
