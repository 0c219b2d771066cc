<?php
/**
 * A plugin of the test's own, attached as it attaches itself, with remote sites that nobody delivers to.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Capture;

use Tandem\Plugin;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxRow;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

abstract class CaptureTestCase extends TestCase {

	protected FixedClock $clock;
	protected Plugin $plugin;
	protected RemoteSite $site;

	/** @var list<string> Queries that the test has listened to. */
	private array $queries = array();

	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/user.php';
		$this->detach();
		// Cookies can't be set: PHPUnit has printed something already.
		add_filter( 'send_auth_cookies', '__return_false' );
		unset( $GLOBALS['wp_actions']['application_password_did_authenticate'] );
		$this->clock  = new FixedClock();
		$this->plugin = new Plugin( WP_PLUGIN_DIR . '/tandem-user-sync/tandem-user-sync.php', $GLOBALS['wpdb'], $this->clock );
		$this->plugin->attach();
		$this->site = $this->connect();
	}

	/**
	 * Takes the hooks of the plugin that was loaded with WordPress away: it holds what other tests did.
	 */
	private function detach(): void {
		foreach ( $GLOBALS['wp_filter'] as $name => $hook ) {
			foreach ( $hook->callbacks as $priority => $callbacks ) {
				foreach ( $callbacks as $callback ) {
					$function = $callback['function'];
					if ( $function instanceof \Closure && ( new \ReflectionFunction( $function ) )->getClosureThis() instanceof Plugin ) {
						remove_filter( $name, $function, $priority );
					}
				}
			}
		}
	}

	/**
	 * Connects a remote site. Nothing answers there.
	 *
	 * @param array<string, mixed> $settings Shape of `SiteSettings` in admin-src/types.ts.
	 */
	protected function connect( array $settings = array() ): RemoteSite {
		return $this->plugin->sites()->add( 'B', 'https://b.test', 'https://b.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, SiteSettings::from_array( $settings ) );
	}

	/**
	 * Changes the owner's decisions for the first site.
	 *
	 * @param array<string, mixed> $settings What is to change.
	 */
	protected function decide( array $settings ): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( $settings, $this->site->settings ) );
		$this->site = $this->plugin->sites()->get( $this->site->id );
		$this->end_request();
	}

	/**
	 * A user whom the remote sites have already.
	 *
	 * @param array<string, mixed> $fields Fields of `wp_insert_user()`.
	 */
	protected function make_known_user( array $fields = array() ): int {
		$id = $this->make_user( $fields );
		$this->end_request();
		foreach ( $this->plugin->sites()->all() as $site ) {
			$row = $this->plugin->outbox()->find_for( $site->id, $id );
			if ( null !== $row ) {
				$this->plugin->outbox()->discard( $row->id );
			}
		}
		return $id;
	}

	/**
	 * The request ends.
	 *
	 * @return bool Whether something is to be delivered.
	 */
	protected function end_request(): bool {
		return $this->plugin->recorder()->flush();
	}

	/**
	 * What waits for a user and a site.
	 *
	 * @param int             $user_id User here.
	 * @param RemoteSite|null $site    The first site when null.
	 */
	protected function row( int $user_id, ?RemoteSite $site = null ): ?OutboxRow {
		return $this->plugin->outbox()->find_for( ( $site ?? $this->site )->id, $user_id );
	}

	/**
	 * The request ends. Which fields wait for a user.
	 *
	 * @param int $user_id User here.
	 * @return list<string> None when no row waits.
	 */
	protected function captured( int $user_id ): array {
		$this->end_request();
		return $this->row( $user_id )->fields->names ?? array();
	}

	/**
	 * The request ends. The password that waits for a user.
	 *
	 * @param int             $user_id User here.
	 * @param RemoteSite|null $site    The first site when null.
	 * @return string|null As WordPress hashed it; null when none waits.
	 */
	protected function captured_password( int $user_id, ?RemoteSite $site = null ): ?string {
		$this->end_request();
		$site ??= $this->site;
		$row    = $this->row( $user_id, $site );
		self::assertSame( '' !== ( $row->secret ?? '' ), $row?->fields->has( FieldSet::PASSWORD ) ?? false, 'A sealed password and the field go together.' );
		return '' === ( $row->secret ?? '' ) ? null : $this->plugin->vault()->open( $row->secret ?? '', "password:{$site->id}:$user_id" );
	}

	/**
	 * The password that is written down while the request goes on.
	 *
	 * @param int $user_id User here.
	 */
	protected function open_secret( int $user_id ): string {
		return $this->plugin->vault()->open( $this->row( $user_id )->secret ?? '', "password:{$this->site->id}:$user_id" );
	}

	/**
	 * The password that waits is the one that the account has now.
	 *
	 * @param int    $user_id User here.
	 * @param string $hashed  What WordPress hashed.
	 */
	protected function assert_captured_password( int $user_id, string $hashed ): void {
		self::assertSame( $hashed, $this->captured_password( $user_id ) );
		$user = get_userdata( $user_id );
		self::assertNotFalse( $user );
		// At log-in WordPress trims what was typed (`wp_authenticate()`), as it did before it hashed.
		self::assertTrue( wp_check_password( trim( $hashed ), $user->user_pass, $user_id ), 'The account here has this password.' );
	}

	/**
	 * A text is nowhere in the database.
	 *
	 * @param string $needle The text.
	 * @param string $hay    Something that must be there, so that this test can fail.
	 */
	protected function assert_nowhere_in_database( string $needle, string $hay ): void {
		global $wpdb;
		$all = '';
		foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
			foreach ( $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM %i', $table ), ARRAY_N ) as $row ) {
				$all .= implode( "\n", array_map( 'strval', $row ) ) . "\n";
			}
		}
		self::assertStringContainsString( $hay, $all );
		self::assertStringNotContainsString( $needle, $all );
	}

	/**
	 * The queries that something makes on tables of the plugin.
	 *
	 * @param callable(): mixed $work What to do.
	 * @return list<string>
	 */
	protected function own_queries( callable $work ): array {
		$this->queries = array();
		$listener      = function ( string $query ): string {
			if ( str_contains( $query, $GLOBALS['wpdb']->prefix . 'tandem_' ) ) {
				$this->queries[] = $query;
			}
			return $query;
		};
		add_filter( 'query', $listener );
		$work();
		remove_filter( 'query', $listener );
		return $this->queries;
	}

	/**
	 * Queries that fit a pattern fail from now on, as they do when a table is broken.
	 *
	 * @param string $pattern Regular expression.
	 * @return \Closure(): void Mends it.
	 */
	protected function break_queries( string $pattern ): \Closure {
		$break = static function ( string $query ) use ( $pattern ): string {
			if ( 1 !== preg_match( $pattern, $query ) ) {
				return $query;
			}
			if ( class_exists( \WP_SQLite_DB::class, false ) ) {
				// The SQLite integration ends the transaction around a query that fails, and with it this test's.
				throw new \RuntimeException( "Broken: $query" );
			}
			return 'SELECT broken FROM wp_tandem_there_is_no_such_table';
		};
		add_filter( 'query', $break );
		return static function () use ( $break ): void {
			remove_filter( 'query', $break );
		};
	}

	/**
	 * A form as WordPress finds it: with slashes.
	 *
	 * @param array<string, string> $fields What was typed.
	 */
	protected function post( array $fields ): void {
		$_POST    = add_magic_quotes( $fields );
		$_REQUEST = $_POST; // phpcs:ignore WordPress.Security.NonceVerification.Missing -- what a request would hold.
	}

	/**
	 * A REST request of an administrator.
	 *
	 * @param string               $route From `/wp/v2` on.
	 * @param array<string, mixed> $body  Its fields.
	 */
	protected function rest( string $route, array $body ): \WP_REST_Response {
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- the one of an earlier test knows other hooks.
		wp_set_current_user( 1 );
		$request = new \WP_REST_Request( 'POST', $route );
		$request->set_body_params( $body );
		return rest_do_request( $request );
	}
}
