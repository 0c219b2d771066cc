<?php
/**
 * Nothing that happens for each person or each minute grows with the number of users, links, records, rows of the
 * activity or of the outbox.
 *
 * The same is done in small and in big tables, in turn, and the rows that the database read for it are compared: those
 * are the same on any machine; and how it carries out each of the plugin's statements (`type` and `key` of EXPLAIN).
 * `npm run test:growth` takes 1,000 and 100,000 rows, compares times too, and prints rows and times.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Admin\UserStates;
use Tandem\Backfill\Backfills;
use Tandem\Database\Connection;
use Tandem\Login\Admission;
use Tandem\Login\Codes;
use Tandem\Login\Partners;
use Tandem\Login\Redemption;
use Tandem\Login\Ticket;
use Tandem\Peer\IncomingUser;
use Tandem\Peer\Messages;
use Tandem\Peer\Policy;
use Tandem\Peer\Suspension;
use Tandem\Peer\UserResult;
use Tandem\Plugin;
use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Deed;
use Tandem\Rules\Rule;
use Tandem\Rules\Trigger;
use Tandem\Security\ProtectedAccounts;
use Tandem\Security\PublicKeys;
use Tandem\Sync\Budget;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Stamp;
use Tandem\Tests\FilledTables;
use Tandem\Tests\Integration\Sync\DeliveryTestCase;
use Tandem\Webhook\HookSettings;
use Tandem\Webhook\HookState;

require_once dirname( __DIR__, 3 ) . '/stand-ins/woocommerce.php';

final class GrowthTest extends DeliveryTestCase {

	/** Prefixes and rows, in the short form. */
	private const SHORT = array( 'small_' => 400, 'big_' => 4_000 );
	private const LONG  = array( 'small_' => 1_000, 'big_' => 100_000 );

	/** How often each thing is done; the median counts. */
	private const ROUNDS = 5;

	/** Rows that a deeper tree, or a neighbour on the same page, may cost. */
	private const MORE_ROWS = 5;

	/** Times as long as in the small tables, and milliseconds besides: what the machine does otherwise. */
	private const LONGER    = 2.0;
	private const LONGER_MS = 5.0;

	private const SITES = 5;

	/** Keys of the outbox by which a claim finds what is due: of a short queue by the site, of a long one by the time. Which is quicker is for the database to say; the rows read for it are compared. */
	private const ALIKE = array( 'ref state_due' => 'ref site_queue' );

	private string $prefix = '';

	/** @var array<string, FilledTables> */
	private array $tables = array();

	/** @var array<string, array{here: RemoteSite, paired: RemoteSite, peer: RemoteSite}> `peer` is paired and answers. */
	private array $remote_sites = array();

	/** @var array<string, array{slug: string, secret: string}> An incoming webhook. */
	private array $hooks = array();

	/** @var resource|null The paired site that answers. */
	private $peer = null;

	/** Where it listens. */
	private string $peer_url = '';

	private int $number = 0;

	protected function setUp(): void {
		// The plugin of this WordPress would do all of it once more.
		remove_all_actions( 'woocommerce_order_status_changed' );
		parent::setUp();
		if ( '' === (string) getenv( 'TANDEM_TEST_SOCKET' ) ) {
			self::markTestSkipped( 'The rows that a statement reads are counted by MariaDB.' );
		}
		global $wpdb;
		// What the other delivery tests begin with is not wanted, and tables can't be made within a transaction.
		remove_filter( 'query', array( $this, 'nest_transaction' ) );
		$wpdb->query( 'ROLLBACK' );
		$this->commit();
		$this->prefix = $wpdb->prefix;
		$this->start_peer();
		foreach ( self::is_long() ? self::LONG : self::SHORT as $prefix => $rows ) {
			$wpdb->set_prefix( $prefix );
			$this->tables[ $prefix ] = new FilledTables( $wpdb, $rows, self::SITES, $this->clock->now );
			$this->tables[ $prefix ]->drop();
			$this->tables[ $prefix ]->make( $this->prefix );
			$this->tables[ $prefix ]->fill();
			// Nobody answers for the made-up sites: they take people and are not delivered to.
			$wpdb->query( "UPDATE {$prefix}tandem_sites SET state = 'paused'" );
			$this->in( $prefix );
			$this->plugin->identity()->establish();
			$this->remote_sites[ $prefix ] = array(
				'here'   => $this->connect(
					array(
						'guests' => array(
							'enabled' => true,
							'role'    => 'subscriber',
						),
					)
				),
				'paired' => $this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::from_array( array() ) ),
				'peer'   => $this->pair_with_peer(),
			);
			$this->plugin->sites()->pause( $this->remote_sites[ $prefix ]['paired']->id );
			$this->plugin->sites()->pause( $this->remote_sites[ $prefix ]['peer']->id );
			$this->plugin->rules()->add( new Rule( 0, $this->remote_sites[ $prefix ]['peer']->id, true, Trigger::Product, '45', '45', Deed::Enrol, 'learndash/course:12', 'learndash/course:12', true ) );
			$this->hooks[ $prefix ] = $this->add_hook();
			wp_set_password( 'secret', $this->somebody() );
			$this->plugin->recorder()->flush();
		}
	}

	/**
	 * Starts a paired site that answers.
	 */
	private function start_peer(): void {
		$socket = stream_socket_server( 'tcp://127.0.0.1:0' );
		self::assertIsResource( $socket );
		$address = (string) stream_socket_get_name( $socket, false );
		fclose( $socket ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a socket.
		$nowhere = array( 'file', '/dev/null', 'w' );
		$peer    = proc_open( array( PHP_BINARY, '-S', $address, dirname( __DIR__, 2 ) . '/peer.php' ), array( 0 => array( 'file', '/dev/null', 'r' ), 1 => $nowhere, 2 => $nowhere ), $pipes, null, array_diff_key( getenv(), array( 'PHP_CLI_SERVER_WORKERS' => 1 ) ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- a test's own server.
		self::assertIsResource( $peer );
		$this->peer     = $peer;
		$this->peer_url = "http://$address";
		$until          = microtime( true ) + 10;
		do {
			usleep( 20_000 );
			$answers = @file_get_contents( $this->peer_url ); // phpcs:ignore WordPress.PHP.NoSilencedErrors, WordPress.WP.AlternativeFunctions -- not there yet.
		} while ( false === $answers && microtime( true ) < $until );
		self::assertIsString( $answers, 'The paired site does not answer.' );
	}

	/**
	 * Pairs with it; the user in the middle is linked with somebody there.
	 */
	private function pair_with_peer(): RemoteSite {
		$keys = PublicKeys::from(
			array(
				'sign' => base64_encode( sodium_crypto_sign_publickey( sodium_crypto_sign_keypair() ) ),
				'box'  => base64_encode( sodium_crypto_box_publickey( sodium_crypto_box_keypair() ) ),
			)
		);
		self::assertNotNull( $keys );
		$this->plugin->keys()->establish();
		$site = $this->plugin->sites()->add( 'Q', $this->peer_url, "$this->peer_url/wp-json/", SiteKind::Paired, '', 0, false, SiteSettings::defaults() );
		$this->plugin->sites()->set_pairing( $site->id, new Pairing( 'cccccccc-cccc-4ccc-8ccc-cccccccccccc', $keys, hashes: array( 'wp-bcrypt' ) ) );
		$this->plugin->links()->save( new Link( $site->id, $this->somebody(), 4_000_001, 'there' ) );
		return $this->plugin->sites()->get( $site->id );
	}

	/**
	 * An incoming webhook.
	 *
	 * @return array{slug: string, secret: string}
	 */
	private function add_hook(): array {
		$map  = array(
			array(
				'field' => 'user_email',
				'from'  => '{email}',
			),
			array(
				'field' => 'first_name',
				'from'  => '{first}',
			),
		);
		$hook = $this->plugin->hooks()->add( 'Newsletter', HookSettings::defaults() );
		$this->plugin->hooks()->change( $hook->id, $hook->name, HookState::On, HookSettings::from_array( array( 'map' => $map ), $hook->settings ) );
		return array(
			'slug'   => $hook->slug,
			'secret' => $this->plugin->hook_secrets()->renew( $hook ),
		);
	}

	protected function tearDown(): void {
		global $wpdb;
		if ( is_resource( $this->peer ) ) {
			proc_terminate( $this->peer );
			proc_close( $this->peer );
		}
		foreach ( $this->tables as $prefix => $tables ) {
			$wpdb->set_prefix( $prefix );
			$tables->drop();
		}
		if ( '' !== $this->prefix ) {
			$wpdb->set_prefix( $this->prefix );
		}
		parent::tearDown();
	}

	public function test_what_happens_for_each_person_and_each_minute_does_not_grow(): void {
		$results = $this->measure( $this->events() );
		$this->show( $results );
		foreach ( $results as $name => $result ) {
			self::assertLessThanOrEqual( $result['small_']['rows'] + self::MORE_ROWS, $result['big_']['rows'], "$name reads more rows when there are more." );
			self::assertSame( $result['small_']['plans'], $result['big_']['plans'], "$name is carried out in another way when there are more rows." );
			if ( self::is_long() ) {
				self::assertLessThanOrEqual( $result['small_']['ms'] * self::LONGER + self::LONGER_MS, $result['big_']['ms'], "$name takes longer when there are more rows." );
			}
		}
	}

	public function test_something_that_grows_is_seen(): void {
		$results = $this->measure( array( 'a count' => fn () => $this->log()->count( new Query() ) ) );
		self::assertGreaterThan( $results['a count']['small_']['rows'] + self::MORE_ROWS, $results['a count']['big_']['rows'] );
	}

	public function test_another_way_of_carrying_out_a_statement_is_seen(): void {
		// Of few rows all are read, of many those of an index.
		$results = $this->measure( array( 'a search' => fn () => $this->db()->rows( 'SELECT message FROM %i WHERE at > %d', $this->db()->table( 'activity' ), $this->clock->now - ( 'big_' === $GLOBALS['wpdb']->prefix ? DAY_IN_SECONDS : 29 * DAY_IN_SECONDS ) ) ) );
		self::assertNotSame( $results['a search']['small_']['plans'], $results['a search']['big_']['plans'] );
	}

	public function test_a_page_of_a_list_reads_no_more_than_its_rows_and_those_before_it(): void {
		$results = $this->measure( $this->pages() );
		$this->show( $results );
		foreach ( array( 'activity, first page', 'activity, of a person', 'people who wait, first page', 'column of the users list', 'pace of a site' ) as $name ) {
			self::assertLessThanOrEqual( $results[ $name ]['small_']['rows'] + 1_000 + self::MORE_ROWS, $results[ $name ]['big_']['rows'], $name );
		}
	}

	/**
	 * What happens again and again.
	 *
	 * @return array<string, \Closure(): mixed>
	 */
	private function events(): array {
		$entry = fn ( Result $result ): Entry => new Entry( Action::Update, $result, FilledTables::BUSY_SITE, $this->somebody(), 'crowd', 'crowd@crowd.test' );
		return array(
			'a registration, with its queue'     => fn () => $this->someone_new(),
			'a change of a profile'              => function (): void {
				wp_update_user( array( 'ID' => $this->somebody(), 'first_name' => 'Ann ' . ( ++$this->number ) ) );
				$this->plugin->recorder()->flush();
			},
			'a delivery, from claim to record'   => function (): void {
				$this->plugin->outbox()->enqueue( $this->site->id, $this->someone_new(), new FieldSet( FieldSet::ALL ) );
				self::assertGreaterThan( 0, $this->plugin->dispatcher()->run( Budget::request( 20.0 ) )->delivered );
			},
			'a delivery to a paired site'        => function (): void {
				$peer = $this->remote_sites[ $GLOBALS['wpdb']->prefix ]['peer']->id;
				$this->plugin->sites()->resume( $peer );
				$this->plugin->outbox()->enqueue( $peer, $this->somebody(), new FieldSet( FieldSet::ALL ) );
				$report = $this->plugin->dispatcher()->run( Budget::request( 20.0, array( $peer ) ) );
				// At first also those who were registered before it.
				self::assertGreaterThan( 0, $report->delivered );
				self::assertSame( 0, $report->failed );
				$this->plugin->sites()->pause( $peer );
			},
			'a log-in'                           => fn () => self::assertInstanceOf( \WP_User::class, wp_authenticate( (string) get_userdata( $this->somebody() )->user_login, 'secret' ) ),
			'a log-in, vouched for and let in'   => fn () => $this->log_in_by_peer(),
			'a request to a webhook'             => fn () => $this->hooked(),
			'an order of a guest'                => function (): void {
				$email = 'guest' . ( ++$this->number ) . '@shop.test';
				stand_in_order( array( 'email' => $email ) )->update_status( 'processing' );
				self::assertNotNull( $this->plugin->guests()->of_email( $email ) );
			},
			'an order for which there is a rule' => function (): void {
				$person = $this->somebody() + ( ++$this->number );
				$order  = stand_in_order(
					array(
						'customer' => $person,
						'items'    => array(
							1 => array(
								'product' => 45,
								'total'   => 20,
							),
						),
					)
				);
				$order->update_status( 'processing' );
				self::assertContains( 'learndash/course:12', array_map( static fn ( $grant ): string => $grant->target, $this->plugin->grants()->of( $person ) ) );
			},
			'a change of tags'                   => function (): void {
				$this->plugin->tags()->change( $this->somebody(), array( 'tag ' . ( $this->number + 1 ) ), array( 'tag ' . $this->number ) );
				++$this->number;
				$this->plugin->recorder()->flush();
			},
			'a claim from the longest queue'     => fn () => self::assertCount( 1, $this->plugin->outbox()->claim( FilledTables::BUSY_SITE, 1, 60 ) ),
			'a claim from a short queue'         => function (): void {
				$this->plugin->outbox()->enqueue( $this->remote_sites[ $GLOBALS['wpdb']->prefix ]['paired']->id, $this->somebody(), new FieldSet( FieldSet::ALL ) );
				self::assertCount( 1, $this->plugin->outbox()->claim( $this->remote_sites[ $GLOBALS['wpdb']->prefix ]['paired']->id, 1, 0 ) );
			},
			'whether a site has work'            => fn () => $this->plugin->outbox()->has_due( $this->remote_sites[ $GLOBALS['wpdb']->prefix ]['here']->id ),
			'somebody new from a paired site'    => fn () => $this->incoming( 0, 'comer' . ( ++$this->number ), UserResult::CREATED ),
			'a change from a paired site'        => fn () => $this->incoming( 5_000_001, 'known', UserResult::UPDATED ),
			'a row of the activity'              => fn () => $this->log()->add( $entry( Result::Retrying ) ),
			'a further try in the activity'      => fn () => $this->log()->add( $entry( Result::Retrying ), true ),
			'housekeeping with nothing to do'    => function (): void {
				$now = $this->clock->now();
				$this->log()->purge( $now - 40 * DAY_IN_SECONDS );
				$this->plugin->outbox()->wipe_expired_secrets();
				$this->plugin->records()->purge_tombstones( $now - YEAR_IN_SECONDS );
				( new Messages( $this->db(), $this->clock ) )->purge();
				( new Codes( $this->db(), $this->clock ) )->purge();
				$this->plugin->guests()->purge( $now - YEAR_IN_SECONDS );
				$this->plugin->hook_answers()->purge();
			},
			'what is under way'                  => function (): void {
				( new Backfills( $this->db(), $this->clock ) )->active();
				$this->plugin->verifications()->active();
			},
		);
	}

	/**
	 * What the page asks for.
	 *
	 * @return array<string, \Closure(): mixed>
	 */
	private function pages(): array {
		$walk  = fn ( string $name ): Query => ( new Walk( $this->plugin, $GLOBALS['wpdb'], $this->clock, $this->somebody() ) )->queries()[ $name ];
		$last  = fn (): int => max( 1, intdiv( $this->rows(), 20 ) );
		$pages = array(
			'activity, last page'         => fn () => $this->log()->search( new Query( page: $last() ), $this->rows() ),
			'activity, middle page'       => fn () => $this->log()->search( new Query( page: max( 1, intdiv( $last(), 2 ) ) ) ),
			'activity, how many'          => fn () => $this->log()->count( new Query() ),
			'people who wait, first page' => fn () => $this->plugin->outbox()->attention( null, 1, 20 ),
			'people who wait, last page'  => fn () => $this->plugin->outbox()->attention( null, max( 1, intdiv( $this->rows(), 250 ) ), 20 ),
			'people who wait, how many'   => fn () => $this->plugin->outbox()->count_attention( null ),
			'queue of a site'             => fn () => $this->plugin->outbox()->counts( FilledTables::BUSY_SITE ),
			'links of a site'             => fn () => $this->plugin->links()->count( FilledTables::BUSY_SITE ),
			'pace of a site'              => fn () => $this->log()->pace( FilledTables::BUSY_SITE ),
			'column of the users list'    => fn () => ( new UserStates( $this->db() ) )->of( range( $this->somebody(), $this->somebody() + 19 ) ),
		);
		foreach ( array( 'first page', 'searched', 'of a site', 'of a person', 'of a result', 'of an action', 'of a site, result', 'of a site, action', 'of a time', 'delivered in a day' ) as $name ) {
			$pages[ "activity, $name" ]           = fn () => $this->log()->search( $walk( $name ) );
			$pages[ "activity, $name, how many" ] = fn () => $this->log()->count( $walk( $name ) );
		}
		return $pages;
	}

	/**
	 * Does things in both tables, in turn.
	 *
	 * @param array<string, \Closure(): mixed> $things What.
	 * @return array<string, array<string, array{rows: int, ms: float, plans: array<string, list<string>>}>> Medians, and how each statement is carried out, by thing and prefix.
	 */
	private function measure( array $things ): array {
		$results = array();
		foreach ( $things as $name => $thing ) {
			$rows  = array();
			$ms    = array();
			$plans = array();
			for ( $round = 0; $round <= self::ROUNDS; $round++ ) {
				foreach ( array_keys( $this->tables ) as $prefix ) {
					$this->in( $prefix );
					// The first round fills what is filled once.
					$asks   = 0 === $round ? new Statements( $GLOBALS['wpdb'], $this->call_sites() ) : null;
					$before = $this->rows_read();
					$start  = microtime( true );
					$thing();
					$took = ( microtime( true ) - $start ) * 1000;
					if ( null !== $asks ) {
						$asks->stop();
						$plans[ $prefix ] = self::plans( $asks->all(), $prefix );
					} else {
						$ms[ $prefix ][]   = $took;
						$rows[ $prefix ][] = $this->rows_read() - $before - $this->cost_of_counting();
					}
				}
			}
			foreach ( $rows as $prefix => $counts ) {
				sort( $counts );
				sort( $ms[ $prefix ] );
				$results[ $name ][ $prefix ] = array(
					'rows'  => $counts[ intdiv( self::ROUNDS, 2 ) ],
					'ms'    => $ms[ $prefix ][ intdiv( self::ROUNDS, 2 ) ],
					'plans' => $plans[ $prefix ],
				);
			}
		}
		return $results;
	}

	/**
	 * How statements are carried out.
	 *
	 * @param list<Statement> $statements Statements.
	 * @param string          $prefix     Prefix of the tables.
	 * @return array<string, list<string>> By method and statement, for each step: table, `type` and `key`. Whether the rows of a key are found by all of its columns or by the first ones (`ref`, `range`) is for the database to say.
	 */
	private static function plans( array $statements, string $prefix ): array {
		$plans = array();
		foreach ( $statements as $statement ) {
			$plans[ "$statement->method: $statement->sql" ] = array_map( static fn ( array $step ): string => substr( (string) $step['table'], str_starts_with( (string) $step['table'], $prefix ) ? strlen( $prefix ) : 0 ) . ': ' . strtr( ( 'range' === $step['type'] ? 'ref' : $step['type'] ) . " {$step['key']}", self::ALIKE ), $statement->plan );
		}
		return $plans;
	}

	/**
	 * Where the plugin's statements are.
	 *
	 * @return list<array{file: string, from: int, to: int, method: string}>
	 */
	private function call_sites(): array {
		static $sites   = null;
		return $sites ??= CallSites::all();
	}

	/**
	 * A new request in one of the tables.
	 *
	 * @param string $prefix Which.
	 */
	private function in( string $prefix ): void {
		global $wpdb;
		$wpdb->set_prefix( $prefix );
		wp_cache_flush();
		$this->new_request();
		// The one that answers REST requests.
		( new \ReflectionProperty( Plugin::class, 'made' ) )->setValue( $GLOBALS['tandem_plugin'], array() );
		$this->site = $this->remote_sites[ $prefix ]['here'] ?? $this->site;
	}

	/**
	 * Rows, or entries of an index, that this connection has read so far.
	 */
	private function rows_read(): int {
		global $wpdb;
		return (int) array_sum( array_column( $wpdb->get_results( "SHOW SESSION STATUS LIKE 'Handler_read%'", ARRAY_N ), 1 ) );
	}

	/**
	 * Rows that `rows_read()` itself reads.
	 */
	private function cost_of_counting(): int {
		$before = $this->rows_read();
		return $this->rows_read() - $before;
	}

	/**
	 * Prints what was measured, in the long form.
	 *
	 * @param array<string, array<string, array{rows: int, ms: float}>> $results Results.
	 */
	private function show( array $results ): void {
		if ( ! self::is_long() ) {
			return;
		}
		fprintf( STDERR, "\n\n| what | rows read of %s | of %s | ms | ms |\n|---|---|---|---|---|\n", number_format( self::LONG['small_'] ), number_format( self::LONG['big_'] ) );
		foreach ( $results as $name => $result ) {
			fprintf( STDERR, "| %s | %d | %d | %.1f | %.1f |\n", $name, $result['small_']['rows'], $result['big_']['rows'], $result['small_']['ms'], $result['big_']['ms'] );
		}
	}

	/**
	 * Registers somebody; the request ends.
	 *
	 * @return int Their id.
	 */
	private function someone_new(): int {
		$id = $this->make_user();
		$this->plugin->recorder()->flush();
		return $id;
	}

	/**
	 * This site says to a paired one who somebody is, and lets somebody in on that site's word.
	 */
	private function log_in_by_peer(): void {
		$id = $this->remote_sites[ $GLOBALS['wpdb']->prefix ]['peer']->id;
		$this->plugin->sites()->resume( $id );
		$peer       = $this->plugin->sites()->get( $id );
		$suspension = new Suspension( new ProtectedAccounts(), $this->clock );
		$codes      = new Codes( $this->db(), $this->clock );
		$state      = bin2hex( random_bytes( 32 ) );
		$redemption = new Redemption( $codes, new Partners( $this->plugin->sites(), $this->plugin->identity() ), $suspension, $this->plugin->dispatcher(), $this->plugin->log(), $this->clock );
		self::assertSame(
			$this->somebody(),
			$redemption->redeem(
				$peer,
				array(
					'code'  => $codes->make( $peer->id, $this->somebody(), Ticket::hash( $state ), false ),
					'state' => $state,
				)
			)['ref']
		);
		self::assertSame( $this->somebody(), ( new Admission( $this->plugin->links(), new ProtectedAccounts(), $suspension ) )->account( $peer, 4_000_001, false )->ID );
		$this->plugin->sites()->pause( $id );
	}

	/**
	 * A webhook brings somebody.
	 */
	private function hooked(): void {
		$hook    = $this->hooks[ $GLOBALS['wpdb']->prefix ];
		$request = new \WP_REST_Request( 'POST', '/tandem/v1/hooks/' . $hook['slug'] );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_header( 'X-Tandem-Secret', $hook['secret'] );
		$request->set_body(
			(string) wp_json_encode(
				array(
					'email' => 'hooked' . ( ++$this->number ) . '@people.test',
					'first' => 'Ann',
				)
			)
		);
		$response = rest_do_request( $request );
		self::assertSame( 'created', $response->get_data()['result'] ?? null, (string) wp_json_encode( $response->get_data() ) );
		$this->plugin->recorder()->flush();
	}

	/**
	 * A paired site sends somebody.
	 *
	 * @param int    $ref    Their id there; 0 for a new one.
	 * @param string $login  Username.
	 * @param string $result What comes of it, after the first time.
	 */
	private function incoming( int $ref, string $login, string $result ): void {
		$number = ++$this->number;
		$ref    = 0 === $ref ? 6_000_000 + $number : $ref;
		$stamp  = (string) new Stamp( $this->clock->now_ms() + $number, 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb' );
		$got    = $this->plugin->applier()->apply(
			$this->remote_sites[ $GLOBALS['wpdb']->prefix ]['paired'],
			Policy::from_array( array() ),
			IncomingUser::from_array(
				array(
					'ref'           => $ref,
					'uid'           => sprintf( '%08d-0000-4000-8000-000000000000', $ref ),
					'id'            => 0,
					'login'         => $login,
					'registered_at' => $this->clock->now,
					'claim'         => 'registered',
					'create_as'     => null,
					'link_with'     => null,
					'deleted'       => null,
					'fields'        => array_map(
						static fn ( mixed $value ): array => array( 'v' => $value, 's' => $stamp ),
						array( 'user_email' => "$login@p.test", 'first_name' => "Number $number", 'roles' => array( 'subscriber' ) )
					),
					'password'      => null,
				)
			)
		);
		self::assertContains( $got->result, array( $result, UserResult::CREATED ), $got->message );
	}

	/**
	 * The user in the middle.
	 */
	private function somebody(): int {
		return $this->tables[ $GLOBALS['wpdb']->prefix ]->somebody();
	}

	/**
	 * Rows of the tables that are in use.
	 */
	private function rows(): int {
		return ( self::is_long() ? self::LONG : self::SHORT )[ $GLOBALS['wpdb']->prefix ];
	}

	private function log(): Log {
		return $this->plugin->log();
	}

	private function db(): Connection {
		return new Connection( $GLOBALS['wpdb'] );
	}

	private static function is_long(): bool {
		return 'long' === getenv( 'TANDEM_GROWTH' );
	}
}
