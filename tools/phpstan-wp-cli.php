<?php
/**
 * What PHPStan needs to know of WP-CLI, which is not among its stubs.
 *
 * @package Tandem
 */

// phpcs:disable
namespace {
	class WP_CLI {
		/** @return true */
		public static function add_command( string $name, object|string $callable ): bool {}
		public static function error( string $message ): never {}
		public static function success( string $message ): void {}
		public static function warning( string $message ): void {}
		public static function log( string $message ): void {}
		public static function line( string $message ): void {}
		public static function halt( int $code ): never {}
		/** @param array<string, mixed> $flags */
		public static function confirm( string $question, array $flags = array() ): void {}
	}
}
namespace WP_CLI\Utils {
	/**
	 * @param list<array<string, mixed>> $items
	 * @param list<string>               $fields
	 */
	function format_items( string $format, array $items, array $fields ): void {}
}
