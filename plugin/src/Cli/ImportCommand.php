<?php
/**
 * `wp tandem import …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

/**
 * Takes over what other ways of syncing users have left on this site.
 */
final class ImportCommand extends Command {

	/**
	 * Shows what there is: numbers of accounts that people's meta holds, and sites of WP Remote Users Sync.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  None.
	 * @param array<string, string> $flags `format`.
	 */
	public function list_( array $args, array $flags ): void {
		$found = $this->one( 'GET', '/import' );
		$rows  = array();
		foreach ( (array) $found['ids'] as $ids ) {
			$rows[] = array(
				'what'  => 'numbers of accounts',
				'where' => $ids['key'],
				'about' => sprintf( '%d people', $ids['people'] ),
			);
		}
		foreach ( (array) $found['proposals'] as $proposal ) {
			$rows[] = array(
				'what'  => 'settings of WP Remote Users Sync',
				'where' => $proposal['url'],
				'about' => trim( ( null === $proposal['siteId'] ? 'Not connected yet. ' : '' ) . implode( ' ', $proposal['notes'] ) ),
			);
		}
		if ( $found['tags'] ) {
			$rows[] = array(
				'what'  => 'tags of WP Fusion',
				'where' => 'its CRM',
				'about' => '',
			);
		}
		$this->show( $rows, array( 'what', 'where', 'about' ), $flags );
	}

	/**
	 * Gives people the tags that WP Fusion holds of them from before Tandem. They travel as any change.
	 */
	public function tags(): void {
		$people = 0;
		$after  = 0;
		do {
			$step    = $this->one( 'POST', '/import/tags', array( 'after' => $after ) );
			$people += (int) $step['people'];
			$after   = $step['next'];
		} while ( null !== $after );
		\WP_CLI::success( sprintf( '%d people have tags now that they had not.', $people ) );
	}

	/**
	 * Takes numbers of accounts over as links, where the account on that site has the person's address.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : The site that the numbers belong to: number, address or name.
	 *
	 * [--key=<key>]
	 * : Meta key that holds them.
	 * ---
	 * default: user_id_2
	 * ---
	 *
	 * [--dry-run]
	 * : Only count.
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `key`, `dry-run`.
	 */
	public function links( array $args, array $flags ): void {
		$site   = $this->site( $args[0] );
		$counts = array();
		$after  = 0;
		do {
			$step = $this->one(
				isset( $flags['dry-run'] ) ? 'GET' : 'POST',
				'/import/links',
				array(
					'site'  => $site['id'],
					'key'   => $flags['key'] ?? 'user_id_2',
					'after' => $after,
				)
			);
			foreach ( array( 'fits', 'linked', 'differs', 'left' ) as $name ) {
				$counts[ $name ] = ( $counts[ $name ] ?? 0 ) + (int) $step[ $name ];
			}
			$after = $step['next'];
		} while ( null !== $after );
		\WP_CLI::success( sprintf( isset( $flags['dry-run'] ) ? '%1$d would be linked with %2$s; %3$d are already, %4$d have another address there or none, %5$d are left alone.' : '%1$d were linked with %2$s; %3$d were already, %4$d have another address there or none, %5$d are left alone.', $counts['fits'], $site['name'], $counts['linked'], $counts['differs'], $counts['left'] ) );
	}

	/**
	 * Gives a connected site the settings that WP Remote Users Sync has for it.
	 *
	 * ## OPTIONS
	 *
	 * <site>
	 * : Number, address or name.
	 *
	 * @param list<string> $args Site.
	 */
	public function settings( array $args ): void {
		$site = $this->site( $args[0] );
		$this->one( 'POST', '/import/settings', array( 'site' => $site['id'] ) );
		\WP_CLI::success( sprintf( '%s has the settings of WP Remote Users Sync now.', $site['name'] ) );
	}
}
