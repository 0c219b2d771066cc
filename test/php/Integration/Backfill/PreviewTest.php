<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Activity\Result;
use Tandem\Backfill\Refused;
use Tandem\Backfill\State;
use Tandem\Remote\SiteState;
use Tandem\Sync\Budget;

final class PreviewTest extends BackfillTestCase {

	public function test_everybody_is_found_out_about_and_nothing_is_written(): void {
		$known = $this->person( 'known', 'known@a.test' );
		$same  = $this->person( 'same', 'Same@A.test' );
		$new   = $this->person( 'new', 'new@a.test' );
		$taken = $this->person( 'taken', 'taken@a.test' );
		$chief = $this->person( 'chief', 'chief@a.test' );
		$bare  = $this->person( 'bare', 'bare@a.test' );
		$admin = $this->person( 'boss', 'boss@a.test', array( 'role' => 'administrator' ) );
		$this->without_email( $bare );
		$this->link( $known, $this->account( 'known', 'other-address@b.test' ), 'known' );
		$there = $this->account( 'same-there', 'sAme@a.tesT' );
		$this->account( 'taken', 'somebody@b.test' );
		$this->account( 'chief', 'chief@a.test', 'administrator' );
		$accounts = $this->remote->count_users();
		$links    = $this->plugin->links()->count( $this->site->id );

		$backfill = $this->preview();

		self::assertSame(
			array( 'already', 'link', 'create', 'conflict:username_taken', 'conflict:protected_account', 'conflict:email_missing', 'left:out_of_scope' ),
			array_map( fn ( int $id ): string => $this->found( $backfill, $id ), array( $known, $same, $new, $taken, $chief, $bare, $admin ) )
		);
		self::assertSame( $there, $this->item( $backfill, $same )->remote_id );
		self::assertNotSame( '', $this->item( $backfill, $taken )->message );
		self::assertSame( array(), $this->remote->writes() );
		self::assertSame( $accounts, $this->remote->count_users() );
		self::assertSame( $links, $this->plugin->links()->count( $this->site->id ) );
		self::assertSame( 0, $this->queued() );
		self::assertSame( array(), $this->remote->mails() );
	}

