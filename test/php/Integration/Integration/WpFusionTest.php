<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Integration;

use Tandem\Integration\WpFusion;
use Tandem\Tests\Integration\Peer\PeerTestCase;

/**
 * Tags of WP Fusion, against a stand-in (`test/stand-ins/wp-fusion.php`).
 */
final class WpFusionTest extends PeerTestCase {

	public static function setUpBeforeClass(): void {
		require_once dirname( __DIR__, 3 ) . '/stand-ins/wp-fusion.php';
	}

	protected function setUp(): void {
		parent::setUp();
		wp_fusion()->crm->slug     = 'standin';
		wp_fusion()->crm->supports = array();
		update_option( 'standin_wpf_available_tags', array( 7 => 'VIP Customer', '12' => array( 'label' => 'Course: Yoga', 'category' => 'Courses' ), 15 => 'London, UK' ) );
		wp_fusion()->user->attach();
		self::assertTrue( WpFusion::is_present() );
		$this->plugin->attach_integrations();
	}

	protected function tearDown(): void {
		parent::tearDown();
		// It is not there in other tests.
		wp_fusion()->crm->slug = null;
	}

	/** @return list<array<mixed>> What the CRM was asked since the last time. */
	private function asked(): array {
		$asked = (array) get_option( 'standin_crm_asked', array() );
		delete_option( 'standin_crm_asked' );
		return array_values( $asked );
	}

	private function contact( array $data = array() ): int {
		$id = $this->linked( $data );
		$this->asked();
		return $id;
	}

	/** The request is over. */
	private function answer_has_gone(): void {
		$method = new \ReflectionMethod( $this->plugin, 'wp_fusion' );
		$method->invoke( $this->plugin )->tell_crm();
	}

	public function test_tags_that_wp_fusion_gives_and_takes_are_tags_and_travel(): void {
		$id = $this->contact();
		wp_fusion()->user->apply_tags( array( 7, '12', 15, 999 ), $id );
		self::assertSame( array( 'course: yoga', 'london uk', 'vip customer' ), tandem_user_tags( $id ), 'By their names; of an id without one nothing is known.' );
		self::assertSame( array( 'tag:course: yoga', 'tag:london uk', 'tag:vip customer' ), $this->due( $id ) );
		tandem_add_tag( $id, 'only here' );
		wp_fusion()->user->remove_tags( array( 7 ), $id );
		self::assertSame( array( 'course: yoga', 'london uk', 'only here' ), tandem_user_tags( $id ) );
		self::assertSame( array( 12, 15, 999 ), array_map( 'intval', array_values( wp_fusion()->user->get_tags( $id ) ) ) );
	}

