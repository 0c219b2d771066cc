<?php
/**
 * What developers may decide and hear of, tried on deliveries to a real plain site: each example of docs/hooks.md.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Hooks;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Result;
use Tandem\Admin\SiteHealth;
use Tandem\Capture\Trouble;
use Tandem\Hooks\FilterFailed;
use Tandem\Rules\Courses;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Sync\DeliveryTestCase;

final class HooksTest extends DeliveryTestCase {

	/** A new user whose changes were delivered. */
	private function known( string $login = 'ann' ): int {
		$id = $this->make_user( array( 'user_login' => $login, 'user_pass' => 'secret of ann', 'first_name' => 'Ann' ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( $login ) );
		return $id;
	}

	/** @return array<string, array{\Closure}> Filters that fail. */
	public static function rubbish(): array {
		return array(
			'it throws'            => array( static fn (): never => throw new \LogicException( 'secret of somebody' ) ),
			'it forgets to return' => array( static function (): void {} ),
			'a wrong type'         => array( static fn (): object => new \stdClass() ),
		);
	}

	public function test_a_filter_decides_who_is_synced_to_which_site(): void {
		$asked = array();
		add_filter(
			'tandem_sync_user',
			static function ( bool $is_synced, \WP_User $user, array $site ) use ( &$asked ): bool {
				$asked[] = array( $is_synced, $site );
				return $is_synced && ! str_ends_with( $user->user_email, '@staff.test' );
			},
			10,
			3
		);
		$this->make_user( array( 'user_login' => 'ann' ) );
		$bob = $this->make_user( array( 'user_login' => 'bob', 'user_email' => 'bob@staff.test' ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
		self::assertNull( $this->remote->user( 'bob' ) );
		self::assertNull( $this->plugin->outbox()->find_for( $this->site->id, $bob ) );
		self::assertSame( array( true, array( 'id' => $this->site->id, 'name' => 'B', 'url' => $this->remote->url, 'kind' => 'plain' ) ), $asked[0] );
	}

	public function test_a_filter_may_let_somebody_in_whom_the_settings_leave_out(): void {
		$this->decide( array( 'users' => array( 'mode' => 'roles', 'roles' => array( 'author' ) ) ) );
		add_filter( 'tandem_sync_user', static fn ( bool $is_synced, \WP_User $user ): bool => $is_synced || 'ann' === $user->user_login, 10, 2 );
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->make_user( array( 'user_login' => 'bob' ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
		self::assertNull( $this->remote->user( 'bob' ) );
	}

	#[DataProvider( 'rubbish' )]
	public function test_while_a_filter_can_not_tell_who_is_synced_nobody_is_sent_and_nobody_is_lost( \Closure $filter ): void {
		$this->fails_then_arrives( 'tandem_sync_user', $filter );
	}

	#[DataProvider( 'rubbish' )]
	public function test_while_a_filter_can_not_tell_which_fields_nothing_is_sent_and_nothing_is_lost( \Closure $filter ): void {
		$this->fails_then_arrives( 'tandem_sync_fields', $filter );
	}

	#[DataProvider( 'rubbish' )]
	public function test_while_a_filter_spoils_what_is_sent_nothing_is_sent_and_nothing_is_lost( \Closure $filter ): void {
		$this->fails_then_arrives( 'tandem_payload', $filter );
	}

	/** Somebody is made while a filter fails, and arrives, with their password, when it is mended. */
	private function fails_then_arrives( string $name, \Closure $filter ): void {
		add_filter( $name, $filter );
		$id = $this->make_user( array( 'user_login' => 'ann', 'user_pass' => 'secret of ann' ) );
		$this->deliver();
		self::assertNull( $this->remote->user( 'ann' ) );
		self::assertSame( array( Result::Retrying, FilterFailed::CODE ), array( $this->last_of( $id )->entry->result, $this->last_of( $id )->entry->code ) );
		self::assertStringContainsString( $name, $this->last_of( $id )->entry->message );
		self::assertStringNotContainsString( 'secret', $this->last_of( $id )->entry->message );

		remove_filter( $name, $filter );
		$this->clock->now += MINUTE_IN_SECONDS;
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'ann', 'secret of ann' ) );
	}

	public function test_a_filter_takes_fields_away_and_adds_some(): void {
		$this->decide( array( 'fields' => array( 'user_email', 'first_name', 'last_name' ) ) );
		add_filter( 'tandem_sync_fields', static fn ( array $fields ): array => array( ...array_diff( $fields, array( 'first_name' ) ), 'description', 'meta:wp_capabilities', 'user_pass', 'no such field' ) );
		$id = $this->make_user( array( 'user_login' => 'ann', 'first_name' => 'Ann', 'last_name' => 'Lee', 'description' => 'A reader.' ) );
		$this->deliver();
		$there = $this->remote->user( 'ann' );
		self::assertSame( array( '', 'Lee', 'A reader.' ), array( $there['first_name'], $there['last_name'], $there['description'] ) );
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertEqualsCanonicalizing( array( 'description', 'last_name', 'user_email' ), $site->sent()->fields );
		self::assertSame( array(), $site->sent()->meta, 'What may never be sent is not.' );
		self::assertEqualsCanonicalizing( array( 'user_email', 'first_name', 'last_name' ), $site->settings->fields, 'What the owner decided stays as it is.' );

		wp_update_user( array( 'ID' => $id, 'first_name' => 'Anna' ) );
		$this->plugin->recorder()->flush();
		self::assertNull( $this->plugin->outbox()->find_for( $this->site->id, $id ), 'A change that concerns nobody leaves no row.' );
	}

	public function test_a_filter_changes_what_is_sent_and_what_is_here_stays(): void {
		$seen = array();
		add_filter(
			'tandem_payload',
			static function ( array $values, int $user_id, array $site ) use ( &$seen ): array {
				$seen                 = $values;
				$values['last_name']  = strtoupper( (string) $values['last_name'] );
				$values['user_email'] = 'elsewhere@b.test';
				$values['user_pass']  = 'of the filter';
				$values['password']   = 'of the filter';
				unset( $values['first_name'], $values['roles'] );
				return $values;
			},
			10,
			3
		);
		$id = $this->make_user( array( 'user_login' => 'ann', 'user_email' => 'ann@a.test', 'user_pass' => 'secret of ann', 'first_name' => 'Ann', 'last_name' => 'Lee', 'role' => 'author' ) );
		$this->deliver();
		$there = $this->remote->user( 'ann' );
		self::assertNotNull( $there );
		self::assertSame( array( '', 'LEE', 'ann@a.test' ), array( $there['first_name'], $there['last_name'], $there['email'] ) );
		self::assertNotContains( 'author', $there['roles'], 'Roles that are taken out are not given.' );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'secret of ann' ) );
		self::assertSame( 'Lee', get_user_meta( $id, 'last_name', true ) );
		self::assertArrayHasKey( 'first_name', $seen );
		self::assertArrayNotHasKey( 'password', $seen );
		self::assertStringNotContainsString( 'secret of ann', (string) wp_json_encode( $seen ) );
		self::assertStringNotContainsString( (string) get_userdata( $id )->user_pass, (string) wp_json_encode( $seen ) );
	}

	public function test_a_filter_can_not_send_what_the_settings_do_not_send(): void {
		$this->decide( array( 'fields' => array( 'user_email' ) ) );
		add_filter( 'tandem_payload', static fn ( array $values ): array => $values + array( 'first_name' => 'Ann', 'roles' => array( 'administrator' ), 'meta:wp_capabilities' => array( 'administrator' => true ) ) );
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		$there = $this->remote->user( 'ann' );
		self::assertSame( array( '', array( 'subscriber' ) ), array( $there['first_name'] ?? null, $there['roles'] ?? null ) );
	}

	public function test_a_role_that_may_not_be_given_is_not_given_by_a_filter_either(): void {
		add_filter( 'tandem_payload', static fn ( array $values ): array => array( 'roles' => array( 'administrator', 'editor' ) ) + $values );
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		self::assertNotContains( 'administrator', $this->remote->user( 'ann' )['roles'] ?? array() );
	}

	public function test_actions_say_that_a_delivery_begins_and_what_came_of_it(): void {
		$heard = $this->hear( 'tandem_delivering', 'tandem_delivered' );
		$id    = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		self::assertSame( array( 'tandem_delivering', $id ), array( $heard[0][0], $heard[0][2] ) );
		self::assertContains( FieldSet::ALL, $heard[0][3] );
		self::assertSame( array( 'tandem_delivered', $id, 'delivered', '' ), array( $heard[1][0], $heard[1][2], $heard[1][4], $heard[1][5] ) );
		self::assertContains( 'user_email', $heard[1][3] );
		self::assertCount( 2, $heard );

		$heard->exchangeArray( array() );
		$this->remote->answer( 500, 'out of order', array(), null, '#/wp/v2/users#' );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Anna' ) );
		$this->deliver();
		self::assertSame( array( 'unreachable', 'server_error' ), array( $heard[1][4], $heard[1][5] ) );
	}

	public function test_an_action_says_that_somebody_waits_for_a_decision(): void {
		$this->remote->make_user( array( 'user_login' => 'ann', 'user_email' => 'other@b.test' ) );
		$heard = $this->hear( 'tandem_conflict' );
		$id    = $this->make_user( array( 'user_login' => 'ann', 'user_email' => 'ann@a.test' ) );
		$this->deliver();
		self::assertSame( array( array( 'tandem_conflict', array( 'id' => $this->site->id, 'name' => 'B', 'url' => $this->remote->url, 'kind' => 'plain' ), $id, 'username_taken' ) ), $heard->getArrayCopy() );
	}

	public function test_who_fails_while_listening_keeps_nobody_from_arriving_and_the_owner_reads_of_it(): void {
		foreach ( array( 'tandem_delivering', 'tandem_delivered' ) as $hook ) {
			add_action( $hook, static fn (): never => throw new \LogicException( 'secret of somebody' ) );
		}
		$this->known();
		$trouble = get_option( SiteHealth::TROUBLE );
		self::assertSame( 'tandem_delivering', $trouble['hook'] );
		self::assertStringContainsString( 'LogicException', $trouble['message'] );
		self::assertStringNotContainsString( 'secret', (string) wp_json_encode( $trouble ) );
		$test = ( new \ReflectionMethod( $this->plugin, 'site_health' ) )->invoke( $this->plugin )->tests( array() )['direct']['tandem_trouble']['test']();
		self::assertStringContainsString( 'tandem_delivering', $test['description'] );
	}

	/**
	 * Listens to hooks.
	 *
	 * @return \ArrayObject<int, list<mixed>> Name and arguments of each call.
	 */
	private function hear( string ...$hooks ): \ArrayObject {
		$heard = new \ArrayObject();
		foreach ( $hooks as $hook ) {
			add_action( $hook, static fn ( mixed ...$arguments ) => $heard->append( array( $hook, ...$arguments ) ), 10, 9 );
		}
		return $heard;
	}

	public function test_the_examples_of_the_page_do_what_they_say_all_at_once(): void {
		$GLOBALS['my_level'] = array();
		foreach ( array(
			'my_members_level_of( int $user_id )' => 'return $GLOBALS["my_level"][ $user_id ] ?? null;',
			'my_members_set_level( int $user_id, ?string $level )' => '$GLOBALS["my_level"][ $user_id ] = $level;',
			'my_clubs()'                          => 'return array( array( "id" => 3, "name" => "Chess" ) );',
		) as $head => $body ) {
			if ( ! function_exists( (string) strtok( $head, '(' ) ) ) {
				eval( "function $head { $body }" ); // phpcs:ignore Squiz.PHP.Eval -- the plugin that the page's examples are about.
			}
		}
		preg_match_all( '/^```php\n(.*?)^```/ms', (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/hooks.md' ), $examples ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
		foreach ( $examples[1] as $code ) {
			eval( $code ); // phpcs:ignore Squiz.PHP.Eval -- the page's own examples.
		}
		$ann = $this->known();
		$this->make_user( array( 'user_login' => 'bob', 'user_email' => 'bob@staff.example' ) );
		$eve = $this->make_user( array( 'user_login' => 'eve', 'meta_input' => array( 'approval_status' => 'pending' ) ) );
		$this->deliver();
		self::assertNull( $this->remote->user( 'bob' ), 'tandem_sync_user' );
		self::assertNull( $this->remote->user( 'eve' ), 'tandem_user_is_active' );
		self::assertSame( 'not_active', $this->last_of( $eve )->entry->code );
		self::assertArrayHasKey( $this->site->id . ':' . $ann, $GLOBALS['my_deliveries'], 'tandem_delivering' );
		$GLOBALS['my_level'][ $ann ] = 'gold';
		$this->plugin->adapters()->attach();
		self::assertSame( 'gold', $this->plugin->reader()->read( get_userdata( $ann ), array( 'member_level' ) )->meta['member_level'], 'tandem_adapters' );
		self::assertContains( 'clubs/3', array_column( ( new Courses( new Trouble( $this->clock ) ) )->all(), 'id' ), 'tandem_course_providers' );
		do_action( 'my_members_expired', $ann );
		$this->deliver();
		self::assertSame( array( 'former member' ), $this->plugin->tags()->of( $ann ), 'tandem_change_tags' );
		self::assertFalse( get_option( SiteHealth::TROUBLE ), 'None of them failed.' );
	}
}
