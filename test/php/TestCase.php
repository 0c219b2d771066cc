<?php
/**
 * A test in a real WordPress: whatever it writes, hooks or sends by mail is gone afterwards.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests;

use PHPUnit\Framework\TestCase as PHPUnitTestCase;
use Tandem\Capture\Trouble;
use Tandem\Hooks\Adapters;
use Tandem\Sync\UserReader;
use Tandem\Time\SystemClock;

abstract class TestCase extends PHPUnitTestCase {

	/** The savepoint that stands for a transaction of the code under test. */
	private const SAVEPOINT = 'tandem_test';

	/** @var array<string, \WP_Hook> */
	private array $hooks = array();

	/** Whether the test runs in a transaction. */
	private bool $in_transaction = false;

	private static int $made = 0;

	/**
	 * Opens a transaction, and remembers the hooks.
	 */
	protected function setUp(): void {
		parent::setUp();
		global $wp_filter;
		$this->hooks = array_map( static fn ( \WP_Hook $hook ): \WP_Hook => clone $hook, $wp_filter );
		Mailbox::install();
		$this->forget_request();
		$this->begin();
	}

	/**
	 * Rolls back, and puts the hooks as they were.
	 */
	protected function tearDown(): void {
		global $wp_filter, $wpdb;
		if ( $this->in_transaction ) {
			$this->in_transaction = false;
			remove_filter( 'query', array( $this, 'nest_transaction' ) );
			$wpdb->query( 'ROLLBACK' );
		}
		$wp_filter = $this->hooks; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- what it is for.
		$this->forget_request();
		parent::tearDown();
	}

	/**
	 * Reads users, on a site without adapters.
	 */
	protected static function reader(): UserReader {
		return new UserReader( new Adapters( new Trouble( new SystemClock() ) ) );
	}

	/**
	 * Adds an account as any plugin would, so the hooks of a new user fire.
	 *
	 * @param array<string, mixed> $overrides Fields of `wp_insert_user()`, in place of the made-up ones.
	 * @return int Its id.
	 */
	protected function make_user( array $overrides = array() ): int {
		$number = ++self::$made;
		$id     = wp_insert_user(
			$overrides + array(
				'user_login' => "person$number",
				'user_email' => "person$number@a.test",
				'user_pass'  => "secret of $number",
				'role'       => 'subscriber',
			)
		);
		self::assertIsInt( $id, is_wp_error( $id ) ? $id->get_error_message() : '' );
		return $id;
	}

	/**
	 * The mails of this test.
	 *
	 * @return list<array{to: list<string>, subject: string, body: string}>
	 */
	protected function mails(): array {
		$mailbox = $GLOBALS['phpmailer'];
		self::assertInstanceOf( Mailbox::class, $mailbox );
		return $mailbox->mails();
	}

	/**
	 * Ends the transaction and keeps what it wrote, for a test that needs a second connection or process to see it. Such a test cleans up itself.
	 */
	protected function commit(): void {
		global $wpdb;
		$this->in_transaction = false;
		remove_filter( 'query', array( $this, 'nest_transaction' ) );
		$wpdb->query( 'COMMIT' );
	}

	/**
	 * Filter `query`: a transaction inside the test's own one becomes a savepoint. A second START TRANSACTION would end the first.
	 *
	 * @param string $query SQL.
	 */
	public function nest_transaction( string $query ): string {
		return match ( strtoupper( trim( $query, "; \n\t" ) ) ) {
			'START TRANSACTION', 'BEGIN' => 'SAVEPOINT ' . self::SAVEPOINT,
			'COMMIT'                     => 'RELEASE SAVEPOINT ' . self::SAVEPOINT,
			'ROLLBACK'                   => 'ROLLBACK TO SAVEPOINT ' . self::SAVEPOINT,
			default                      => $query,
		};
	}

	private function begin(): void {
		global $wpdb;
		$wpdb->query( 'START TRANSACTION' );
		$this->in_transaction = true;
		add_filter( 'query', array( $this, 'nest_transaction' ) );
	}

	/**
	 * What lives for one request lives for one test.
	 */
	private function forget_request(): void {
		// A test in which something throws within a hook leaves it "running": doing_filter() would tell the next test so.
		$GLOBALS['wp_current_filter'] = array(); // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- what it is for.
		wp_cache_flush();
		wp_set_current_user( 0 );
		$_GET     = array();
		$_POST    = array();
		$_REQUEST = array();
		$_COOKIE  = array();
	}
}