	public function test_a_tag_that_comes_is_wp_fusions_too_and_is_announced(): void {
		$id       = $this->contact();
		$modified = $this->calls( 'wpf_tags_modified' );
		$applied  = $this->calls( 'wpf_tags_applied' );
		$this->receive( $this->person( array( 'tag:vip customer' => '1', 'tag:unknown there' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( array( '7' ), wp_fusion()->user->get_tags( $id ) );
		self::assertSame( array( array( $id, array( '7' ) ) ), $modified->getArrayCopy() );
		self::assertSame( array( array( $id, array( '7' ) ) ), $applied->getArrayCopy() );
		self::assertSame( array( 'unknown there', 'vip customer' ), tandem_user_tags( $id ) );
		self::assertSame( array(), $this->due( $id ), 'Nothing echoes.' );
		self::assertSame( array(), $this->asked(), 'The CRM is not asked while somebody waits.' );
		$this->answer_has_gone();
		self::assertSame( array( array( 'apply_tags', array( '7' ), 'c:maria@b.test' ) ), $this->asked() );
		$this->receive( $this->person( array( 'tag:vip customer' => null ), array(), $this->stamp( 6 ) ) );
		self::assertSame( array(), wp_fusion()->user->get_tags( $id ) );
		self::assertSame( array( $id, array() ), $modified[1] );
		$this->answer_has_gone();
		self::assertSame( array( array( 'remove_tags', array( '7' ), 'c:maria@b.test' ) ), $this->asked() );
	}

	public function test_linked_enrolments_see_the_tag_when_it_is_announced(): void {
		$id   = $this->contact();
		$seen = null;
		add_action(
			'wpf_tags_modified',
			static function ( int $user_id ) use ( &$seen ): void {
				$seen = wp_fusion()->user->get_tags( $user_id );
				update_user_meta( $user_id, 'billing_phone', 'enrolled' );
			}
		);
		$this->receive( $this->person( array( 'tag:course: yoga' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertEquals( array( 12 ), $seen );
		self::assertSame( array( 'meta:billing_phone' ), $this->due( $id ), 'What it does is a change of this site.' );
	}

	public function test_ids_lie_there_as_texts_as_its_own_queries_expect(): void {
		$id = $this->contact();
		update_user_meta( $id, 'standin_tags', array( 15 ) );
		tandem_add_tag( $id, 'vip customer' );
		self::assertSame( array( '15', '7' ), get_user_meta( $id, 'standin_tags', true ) );
	}

	public function test_who_is_no_contact_is_made_none(): void {
		$id = $this->contact();
		delete_user_meta( $id, 'standin_contact_id' );
		tandem_add_tag( $id, 'VIP customer' );
		self::assertSame( array( '7' ), wp_fusion()->user->get_tags( $id ) );
		$this->answer_has_gone();
		self::assertSame( array(), $this->asked() );
	}

	public function test_the_owner_of_two_sites_with_one_crm_keeps_it_out(): void {
		add_filter( 'tandem_wp_fusion_tells_crm', '__return_false' );
		$id = $this->contact();
		tandem_add_tag( $id, 'vip customer' );
		$this->answer_has_gone();
		self::assertSame( array(), $this->asked() );
		self::assertSame( array( '7' ), wp_fusion()->user->get_tags( $id ) );
	}

	public function test_a_crm_without_ids_gets_names(): void {
		wp_fusion()->crm->supports = array( 'add_tags' );
		update_option( 'standin_wpf_available_tags', array( 'VIP' => 'VIP' ) );
		$id = $this->contact();
		tandem_add_tag( $id, array( 'vip', 'new one' ) );
		self::assertSame( array( 'VIP', 'new one' ), wp_fusion()->user->get_tags( $id ) );
		wp_fusion()->user->apply_tags( array( 'Typed There' ), $id );
		self::assertSame( array( 'new one', 'typed there', 'vip' ), tandem_user_tags( $id ) );
	}

	public function test_tags_from_before_tandem_come_along_with_the_first_change(): void {
		$id = $this->contact();
		$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->usermeta, array( 'user_id' => $id, 'meta_key' => 'standin_tags', 'meta_value' => serialize( array( 15 ) ) ) ); // phpcs:ignore WordPress.DB.SlowDBQuery, WordPress.PHP.DiscouragedPHPFunctions -- as it lies there.
		clean_user_cache( $id );
		wp_fusion()->user->apply_tags( array( 7 ), $id );
		self::assertSame( array( 'london uk', 'vip customer' ), tandem_user_tags( $id ) );
	}

	public function test_the_owner_takes_over_the_tags_from_before(): void {
		wp_set_current_user( 1 );
		$id = $this->contact();
		$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->usermeta, array( 'user_id' => $id, 'meta_key' => 'standin_tags', 'meta_value' => serialize( array( 15, 7 ) ) ) ); // phpcs:ignore WordPress.DB.SlowDBQuery, WordPress.PHP.DiscouragedPHPFunctions -- as it lies there.
		clean_user_cache( $id );
		self::assertTrue( ( (array) rest_do_request( new \WP_REST_Request( 'GET', '/tandem/v1/import' ) )->get_data() )['tags'] );
		$take = static fn (): array => (array) rest_do_request( new \WP_REST_Request( 'POST', '/tandem/v1/import/tags' ) )->get_data();
		self::assertSame( array( 'people' => 1, 'next' => null ), $take() );
		self::assertSame( array( 'london uk', 'vip customer' ), tandem_user_tags( $id ) );
		self::assertSame( array( 'tag:london uk', 'tag:vip customer' ), $this->due( $id ) );
		self::assertSame( array( 'people' => 0, 'next' => null ), $take() );
		wp_fusion()->crm->slug = null;
	}

	public function test_contact_ids_stay_on_their_site(): void {
		$id = $this->contact();
		update_user_meta( $id, 'standin_contact_id', 'ours' );
		self::assertSame( array(), $this->due( $id ) );
		$this->receive( $this->person( array( 'meta:standin_contact_id' => 'theirs', 'meta:standin_tags' => array( 7 ) ), array(), $this->stamp( 5 ) ) );
		self::assertSame( 'ours', get_user_meta( $id, 'standin_contact_id', true ) );
		self::assertSame( array(), wp_fusion()->user->get_tags( $id ) );
	}

	public function test_no_password_goes_to_the_crm_when_another_site_brings_it(): void {
		$this->receive( $this->password( 'plain', 'very secret' ) + $this->newcomer() );
		$this->receive( $this->password( 'plain', 'another secret', $this->stamp( 5 ) ) + $this->person() );
		$this->receive( $this->password( 'hash', wp_hash_password( 'third secret' ), $this->stamp( 6 ) ) + $this->person() );
		$asked = $this->asked();
		self::assertSame( 'add_contact', $asked[0][0] ?? '' );
		$text = (string) wp_json_encode( $asked );
		self::assertStringNotContainsString( 'secret', $text );
		self::assertStringNotContainsString( 'user_pass', $text );
	}

	public function test_what_wp_fusion_throws_ends_nothing(): void {
		$id = $this->contact();
		add_action( 'wpf_tags_modified', static fn () => throw new \RuntimeException( 'a fault of WP Fusion' ) );
		$result = $this->receive( $this->person( array( 'tag:vip customer' => '1' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( 'updated', $result->result );
		self::assertSame( array( 'vip customer' ), tandem_user_tags( $id ) );
	}
}
