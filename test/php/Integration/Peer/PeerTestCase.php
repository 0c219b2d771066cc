<?php
/**
 * A plugin of the test's own with two paired sites, B and C, and what takes people from them. Nobody answers there:
 * what they would send is made here.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Activity\Direction;
use Tandem\Activity\Item;
use Tandem\Activity\Query;
use Tandem\Capture\Trouble;
use Tandem\Database\Connection;
use Tandem\Hooks\Events;
use Tandem\Login\Departures;
use Tandem\Peer\Applier;
use Tandem\Peer\Approvals;
use Tandem\Peer\BareAccounts;
use Tandem\Peer\Finder;
use Tandem\Peer\FirstWords;
use Tandem\Peer\Forwarding;
use Tandem\Peer\GrantWriter;
use Tandem\Peer\Guard;
use Tandem\Peer\GuestAccounts;
use Tandem\Peer\IncomingUser;
use Tandem\Peer\Journal;
use Tandem\Peer\Policy;
use Tandem\Peer\RemovalLimit;
use Tandem\Peer\Remover;
use Tandem\Peer\Sieve;
use Tandem\Peer\StoredPassword;
use Tandem\Peer\Suspension;
use Tandem\Peer\UserResult;
use Tandem\Peer\Writer;
use Tandem\Remote\AddressChanges;
use Tandem\Remote\Link;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rules\Courses;
use Tandem\Rules\Tags;
use Tandem\Security\ProtectedAccounts;
use Tandem\Settings;
use Tandem\Sync\Stamp;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

abstract class PeerTestCase extends CaptureTestCase {

	/** UUIDs of the sites that send. */
	protected const B = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';
	protected const C = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';

	protected RemoteSite $other;
	protected ProtectedAccounts $protected_accounts;
	protected Suspension $suspension;
	protected Guard $guard;
	protected GuestAccounts $guest_accounts;
	protected Approvals $approvals;

	/** @var list<array{int, int}> What `on_approved` was called with: site and ref. */
	protected array $approved = array();

	/** What the owner decided about B, besides the defaults. */
	protected array $policy = array();

	/** Until when the owner lets more people be removed. */
	protected int $removals_until = 0;

	/** @var list<int> Accounts that the owner protects. */
	protected array $protected = array();

	protected Connection $db;

	private int $uids = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->db = new Connection( $GLOBALS['wpdb'] );
		// An hour ago, so that accounts may be older or younger than the connection.
		$this->clock->now -= HOUR_IN_SECONDS;
		$this->plugin->sites()->remove( $this->site->id );
		$this->site        = $this->pair( 'B' );
		$this->other       = $this->pair( 'C' );
		$this->clock->now += HOUR_IN_SECONDS;
		$this->end_request();
		$this->decide_policy( array() );
	}

	/**
	 * Connects a paired site.
	 *
	 * @param string $name Its name.
	 */
	private function pair( string $name ): RemoteSite {
		return $this->plugin->sites()->add( $name, 'https://' . strtolower( $name ) . '.test', 'https://' . strtolower( $name ) . '.test/wp-json/', SiteKind::Paired, '', 0, false, SiteSettings::from_array( array( 'meta' => array( 'billing_phone' ) ) ) );
	}

	/**
	 * The owner decides what B may do.
	 *
	 * @param array<string, mixed> $policy What differs from the defaults.
	 */
	protected function decide_policy( array $policy ): void {
		$this->policy = $policy;
	}

	/**
	 * What applies people, as a new request makes it.
	 */
	protected function applier(): Applier {
		$db                       = $this->db;
		$links                    = $this->plugin->links();
		$sites                    = $this->plugin->sites();
		$records                  = $this->plugin->records();
		$silently                 = fn ( int $user_id, \Closure $work ): mixed => $this->plugin->recorder()->silently( $user_id, $work );
		$this->protected_accounts = new ProtectedAccounts( $this->protected );
		$this->suspension         = new Suspension( $this->protected_accounts, $this->clock );
		$this->approvals          = new Approvals( $db );
		$this->guard              = new Guard(
			$this->approvals,
			$sites,
			$this->protected_accounts,
			new AddressChanges( $this->clock ),
			$this->plugin->vault(),
			$this->clock,
			function ( RemoteSite $site, int $ref ): void {
				$this->approved[] = array( $site->id, $ref );
			}
		);
		$limit                    = new RemovalLimit( $db, $this->clock, fn (): int => $this->removals_until );
		$forwarding               = new Forwarding( $sites, $links, $this->plugin->outbox(), new Settings(), $this->clock, $this->plugin->recorder()->sealed( ... ) );
		$sieve                    = new Sieve( new StoredPassword(), $this->suspension );
		$writer                   = new Writer( $this->protected_accounts, $this->suspension, new FirstWords( $db ), new BareAccounts( $db ), $this->plugin->adapters(), $this->plugin->tags() );
		$events                   = new Events( new Trouble( $this->clock ) );
		$grants                   = new GrantWriter( $this->protected_accounts, $this->suspension, new Courses( new Trouble( $this->clock ) ), new Tags( $this->plugin->tags(), $this->plugin->tag_changes() ), new Trouble( $this->clock ), $this->plugin->rule_engine()->quietly( ... ) );
		$this->guest_accounts     = new GuestAccounts( $sieve, $writer, $records, $forwarding, new Journal( $this->plugin->log() ), $events, $this->plugin->reader(), $silently, static fn (): array => array( 'billing_phone' ), $grants, $this->protected_accounts );
		return new Applier(
			$links,
			$records,
			new Finder( $links, $this->plugin->outbox(), $records, $this->guard, $this->protected_accounts, $this->clock ),
			$this->protected_accounts,
			$sieve,
			$writer,
			new Remover( $this->protected_accounts, $this->suspension, $limit, $links, $records, $forwarding, $silently ),
			$limit,
			$forwarding,
			new Journal( $this->plugin->log() ),
			$events,
			$this->plugin->tag_changes(),
			new Trouble( $this->clock ),
			$this->plugin->reader(),
			$this->guest_accounts,
			new Departures( $this->protected_accounts, $this->clock ),
			$silently,
			static fn (): array => array( 'billing_phone' ),
			$grants
		);
	}

	/**
	 * A message comes from a site.
	 *
	 * @param array<string, mixed> $person What it says; see `person()`.
	 * @param RemoteSite|null      $from   B when null.
	 */
	protected function receive( array $person, ?RemoteSite $from = null ): UserResult {
		return $this->applier()->apply( $from ?? $this->site, Policy::from_array( $this->policy ), IncomingUser::from_array( $person, static fn ( string $sealed ): string => $sealed ) );
	}

	/**
	 * A person as B sends them.
	 *
	 * @param array<string, mixed> $fields   Values by field.
	 * @param array<string, mixed> $override Other parts of the message.
	 * @param Stamp|null           $stamp    When all of it was changed; now when null.
	 * @return array<string, mixed>
	 */
	protected function person( array $fields = array(), array $override = array(), ?Stamp $stamp = null ): array {
		$stamp = (string) ( $stamp ?? $this->stamp() );
		return $override + array(
			'ref'           => 41,
			'uid'           => $this->uid( 41 ),
			'id'            => 0,
			'login'         => 'maria',
			'registered_at' => $this->clock->now,
			'claim'         => 'registered',
			'create_as'     => null,
			'link_with'     => null,
			'deleted'       => null,
			'fields'        => array_map(
				static fn ( mixed $value ): array => array(
					'v' => $value,
					's' => $stamp,
				),
				$fields
			),
			'password'      => null,
		);
	}

	/**
	 * A new person, with everything.
	 *
	 * @param array<string, mixed> $fields   Values in place of the made-up ones.
	 * @param array<string, mixed> $override Other parts of the message.
	 * @param Stamp|null           $stamp    When all of it was changed; now when null.
	 * @return array<string, mixed>
	 */
	protected function newcomer( array $fields = array(), array $override = array(), ?Stamp $stamp = null ): array {
		return $this->person(
			$fields + array(
				'user_email'   => 'maria@b.test',
				'first_name'   => 'Maria',
				'last_name'    => 'O\'Neil \\ & Söhne',
				'display_name' => 'Maria O\'Neil',
				'nickname'     => 'maria',
				'user_url'     => 'https://maria.test/',
				'description'  => "Two lines\nand a \\ backslash.",
				'locale'       => '',
				'roles'        => array( 'subscriber' ),
			),
			$override,
			$stamp
		);
	}

	/**
	 * A password as B sends it. In these tests nothing is sealed: `SiteKeys` has tests of its own.
	 *
	 * @param string     $kind  `hash` or `plain`.
	 * @param string     $value The password.
	 * @param Stamp|null $stamp When it was set; now when null.
	 * @return array{password: array{s: string, sealed: string}}
	 */
	protected function password( string $kind, string $value, ?Stamp $stamp = null ): array {
		return array(
			'password' => array(
				's'      => (string) ( $stamp ?? $this->stamp() ),
				'sealed' => (string) wp_json_encode(
					mb_check_encoding( $value, 'UTF-8' ) ? array(
						'k' => $kind,
						'v' => $value,
					) : array(
						'k'   => $kind,
						'v64' => base64_encode( $value ),
					)
				),
			),
		);
	}

	/**
	 * A stamp of B.
	 *
	 * @param int    $later Seconds after now.
	 * @param string $site  UUID of the site.
	 */
	protected function stamp( int $later = 0, string $site = self::B ): Stamp {
		return new Stamp( $this->clock->now_ms() + $later * 1000, $site );
	}

	/**
	 * A uid for a number.
	 *
	 * @param int $number Number.
	 */
	protected function uid( int $number ): string {
		return sprintf( '%08d-0000-4000-8000-000000000000', $number );
	}

	/**
	 * An account that is linked with B's account 41, and known there.
	 *
	 * @param array<string, mixed> $data Fields of `wp_insert_user()`.
	 */
	protected function linked( array $data = array() ): int {
		$id = $this->make_known_user(
			$data + array(
				'user_login' => 'maria',
				'user_email' => 'maria@b.test',
			)
		);
		$this->link( $id, 41 );
		return $id;
	}

	/**
	 * Links an account.
	 *
	 * @param int             $user_id User here.
	 * @param int             $ref     User there.
	 * @param RemoteSite|null $site    B when null.
	 */
	protected function link( int $user_id, int $ref, ?RemoteSite $site = null ): void {
		$this->plugin->links()->save( new Link( ( $site ?? $this->site )->id, $user_id, $ref, 'there', false, 1 ) );
	}

	/**
	 * An account.
	 *
	 * @param int $id Its id.
	 */
	protected function account( int $id ): \WP_User {
		clean_user_cache( $id );
		$user = get_userdata( $id );
		self::assertNotFalse( $user );
		return $user;
	}

	/**
	 * Everything that is stored of an account.
	 *
	 * @param int $id Its id.
	 * @return array<string, mixed>
	 */
	protected function everything( int $id ): array {
		$user = $this->account( $id );
		$meta = get_user_meta( $id );
		ksort( $meta );
		return array(
			'row'  => (array) $user->data,
			'meta' => $meta,
		);
	}

	/**
	 * A message changes nothing of an account, whatever comes of it.
	 *
	 * @param int                  $id     Account.
	 * @param array<string, mixed> $person Message.
	 * @param RemoteSite|null      $from   B when null.
	 */
	protected function assert_untouched( int $id, array $person, ?RemoteSite $from = null ): UserResult {
		$before = $this->everything( $id );
		$users  = count_users()['total_users'];
		$result = $this->receive( $person, $from );
		self::assertSame( $before, $this->everything( $id ) );
		self::assertSame( $users, count_users()['total_users'], 'Nobody was made or removed.' );
		return $result;
	}

	/**
	 * What came of a message, in short.
	 *
	 * @param UserResult $result Result.
	 */
	protected static function assert_refused( string $code, UserResult $result ): void {
		self::assertSame( array( UserResult::REFUSED, $code ), array( $result->result, $result->code ), $result->message );
		self::assertNotSame( '', $result->message );
		self::assertSame( array( 0, '', '' ), array( $result->id, $result->uid, $result->login ), 'It says nothing of an account that is not linked.' );
	}

	/**
	 * The newest row of the record about what came in.
	 */
	protected function last_in(): Item {
		$items = array_values( array_filter( $this->plugin->log()->search( new Query() ), static fn ( Item $item ): bool => Direction::In === $item->entry->direction ) );
		self::assertNotSame( array(), $items, 'Nothing is on record.' );
		return $items[0];
	}

	/**
	 * What is due for a site.
	 *
	 * @param int             $user_id User here.
	 * @param RemoteSite|null $site    B when null.
	 * @return list<string> Names of fields.
	 */
	protected function due( int $user_id, ?RemoteSite $site = null ): array {
		$this->end_request();
		return $this->row( $user_id, $site )->fields->names ?? array();
	}

	/**
	 * Listens to a hook.
	 *
	 * @param string $hook Its name.
	 * @return \ArrayObject<int, list<mixed>> Gets the arguments of each call.
	 */
	protected function calls( string $hook ): \ArrayObject {
		$calls = new \ArrayObject();
		add_action(
			$hook,
			static function ( mixed ...$arguments ) use ( $calls ): void {
				$calls->append( $arguments );
			},
			10,
			9
		);
		return $calls;
	}
}
