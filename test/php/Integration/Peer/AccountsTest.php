<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\Policy;

/**
 * Who is here, as a paired site may read it for its backfill.
 */
final class AccountsTest extends SignedTestCase {

	private function decide_policy( array $policy ): void {
		$this->plugin->sites()->set_policy( $this->site->id, $policy );
	}

	public function test_a_site_that_may_not_read_who_is_here_learns_nobody(): void {
		$this->decide_policy( array( 'accounts' => false ) + Policy::defaults()->to_array() );
		list( $status, $answer ) = $this->message( $this->keys_of_b, 'accounts', array( 'after' => 0 ) );
		self::assertSame( array( 400, 'invalid' ), array( $status, $answer['code'] ?? '' ) );
		self::assertArrayNotHasKey( 'accounts', $answer );
	}

	public function test_nor_does_one_from_which_this_site_takes_nobody(): void {
		$this->decide_policy( array( 'create' => false, 'update' => false ) + Policy::defaults()->to_array() );
		self::assertSame( 400, $this->message( $this->keys_of_b, 'accounts', array( 'after' => 0 ) )[0] );
	}

	public function test_whether_it_is_well_can_be_asked_all_the_same(): void {
		$this->decide_policy( array( 'accounts' => false, 'create' => false, 'update' => false ) + Policy::defaults()->to_array() );
		list( $status, $answer ) = $this->message( $this->keys_of_b, 'offers', array() );
		self::assertSame( 200, $status );
		self::assertContains( 'users', $answer['features'] ?? array() );
	}

	public function test_of_protected_accounts_it_learns_neither_name_nor_roles(): void {
		$this->decide_policy( Policy::defaults()->to_array() );
		$boss   = $this->make_user( array( 'role' => 'administrator', 'display_name' => 'The Boss' ) );
		$person = $this->make_user( array( 'display_name' => 'Some Body' ) );
		$list   = array_column( $this->message( $this->keys_of_b, 'accounts', array( 'after' => $boss - 1 ) )[1]['accounts'], null, 'id' );
		self::assertSame( array( '', array(), true ), array( $list[ $boss ]['name'], $list[ $boss ]['roles'], $list[ $boss ]['protected'] ) );
		self::assertSame( array( 'Some Body', array( 'subscriber' ), false ), array( $list[ $person ]['name'], $list[ $person ]['roles'], $list[ $person ]['protected'] ) );
		self::assertNotSame( '', $list[ $boss ]['email'], 'By its address a conflict is found before anything is brought.' );
	}

	public function test_an_owner_who_was_not_asked_has_not_said_yes(): void {
		$stored = Policy::defaults()->to_array();
		unset( $stored['accounts'] );
		self::assertFalse( Policy::from_array( $stored )->accounts, 'The connection is older than the question.' );
		self::assertTrue( Policy::defaults()->accounts );
		self::assertTrue( Policy::from_array( array() )->accounts );
		self::assertTrue( Policy::from_array( array( 'accounts' => true ), Policy::from_array( $stored ) )->accounts );
	}

	public function test_a_new_pair_gives_no_role_that_writes_into_what_others_wrote(): void {
		add_role( 'html', 'HTML', array( 'read' => true, 'unfiltered_html' => true ) );
		add_role( 'looker', 'Looker', array( 'read' => true, 'list_users' => true ) );
		add_role( 'off', 'Off', array( 'read' => true, 'list_users' => false ) );
		$roles = Policy::defaults()->role_list;
		self::assertSame( array(), array_intersect( array( 'administrator', 'editor', 'html', 'looker' ), $roles ) );
		self::assertSame( array(), array_diff( array( 'author', 'contributor', 'subscriber', 'off' ), $roles ) );
		self::assertTrue( Policy::from_array( array( 'roleList' => array( 'editor' ) ) )->lets_give( 'editor' ), 'The owner may switch it on.' );
		wp_set_current_user( 1 );
		$choices = array_column( rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/choices' ) )->get_data()['roles'], 'strong', 'slug' );
		self::assertSame( array( true, false, true ), array( $choices['editor'], $choices['author'], $choices['looker'] ) );
		foreach ( array( 'html', 'looker', 'off' ) as $role ) {
			remove_role( $role );
		}
	}
}
