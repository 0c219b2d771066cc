<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Finding;
use Tandem\Backfill\Progress;
use Tandem\Backfill\State;
use Tandem\Sync\Budget;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\OutboxState;

final class RunTest extends BackfillTestCase {

	public function test_people_are_counted_once_a_second_and_not_with_every_step(): void {
		$this->crowd( 250 );
		$this->remote->run( 'global $wpdb; for ( $n = 1; $n <= 250; $n++ ) { $wpdb->insert( $wpdb->users, array( "user_login" => "crowd$n", "user_nicename" => "crowd$n", "user_email" => "crowd$n@a.test" ) ); update_user_meta( $wpdb->insert_id, $wpdb->prefix . "capabilities", array( "subscriber" => true ) ); } return true;' );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$counted = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$counted ): string {
				$counted += (int) ( str_contains( $query, 'tandem_backfill_items' ) && str_contains( $query, 'GROUP BY' ) );
				return $query;
			}
		);
		$steps = 0;
		while ( $this->plugin->backfill()->step( 0.0 ) ) {
			++$steps;
		}
		self::assertGreaterThanOrEqual( 2, $steps );
		self::assertSame( 1, $counted );
		self::assertSame( array( State::Done, 250 ), array( $this->backfills->get( $backfill->id )->state, $this->counts( $backfill )->linked() ) );
	}

	public function test_people_are_linked_without_a_request_and_created_by_one(): void {
		$there    = $this->account( 'same-there', 'same@a.test' );
		$same     = $this->person( 'same', 'same@a.test' );
		$new      = $this->person( 'new', 'new@a.test', array( 'first_name' => 'Nell', 'role' => 'author' ) );
		$admin    = $this->person( 'boss', 'boss@a.test', array( 'role' => 'administrator' ) );
		$backfill = $this->run_to_the_end( $this->preview() );

		self::assertSame( State::Done, $backfill->state );
		self::assertSame( $this->clock->now, $backfill->finished_at );
		self::assertSame( $there, $this->linked( $same ) );
		$created = $this->remote->user( 'new' );
		self::assertSame( array( 'new@a.test', 'Nell', array( 'author' ) ), array( $created['email'], $created['first_name'], $created['roles'] ) );
		self::assertSame( $created['id'], $this->linked( $new ) );
		self::assertSame( 0, $this->linked( $admin ) );
		self::assertSame( array( 'done', 'done' ), array( $this->became( $backfill, $same ), $this->became( $backfill, $new ) ) );
		self::assertSame( $created['id'], $this->item( $backfill, $new )->remote_id );
		self::assertCount( 1, $this->remote->writes() );
		self::assertSame( 0, $this->queued() );

		// What it was for: the next change arrives at the right account.
		wp_update_user( array( 'ID' => $same, 'last_name' => 'Same' ) );
		$this->deliver();
		self::assertSame( 'Same', $this->remote->user( 'same-there' )['last_name'] );
	}

	public function test_a_second_backfill_finds_everybody_linked(): void {
		$this->account( 'same', 'same@a.test' );
		$this->person( 'same', 'same@a.test' );
		$this->person( 'new', 'new@a.test' );
		$first  = $this->run_to_the_end( $this->preview() );
		$second = $this->preview();
		self::assertSame( 2, $this->findings( $second )['already'] );
		self::assertSame( array(), $this->items->report( $first->id, 0, 10 ) );
	}

	public function test_conflicts_are_carried_out_as_decided_and_the_others_stay(): void {
		$ids = array();
		foreach ( array( 'linked', 'created', 'ignored', 'open' ) as $login ) {
			$this->account( $login, "$login@b.test" );
			$ids[ $login ] = $this->person( $login, "$login@a.test" );
		}
		$backfill = $this->preview();
		self::assertSame( 4, $this->findings( $backfill )['conflict'] );
		foreach ( array( 'linked' => 'link', 'created' => 'create', 'ignored' => 'ignore' ) as $login => $decision ) {
			self::assertSame( 1, $this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $ids[ $login ] )->id ), $decision ) );
		}
		$backfill = $this->run_to_the_end( $backfill );

		self::assertSame( State::Done, $backfill->state );
		self::assertSame( array( 'done', 'done', 'ignored', '' ), array_map( fn ( int $id ): string => $this->item( $backfill, $id )->progress->value, array_values( $ids ) ) );
		self::assertSame( $this->remote->user( 'linked' )['id'], $this->linked( $ids['linked'] ) );
		self::assertFalse( $this->plugin->links()->find( $this->site->id, $ids['linked'] )->approved, 'It is an ordinary account; should it become an administrator’s, nobody has said so of that.' );
		$other = $this->remote->user( 'created@a.test' );
		self::assertMatchesRegularExpression( '/^created\D?\d+$/', $other['login'] );
		self::assertSame( $other['id'], $this->linked( $ids['created'] ) );
		self::assertSame( 'created@b.test', $this->remote->user( 'created' )['email'] );
		self::assertSame( array( 0, 0 ), array( $this->linked( $ids['ignored'] ), $this->linked( $ids['open'] ) ) );
		self::assertSame( array( $ids['open'] ), array_map( static fn ( $item ): int => $item->user_id, $this->review->conflicts( $backfill->id, '', 1, 10 ) ) );
	}

	public function test_a_conflict_that_is_decided_after_the_end_is_carried_out_then(): void {
		$there    = $this->account( 'taken', 'somebody@b.test' );
		$id       = $this->person( 'taken', 'taken@a.test' );
		$backfill = $this->run_to_the_end( $this->preview() );
		self::assertSame( array( State::Done, 0 ), array( $backfill->state, $this->linked( $id ) ) );
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $id )->id ), 'link' );
		$this->work();
		self::assertSame( $there, $this->linked( $id ) );
		self::assertSame( State::Done, $this->backfills->get( $backfill->id )->state );
	}

	public function test_a_protected_account_is_linked_only_by_the_owners_word(): void {
		$there    = $this->account( 'chief', 'chief@a.test', 'administrator' );
		$id       = $this->person( 'chief', 'chief@a.test' );
		$backfill = $this->run_to_the_end( $this->preview() );
		self::assertSame( 0, $this->linked( $id ) );
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $id )->id ), 'link' );
		$this->work();
		self::assertSame( $there, $this->linked( $id ) );
		self::assertTrue( $this->plugin->links()->find( $this->site->id, $id )->approved );
	}

	public function test_the_owners_word_for_an_ordinary_account_is_none_for_an_administrators(): void {
		$there    = $this->account( 'anna', 'other@b.test' );
		$id       = $this->person( 'anna', 'anna@a.test' );
		$backfill = $this->preview();
		$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $id )->id ), 'link' );
		$this->run_to_the_end( $backfill );
		self::assertSame( array( $there, false ), array( $this->linked( $id ), $this->plugin->links()->find( $this->site->id, $id )?->approved ) );
		$this->remote->run( 'get_user_by( "login", "anna" )->set_role( "administrator" );' );
		$this->new_request();
		wp_set_password( 'pwned', $id );
		$this->plugin->recorder()->flush();
		$this->work();
		self::assertFalse( $this->remote->can_log_in( 'anna', 'pwned' ) );
		self::assertSame( 'protected_account', $this->plugin->outbox()->find_for( $this->site->id, $id )?->code );
	}

	public function test_a_decision_that_makes_no_sense_breaks_nothing(): void {
		global $wpdb;
		$bare = $this->person( 'bare', 'bare@a.test' );
		$wpdb->update( $wpdb->users, array( 'user_email' => '' ), array( 'ID' => $bare ) );
		clean_user_cache( $bare );
		$service = $this->person( 'admin2', 'admin2@a.test' );
		$wpdb->update( $wpdb->users, array( 'user_login' => 'ADMIN' ), array( 'ID' => $service ) );
		clean_user_cache( $service );
		$backfill = $this->preview();
		self::assertSame( 'conflict:username_taken', $this->found( $backfill, $service ) );
		foreach ( array( $bare, $service ) as $id ) {
			$this->plugin->backfill()->decide( $backfill->id, array( $this->item( $backfill, $id )->id ), 'link' );
		}
		$backfill = $this->run_to_the_end( $backfill );
		foreach ( array( $bare, $service ) as $id ) {
			self::assertSame( 'failed', $this->item( $backfill, $id )->progress->value );
			self::assertNotSame( '', $this->item( $backfill, $id )->message );
			self::assertSame( 0, $this->linked( $id ) );
		}
	}

	public function test_who_changed_since_the_preview_is_not_linked_with_what_was_found_then(): void {
		foreach ( array( 'moved', 'gone', 'risen', 'linked' ) as $login ) {
			$there[ $login ] = $this->account( $login, "$login@a.test" );
			$ids[ $login ]   = $this->person( $login, "$login@a.test" );
		}
		$backfill = $this->preview();
		$other    = $this->account( 'other', 'other@b.test' );
		$this->person_changes( fn () => wp_update_user( array( 'ID' => $ids['moved'], 'user_email' => 'elsewhere@a.test' ) ) );
		$this->person_changes( fn () => get_userdata( $ids['risen'] )->set_role( 'administrator' ) );
		$this->person_changes( fn () => $this->delete( $ids['gone'] ) );
		$this->link( $ids['linked'], $other, 'other' );
		$backfill = $this->run_to_the_end( $backfill );
		self::assertSame( array( 'failed:address_changed', 'failed:deleted_here', 'failed:out_of_scope', 'done' ), array_map( fn ( string $login ): string => $this->became( $backfill, $ids[ $login ] ), array( 'moved', 'gone', 'risen', 'linked' ) ) );
		self::assertSame( array( 0, 0, 0, $other ), array_map( fn ( string $login ): int => $this->linked( $ids[ $login ] ), array( 'moved', 'gone', 'risen', 'linked' ) ) );
		self::assertSame( $other, $this->item( $backfill, $ids['linked'] )->remote_id );
	}

	public function test_who_can_t_be_created_is_a_failure_with_its_reason(): void {
		$id       = $this->person( 'new', 'new@a.test' );
		$backfill = $this->preview();
		$this->remote->answer( 400, '{"code":"rest_user_invalid_email","message":"Invalid email address.","data":{"status":400}}', array( 'Content-Type' => 'application/json' ), null, '#/wp/v2/users#', '#POST#' );
		$backfill = $this->run_to_the_end( $backfill );
		$row      = $this->plugin->outbox()->find_for( $this->site->id, $id );
		self::assertSame( State::Done, $backfill->state );
		self::assertSame( array( Progress::Failed, $row->code, $row->message ), array( $this->item( $backfill, $id )->progress, $this->item( $backfill, $id )->code, $this->item( $backfill, $id )->message ) );
		self::assertNotSame( '', $row->message );
		self::assertSame( 1, $this->counts( $backfill )->failed() );
	}

	public function test_a_site_that_goes_away_in_the_middle_is_waited_for(): void {
		$ids      = array( $this->person( 'one', 'one@a.test' ), $this->person( 'two', 'two@a.test' ) );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		$this->remote->refuse();
		$this->work();
		$waiting = $this->backfills->get( $backfill->id );
		self::assertSame( State::Running, $waiting->state );
		self::assertStringContainsString( $this->site->name, $waiting->problem );
		$this->remote->restore();
		$this->clock->now += 3600;
		$this->work();
		self::assertSame( State::Done, $this->backfills->get( $backfill->id )->state );
		self::assertNotContains( 0, array_map( $this->linked( ... ), $ids ) );
	}

	public function test_while_a_filter_can_not_tell_who_is_synced_it_waits_and_goes_on_when_that_is_mended(): void {
		$new      = $this->person( 'new', 'new@a.test' );
		$filter   = static fn (): never => throw new \LogicException( 'broken' );
		add_filter( 'tandem_sync_user', $filter );
		$backfill = $this->plugin->backfill()->start( $this->site->id );
		$this->steps();
		$waits = $this->backfills->get( $backfill->id );
		self::assertSame( array( State::Matching, 'filter_failed' ), array( $waits->state, $waits->problem_code ) );
		remove_filter( 'tandem_sync_user', $filter );
		$this->steps();
		self::assertSame( State::Ready, $this->backfills->get( $backfill->id )->state );
		$this->run_to_the_end( $this->backfills->get( $backfill->id ) );
		self::assertGreaterThan( 0, $this->linked( $new ) );
	}

	public function test_who_was_asked_by_mail_because_of_a_change_meanwhile_is_linked_by_the_owners_word(): void {
		$there    = $this->account( 'same', 'same@a.test' );
		$id       = $this->person( 'same', 'same@a.test' );
		$backfill = $this->preview();
		// They change before their turn comes: to the other site they are a stranger with somebody's address.
		$this->plugin->outbox()->enqueue( $this->site->id, $id, new FieldSet( 'first_name' ) );
		$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
		$this->plugin->outbox()->hold( $row, OutboxState::Confirm, 'confirm_needed', 'Asked.', array() );
		$this->plugin->outbox()->enqueue( $this->site->id, $id, new FieldSet( FieldSet::UID ), new Decision( trusted: true, email: 'same@a.test' ) );
		self::assertSame( OutboxState::Due, $this->plugin->outbox()->find_for( $this->site->id, $id )?->state );
		$this->run_to_the_end( $backfill );
		self::assertSame( array( $there, 'done' ), array( $this->linked( $id ), $this->became( $backfill, $id ) ) );
	}

	public function test_the_queue_never_holds_more_than_500_of_them(): void {
		$ids      = $this->crowd( 720 );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		self::assertSame( 500, $this->queued() );
		foreach ( array_slice( $ids, 0, 300 ) as $id ) {
			// As if they had been delivered.
			$this->link( $id, 100_000 + $id, "crowd-$id" );
			$this->plugin->outbox()->finish( $this->plugin->outbox()->find_for( $this->site->id, $id ) );
		}
		++$this->clock->now;
		$this->steps();
		$counts = $this->counts( $backfill );
		self::assertSame( array( 420, 300, 420 ), array( $this->queued(), $counts->of( Finding::Create, Progress::Done ), $counts->queued() ) );
		self::assertSame( array( 300, count( $this->items->report( $backfill->id, 0, 10_000 ) ) - $this->findings( $backfill )['left'] ), array( $this->backfills->get( $backfill->id )->done(), $this->backfills->get( $backfill->id )->total ) );
	}

	public function test_a_worker_that_dies_between_the_queue_and_its_note_loses_nobody(): void {
		$id       = $this->person( 'new', 'new@a.test' );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->dying_at( '/UPDATE .*tandem_backfill_items.* SET result/s', fn () => $this->plugin->backfill()->step( 1.0 ) );
		$this->clock->now += 120;
		$this->work();
		self::assertSame( array( State::Done, 'done' ), array( $this->backfills->get( $backfill->id )->state, $this->became( $backfill, $id ) ) );
		self::assertSame( $this->remote->user( 'new' )['id'], $this->linked( $id ) );
		self::assertCount( 1, $this->remote->writes() );
	}

	public function test_a_worker_that_dies_before_the_queue_loses_nobody(): void {
		$id       = $this->person( 'new', 'new@a.test' );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->dying_at( '/INSERT INTO .*tandem_outbox/s', fn () => $this->plugin->backfill()->step( 1.0 ) );
		$this->clock->now += 120;
		$this->work();
		self::assertSame( 'done', $this->became( $backfill, $id ) );
		self::assertSame( $this->remote->user( 'new' )['id'], $this->linked( $id ) );
	}

	public function test_pausing_takes_back_what_was_not_sent_and_resuming_goes_on(): void {
		$changes = $this->person( 'changes', 'changes@a.test' );
		$waits   = $this->person( 'waits', 'waits@a.test' );
		$ids     = array( $changes, $waits, $this->person( 'one', 'one@a.test' ), $this->person( 'two', 'two@a.test' ) );
		// What waited before or changed since is not the backfill's to take back.
		$this->plugin->outbox()->enqueue( $this->site->id, $waits, new FieldSet( FieldSet::ALL ) );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		wp_update_user(
			array(
				'ID'         => $changes,
				'first_name' => 'Changed',
			)
		);
		$this->plugin->recorder()->flush();
		$this->new_request();
		self::assertSame( 4, $this->queued() );
		$this->plugin->backfill()->pause( $backfill->id );
		self::assertSame( 2, $this->queued() );
		$this->plugin->dispatcher()->run( Budget::request( 20.0 ) );
		self::assertCount( 2, $this->remote->writes() );
		self::assertSame( array( true, true, false, false ), array_map( fn ( int $id ): bool => $this->linked( $id ) > 0, $ids ) );
		$this->plugin->backfill()->resume( $backfill->id );
		$this->work();
		self::assertSame( State::Done, $this->backfills->get( $backfill->id )->state );
		self::assertNotContains( 0, array_map( $this->linked( ... ), $ids ) );
		self::assertCount( 4, $this->remote->writes() );
	}

	public function test_cancelling_leaves_the_rest_as_it_is(): void {
		$this->person( 'one', 'one@a.test' );
		$backfill = $this->preview();
		$this->plugin->backfill()->run( $backfill->id );
		$this->steps();
		$this->plugin->backfill()->cancel( $backfill->id );
		$this->work();
		self::assertSame( array(), $this->remote->writes() );
		self::assertSame( array( State::Cancelled, 0, 0 ), array( $this->backfills->get( $backfill->id )->state, $this->queued(), $this->counts( $backfill )->queued() ) );
	}

	/**
	 * Somebody changes; what of it would be sent is not what is tested.
	 *
	 * @param callable(): mixed $change The change.
	 */
	private function person_changes( callable $change ): void {
		$change();
		$this->plugin->recorder()->flush();
		$GLOBALS['wpdb']->query( "DELETE FROM {$GLOBALS['wpdb']->prefix}tandem_outbox" );
		$this->new_request();
	}

	/**
	 * Deletes somebody.
	 *
	 * @param int $user_id User here.
	 */
	private function delete( int $user_id ): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $user_id );
	}
}
