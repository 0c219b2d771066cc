<?php
/**
 * `wp tandem webhook …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

/**
 * Lists webhooks, tries them, and gives them other secrets.
 */
final class WebhookCommand extends Command {

	/**
	 * Lists webhooks: those that are told of people (out), and those that take people (in).
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml or count.
	 * ---
	 * default: table
	 * ---
	 *
	 * [--fields=<fields>]
	 * : Which columns.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem webhook list --format=json
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `format`, `fields`.
	 */
	public function list_( array $args, array $flags ): void {
		$rows = array();
		foreach ( $this->out() as $hook ) {
			$rows[] = array(
				'id'        => $hook['id'],
				'direction' => 'out',
				'name'      => $hook['name'],
				'state'     => $hook['state'],
				'waiting'   => $hook['waiting'],
				'attention' => $hook['attention'],
				'people'    => $hook['linked'],
				'address'   => $hook['url'],
			);
		}
		foreach ( $this->many( 'GET', '/webhooks/in' ) as $hook ) {
			$rows[] = array(
				'id'        => $hook['id'],
				'direction' => 'in',
				'name'      => $hook['name'],
				'state'     => $hook['state'],
				'waiting'   => 0,
				'attention' => 0,
				'people'    => $hook['taken'],
				'address'   => $hook['address'],
			);
		}
		$this->show( $rows, array( 'id', 'direction', 'name', 'state', 'waiting', 'attention', 'people' ), $flags );
	}

	/**
	 * Sends a test to a webhook and says what came back. Ends with 1 where it was not taken.
	 *
	 * ## OPTIONS
	 *
	 * <webhook>
	 * : Number or name of one that is told of people.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Webhook.
	 * @param array<string, string> $flags `format`.
	 */
	public function test( array $args, array $flags ): void {
		$checks = array_values( (array) $this->one( 'POST', '/sites/' . $this->meant( $args[0], $this->out() )['id'] . '/test' )['checks'] );
		$this->show( $checks, array( 'state', 'label', 'message' ), $flags );
		if ( in_array( 'fail', array_column( $checks, 'state' ), true ) ) {
			\WP_CLI::halt( 1 );
		}
	}

	/**
	 * Gives a webhook another secret and prints it; the old one is good for a day more.
	 *
	 * ## OPTIONS
	 *
	 * <webhook>
	 * : Number or name.
	 *
	 * [--in]
	 * : One that takes people. Without it, one that is told of people.
	 *
	 * [--end-old]
	 * : Ends the old secret at once, and makes none.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem webhook rotate "Zapier" > secret.txt
	 *     wp tandem webhook rotate "Zapier" --end-old
	 *
	 * @param list<string>               $args  Webhook.
	 * @param array<string, string|bool> $flags `in`, `end-old`.
	 */
	public function rotate( array $args, array $flags ): void {
		$is_in = ! empty( $flags['in'] );
		$hook  = $this->meant( $args[0], $is_in ? $this->many( 'GET', '/webhooks/in' ) : $this->out() );
		$path  = ( $is_in ? '/webhooks/in/' : '/webhooks/' ) . $hook['id'];
		if ( ! empty( $flags['end-old'] ) ) {
			$this->one( 'POST', "$path/end-old-secret" );
			\WP_CLI::success( sprintf( 'The old secret of %s is of no use any more.', $hook['name'] ) );
			return;
		}
		\WP_CLI::line( (string) $this->one( 'POST', "$path/secret" )['secret'] );
	}

	/**
	 * Those that are told of people.
	 *
	 * @return list<array<string, mixed>> List of `Site`.
	 */
	private function out(): array {
		return array_values( array_filter( $this->many( 'GET', '/sites' ), static fn ( array $site ): bool => 'webhook' === $site['kind'] ) );
	}

	/**
	 * The webhook that is meant.
	 *
	 * @param string                     $meant As it was typed.
	 * @param list<array<string, mixed>> $among Webhooks.
	 * @return array<string, mixed>
	 */
	private function meant( string $meant, array $among ): array {
		foreach ( $among as $hook ) {
			if ( in_array( $meant, array( (string) $hook['id'], (string) $hook['name'] ), true ) ) {
				return $hook;
			}
		}
		\WP_CLI::error( sprintf( 'There is no such webhook “%s”. Name one by its number or name: %s.', $meant, array() === $among ? 'there is none' : implode( ', ', array_map( static fn ( array $hook ): string => "{$hook['id']} ({$hook['name']})", $among ) ) ) );
	}
}
