<?php
/**
 * `wp tandem rule …`
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Cli;

use Tandem\Rules\Verdict;

/**
 * Lists rules, and runs them for those who qualify now.
 */
final class RuleCommand extends Command {

	/**
	 * Lists the rules.
	 *
	 * ## OPTIONS
	 *
	 * [<site>]
	 * : Only of this site: number, address or name.
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
	 *     wp tandem rule list --format=json
	 *
	 * @subcommand list
	 *
	 * @param list<string>          $args  Site.
	 * @param array<string, string> $flags `format`, `fields`.
	 */
	public function list_( array $args, array $flags ): void {
		$sites = isset( $args[0] ) ? array( $this->site( $args[0] ) ) : $this->many( 'GET', '/sites' );
		$rules = array();
		foreach ( $sites as $site ) {
			array_push( $rules, ...$this->many( 'GET', '/sites/' . $site['id'] . '/rules' ) );
		}
		$this->show( $rules, array( 'id', 'site', 'on', 'sentence', 'reverses', 'lastRunAt' ), $flags );
	}

	/**
	 * Runs a rule for those who qualify now. Who has had it for the same reason gets nothing anew.
	 *
	 * ## OPTIONS
	 *
	 * <rule>
	 * : Its number.
	 *
	 * [--dry-run]
	 * : Only says who would get what. Nothing is written.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml or count.
	 * ---
	 * default: table
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp tandem rule run 3 --dry-run
	 *
	 * @param list<string>          $args  Rule.
	 * @param array<string, string> $flags `dry-run`, `format`.
	 */
	public function run( array $args, array $flags ): void {
		$dry    = isset( $flags['dry-run'] );
		$page   = 1;
		$people = array();
		$new    = array();
		do {
			$step = $this->one(
				'POST',
				'/rules/' . (int) $args[0] . '/run',
				array(
					'dryRun' => $dry,
					'page'   => $page,
				)
			);
			foreach ( (array) $step['people'] as $person ) {
				$people[] = (array) $person;
				if ( Verdict::New->value === $person['verdict'] ) {
					$new[ (int) $person['userId'] ] = true;
				}
			}
			$page = $step['next'];
			wp_cache_flush_runtime();
		} while ( null !== $page );
		$this->show( $people, array( 'userId', 'username', 'email', 'occasion', 'verdict' ), $flags );
		\WP_CLI::success( sprintf( $dry ? '%d people would get it. Nothing was written.' : '%d people get it.', count( $new ) ) );
	}
}
