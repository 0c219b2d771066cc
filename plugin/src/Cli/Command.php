<?php
/**
 * What all commands share: the routes of the page, so that the same is checked and the same is said.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Rest\Api;
use Tandem\Rest\Refused;

abstract class Command {

	/**
	 * @param Api $api The routes.
	 */
	public function __construct( protected readonly Api $api ) {
	}

	/**
	 * Asks a route; ends with its sentence where it refuses.
	 *
	 * @param string               $method GET, POST, PATCH or DELETE.
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $args   Arguments.
	 */
	protected function ask( string $method, string $path, array $args = array() ): mixed {
		try {
			return $this->api->call( $method, $path, $args );
		} catch ( Refused $refused ) {
			\WP_CLI::error( $refused->getMessage() . ' (' . $refused->reason . ')' );
		}
	}

	/**
	 * Asks a route that answers with one thing.
	 *
	 * @param string               $method GET, POST, PATCH or DELETE.
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $args   Arguments.
	 * @return array<string, mixed>
	 */
	protected function one( string $method, string $path, array $args = array() ): array {
		return (array) $this->ask( $method, $path, $args );
	}

	/**
	 * Asks a route that answers with a list.
	 *
	 * @param string               $method GET or POST.
	 * @param string               $path   Path below the namespace.
	 * @param array<string, mixed> $args   Arguments.
	 * @return list<array<string, mixed>>
	 */
	protected function many( string $method, string $path, array $args = array() ): array {
		return array_values( (array) $this->ask( $method, $path, $args ) );
	}

	/**
	 * The site that is meant: by its number, its address or its name.
	 *
	 * @param string $meant As it was typed.
	 * @return array<string, mixed> `Site`.
	 */
	protected function site( string $meant ): array {
		$sites = $this->many( 'GET', '/sites' );
		foreach ( $sites as $site ) {
			if ( in_array( $meant, array( (string) $site['id'], (string) $site['name'] ), true ) || 0 === strcasecmp( rtrim( $meant, '/' ), (string) $site['url'] ) ) {
				return $site;
			}
		}
		\WP_CLI::error( sprintf( 'There is no connected site “%s”. Name one by its number, address or name: %s.', $meant, array() === $sites ? 'none is connected' : implode( ', ', array_map( static fn ( array $site ): string => "{$site['id']} ({$site['name']}, {$site['url']})", $sites ) ) ) );
	}

	/**
	 * Prints rows.
	 *
	 * @param list<array<string, mixed>> $rows    Rows.
	 * @param list<string>               $columns Which of their values.
	 * @param array<string, string>      $flags   May hold `format` and `fields`.
	 */
	protected function show( array $rows, array $columns, array $flags ): void {
		$format = $flags['format'] ?? 'table';
		if ( 'ids' === $format ) {
			\WP_CLI::line( implode( ' ', array_column( $rows, 'id' ) ) );
			return;
		}
		$shown = isset( $flags['fields'] ) ? array_map( 'trim', explode( ',', $flags['fields'] ) ) : $columns;
		if ( 'json' !== $format && 'yaml' !== $format ) {
			$rows = array_map( static fn ( array $row ): array => array_map( static fn ( mixed $value ): string => is_scalar( $value ) || null === $value ? ( is_bool( $value ) ? ( $value ? 'yes' : 'no' ) : (string) $value ) : (string) wp_json_encode( $value ), $row ), $rows );
		}
		\WP_CLI\Utils\format_items( $format, $rows, $shown );
	}

	/**
	 * A time that was typed: Unix seconds, or anything that PHP understands ("2 hours ago").
	 *
	 * @param string $typed As it was typed.
	 */
	protected function moment( string $typed ): int {
		$time = ctype_digit( $typed ) ? (int) $typed : strtotime( $typed );
		return false === $time ? \WP_CLI::error( sprintf( '“%s” is no time that can be understood. Try "2 hours ago", "2026-11-25 14:00 UTC" or Unix seconds.', $typed ) ) : $time;
	}

	/**
	 * A secret from standard input: as an argument it would stay in the shell's history and in the list of processes.
	 *
	 * @param string $what What it is, for the prompt.
	 */
	protected function secret( string $what ): string {
		if ( function_exists( 'posix_isatty' ) && posix_isatty( STDIN ) ) {
			fwrite( STDERR, "$what: " ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a terminal, not a file.
		}
		$secret = trim( (string) fgets( STDIN ) );
		return '' === $secret ? \WP_CLI::error( "$what is expected on standard input, and nothing came." ) : $secret;
	}

	/**
	 * The user that is meant.
	 *
	 * @param string $meant As it was typed.
	 */
	protected function user( string $meant ): \WP_User {
		foreach ( array( 'id', 'login', 'email' ) as $field ) {
			$user = 'id' === $field && ! ctype_digit( $meant ) ? false : get_user_by( $field, $meant );
			if ( $user instanceof \WP_User ) {
				return $user;
			}
		}
		\WP_CLI::error( sprintf( 'There is no user “%s” here. Name one by number, username or e-mail address.', $meant ) );
	}
}
