<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Policy;
use Tandem\Remote\Link;
use Tandem\Sync\Stamp;

/**
 * A batch at B takes the only role of many people, and the policy here is the one that a new pair starts with.
 */
final class RemovalsWaitingTest extends SignedTestCase {

	/** @var array<int, int> Accounts here by B's. */
	private array $people = array();

	protected function setUp(): void {
		parent::setUp();
		foreach ( range( 1, 5 ) as $ref ) {
			$this->people[ $ref ] = $this->make_known_user();
			$this->plugin->links()->save( new Link( $this->site->id, $this->people[ $ref ], $ref, "there$ref", false, 1 ) );
		}
		$this->plugin->sites()->set_policy( $this->site->id, array( 'removalsPerHour' => 2 ) + Policy::defaults()->to_array() );
	}

	/**
	 * B says which roles somebody has.
	 *
	 * @param int          $ref   Their id there.
	 * @param list<string> $roles Roles.
	 * @return array{string, string} Result and code.
	 */
	private function roles( int $ref, array $roles ): array {
		++$this->clock->now;
		$answer = $this->message(
			$this->keys_of_b,
			'users',
			array(
				'users' => array(
					array(
						'ref'           => $ref,
						'uid'           => sprintf( '%08d-0000-4000-8000-000000000000', $ref ),
						'id'            => $this->people[ $ref ],
						'login'         => "there$ref",
						'registered_at' => $this->clock->now,
						'claim'         => 'registered',
						'create_as'     => null,
						'link_with'     => null,
						'deleted'       => null,
						'fields'        => array(
							'roles' => array(
								'v' => $roles,
								's' => (string) new Stamp( $this->clock->now_ms(), self::B ),
							),
						),
						'password'      => null,
					),
				),
			)
		)[1];
		return array( $answer['results'][0]['result'] ?? '', $answer['results'][0]['code'] ?? '' );
	}

	/**
	 * What the page says of it.
	 */
	private function shown(): int {
		wp_set_current_user( 1 );
		$sites = rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/sites' ) )->get_data();
		wp_set_current_user( 0 );
		return $sites[0]['pairing']['removalsWaiting'];
	}

	public function test_the_page_says_how_many_wait_for_a_yes(): void {
		self::assertSame( 0, $this->shown() );
		foreach ( array( 1, 2 ) as $ref ) {
			self::assertSame( array( 'updated', '' ), $this->roles( $ref, array() ) );
		}
		foreach ( array( 3, 4, 5, 3 ) as $ref ) {
			self::assertSame( array( 'refused', 'removal_limit' ), $this->roles( $ref, array() ), 'However often it is asked.' );
		}
		self::assertSame( 3, $this->shown() );

		// One gets the role back there, one is deleted here: nobody waits for a yes about them.
		self::assertSame( array( 'equal', '' ), $this->roles( 4, array( 'subscriber' ) ) );
		wp_delete_user( $this->people[5] );
		self::assertSame( 1, $this->shown() );

		$this->plugin->sites()->allow_removals( $this->site->id, $this->clock->now + HOUR_IN_SECONDS );
		self::assertSame( array( 'updated', '' ), $this->roles( 3, array() ) );
		self::assertSame( 0, $this->shown() );
	}

	public function test_an_hour_later_who_waits_still_does_and_is_taken_when_it_comes_again(): void {
		foreach ( array( 1, 2, 3 ) as $ref ) {
			$this->roles( $ref, array() );
		}
		$this->clock->now += HOUR_IN_SECONDS;
		self::assertSame( 1, $this->shown() );
		self::assertSame( array( 'updated', '' ), $this->roles( 3, array() ) );
		self::assertSame( 0, $this->shown() );
	}

	public function test_a_change_to_another_role_counts_for_nothing(): void {
		foreach ( range( 1, 5 ) as $ref ) {
			self::assertSame( array( 'updated', '' ), $this->roles( $ref, array( 'contributor' ) ) );
		}
		self::assertSame( 0, $this->shown() );
	}
}
