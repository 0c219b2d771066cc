<?php
/**
 * What another plugin brings along: its fields travel like user meta, and it hears what hooks hear.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Hooks;

use Tandem\Contract\Adapter;
use Tandem\Contract\Site;
use Tandem\Database\Connection;
use Tandem\Hooks\Adapters;
use Tandem\Hooks\FilterFailed;
use Tandem\Peer\UserResult;
use Tandem\Remote\SiteSettings;
use Tandem\Rest\MetaKeys;
use Tandem\Tests\Integration\Peer\PeerTestCase;

final class AdaptersTest extends PeerTestCase {

	/** @var array<int, array<string, mixed>> What the other plugin holds, by user. */
	public array $held = array();

	/** @var list<array<int, mixed>> What it heard. */
	public array $heard = array();

	/** What its reading throws, or null. */
	public ?\Throwable $breaks = null;

	protected function setUp(): void {
		parent::setUp();
		add_filter( Adapters::FILTER, fn ( array $adapters ): array => array( ...$adapters, $this->adapter() ) );
		$this->plugin->adapters()->attach();
		$this->decide_policy( array( 'metaList' => array( 'billing_phone', 'profile_city', 'profile_hobbies' ) ) );
	}

	/**
	 * A plugin that keeps two fields in a place of its own.
	 */
	private function adapter(): Adapter {
		return new class( $this ) extends Adapter {

			public function __construct( private readonly AdaptersTest $test ) {
			}

			public function fields(): array {
				return array(
					'profile_city'    => 'City',
					'profile_hobbies' => 'Hobbies',
					'wp_capabilities' => 'Power',
				);
			}

			public function read( int $user_id, string $key ): string|int|float|bool|array|null {
				return null === $this->test->breaks ? $this->test->held[ $user_id ][ $key ] ?? null : throw $this->test->breaks;
			}

			public function write( int $user_id, string $key, string|array|null $value ): void {
				$this->test->held[ $user_id ][ $key ] = is_string( $value ) ? ucfirst( $value ) : $value;
			}

			public function move( int $user_id, string $city ): void {
				$this->test->held[ $user_id ]['profile_city'] = $city;
				$this->changed( $user_id, 'profile_city' );
			}

			public function syncs_user( bool $is_synced, \WP_User $user, Site $site ): bool {
				return $is_synced && ! str_starts_with( $user->user_login, 'bot' );
			}

			public function received( int $user_id, array $fields, string $action, Site $site ): void {
				$this->test->heard[] = array( $user_id, $fields, $action, $site->url, $site->kind );
			}
		};
	}

	public function test_fields_that_come_go_to_the_adapter_and_not_into_user_meta(): void {
		$result = $this->receive(
			$this->newcomer(
				array(
					'meta:profile_city'    => 'ulm',
					'meta:profile_hobbies' => array( 'chess', 'tea' ),
					'meta:billing_phone'   => '123',
				)
			)
		);
		self::assertSame( array( UserResult::CREATED, array() ), array( $result->result, $result->warnings ) );
		self::assertSame(
			array(
				'profile_city'    => 'Ulm',
				'profile_hobbies' => array( 'chess', 'tea' ),
			),
			$this->held[ $result->id ]
		);
		self::assertFalse( metadata_exists( 'user', $result->id, 'profile_city' ) );
		self::assertSame( '123', get_user_meta( $result->id, 'billing_phone', true ) );
		$this->receive( $this->person( array( 'meta:profile_hobbies' => null ), array(), $this->stamp( 1 ) ) );
		self::assertNull( $this->held[ $result->id ]['profile_hobbies'] );
		self::assertSame( 'Ulm', $this->held[ $result->id ]['profile_city'] );
	}

	public function test_a_field_that_is_not_on_the_list_of_the_policy_is_not_written(): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$result = $this->receive( $this->newcomer( array( 'meta:profile_city' => 'ulm' ) ) );
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertArrayNotHasKey( $result->id, $this->held );
		self::assertCount( 1, $result->warnings );
	}

	public function test_what_the_adapter_makes_of_a_value_is_no_change_of_this_site(): void {
		$result = $this->receive( $this->newcomer( array( 'meta:profile_city' => 'ulm' ), array(), $this->stamp( -5 ) ) );
		$record = $this->plugin->records()->find( $result->id );
		self::assertSame( (string) $this->stamp( -5 ), (string) $record?->stamp( 'meta:profile_city' ) );
		self::assertSame( array(), $this->due( $result->id ) );
	}

	public function test_a_change_that_the_adapter_tells_of_is_sent(): void {
		$this->send_city();
		$id = $this->linked();
		$this->adapter()->move( $id, 'Bonn' );
		$this->end_request();
		self::assertSame( array( 'meta:profile_city' ), $this->due( $id ) );
		self::assertSame( array( 'profile_city' => 'Bonn' ), $this->plugin->reader()->read( $this->account( $id ), array( 'profile_city' ) )->meta );
	}

	public function test_a_number_is_a_text_as_in_user_meta(): void {
		$id                                = $this->linked();
		$this->held[ $id ]['profile_city'] = 7;
		self::assertSame( array( 'profile_city' => '7' ), $this->plugin->reader()->read( $this->account( $id ), array( 'profile_city' ) )->meta );
	}

	public function test_an_adapter_that_fails_holds_back_and_loses_nobody(): void {
		$this->breaks = new \RuntimeException( 'secret of the profile' );
		try {
			$this->plugin->reader()->read( $this->account( $this->linked() ), array( 'profile_city' ) );
			self::fail( 'It was read.' );
		} catch ( FilterFailed $failed ) {
			self::assertStringContainsString( 'AdaptersTest.php', $failed->getMessage() );
			self::assertStringNotContainsString( 'secret of the profile', $failed->getMessage() );
		}
	}

	public function test_it_decides_and_hears_what_hooks_do(): void {
		$bot   = get_userdata( $this->make_user( array( 'user_login' => 'bot1' ) ) );
		$human = get_userdata( $this->make_user( array( 'user_login' => 'human' ) ) );
		self::assertNotFalse( $bot );
		self::assertNotFalse( $human );
		self::assertFalse( $this->site->covers_user( $bot ) );
		self::assertTrue( $this->site->covers_user( $human ) );
		$result = $this->receive( $this->newcomer( array( 'meta:profile_city' => 'ulm' ) ) );
		self::assertSame( array( $result->id, 'create', 'https://b.test', 'paired' ), array( $this->heard[0][0], ...array_slice( $this->heard[0], 2 ) ) );
	}

	public function test_what_it_does_not_override_costs_nothing(): void {
		self::assertFalse( has_filter( 'tandem_payload' ) );
	}

	public function test_its_fields_are_offered_by_their_names_and_power_is_not(): void {
		$offered = array_column( ( new MetaKeys( new Connection( $GLOBALS['wpdb'] ), $this->plugin->adapters() ) )->in_use(), 'label', 'key' );
		self::assertSame( array( 'City', 'Hobbies' ), array( $offered['profile_city'], $offered['profile_hobbies'] ) );
		self::assertArrayNotHasKey( 'wp_capabilities', $offered );
	}

	/**
	 * The owner sends the city to B.
	 */
	private function send_city(): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( array( 'meta' => array( 'profile_city' ) ), $this->site->settings ) );
	}
}
