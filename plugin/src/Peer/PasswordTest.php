<?php
/**
 * Proves that a password which is set on one of two paired sites works on the other: random ones, never anybody's.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Security\PublicKeys;
use Tandem\Security\SiteKeys;
use Tandem\Security\Unreadable;

final class PasswordTest {

	/**
	 * @param SiteKeys       $keys   This site's keys.
	 * @param StoredPassword $stored Which hashes are tried at all: a costly one would keep this server busy for days.
	 */
	public function __construct( private readonly SiteKeys $keys, private readonly StoredPassword $stored ) {
	}

	/**
	 * Two random passwords for another site: one with its stored form, one in plain text only. With all that has ever made trouble.
	 *
	 * @param PublicKeys $keys Keys of that site.
	 * @return array{hash: string, sealed: string}
	 */
	public function make( PublicKeys $keys ): array {
		$password = wp_slash( 'O\'Neil "ü€" \\ ' ) . wp_generate_password( 24, true, true );
		return array(
			'hash'   => $keys->seal(
				(string) wp_json_encode(
					array(
						'plain' => $password,
						'hash'  => wp_hash_password( $password ),
					)
				)
			),
			'sealed' => $keys->seal( (string) wp_json_encode( array( 'plain' => strrev( wp_generate_password( 24 ) ) ) ) ),
		);
	}

	/**
	 * Tries what another site made for this one.
	 *
	 * @param array<array-key, mixed> $test As `make()` gave it.
	 * @return array{hash: bool, sealed: bool} What works here.
	 */
	public function check( array $test ): array {
		$first  = $this->opened( $test['hash'] ?? null );
		$second = $this->opened( $test['sealed'] ?? null );
		return array(
			'hash'   => isset( $first['plain'], $first['hash'] ) && strlen( $first['hash'] ) < 256 && $this->stored->is_good( $first['hash'] ) && wp_check_password( $first['plain'], $first['hash'] ) && ! wp_check_password( $first['plain'] . 'x', $first['hash'] ),
			'sealed' => isset( $second['plain'] ) && wp_check_password( $second['plain'], wp_hash_password( $second['plain'] ) ),
		);
	}

	/**
	 * The texts in a sealed one.
	 *
	 * @param mixed $sealed Base64.
	 * @return array<string, string>
	 */
	private function opened( mixed $sealed ): array {
		try {
			$data = is_string( $sealed ) && strlen( $sealed ) < 10_000 ? json_decode( $this->keys->open( $sealed ), true ) : null;
		} catch ( Unreadable ) {
			return array();
		}
		return is_array( $data ) ? array_filter( $data, 'is_string' ) : array();
	}
}
