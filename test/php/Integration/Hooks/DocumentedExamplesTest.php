<?php
/**
 * The examples of docs/integrations.md for other plugins, run as they stand there, with stand-ins for those plugins.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Hooks;

use Tandem\Capture\Trouble;
use Tandem\Rules\Courses;
use Tandem\Tests\Integration\Peer\PeerTestCase;

final class DocumentedExamplesTest extends PeerTestCase {

	protected function setUp(): void {
		parent::setUp();
		require_once dirname( __DIR__, 3 ) . '/stand-ins/members.php';
		foreach ( self::examples() as $code ) {
			eval( $code ); // phpcs:ignore Squiz.PHP.Eval -- the page's own examples.
		}
		$this->plugin->adapters()->attach();
		$this->decide_policy( array( 'metaList' => array( 'pmpro_level', 'bb_city' ) ) );
	}

	/** @return list<string> */
	private static function examples(): array {
		$page = (string) file_get_contents( dirname( __DIR__, 4 ) . '/docs/integrations.md' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the project.
		preg_match( '/^## MemberPress.*?(?=^## |\z)/ms', $page, $section );
		preg_match_all( '/^```php\n(.*?)^```/ms', $section[0] ?? '', $found );
		self::assertCount( 3, $found[1] );
		return $found[1];
	}

	public function test_a_membership_level_comes_by_its_name_and_goes_on_when_it_changes(): void {
		$id = $this->linked();
		$this->receive( $this->person( array( 'meta:pmpro_level' => 'Gold' ), array( 'id' => 5 ) ) );
		self::assertSame( 7, pmpro_getMembershipLevelForUser( $id )->id );
		self::assertSame( 'Gold', $this->plugin->reader()->read( $this->account( $id ), array( 'pmpro_level' ) )->meta['pmpro_level'] );
		$this->receive( $this->person( array( 'meta:pmpro_level' => 'Of nobody' ), array( 'id' => 5 ), $this->stamp( 1 ) ) );
		self::assertSame( 7, pmpro_getMembershipLevelForUser( $id )->id );
		$heard = $this->calls( 'tandem_field_changed' );
		pmpro_changeMembershipLevel( 0, $id );
		self::assertSame( array( array( $id, 'pmpro_level' ) ), (array) $heard );
		self::assertNull( $this->plugin->reader()->read( $this->account( $id ), array( 'pmpro_level' ) )->meta['pmpro_level'] );
	}

	public function test_profile_fields_come_and_go_on(): void {
		$id = $this->linked();
		$this->receive( $this->person( array( 'meta:bb_city' => 'Basel' ), array( 'id' => 5 ) ) );
		self::assertSame( 'Basel', xprofile_get_field_data( 'City', $id ) );
		$heard = $this->calls( 'tandem_field_changed' );
		xprofile_set_field_data( 'City', $id, 'Bern' );
		self::assertSame( array( array( $id, 'bb_city' ) ), (array) $heard );
		self::assertSame( 'Bern', $this->plugin->reader()->read( $this->account( $id ), array( 'bb_city' ) )->meta['bb_city'] );
	}

	public function test_a_membership_is_given_and_ended_and_a_paid_one_stays(): void {
		register_post_type( 'memberpressproduct' );
		$post    = (int) wp_insert_post(
			array(
				'post_type'   => 'memberpressproduct',
				'post_status' => 'publish',
				'post_title'  => 'Gold',
			)
		);
		$courses = new Courses( new Trouble( $this->clock ) );
		$anna    = $this->make_user();
		$gold    = "memberpress/$post";
		self::assertContains( $gold, array_column( $courses->all(), 'id' ) );
		$courses->set( $anna, $gold, true );
		self::assertTrue( $courses->is_enrolled( $anna, $gold ) );
		$courses->set( $anna, $gold, false );
		self::assertFalse( $courses->is_enrolled( $anna, $gold ) );
		$paid             = new \MeprTransaction();
		$paid->user_id    = $anna;
		$paid->product_id = $post;
		$paid->trans_num  = 'ch_1';
		$paid->status     = \MeprTransaction::$complete_str;
		$paid->store();
		$courses->set( $anna, $gold, false );
		self::assertTrue( $courses->is_enrolled( $anna, $gold ) );
	}
}
