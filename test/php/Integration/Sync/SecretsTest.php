<?php
/**
 * Known passwords go through every path, with the other site well and in every kind of trouble; afterwards
 * everything that this site keeps, writes or answers is searched for them.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rest\Api;
use Tandem\Rest\Controller;
use Tandem\Sync\FieldSet;
use Tandem\Tests\RemoteWordPress;
use Tandem\Webhook\HookSettings;

final class SecretsTest extends DeliveryTestCase {

	/** Part of every password: letters and digits, so that it is the same in JSON, HTML, an address or a slashed text. */
	private const NEEDLE = 'nEEd7LeQ4zX9hAyK';

	/** @var list<string> Every query that was made. */
	private array $queries = array();

	/** @var array<string, true> Methods of ours that have a password in what they were called with, where PHP would print it. */
	private array $printable = array();

	/** @var array<string, string|false> Settings of PHP before. */
	private array $php = array();

	private string $log;

	private int $number = 0;

	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/user.php';
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		add_filter( 'send_auth_cookies', '__return_false' );
		// A webhook hears of all that happens, and of no password.
		$hook = $this->plugin->sites()->add( 'Automation', $this->remote->url . '/hook', $this->remote->url, SiteKind::Webhook, '', 0, false, SiteSettings::from_array( array( 'fields' => FieldSet::CORE ), SiteSettings::of_webhook() ) );
		$this->plugin->webhook_secrets()->create( $hook->id );
		$this->plugin->hooks()->add( 'Newsletter', HookSettings::defaults() );
		$this->new_request();
		$this->log = (string) tempnam( sys_get_temp_dir(), 'tandem-log' );
		foreach ( array(
			'error_log'                           => $this->log,
			'log_errors'                          => '1',
			'zend.exception_ignore_args'          => '0',
			'zend.exception_string_param_max_len' => '1000000',
		) as $name => $value ) {
			$this->php[ $name ] = ini_set( $name, $value ); // phpcs:ignore WordPress.PHP.IniSet -- a developer's settings, with which PHP tells most.
		}
		// As SAVEQUERIES keeps them. What PHP would print of our methods, should it die right here, is looked at as well.
		add_filter(
			'query',
			function ( string $query ): string {
				$this->queries[] = $query;
				if ( str_contains( $query, 'tandem_' ) ) {
					$this->look_at( debug_backtrace() ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions, PHPCompatibility.FunctionUse -- what it is about; nothing was changed.
				}
				return $query;
			},
			PHP_INT_MIN
		);
	}

	protected function tearDown(): void {
		foreach ( $this->php as $name => $value ) {
			ini_set( $name, (string) $value ); // phpcs:ignore WordPress.PHP.IniSet -- as it was.
		}
		unlink( $this->log ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the test's own.
		$this->remote->restore();
		// It knows the plugin of this test.
		$GLOBALS['wp_rest_server'] = null; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- made anew when it is asked for.
		parent::tearDown();
	}

	/**
	 * Notes methods of ours that were called with a password which is not marked as one. WordPress's own are its own.
	 *
	 * @param array<int, array<string, mixed>> $trace As PHP gives it.
	 */
	private function look_at( array $trace ): void {
		if ( ! class_exists( \SensitiveParameter::class ) ) {
			// PHP 8.1 has no mark for what it must not print; its own setting for live sites is to print no arguments at all.
			return;
		}
		foreach ( $trace as $frame ) {
			$class = (string) ( $frame['class'] ?? '' );
			if ( str_starts_with( $class, 'Tandem\\' ) && ! str_starts_with( $class, 'Tandem\\Tests\\' ) ) {
				array_walk_recursive(
					$frame['args'],
					function ( mixed $value ) use ( $class, $frame ): void {
						// Of an object PHP prints the name of its class.
						if ( is_string( $value ) && $this->holds_secret( $value ) ) {
							$this->printable[ $class . '::' . $frame['function'] ] = true;
						}
					}
				);
			}
		}
	}

	/**
	 * Forms in which a password may lie somewhere.
	 *
	 * @return list<string>
	 */
	private function forms(): array {
		$application = $this->remote->application_password;
		$forms       = array( $application, str_replace( ' ', '', $application ), rawurlencode( $application ), urlencode( $application ), base64_encode( RemoteWordPress::ADMIN . ':' . $application ), bin2hex( self::NEEDLE ), strrev( self::NEEDLE ), self::NEEDLE ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as it travels.
		for ( $before = 0; $before < 3; $before++ ) {
			// In the middle of something that is encoded, without the ends that depend on what stands beside it.
			$forms[] = substr( base64_encode( str_repeat( 'x', $before ) . self::NEEDLE ), 4, 14 ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as it travels.
		}
		return $forms;
	}

	private function holds_secret( string $text ): bool {
		foreach ( $this->forms() as $form ) {
			if ( str_contains( $text, $form ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The next password, with everything in it that is written in another way somewhere.
	 *
	 * @param string $more More of it.
	 */
	private function secret( string $more = '' ): string {
		return ++$this->number . "\"ö' & <" . self::NEEDLE . '> ' . $more;
	}

	/**
	 * Sets a password on every path.
	 *
	 * @return array{0: list<int>, 1: string} Whose, and the last one of the first of them.
	 */
	private function walk_every_path(): array {
		$n    = ++$this->number;
		$rest = function ( string $route, array $body ): int {
			$request = new \WP_REST_Request( 'POST', $route );
			$request->set_body_params( $body );
			$response = rest_do_request( $request );
			self::assertLessThan( 300, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
			return $response->get_data()['id'];
		};
		$form = static function ( string $password, array $more ): void {
			$_POST = add_magic_quotes(
				$more + array(
					'pass1' => $password,
					'pass2' => $password,
				)
			);
		};
		$ids  = array( $this->make_user( array( 'user_pass' => $this->secret() ) ) );
		$user = get_userdata( $ids[0] );
		self::assertNotFalse( $user );
		wp_update_user(
			array(
				'ID'        => $ids[0],
				'user_pass' => $this->secret(),
			)
		);
		wp_set_password( $this->secret( 'with a \\' ), $ids[0] );
		reset_password( $user, wp_slash( $this->secret() ) );
		wp_set_current_user( $ids[0] );
		$form(
			$this->secret(),
			array(
				'email'        => $user->user_email,
				'nickname'     => $user->nickname,
				'display_name' => $user->display_name,
			)
		);
		self::assertSame( $ids[0], edit_user( $ids[0] ) );
		wp_set_current_user( 1 );
		$form(
			$this->secret(),
			array(
				'user_login' => "form$n",
				'email'      => "form$n@a.test",
				'role'       => 'subscriber',
			)
		);
		$ids[] = edit_user();
		$ids[] = $rest(
			'/wp/v2/users',
			array(
				'username' => "rest$n",
				'email'    => "rest$n@a.test",
				'password' => $this->secret(),
			)
		);
		$rest( '/wp/v2/users/' . $ids[2], array( 'password' => $this->secret() ) );
		$generated = $this->secret();
		add_filter( 'random_password', static fn (): string => $generated );
		$ids[] = register_new_user( "self$n", "self$n@a.test" );
		remove_all_filters( 'random_password' );
		self::assertNotInstanceOf( \WP_User::class, wp_authenticate( $user->user_login, $this->secret() ), 'A wrong one.' );
		$last = $this->secret();
		wp_set_password( $last, $ids[0] );
		self::assertInstanceOf( \WP_User::class, wp_authenticate( $user->user_login, $last ) );
		$_POST = array();
		return array( $ids, $last );
	}

	/**
	 * Everything that this site keeps, has written or answers, by where it is.
	 *
	 * @return array<string, string>
	 */
	private function everything(): array {
		global $wpdb;
		$all = array( 'queries' => implode( "\n", $this->queries ) );
		foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
			$all[ "table $table" ] = print_r( $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM %i', $table ), ARRAY_A ), true ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- to search it.
		}
		$all['object cache']      = serialize( $GLOBALS['wp_object_cache']->cache ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- to search it.
		$all['database errors']   = print_r( $GLOBALS['EZSQL_ERROR'] ?? array(), true ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- to search it.
		$all['error log']         = (string) file_get_contents( $this->log ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a local file.
		$all['facts for support'] = (string) wp_json_encode( apply_filters( 'debug_information', array() ) );
		// What WordPress itself mails is its own.
		$all['mails'] = (string) wp_json_encode( array_filter( $this->mails(), static fn ( array $mail ): bool => str_contains( $mail['body'], 'tandem' ) ) );
		wp_set_current_user( 1 );
		foreach ( $this->questions() as $question ) {
			$response                                     = rest_do_request( $question );
			$all[ 'answer of ' . $question->get_route() ] = $response->get_status() . ' ' . wp_json_encode( $response->get_data(), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) . wp_json_encode( $response->get_headers() );
		}
		return $all;
	}

	/**
	 * Every GET of ours, each once for every number that there is, and people as WordPress shows them to an administrator.
	 *
	 * @return list<\WP_REST_Request>
	 */
	private function questions(): array {
		global $wpdb;
		$numbers   = array(
			'sites'         => $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}tandem_sites" ),
			'backfills'     => $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}tandem_backfills" ),
			'verifications' => $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}tandem_verifications" ),
			'webhooks'      => $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}tandem_hooks" ),
			'users'         => $wpdb->get_col( "SELECT ID FROM {$wpdb->users} ORDER BY ID DESC LIMIT 2" ),
		);
		$questions = array( new \WP_REST_Request( 'GET', '/wp/v2/users' ) );
		$questions[0]->set_query_params(
			array(
				'context'  => 'edit',
				'per_page' => 100,
			)
		);
		foreach ( rest_get_server()->get_routes( Api::NAMESPACE ) as $pattern => $handlers ) {
			if ( ! array_filter( $handlers, static fn ( array $handler ): bool => ! empty( $handler['methods']['GET'] ) ) ) {
				continue;
			}
			foreach ( str_contains( $pattern, '(?P<id>' ) ? $numbers[ explode( '/', $pattern )[3] ] : array( '' ) as $id ) {
				$questions[] = new \WP_REST_Request( 'GET', str_replace( Controller::ID, (string) $id, $pattern ) );
			}
		}
		return $questions;
	}

	/**
	 * What was sent to the webhook, if the other site can be asked at this moment.
	 *
	 * @return list<string>
	 */
	private function remote_was_told(): array {
		try {
			return array_column( $this->remote->requests( '#/hook$#' ), 'body' );
		} catch ( \RuntimeException ) {
			return array();
		}
	}

	private function assert_nowhere( string $login ): void {
		$all = $this->everything();
		self::assertGreaterThan( 20, count( $all ) );
		foreach ( $all as $where => $text ) {
			self::assertFalse( $this->holds_secret( $text ), "A password is in: $where" );
		}
		foreach ( $this->remote_was_told() as $body ) {
			self::assertFalse( $this->holds_secret( $body ), 'A password was told to a webhook.' );
		}
		self::assertSame( array(), $this->printable, 'PHP would print a password that these were called with.' );
		// So that this can fail.
		global $wpdb;
		self::assertStringContainsString( $login, $all[ "table $wpdb->users" ] );
		self::assertStringContainsString( "INTO {$wpdb->prefix}tandem_outbox", str_replace( '`', '', $all['queries'] ) );
		self::assertStringContainsString( $this->remote->url, $all[ 'answer of /' . Api::NAMESPACE . '/sites/' . $this->site->id ] );
		self::assertStringContainsString( $login, $all['answer of /wp/v2/users'] );
	}

	/**
	 * What may go on over there or here.
	 *
	 * @return iterable<string, array{\Closure( self ): void}>
	 */
	public static function troubles(): iterable {
		$echo = 'add_action( "rest_insert_user", function () { header( "Content-Type: text/html", true, %d ); echo "Dump: ", file_get_contents( "php://input" ), " ", $_SERVER["PHP_AUTH_PW"] ?? "", " ", $_SERVER["HTTP_AUTHORIZATION"] ?? ""; exit; } );';
		yield 'all is well' => array( static fn () => null );
		yield 'it refuses connections' => array( static fn ( self $test ) => $test->remote->refuse() );
		yield 'it fails and prints what it was sent' => array( static fn ( self $test ) => $test->remote->on_every_request( sprintf( $echo, 500 ) ) );
		yield 'it prints what it was sent and means well' => array( static fn ( self $test ) => $test->remote->on_every_request( sprintf( $echo, 200 ) ) );
		yield 'it breaks off' => array( static fn ( self $test ) => $test->remote->send_half( null, RemoteWordPress::REST, '#POST#' ) );
		yield 'it refuses what it was sent in its own words' => array( static fn ( self $test ) => $test->remote->on_every_request( 'add_filter( "rest_pre_insert_user", function ( $user ) { return new WP_Error( "weak_password", "Too weak: " . $user->user_pass, array( "status" => 400 ) ); } );' ) );
		yield 'it sends us on to an address with what it was sent' => array( static fn ( self $test ) => $test->remote->on_every_request( 'add_action( "rest_insert_user", function () { header( "Location: /elsewhere?all=" . rawurlencode( file_get_contents( "php://input" ) ), true, 302 ); exit; } );' ) );
		yield 'its log-in is refused' => array( static fn ( self $test ) => $test->remote->on_every_request( 'add_filter( "get_user_metadata", fn( $value, $id, $key ) => "_application_passwords" === $key ? array( array() ) : $value, 10, 3 );' ) );
		yield 'the queue can not be written' => array(
			static fn () => add_filter(
				'query',
				static fn ( string $query ): string => preg_match( '/^(INSERT INTO|UPDATE) `?wp_tandem_outbox/', $query ) ? throw new \RuntimeException( 'Broken: ' . $query ) : $query
			),
		);
	}

	/**
	 * @param \Closure( self ): void $trouble What goes on.
	 */
	#[DataProvider( 'troubles' )]
	public function test_no_password_is_anywhere_afterwards( \Closure $trouble ): void {
		$this->decide(
			array(
				'catchUpAtLogin' => true,
				'existing'       => 'trust',
			)
		);
		$trouble( $this );
		list( $ids, $last ) = $this->walk_every_path();
		$login              = get_userdata( $ids[0] )->user_login ?? '';
		$this->assert_nowhere( $login );
		$this->deliver();
		$this->assert_nowhere( $login );
		if ( 'all is well' === $this->dataName() ) {
			self::assertTrue( $this->remote->can_log_in( $login, $last ), 'They did travel.' );
			self::assertSame( array( '', '', '', '' ), array_map( fn ( int $id ): string => $this->plugin->outbox()->find_for( $this->site->id, $id )->secret ?? '', $ids ) );
		}
	}

	public function test_no_password_is_in_what_is_thrown_on_the_way_to_the_other_site(): void {
		$this->remote->refuse();
		$thrown = array();
		foreach ( array(
			fn () => $this->plugin->plain_sites()->api( $this->site, self::NEEDLE )->update( 1, array( 'password' => self::NEEDLE ) ),
			fn () => $this->plugin->plain_sites()->with( 'B', $this->remote->rest_url(), 'admin', self::NEEDLE )->create( array( 'password' => self::NEEDLE ) ),
			fn () => $this->plugin->connector()->connect( $this->remote->url, 'admin', self::NEEDLE ),
			fn () => $this->plugin->connector()->reconnect( $this->site, 'admin', self::NEEDLE ),
			fn () => $this->plugin->connector()->finish( 'no such state', $this->remote->url, 'admin', self::NEEDLE ),
			fn () => $this->plugin->vault()->open( $this->plugin->vault()->seal( self::NEEDLE, 'a' ), 'b' ),
		) as $work ) {
			try {
				$work();
				self::fail( 'Nothing was thrown.' );
			} catch ( \Exception $exception ) {
				for ( $next = $exception; null !== $next; $next = $next->getPrevious() ) {
					$this->look_at( $next->getTrace() );
					self::assertFalse( $this->holds_secret( $next->getMessage() ) );
				}
				$thrown[] = $exception::class;
			}
		}
		self::assertSame( array(), $this->printable );
		self::assertContains( RemoteFailure::class, $thrown );
	}

	public function test_every_form_of_a_password_would_be_found(): void {
		foreach ( $this->forms() as $form ) {
			self::assertTrue( $this->holds_secret( "before $form after" ) );
		}
		$secret = $this->secret();
		foreach ( array( wp_json_encode( array( 'p' => $secret ) ), base64_encode( "user:$secret" ), base64_encode( "users:$secret" ), base64_encode( $secret ), rawurlencode( $secret ), esc_html( $secret ), wp_slash( $secret ), serialize( array( $secret ) ), bin2hex( $secret ) ) as $text ) { // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- forms of it.
			self::assertTrue( $this->holds_secret( (string) $text ), (string) $text );
		}
		update_option( 'somebodys_mistake', array( 'p' => base64_encode( $secret ) ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a form of it.
		error_log( $secret ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- where it would be found.
		$this->look_at( $this->trace_with( $secret ) );
		$all = $this->everything();
		foreach ( array( 'table ' . $GLOBALS['wpdb']->options, 'queries', 'error log' ) as $where ) {
			self::assertTrue( $this->holds_secret( $all[ $where ] ), $where );
		}
		self::assertSame( class_exists( \SensitiveParameter::class ) ? array( 'Tandem\Somewhere::call' => true ) : array(), $this->printable );
	}

	/**
	 * A trace with a call of ours that shows a password.
	 *
	 * @param string $secret A password.
	 * @return array<int, array<string, mixed>>
	 */
	private function trace_with( string $secret ): array {
		return array(
			array(
				'class'    => 'Tandem\\Somewhere',
				'function' => 'call',
				'args'     => array( array( 'deep' => array( $secret ) ) ),
			),
		);
	}
}