	public function test_the_remote_site_is_read_in_pages_of_100(): void {
		$this->remote->run(
			'global $wpdb; for ( $n = 1; $n <= 230; $n++ ) {
				$wpdb->insert( $wpdb->users, array( "user_login" => "there$n", "user_nicename" => "there$n", "user_email" => "there$n@b.test", "display_name" => "T $n", "user_registered" => "2020-01-01 00:00:00" ) );
				update_user_meta( $wpdb->insert_id, $wpdb->prefix . "capabilities", array( "subscriber" => true ) );
			} return true;'
		);
		$last     = $this->person( 'p', 'there230@b.test' );
		$more     = $this->person( 'q', 'nobody@b.test' );
		$backfill = $this->preview();
		self::assertCount( 3, $this->remote->requests() );
		self::assertSame( 'link', $this->found( $backfill, $last ) );
		self::assertSame( 'create', $this->found( $backfill, $more ) );
	}

	public function test_an_address_that_the_database_takes_for_the_same_is_another_person(): void {
		$this->imported_account( 'accent', 'josé@a.test' );
		$jose = $this->person( 'jose', 'jose@a.test' );
		self::assertSame( 'create', $this->found( $this->preview(), $jose ) );
	}

	public function test_the_right_one_of_two_addresses_that_the_database_takes_for_the_same_is_found(): void {
		$this->imported_account( 'accent', 'josé@a.test' );
		$there    = $this->imported_account( 'plain', 'jose@a.test' );
		$jose     = $this->person( 'jose', 'jose@a.test' );
		$backfill = $this->preview();
		self::assertSame( array( 'link', $there ), array( $this->found( $backfill, $jose ), $this->item( $backfill, $jose )->remote_id ) );
	}

	public function test_people_whose_addresses_differ_only_by_case_are_a_conflict(): void {
		global $wpdb;
		$first  = $this->person( 'first', 'shared@a.test' );
		$second = $this->person( 'second', 'other@a.test' );
		$wpdb->update( $wpdb->users, array( 'user_email' => 'Shared@A.test' ), array( 'ID' => $second ) );
		clean_user_cache( $second );
		$this->account( 'there', 'shared@a.test' );
		$backfill = $this->preview();
		self::assertSame( 'conflict:several_here', $this->found( $backfill, $first ) );
		self::assertSame( 'conflict:several_here', $this->found( $backfill, $second ) );
	}

	public function test_several_accounts_there_with_one_address_are_a_conflict_that_names_them(): void {
		$maria = $this->person( 'maria', 'maria@a.test' );
		$this->account( 'maria-old', 'maria@a.test' );
		$this->imported_account( 'maria-new', 'Maria@A.test' );
		$backfill = $this->preview();
		self::assertSame( 'conflict:several_there', $this->found( $backfill, $maria ) );
		$item = $this->item( $backfill, $maria );
		self::assertStringContainsString( '“maria-old”', $item->message );
		self::assertStringContainsString( '“maria-new”', $item->message );
		self::assertSame( '', $item->remark, 'The message says it.' );
		$this->run_to_the_end( $backfill );
		self::assertSame( 0, $this->linked( $maria ) );
	}

	public function test_several_accounts_with_one_address_on_a_paired_site_are_a_conflict_too(): void {
		$this->paired( array( 'accounts' => 'return array( "accounts" => array( array( "id" => 7, "login" => "maria-old", "email" => "maria@a.test" ), array( "id" => 9, "login" => "maria-new", "email" => "Maria@A.test" ), array( "id" => 11, "login" => "other", "email" => "other@a.test" ) ), "total" => 3, "next" => null );' ) );
		$maria    = $this->person( 'maria', 'maria@a.test' );
		$other    = $this->person( 'other', 'other@a.test' );
		$backfill = $this->preview();
		self::assertSame( array( 'conflict:several_there', 'link' ), array( $this->found( $backfill, $maria ), $this->found( $backfill, $other ) ) );
	}

	public function test_whoever_is_linked_already_has_it_remarked_that_another_account_there_has_their_address(): void {
		$maria = $this->person( 'maria', 'maria@a.test' );
		$alone = $this->person( 'alone', 'alone@a.test' );
		$this->link( $maria, $this->account( 'maria-old', 'maria@a.test' ), 'maria-old' );
		$this->link( $alone, $this->account( 'alone', 'alone@a.test' ), 'alone' );
		$this->imported_account( 'maria-new', 'Maria@A.test' );
		$backfill = $this->preview();
		self::assertSame( array( 'already', 'already' ), array( $this->found( $backfill, $maria ), $this->found( $backfill, $alone ) ) );
		self::assertStringContainsString( 'maria@a.test', $this->item( $backfill, $maria )->remark );
		self::assertSame( '', $this->item( $backfill, $alone )->remark );
	}

	public function test_an_account_that_is_somebody_else_here_already_is_a_conflict(): void {
		$this->link( $this->person( 'owner', 'owner@a.test' ), $this->account( 'there', 'claimed@a.test' ), 'there' );
		$claims = $this->person( 'claims', 'claimed@a.test' );
		self::assertSame( 'conflict:linked_to_other', $this->found( $this->preview(), $claims ) );
	}

	public function test_the_account_that_tandem_uses_there_is_left_alone(): void {
		$email = (string) $this->remote->run( 'return get_userdata( 1 )->user_email;' );
		$id    = $this->person( 'somebody', $email );
		self::assertSame( 'left:service_account', $this->found( $this->preview(), $id ) );
	}

	public function test_a_step_that_is_repeated_after_a_crash_doubles_nothing(): void {
		$this->account( 'same', 'same@a.test' );
		$this->account( 'taken', 'somebody@b.test' );
		$this->person( 'same-here', 'same@a.test' );
		$this->person( 'taken', 'taken@a.test' );
		$this->person( 'new', 'new@a.test' );
		// Each step dies before it could write its position down, and is done again.
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		$this->plugin->backfill()->step( 0.0 );
		$this->set( $id, array( 'state' => State::Indexing->value, 'position' => 0 ) );
		$this->plugin->backfill()->step( 0.0 );
		self::assertSame( 3, array_sum( $this->items->counts( $id )[''] ) );
		$this->steps();
		$before = array( $this->items->counts( $id ), $this->items->report( $id, 0, 100 ) );
		$this->set( $id, array( 'state' => State::Matching->value, 'position' => 0 ) );
		$this->steps();
		self::assertEquals( $before, array( $this->items->counts( $id ), $this->items->report( $id, 0, 100 ) ) );
	}

	public function test_somebody_who_was_linked_between_a_crash_and_the_repeated_step_is_counted_once(): void {
		$id       = $this->person( 'new', 'new@a.test' );
		$backfill = $this->preview();
		$this->link( $id, $this->account( 'new', 'new@a.test' ), 'new' );
		$this->set( $backfill->id, array( 'state' => 'matching', 'position' => 0 ) );
		$this->steps();
		$this->item( $backfill, $id );
	}

	public function test_a_site_that_is_away_makes_it_wait_and_go_on_by_itself(): void {
		$this->person( 'new', 'new@a.test' );
		$this->remote->answer( 503, 'away' );
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		self::assertFalse( $this->plugin->backfill()->step( 1.0 ) );
		$waiting = $this->backfills->get( $id );
		self::assertSame( State::Indexing, $waiting->state );
		self::assertNotSame( '', $waiting->problem_code );
		self::assertStringContainsString( $this->site->name, $waiting->problem );
		$this->remote->heal();
		$this->clock->now += 10;
		$this->work();
		self::assertSame( array( State::Ready, '', '' ), array( $this->backfills->get( $id )->state, $this->backfills->get( $id )->problem_code, $this->backfills->get( $id )->problem ) );
	}

	public function test_a_site_in_trouble_is_asked_once_and_then_when_its_time_has_come(): void {
		$this->person( 'new', 'new@a.test' );
		$this->remote->answer( 503, 'away' );
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		$this->five_rounds();
		self::assertCount( 1, $this->remote->requests() );
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( array( SiteState::Unreachable, 1 ), array( $site->state, $site->failures ) );
		self::assertGreaterThan( $this->clock->now, $site->next_try_at );
		self::assertSame( Result::Retrying, $this->last()->entry->result );
		$this->remote->heal();
		$this->clock->now = $site->next_try_at;
		$this->work();
		self::assertSame( State::Ready, $this->backfills->get( $id )->state );
		self::assertSame( SiteState::Connected, $this->plugin->sites()->get( $this->site->id )->state );
	}

	public function test_a_site_that_says_how_long_it_wants_to_be_left_alone_is_left_alone_for_so_long(): void {
		$this->person( 'new', 'new@a.test' );
		$this->remote->answer( 429, 'slow down', array( 'Retry-After' => '120' ) );
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		$this->five_rounds();
		$this->clock->now += 119;
		$this->five_rounds();
		self::assertCount( 1, $this->remote->requests() );
		$this->remote->heal();
		$this->clock->now += 1;
		$this->work();
		self::assertSame( State::Ready, $this->backfills->get( $id )->state );
	}

	public function test_a_paired_site_that_can_not_link_now_is_left_alone_too(): void {
		$this->paired(
			array(
				'accounts' => 'return array( "accounts" => array( array( "id" => 7, "login" => "ann", "email" => "ann@a.test" ) ), "total" => 1, "next" => null );',
				'links'    => 'return array( "results" => array_fill( 0, count( $body["people"] ), "linked" ) );',
			)
		);
		$ann      = $this->person( 'ann', 'ann@a.test' );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->remote->answer( 503, 'away', array( 'Retry-After' => '60' ) );
		$this->five_rounds();
		self::assertCount( 1, $this->remote->requests( '#peer/links#' ) );
		$this->remote->heal();
		$this->clock->now += 60;
		$this->work();
		self::assertSame( array( State::Done, 7 ), array( $this->backfills->get( $backfill->id )->state, $this->linked( $ann ) ) );
	}

	public function test_a_site_that_answers_but_refuses_to_say_who_is_there_is_not_asked_all_the_time(): void {
		$this->person( 'new', 'new@a.test' );
		$this->remote->answer( 500, 'too many', match: '#/wp/v2/users\?#' );
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		for ( $second = 0; $second < 60; $second++ ) {
			$this->plugin->dispatcher()->run( Budget::worker( 5.0 ) );
			$this->plugin->backfill()->step( 1.0 );
			++$this->clock->now;
		}
		self::assertLessThanOrEqual( 3, count( $this->remote->requests( '#/wp/v2/users\?#' ) ) );
		$this->remote->heal();
		$this->clock->now += 120;
		$this->work();
		self::assertSame( State::Ready, $this->backfills->get( $id )->state );
	}

	public function test_only_one_process_at_a_time_works_on_it_and_a_dead_one_is_replaced(): void {
		$id = $this->plugin->backfill()->start( $this->site->id )->id;
		self::assertTrue( $this->backfills->claim( $id, 'another process', 60 ) );
		self::assertFalse( $this->plugin->backfill()->step( 1.0 ) );
		self::assertSame( array(), $this->remote->requests() );
		$this->clock->now += 61;
		$this->steps();
		self::assertSame( State::Ready, $this->backfills->get( $id )->state );
	}

	public function test_it_is_paused_resumed_and_cancelled(): void {
		$engine = $this->plugin->backfill();
		$id     = $engine->start( $this->site->id )->id;
		$engine->pause( $id );
		self::assertFalse( $engine->step( 1.0 ) );
		self::assertSame( array(), $this->remote->requests() );
		self::assertSame( State::Indexing, $engine->resume( $id )->state );
		$this->steps();
		self::assertSame( State::Ready, $this->backfills->get( $id )->state );
		self::assertSame( State::Cancelled, $engine->cancel( $id )->state );
		$this->expectException( Refused::class );
		$engine->run( $id );
	}

	public function test_progress_goes_on_where_it_was_after_a_pause(): void {
		global $wpdb;
		$this->crowd( 300 );
		$people = (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->users" );
		$engine = $this->plugin->backfill();
		$id     = $engine->start( $this->site->id )->id;
		$engine->step( 0.0 );
		$engine->step( 0.0 );
		self::assertSame( array( State::Matching, 200, $people ), array( $this->backfills->get( $id )->state, $this->backfills->get( $id )->done(), $this->backfills->get( $id )->total ) );
		$engine->pause( $id );
		$this->clock->now += 600;
		$engine->resume( $id );
		self::assertSame( 0.0, $this->backfills->get( $id )->rate( $this->clock->now() ) );
		$engine->step( 0.0 );
		self::assertSame( $people, $this->backfills->get( $id )->done() );
	}

	public function test_a_second_one_for_the_same_site_is_refused_while_one_is_under_way(): void {
		$this->plugin->backfill()->start( $this->site->id );
		$this->expectException( Refused::class );
		$this->plugin->backfill()->start( $this->site->id );
	}

	public function test_a_removed_site_takes_what_was_read_from_it_along(): void {
		$this->account( 'same', 'same@a.test' );
		$this->person( 'same', 'same@a.test' );
		$engine = $this->plugin->backfill();
		$id     = $engine->start( $this->site->id )->id;
		// In the middle of a step, which then writes down what it has read.
		$removed = false;
		add_filter(
			'query',
			function ( string $query ) use ( &$removed ): string {
				if ( ! $removed && str_starts_with( $query, 'INSERT' ) && str_contains( $query, 'tandem_backfill_items' ) ) {
					$removed = true;
					$this->plugin->sites()->remove( $this->site->id );
				}
				return $query;
			}
		);
		self::assertFalse( $engine->step( 1.0 ) );
		self::assertTrue( $removed );
		self::assertSame( array(), $this->items->counts( $id ) );
	}

	/**
	 * Works as a worker on the command line does that has nothing to wait for.
	 */
	private function five_rounds(): void {
		for ( $round = 0; $round < 5; $round++ ) {
			$this->plugin->dispatcher()->run( Budget::worker( 5.0 ) );
			$this->plugin->backfill()->step( 1.0 );
		}
	}

	/**
	 * Adds an account to the remote site by a plain INSERT: WordPress's own functions clean addresses up.
	 *
	 * @param string $login Username.
	 * @param string $email E-mail address.
	 * @return int Its id there.
	 */
	private function imported_account( string $login, string $email ): int {
		return (int) $this->remote->run(
			'global $wpdb; $wpdb->insert( $wpdb->users, array( "user_login" => $args[0], "user_nicename" => $args[0], "user_email" => $args[1] ) ); $id = $wpdb->insert_id;
			update_user_meta( $id, $wpdb->prefix . "capabilities", array( "subscriber" => true ) ); return $id;',
			$login,
			$email
		);
	}

	/**
	 * Takes somebody's e-mail address away, as imports do.
	 *
	 * @param int $user_id User here.
	 */
	private function without_email( int $user_id ): void {
		global $wpdb;
		$wpdb->update( $wpdb->users, array( 'user_email' => '' ), array( 'ID' => $user_id ) );
		clean_user_cache( $user_id );
	}

	/**
	 * Sets columns of a backfill.
	 *
	 * @param int                       $id     Backfill.
	 * @param array<string, string|int> $values Columns.
	 */
	private function set( int $id, array $values ): void {
		global $wpdb;
		$wpdb->update( $wpdb->prefix . 'tandem_backfills', $values, array( 'id' => $id ) );
	}
}
