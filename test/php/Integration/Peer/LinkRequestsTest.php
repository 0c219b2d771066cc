<?php
/**
 * A backfill of a paired site links hundreds with one message: those whose case is plain, and nobody else.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Activity\Action;
use Tandem\Capture\Trouble;
use Tandem\Hooks\Events;
use Tandem\Peer\Approvals;
use Tandem\Peer\LinkRequests;
use Tandem\Peer\MessageRefused;
use Tandem\Security\ProtectedAccounts;

final class LinkRequestsTest extends PeerTestCase {

	/**
	 * B asks.
	 *
	 * @param list<mixed> $people People.
	 * @return list<string>
	 */
	private function ask( array $people ): array {
		$from = $this->site;
		if ( array() !== $this->policy ) {
			$this->plugin->sites()->set_policy( $from->id, $this->policy );
			$from = $this->plugin->sites()->get( $from->id );
		}
		return ( new LinkRequests( $this->db, $this->plugin->links(), $this->plugin->records(), $this->plugin->outbox(), new Approvals( $this->db ), new ProtectedAccounts( $this->protected ), $this->plugin->log(), new Events( new Trouble( $this->clock ) ), $this->clock ) )->take( $from, array( 'people' => $people ) )['results'];
	}

	/**
	 * A person as B names them.
	 *
	 * @param int                  $id       Account here.
	 * @param array<string, mixed> $override What differs.
	 * @return array<string, mixed>
	 */
	private function named( int $id, array $override = array() ): array {
		return $override + array(
			'ref'   => 1000 + $id,
			'uid'   => $this->uid( 1000 + $id ),
			'login' => 'there' . $id,
			'email' => "Old$id@A.test",
			'id'    => $id,
		);
	}

	/** Somebody who was here before, and of whom nothing is known. */
	private function old( string $role = 'subscriber' ): int {
		$id = $this->make_user( array( 'role' => $role ) );
		$this->end_request();
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->users, array( 'user_email' => "old$id@a.test" ), array( 'ID' => $id ) );
		$GLOBALS['wpdb']->query( "DELETE FROM {$GLOBALS['wpdb']->prefix}tandem_users" );
		clean_user_cache( $id );
		return $id;
	}

	public function test_plain_cases_are_linked_and_nothing_of_them_is_changed(): void {
		$ids    = array( $this->old(), $this->old(), $this->old() );
		$before = array_map( $this->everything( ... ), $ids );
		$hooks  = $this->calls( 'tandem_received' );
		self::assertSame( array( 'linked', 'linked', 'linked' ), $this->ask( array_map( $this->named( ... ), $ids ) ) );
		foreach ( $ids as $id ) {
			self::assertSame( 1000 + $id, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
			self::assertSame( $this->uid( 1000 + $id ), $this->plugin->records()->find( $id )?->uid );
		}
		self::assertSame( $before, array_map( $this->everything( ... ), $ids ) );
		self::assertSame( array( Action::Link, $ids[2] ), array( $this->last_in()->entry->action, $this->last_in()->entry->user_id ) );
		self::assertCount( 3, $hooks );
		self::assertSame( array(), $this->mails() );
	}

	public function test_asked_again_nothing_changes(): void {
		$id = $this->old();
		$this->ask( array( $this->named( $id ) ) );
		self::assertSame( array( 'other' ), $this->ask( array( $this->named( $id, array( 'ref' => 5 ) ) ) ) );
		self::assertSame( 1000 + $id, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
	}

	public function test_of_two_who_claim_one_account_the_first_has_it(): void {
		$id = $this->old();
		self::assertSame(
			array( 'linked', 'other' ),
			$this->ask(
				array(
					$this->named( $id ),
					$this->named(
						$id,
						array(
							'ref' => 7,
							'uid' => $this->uid( 7 ),
						)
					),
				)
			)
		);
	}

	/**
	 * @dataProvider not_plain
	 * @param \Closure( self, int ): array<string, mixed> $make What is said of the account.
	 */
	public function test_who_is_no_plain_case_is_not_linked( \Closure $make ): void {
		$id     = $this->old();
		$person = $make( $this, $id );
		self::assertSame( array( 'other' ), $this->ask( array( $person ) ) );
		self::assertNull( $this->plugin->links()->find_by_remote( $this->site->id, 1000 + $id ) );
		self::assertNotSame( $this->uid( 1000 + $id ), $this->plugin->records()->find( $id )?->uid );
	}

	/** @return array<string, array{\Closure}> */
	public static function not_plain(): array {
		return array(
			'another address'               => array( fn ( self $test, int $id ): array => $test->named( $id, array( 'email' => 'evil@b.test' ) ) ),
			'no address'                    => array( fn ( self $test, int $id ): array => $test->named( $id, array( 'email' => '' ) ) ),
			'an address that is only alike' => array( fn ( self $test, int $id ): array => $test->named( $id, array( 'email' => "öld$id@a.test" ) ) ),
			'no such account'               => array( fn ( self $test, int $id ): array => $test->named( $id, array( 'id' => 999999 ) ) ),
			'an administrator'              => array(
				function ( self $test, int $id ): array {
					( new \WP_User( $id ) )->set_role( 'administrator' );
					return $test->named( $id );
				},
			),
			'a protected account'           => array(
				function ( self $test, int $id ): array {
					$test->protected = array( $id );
					return $test->named( $id );
				},
			),
			'linked with somebody else'     => array(
				function ( self $test, int $id ): array {
					$test->link( $id, 77 );
					return $test->named( $id );
				},
			),
			'their account is linked'       => array(
				function ( self $test, int $id ): array {
					$test->link( 1, 5 );
					return $test->named( $id, array( 'ref' => 5 ) );
				},
			),
			'somebody else has the uid'     => array(
				function ( self $test, int $id ): array {
					$test->plugin->records()->adopt_uid( 1, $test->uid( 1000 + $id ) );
					return $test->named( $id );
				},
			),
			'deleted elsewhere'             => array(
				function ( self $test, int $id ): array {
					$test->plugin->records()->bury( 0, array( $test->uid( 1000 + $id ) ), $test->stamp() );
					return $test->named( $id );
				},
			),
			'known under another uid'       => array(
				function ( self $test, int $id ): array {
					$test->plugin->records()->adopt_uid( $id, $test->uid( 3 ) );
					return $test->named( $id );
				},
			),
			'never link'                    => array(
				function ( self $test, int $id ): array {
					$test->decide_policy( array( 'existing' => 'never' ) );
					return $test->named( $id );
				},
			),
			'takes no changes'              => array(
				function ( self $test, int $id ): array {
					$test->decide_policy( array( 'update' => false ) );
					return $test->named( $id );
				},
			),
			'not a person'                  => array( fn ( self $test, int $id ): array => array( 'ref' => (string) $id ) ),
			'no uid'                        => array( fn ( self $test, int $id ): array => $test->named( $id, array( 'uid' => "' OR 1=1" ) ) ),
		);
	}

	public function test_too_many_and_none_are_refused(): void {
		$id = $this->old();
		foreach ( array( array(), array_fill( 0, LinkRequests::MOST + 1, $this->named( $id ) ) ) as $people ) {
			try {
				$this->ask( $people );
				self::fail( 'It was taken.' );
			} catch ( MessageRefused $refused ) {
				self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
			}
		}
	}
}
