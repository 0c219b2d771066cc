<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Admin\UsersColumn;
use Tandem\Admin\UserStates;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxState;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class UsersColumnTest extends TestCase {

	private Sites $sites;
	private Links $links;
	private Outbox $outbox;
	private UsersColumn $column;

	protected function setUp(): void {
		parent::setUp();
		$db           = new Connection( $GLOBALS['wpdb'] );
		$this->sites  = new Sites( $db, new FixedClock() );
		$this->links  = new Links( $db );
		$this->outbox = new Outbox( $db, new FixedClock() );
		$this->column = new UsersColumn( $this->sites, new UserStates( $db ) );
		wp_set_current_user( 1 );
	}

	private function site( string $name ): RemoteSite {
		return $this->sites->add( $name, 'https://b.test', 'https://b.test/wp-json/', SiteKind::Plain, 'admin', 1, false, SiteSettings::defaults() );
	}

	private function cell( int $user_id ): string {
		return $this->column->cell( '', 'tandem_synced', $user_id );
	}

	public function test_there_is_no_column_without_a_site(): void {
		self::assertSame( array( 'email' => 'Email' ), $this->column->add( array( 'email' => 'Email' ) ) );
	}

	public function test_only_who_may_manage_the_site_sees_the_column(): void {
		$this->site( 'B' );
		self::assertArrayHasKey( 'tandem_synced', $this->column->add( array() ) );
		wp_set_current_user( $this->make_user( array( 'role' => 'editor' ) ) );
		self::assertSame( array(), $this->column->add( array() ) );
	}

	public function test_each_site_has_its_own_state(): void {
		$b    = $this->site( 'Shop <B>' );
		$c    = $this->site( 'C' );
		$d    = $this->site( 'D' );
		$user = $this->make_user();
		// Somebody new may be due for these sites already.
		foreach ( array( $b, $c, $d ) as $site ) {
			$row = $this->outbox->find_for( $site->id, $user );
			if ( null !== $row ) {
				$this->outbox->discard( $row->id );
			}
		}
		$this->links->save( new Link( $b->id, $user, 5, 'x' ) );
		$this->links->save( new Link( $c->id, $user, 6, 'x' ) );
		$this->outbox->enqueue( $c->id, $user, new FieldSet( 'roles' ) );
		$lines = explode( '<br>', $this->cell( $user ) );
		self::assertSame( 'Shop &lt;B&gt;: synced', $lines[0] );
		self::assertStringContainsString( 'C: waiting', $lines[1] );
		self::assertStringContainsString( 'users.php?page=tandem-user-sync&#038;view=activity&#038;user=' . $user, $lines[1] );
		self::assertSame( 'D: not linked', $lines[2] );
	}

	public function test_who_is_not_sent_is_told_from_who_is_not_linked_yet(): void {
		$this->site( 'B' );
		self::assertSame( 'B: not sent', $this->cell( 1 ) );
	}

	public function test_who_waits_for_a_decision_needs_attention_though_linked(): void {
		$site = $this->site( 'B' );
		$user = $this->make_user();
		$this->links->save( new Link( $site->id, $user, 5, 'x' ) );
		$this->outbox->enqueue( $site->id, $user, new FieldSet( 'roles' ) );
		$row = $this->outbox->find_for( $site->id, $user );
		self::assertNotNull( $row );
		$this->outbox->hold( $row, OutboxState::Attention, 'x', 'x', array() );
		self::assertStringContainsString( 'B: needs attention', $this->cell( $user ) );
	}

	public function test_a_page_of_users_costs_two_queries(): void {
		require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';
		require_once ABSPATH . 'wp-admin/includes/class-wp-users-list-table.php';
		require_once ABSPATH . 'wp-admin/includes/screen.php';
		require_once ABSPATH . 'wp-admin/includes/class-wp-screen.php';
		require_once ABSPATH . 'wp-admin/includes/template.php';
		$site  = $this->site( 'B' );
		$users = array_map( fn (): int => $this->make_user(), range( 1, 10 ) );
		foreach ( $users as $user ) {
			$this->links->save( new Link( $site->id, $user, 100 + $user, 'x' ) );
		}
		$table        = new \WP_Users_List_Table( array( 'screen' => 'users' ) );
		$table->items = array_fill_keys( $users, null );

		$GLOBALS['wp_list_table'] = $table; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as users.php does.
		try {
			$before = $GLOBALS['wpdb']->num_queries;
			$this->column->add( array() );
			foreach ( $users as $user ) {
				self::assertStringContainsString( 'B:', $this->cell( $user ) );
			}
			self::assertSame( 2, $GLOBALS['wpdb']->num_queries - $before );
		} finally {
			unset( $GLOBALS['wp_list_table'] );
		}
	}

	public function test_other_columns_are_left_alone(): void {
		self::assertSame( 'theirs', $this->column->cell( 'theirs', 'posts', 1 ) );
	}
}
