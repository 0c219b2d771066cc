<?php
/**
 * `wp tandem site …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

/**
 * Connects, looks at and removes remote sites.
 */
final class SiteCommand extends Command {

	/**
	 * Lists the connected sites.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids.
	 * ---
	 * default: table
	 * ---
	 *
	 * [--fields=<fields>]
	 * : Which columns.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem site list --format=json
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `format`, `fields`.
	 */
	public function list_( array $args, array $flags ): void {
		$this->show( $this->many( 'GET', '/sites' ), array( 'id', 'name', 'url', 'kind', 'state', 'waiting', 'attention', 'linked' ), $flags );
	}

	/**
	 * Connects a site.
	 *
	 * To a plain WordPress with a username there and an application password on standard input; to a site that runs
	 * Tandem too with a pairing code from its page, on standard input.
	 *
	 * ## OPTIONS
	 *
	 * <address>
	 * : The other site's address.
	 *
	 * [--username=<name>]
	 * : Account there whose application password comes on standard input. Without it a pairing code is expected.
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem site add https://courses.example --username=tandem < application-password.txt
	 *     echo "$CODE" | wp tandem site add https://courses.example
	 *
	 * @param list<string>          $args  Address.
	 * @param array<string, string> $flags `username`.
	 */
	public function add( array $args, array $flags ): void {
		$site = isset( $flags['username'] )
			? $this->one(
				'POST',
				'/sites',
				array(
					'url'      => $args[0],
					'username' => $flags['username'],
					'password' => $this->secret( 'Application password' ),
				)
			)
			: $this->one(
				'POST',
				'/sites/pair',
				array(
					'url'  => $args[0],
					'code' => $this->secret( 'Pairing code' ),
				)
			);
		\WP_CLI::success( sprintf( 'Connected with %s (%s, %s). Its number is %d.', $site['name'], $site['url'], $site['kind'], $site['id'] ) );
	}

	/**
	 * Looks for what is in the way, with what to do. Ends with 1 where something is.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `format`.
	 */
	public function test( array $args, array $flags ): void {
		$checks = array_values( (array) $this->one( 'POST', '/sites/' . $this->site( $args[0] )['id'] . '/test' )['checks'] );
		$this->show( $checks, array( 'state', 'label', 'message' ), $flags );
		if ( in_array( 'fail', array_column( $checks, 'state' ), true ) ) {
			\WP_CLI::halt( 1 );
		}
	}

	/**
	 * Stops deliveries to a site. Changes are kept.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * @param list<string> $args Site.
	 */
	public function pause( array $args ): void {
		$site = $this->one( 'POST', '/sites/' . $this->site( $args[0] )['id'] . '/pause' );
		\WP_CLI::success( sprintf( '%s is paused. Changes are kept.', $site['name'] ) );
	}

	/**
	 * Lets deliveries to a site go on.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * @param list<string> $args Site.
	 */
	public function resume( array $args ): void {
		$site = $this->one( 'POST', '/sites/' . $this->site( $args[0] )['id'] . '/resume' );
		\WP_CLI::success( sprintf( '%s goes on; %d people wait.', $site['name'], $site['waiting'] ) );
	}

	/**
	 * Removes a connection with its links and its queue. Accounts stay on both sites.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * [--yes]
	 * : Without asking.
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `yes`.
	 */
	public function remove( array $args, array $flags ): void {
		$site = $this->site( $args[0] );
		\WP_CLI::confirm( sprintf( 'Remove the connection with %s (%s)? %d people are linked, changes of %d wait and will not be sent.', $site['name'], $site['url'], $site['linked'], $site['waiting'] ), $flags );
		$this->one( 'DELETE', '/sites/' . $site['id'] );
		\WP_CLI::success( 'Removed. Accounts stay as they are on both sites.' );
	}
}
