<?php
/**
 * A paired site asks for people of this one: who may, and whom and what it gets.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\BringRequests;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\Policy;
use Tandem\Remote\ProblemCode;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Verify\Bringing;

final class BringRequestsTest extends PeerTestCase {

	/** How often deliveries were begun. */
	private int $woken = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->plugin->sites()->set_policy( $this->site->id, array( 'bring' => true ) );
	}

	/**
	 * B asks for people.
	 *
	 * @param array<array-key, mixed> $body The message.
	 * @return array{results: list<string>, reasons: list<string>, message?: string}
	 */
	private function take( array $body ): array {
		$requests = new BringRequests(
			$this->plugin->outbox(),
			new ProtectedAccounts( $this->protected ),
			new Bringing( $this->plugin->records(), $this->plugin->outbox(), $this->plugin->reader(), static function (): void {} ),
			function (): void {
				++$this->woken;
			}
		);
		return $requests->take( $this->plugin->sites()->get( $this->site->id ), $body );
	}

	/**
	 * @return array{results: list<string>, reasons: list<string>, message?: string} What B is answered when it asks for users by their ids.
	 */
	private function ask( int ...$ids ): array {
		return $this->take( array( 'people' => array_map( static fn ( int $id ): array => array( 'id' => $id ), $ids ) ) );
	}

	/**
	 * What is on its way to B for a user.
	 */
	private function waits( int $id ): ?OutboxRow {
		return $this->plugin->outbox()->find_for( $this->site->id, $id );
	}

	public function test_a_new_pair_and_one_from_before_may_not_ask(): void {
		self::assertFalse( Policy::defaults()->bring );
		self::assertFalse( Policy::from_array( array( 'create' => true, 'password' => true ) )->bring );
	}

	public function test_a_site_that_may_not_ask_gets_nobody_and_a_sentence_that_says_what_to_tick(): void {
		$this->plugin->sites()->set_policy( $this->site->id, array( 'bring' => false ) );
		$id     = $this->make_known_user();
		$answer = $this->ask( $id, 99_999 );
		self::assertSame( array( 'refused', 'refused' ), $answer['results'] );
		self::assertSame( array( 'bring_not_allowed', 'bring_not_allowed' ), $answer['reasons'] );
		self::assertStringContainsString( 'Ask for the people who were here before the connection', $answer['message'] ?? '' );
		self::assertStringContainsString( 'What may that site do here?', $answer['message'] ?? '' );
		self::assertNull( $this->waits( $id ) );
		self::assertSame( 0, $this->woken );
	}

	public function test_who_is_asked_for_goes_whole_through_the_outbox(): void {
		$id = $this->make_known_user();
		self::assertSame( array( 'results' => array( 'queued' ), 'reasons' => array( '' ) ), $this->ask( $id ) );
		self::assertSame( array( FieldSet::ALL, FieldSet::PASSWORD ), $this->waits( $id )->fields->names ?? array() );
		self::assertFalse( $this->waits( $id )?->decision()->trusted, 'No word of an owner goes with them.' );
		self::assertSame( 1, $this->woken );
	}

	public function test_who_is_linked_stays_linked(): void {
		$id = $this->linked();
		self::assertSame( array( 'queued' ), $this->ask( $id )['results'] );
		self::assertSame( 41, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
	}

	public function test_a_site_that_gets_no_passwords_gets_none_by_asking(): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( array( 'fields' => array( 'user_email', 'first_name' ) ), $this->site->settings ) );
		$id = $this->make_known_user();
		$this->ask( $id );
		self::assertSame( array( FieldSet::ALL ), $this->waits( $id )->fields->names ?? array() );
	}

	public function test_nobody_outside_the_scope_and_no_protected_account_comes_and_neither_can_be_told_from_an_id_that_nobody_has(): void {
		$this->plugin->sites()->set_settings( $this->site->id, SiteSettings::from_array( array( 'users' => array( 'mode' => 'roles', 'roles' => array( 'author', 'administrator' ) ) ), $this->site->settings ) );
		$sent            = $this->make_known_user( array( 'role' => 'author' ) );
		$out_of_scope    = $this->make_known_user( array( 'role' => 'subscriber' ) );
		$administrator   = $this->make_known_user( array( 'role' => 'administrator' ) );
		$named           = $this->make_known_user( array( 'role' => 'author' ) );
		$this->protected = array( $named );
		self::assertSame( array( 'queued', 'refused', 'refused', 'refused', 'refused' ), $this->ask( $sent, $out_of_scope, $administrator, $named, 99_999 )['results'] );
		foreach ( array( $out_of_scope, $administrator, $named ) as $id ) {
			self::assertNull( $this->waits( $id ) );
			self::assertSame( $this->ask( 99_999 ), $this->ask( $id ) );
		}
		// Somebody may wait from a time in which they were in scope.
		$this->plugin->outbox()->enqueue( $this->site->id, $out_of_scope, new FieldSet( FieldSet::ALL ) );
		$again = static fn ( int $id ): array => array( 'people' => array( array( 'id' => $id, 'again' => true ) ) );
		self::assertSame( $this->take( $again( 99_999 ) ), $this->take( $again( $out_of_scope ) ) );
	}

	public function test_the_scope_is_asked_of_developers_too(): void {
		$id  = $this->make_known_user();
		$say = static fn ( bool $syncs, \WP_User $user ): bool => $syncs && $user->ID !== $id;
		add_filter( 'tandem_sync_user', $say, 10, 2 );
		self::assertSame( array( 'refused' ), $this->ask( $id )['results'] );
		remove_filter( 'tandem_sync_user', $say );
	}

	public function test_the_queue_is_never_filled(): void {
		for ( $i = 1; $i <= 500; $i++ ) {
			$this->plugin->outbox()->enqueue( $this->site->id, 100_000 + $i, new FieldSet( 'roles' ) );
		}
		self::assertSame( array( 'later', 'refused' ), $this->ask( $this->make_known_user(), 99_999 )['results'] );
	}

	public function test_who_is_asked_for_again_begins_nothing_anew_and_it_is_said_what_that_site_has_refused(): void {
		$id    = $this->make_known_user();
		$again = array( 'people' => array( array( 'id' => $id, 'again' => true ) ) );
		self::assertSame( array( 'queued' ), $this->take( $again )['results'], 'Nobody waits: as if for the first time.' );
		$row = $this->waits( $id );
		self::assertSame( array( 'queued' ), $this->take( $again )['results'] );
		self::assertEquals( $row, $this->waits( $id ) );
		self::assertNotNull( $row );
		$this->plugin->outbox()->hold( $row, OutboxState::Attention, ProblemCode::UsernameTaken->value, 'What it said.', array() );
		self::assertSame( array( 'results' => array( 'refused' ), 'reasons' => array( 'username_taken' ) ), $this->take( $again ) );
		self::assertSame( array( 'queued' ), $this->ask( $id )['results'], 'Asked for anew it is tried anew.' );
		self::assertSame( OutboxState::Due, $this->waits( $id )?->state );
	}

	/**
	 * @dataProvider nonsense
	 * @param array<array-key, mixed> $body The message.
	 */
	public function test_nonsense_is_refused( array $body ): void {
		$this->expectException( MessageRefused::class );
		$this->take( $body );
	}

	/**
	 * @return array<string, list<array<array-key, mixed>>>
	 */
	public static function nonsense(): array {
		return array(
			'nothing'         => array( array() ),
			'nobody'          => array( array( 'people' => array() ) ),
			'no list'         => array( array( 'people' => 'all' ) ),
			'ids alone'       => array( array( 'people' => array( 1, 2 ) ) ),
			'no id'           => array( array( 'people' => array( array( 'ref' => 1 ) ) ) ),
			'no number'       => array( array( 'people' => array( array( 'id' => 'maria' ) ) ) ),
			'zero'            => array( array( 'people' => array( array( 'id' => 0 ) ) ) ),
			'too many people' => array( array( 'people' => array_fill( 0, 201, array( 'id' => 1 ) ) ) ),
		);
	}
}
