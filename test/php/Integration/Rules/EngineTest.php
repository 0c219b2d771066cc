<?php
/**
 * Roles and tags set rules off; what they want is state with reasons.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Rules;

use Tandem\Guest\Guests;
use Tandem\Rules\Deed;
use Tandem\Rules\Grants;
use Tandem\Rules\Trigger;
use Tandem\Sync\FieldSet;

final class EngineTest extends RulesTestCase {

	public function test_a_role_gives_and_its_loss_takes_back(): void {
		$this->rule( Trigger::Role, 'author', Deed::GiveRole, 'student' );
		$anna = $this->make_known_user();
		$user = new \WP_User( $anna );
		$user->add_role( 'author' );
		self::assertSame( array( 'give_role student' => true ), $this->wanted( $anna ) );
		$user->remove_role( 'author' );
		self::assertSame( array( 'give_role student' => false ), $this->wanted( $anna ) );
		$user->set_role( 'author' );
		self::assertSame( array( 'give_role student' => true ), $this->wanted( $anna ) );
		$user->set_role( 'subscriber' );
		self::assertSame( array( 'give_role student' => false ), $this->wanted( $anna ) );
	}

	public function test_a_new_account_with_the_role_gets_it_along_with_everything(): void {
		$this->rule( Trigger::Role, 'author', Deed::AddTag, 'writes' );
		$anna = $this->make_user( array( 'role' => 'author' ) );
		self::assertSame( array( 'add_tag writes' => true ), $this->wanted( $anna ) );
		self::assertContains( FieldSet::GRANTS, $this->captured( $anna ) );
	}

	public function test_a_tag_gives_and_its_loss_takes_back(): void {
		$this->rule( Trigger::Tag, 'vip' );
		$anna = $this->make_known_user();
		do_action( 'tandem_tags_changed', $anna, array( 'vip', 'new' ), array() );
		self::assertSame( array( 'enrol learndash/course:12' => true ), $this->wanted( $anna ) );
		do_action( 'tandem_tags_changed', $anna, array(), array( 'vip' ) );
		self::assertSame( array( 'enrol learndash/course:12' => false ), $this->wanted( $anna ) );
	}

	public function test_two_rules_that_give_the_same_are_two_reasons(): void {
		$this->rule( Trigger::Tag, 'vip' );
		$this->rule( Trigger::Role, 'author' );
		$anna = $this->make_known_user();
		do_action( 'tandem_tags_changed', $anna, array( 'vip' ), array() );
		( new \WP_User( $anna ) )->add_role( 'author' );
		self::assertCount( 2, $this->grant( $anna )->reasons );
		do_action( 'tandem_tags_changed', $anna, array(), array( 'vip' ) );
		self::assertTrue( $this->grant( $anna )->holds() );
	}

	public function test_what_rules_of_other_sites_do_here_sets_no_rule_off(): void {
		$this->rule( Trigger::Role, 'author' );
		$anna = $this->make_known_user();
		$this->plugin->rule_engine()->quietly( static fn () => ( new \WP_User( $anna ) )->add_role( 'author' ) );
		self::assertSame( array(), $this->wanted( $anna ) );
	}

	public function test_a_grant_moves_on_with_each_new_reason_and_when_the_last_one_goes(): void {
		$grants = $this->plugin->grants();
		self::assertTrue( $grants->give( $this->site->id, 7, Deed::AddTag, 'x', 'one' ) );
		self::assertFalse( $grants->give( $this->site->id, 7, Deed::AddTag, 'x', 'one' ), 'The same reason again.' );
		$stamp = $this->grant( 7 )->stamp;
		self::assertTrue( $grants->give( $this->site->id, 7, Deed::AddTag, 'x', 'two' ) );
		self::assertTrue( $this->grant( 7 )->stamp->is_newer_than( $stamp ) );
		$stamp = $this->grant( 7 )->stamp;
		self::assertTrue( $grants->take_back( $this->grant( 7 ), array( 'one' ) ) );
		self::assertFalse( $grants->take_back( $this->grant( 7 ), array( 'one' ) ) );
		self::assertSame( (string) $stamp, (string) $this->grant( 7 )->stamp );
		self::assertTrue( $grants->take_back( $this->grant( 7 ), array( 'two' ) ) );
		self::assertTrue( $this->grant( 7 )->stamp->is_newer_than( $stamp ), 'Also where the clock stands still.' );
		self::assertSame( array(), $grants->of_people( $this->site->id + 1, array( 7 ) ) );
		self::assertCount( 1, $grants->of_people( $this->site->id, array( 7, 8 ) )[7] );
	}

	public function test_names_that_a_database_takes_for_equal_are_different_things(): void {
		$grants = $this->plugin->grants();
		foreach ( array( 'cafe', 'café', 'CAFE', 'cafe ' ) as $tag ) {
			$grants->give( $this->site->id, 7, Deed::AddTag, $tag, 'one' );
		}
		self::assertCount( 4, $grants->of( 7 ) );
	}

	public function test_a_guest_with_a_number_is_a_person_of_their_own(): void {
		$this->decide( array( 'guests' => array( 'enabled' => true ) ) );
		$rule = $this->rule( Trigger::Product, '45' );
		$this->plugin->rule_engine()->happened( Trigger::Product, Guests::FIRST_ID + 5, '45', 'order:9:item:1' );
		self::assertSame( array( 'enrol learndash/course:12' => true ), $this->wanted( Guests::FIRST_ID + 5 ) );
		self::assertNotNull( $this->row( Guests::FIRST_ID + 5 ) );
		self::assertNotNull( $this->plugin->rules()->last_run( $rule->id ) );
		$this->plugin->rule_engine()->undone( Guests::FIRST_ID + 5, 'order:9:item:1' );
		self::assertSame( array( 'enrol learndash/course:12' => false ), $this->wanted( Guests::FIRST_ID + 5 ) );
	}

	public function test_who_is_deleted_leaves_nothing_to_whoever_gets_their_number(): void {
		$this->rule( Trigger::Role, 'author' );
		$anna = $this->make_user( array( 'role' => 'author' ) );
		self::assertNotSame( array(), $this->wanted( $anna ) );
		wp_delete_user( $anna );
		self::assertSame( array(), $this->wanted( $anna ) );
	}

	public function test_rules_go_with_their_site(): void {
		$this->rule( Trigger::Role, 'author' );
		$anna = $this->make_user( array( 'role' => 'author' ) );
		$this->plugin->sites()->remove( $this->site->id );
		self::assertSame( array(), $this->wanted( $anna ) );
		$this->plugin->rules()->forget_site( $this->site->id );
		self::assertSame( array(), $this->plugin->rules()->of_site( $this->site->id ) );
	}
}
