<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Sync;

use Tandem\Activity\Result;
use Tandem\Remote\SiteState;
use Tandem\Sync\FieldSet;

final class MainJobTest extends DeliveryTestCase {

	public function test_a_new_user_can_log_in_on_the_other_site(): void {
		$this->make_user(
			array(
				'user_login'   => 'ann',
				'user_email'   => 'ann@a.test',
				'user_pass'    => 'first secret',
				'first_name'   => 'Ann',
				'last_name'    => 'Ångström',
				'display_name' => 'Ann Å.',
				'nickname'     => 'annie',
				'user_url'     => 'https://ann.test',
				'description'  => "It's \"me\"",
				'role'         => 'author',
			)
		);
		self::assertSame( 1, $this->deliver()->delivered );
		$there = $this->remote->user( 'ann' );
		self::assertSame( array( 'ann@a.test', 'Ann', 'Ångström', 'Ann Å.', 'annie', 'https://ann.test', array( 'author' ) ), array( $there['email'], $there['first_name'], $there['last_name'], $there['display_name'], $there['nickname'], $there['url'], $there['roles'] ) );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'first secret' ) );
		self::assertCount( 1, $this->remote->writes() );
		self::assertSame( Result::Success, $this->last()->entry->result );
	}

	public function test_edits_a_new_password_and_a_new_role_follow_with_one_write_each(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
			)
		);
		$this->deliver();
		wp_update_user(
			array(
				'ID'         => $id,
				'user_email' => 'new@a.test',
				'last_name'  => 'Bee',
				'user_pass'  => 'second secret',
			)
		);
		get_userdata( $id )->set_role( 'editor' );
		$this->deliver();
		$there = $this->remote->user( 'ann' );
		self::assertSame( array( 'new@a.test', 'Bee', array( 'editor' ) ), array( $there['email'], $there['last_name'], $there['roles'] ) );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'second secret' ) );
		self::assertFalse( $this->remote->can_log_in( 'ann', 'first secret' ) );
		self::assertCount( 2, $this->remote->writes() );
	}

	public function test_what_another_process_has_changed_meanwhile_is_sent_although_this_one_has_read_the_user_before(): void {
		global $wpdb;
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'first_name' => 'Ann',
				'user_pass'  => 'secret',
			)
		);
		$this->deliver();
		self::assertSame( 'Ann', get_userdata( $id )->first_name ?? null );
		// Past this process's cache, as another process does.
		$wpdb->update(
			$wpdb->usermeta,
			array( 'meta_value' => 'Bee' ),
			array(
				'user_id'  => $id,
				'meta_key' => 'first_name',
			)
		);
		$this->plugin->outbox()->enqueue( $this->site->id, $id, new FieldSet( 'first_name' ) );
		$this->deliver();
		self::assertSame( 'Bee', $this->remote->user( 'ann' )['first_name'] );
	}

	public function test_what_the_other_site_can_not_take_is_said_on_the_row_and_does_not_stop_the_rest(): void {
		$this->decide( array( 'meta' => array( 'favourite_colour' ) ) );
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
				'locale'     => 'de_DE',
				'meta_input' => array( 'favourite_colour' => 'green' ),
			)
		);
		$this->deliver();
		update_user_meta( $id, 'favourite_colour', 'blue' );
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Ann',
				'user_pass'  => 'second secret',
				'locale'     => 'fr_FR',
			)
		);
		$rows = array( $this->last_of( $id )->entry );
		$this->deliver();
		$rows[] = $this->last_of( $id )->entry;
		foreach ( $rows as $row ) {
			self::assertSame( Result::Success, $row->result );
			$warnings = implode( "\n", $row->warnings );
			self::assertMatchesRegularExpression( '/^The meta key “favourite_colour” is not registered for REST on B, .*register_meta/m', $warnings );
			self::assertMatchesRegularExpression( '/^B did not take the field “locale”, everything else arrived\. It said: .*locale/m', $warnings );
			self::assertCount( 2, $row->warnings );
			self::assertFalse( $row->fields->has( 'locale' ) || $row->fields->has( 'meta:favourite_colour' ), 'What did not arrive is not listed as sent.' );
		}
		self::assertSame( 'Ann', $this->remote->user( 'ann' )['first_name'] ?? null );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'second secret' ) );
	}

	public function test_taking_all_roles_away_arrives(): void {
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		get_userdata( $id )->set_role( '' );
		$this->deliver();
		self::assertSame( array(), $this->remote->user( 'ann' )['roles'] );
	}

	public function test_a_save_that_changed_nothing_sends_nothing(): void {
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		$before = count( $this->remote->requests() );
		wp_update_user(
			array(
				'ID'           => $id,
				'display_name' => get_userdata( $id )->display_name,
			)
		);
		get_password_reset_key( get_userdata( $id ) );
		$this->deliver();
		self::assertCount( $before, $this->remote->requests() );
	}

	public function test_administrators_are_not_sent(): void {
		add_role(
			'keeper',
			'Keeper',
			array(
				'read'           => true,
				'manage_options' => true,
			)
		);
		try {
			foreach ( array( 'administrator', 'keeper' ) as $role ) {
				$this->make_user(
					array(
						'user_login' => "boss-$role",
						'role'       => $role,
					)
				);
			}
			$this->deliver();
			self::assertSame( array(), $this->remote->requests() );
		} finally {
			remove_role( 'keeper' );
		}
	}

	public function test_who_becomes_an_administrator_here_does_not_become_one_there(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'role'       => 'author',
			)
		);
		$this->deliver();
		get_userdata( $id )->set_role( 'administrator' );
		wp_update_user(
			array(
				'ID'         => $id,
				'first_name' => 'Boss',
			)
		);
		$this->deliver();
		self::assertSame( array( 'author' ), $this->remote->user( 'ann' )['roles'] );
		self::assertSame( '', $this->remote->user( 'ann' )['first_name'] );
	}

	public function test_an_administrator_there_is_never_touched_through_an_equal_address(): void {
		$hash = $this->remote->user( 'admin' )['hash'];
		$this->make_user(
			array(
				'user_login' => 'thief',
				'user_email' => $this->remote->user( 'admin' )['email'],
				'user_pass'  => 'stolen',
			)
		);
		$this->deliver();
		self::assertSame( $hash, $this->remote->user( 'admin' )['hash'] );
		self::assertSame( array(), $this->remote->writes() );
		self::assertSame( 'protected_account', $this->last()->entry->code );
	}

	public function test_a_linked_account_that_became_an_administrator_is_out_of_reach(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
			)
		);
		$this->deliver();
		$this->remote->run( 'get_user_by( "login", "ann" )->set_role( "administrator" );' );
		wp_set_password( 'second secret', $id );
		$this->deliver();
		self::assertFalse( $this->remote->can_log_in( 'ann', 'second secret' ) );
		self::assertSame( 'protected_account', $this->last()->entry->code );
	}

	public function test_a_new_account_does_not_get_an_old_one_there_before_its_holder_says_yes(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'victim',
				'user_email' => 'victim@a.test',
				'user_pass'  => 'their own',
			)
		);
		$this->clock->now += 10;
		$id                = $this->make_user(
			array(
				'user_login' => 'thief',
				'user_email' => 'victim@a.test',
				'user_pass'  => 'stolen',
			)
		);
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'victim', 'their own' ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
		$mails = array_values( array_filter( $this->mails(), static fn ( array $mail ): bool => str_contains( $mail['body'], 'tandem_confirm' ) ) );
		self::assertCount( 1, $mails );
		self::assertSame( array( 'victim@a.test' ), $mails[0]['to'] );

		preg_match( '/row=(\d+)&token=([0-9a-f]+)/', $mails[0]['body'], $found );
		$this->plugin->confirmation()->answer( (int) $found[1], $found[2], true );
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'victim', 'stolen' ), 'The holder of the address said that both are theirs.' );
	}

	public function test_an_account_older_than_the_connection_is_linked_by_its_address(): void {
		$there = $this->remote->make_user(
			array(
				'user_login' => 'other-name',
				'user_email' => 'ann@a.test',
				'user_pass'  => 'theirs',
			)
		);
		$id    = $this->make_older_user( 'ann@a.test' );
		wp_set_password( 'second secret', $id );
		$this->deliver();
		self::assertSame( $there, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
		self::assertTrue( $this->remote->can_log_in( 'other-name', 'second secret' ) );
		self::assertSame( 2, $this->remote->count_users() );
	}

	/**
	 * Somebody who was here before Tandem.
	 *
	 * @param string $email Their address.
	 */
	private function make_older_user( string $email ): int {
		global $wpdb;
		$id = $this->make_user( array( 'user_email' => $email ) );
		$this->plugin->recorder()->flush();
		$wpdb->query( "DELETE FROM {$wpdb->prefix}tandem_outbox" );
		$wpdb->update( $wpdb->users, array( 'user_registered' => '2020-01-01 00:00:00' ), array( 'ID' => $id ) );
		clean_user_cache( $id );
		$this->new_request();
		return $id;
	}

	public function test_a_date_that_was_made_up_makes_nobody_older_than_the_connection(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'victim',
				'user_email' => 'victim@a.test',
				'user_pass'  => 'theirs',
			)
		);
		// An import, or a form whose fields are handed to WordPress as they come.
		$id = $this->make_user(
			array(
				'user_login'      => 'thief',
				'user_email'      => 'victim@a.test',
				'user_pass'       => 'stolen',
				'user_registered' => '2020-01-01 00:00:00',
			)
		);
		$this->deliver();
		self::assertSame( 'confirm_needed', $this->last_of( $id )->entry->code );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );

		$later             = $this->make_user( array( 'user_email' => 'victim@a.test' ) );
		$this->clock->now += 10;
		wp_update_user(
			array(
				'ID'              => $later,
				'user_registered' => '2020-01-01 00:00:00',
				'user_pass'       => 'stolen',
			)
		);
		$this->deliver();
		self::assertSame( 'confirm_needed', $this->last_of( $later )->entry->code );
		self::assertTrue( $this->remote->can_log_in( 'victim', 'theirs' ) );
		self::assertSame( array(), $this->remote->writes() );
	}

	/**
	 * Marks somebody as BuddyPress and networks do.
	 *
	 * @param int $user_id User here.
	 * @param int $status  0 is well, 1 spam, 2 not activated.
	 */
	private function set_status( int $user_id, int $status ): void {
		global $wpdb;
		$wpdb->update( $wpdb->users, array( 'user_status' => $status ), array( 'ID' => $user_id ) );
		clean_user_cache( $user_id );
	}

	public function test_somebody_who_waits_for_approval_here_is_not_let_in_there_and_comes_with_their_password_when_approved(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
			)
		);
		$this->set_status( $id, 2 );
		$this->deliver();
		self::assertSame( array(), $this->remote->requests() );
		self::assertSame( array( Result::Retrying, 'not_active' ), array( $this->last_of( $id )->entry->result, $this->last_of( $id )->entry->code ) );
		self::assertStringContainsString( 'approv', $this->last_of( $id )->entry->message );
		$this->set_status( $id, 0 );
		$this->clock->now += MINUTE_IN_SECONDS;
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'ann', 'first secret' ) );
		self::assertSame( Result::Success, $this->last_of( $id )->entry->result );
	}

	public function test_nothing_is_sent_for_whom_a_plugin_has_suspended(): void {
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
			)
		);
		$this->deliver();
		$writes = count( $this->remote->writes() );
		add_filter( 'tandem_user_is_active', static fn ( bool $active, \WP_User $user ): bool => $active && $user->ID !== $id, 10, 2 );
		wp_set_password( 'second secret', $id );
		$this->deliver();
		self::assertCount( $writes, $this->remote->writes() );
		self::assertSame( 'not_active', $this->last_of( $id )->entry->code );
		self::assertFalse( $this->site->covers_user( get_userdata( $id ) ), 'Nor does a backfill take them along.' );
		$other = $this->make_user( array( 'user_login' => 'bert' ) );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'bert' ), "User $other is not held up." );
	}

	public function test_a_taken_username_is_a_conflict_with_both_accounts(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'ann',
				'user_email' => 'another@b.test',
				'user_pass'  => 'theirs',
			)
		);
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_email' => 'ann@a.test',
			)
		);
		$this->deliver();
		self::assertSame( 'username_taken', $this->last_of( $id )->entry->code );
		$row = $this->plugin->outbox()->attention( $this->site->id, 1, 10 )[0];
		self::assertSame( 'another@b.test', $row->details['there']['email'] );
		self::assertSame( 'another@b.test', $this->remote->user( 'ann' )['email'] );
	}

	public function test_a_password_that_arrived_is_wiped_though_a_person_must_decide_about_the_rest(): void {
		$this->remote->make_user(
			array(
				'user_login' => 'bert',
				'user_email' => 'bert@b.test',
				'user_pass'  => 'his',
			)
		);
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		$this->clock->now += 10;
		wp_update_user(
			array(
				'ID'         => $id,
				'user_email' => 'bert@b.test',
				'user_pass'  => 'second secret',
			)
		);
		$this->deliver();
		self::assertSame( 'email_taken', $this->last_of( $id )->entry->code );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'second secret' ) );
		$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
		self::assertSame( array( '', 0, false ), array( $row->secret ?? null, $row->secret_expires_at ?? null, $row?->fields->has( 'password' ) ) );
		self::assertSame( $this->clock->now, $this->plugin->links()->find( $this->site->id, $id )?->password_at );

		// Ann sets another one over there. When the owner has decided, it is still hers, and nobody says that one was lost.
		$this->remote->run( 'wp_set_password( "hers there", get_user_by( "login", "ann" )->ID );' );
		$this->clock->now += WEEK_IN_SECONDS;
		wp_update_user(
			array(
				'ID'         => $id,
				'user_email' => 'ann2@a.test',
			)
		);
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'ann', 'hers there' ) );
		self::assertSame( 'ann2@a.test', $this->remote->user( 'ann' )['email'] ?? null );
		self::assertSame( array(), $this->last_of( $id )->entry->warnings );
	}

	public function test_deleting_is_off_until_it_is_switched_on(): void {
		$id = $this->make_user( array( 'user_login' => 'ann' ) );
		$this->deliver();
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );
		$this->deliver();
		self::assertNotNull( $this->remote->user( 'ann' ) );
		self::assertSame( 'deletions_off', $this->last()->entry->code );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}

	public function test_a_deleted_user_is_deleted_there_and_their_content_goes_to_the_chosen_account(): void {
		$this->decide(
			array(
				'deletions' => array(
					'enabled'  => true,
					'reassign' => 1,
				),
			)
		);
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'role'       => 'author',
			)
		);
		$this->deliver();
		$post = $this->remote->run( 'return wp_insert_post( array( "post_title" => "x", "post_status" => "publish", "post_author" => get_user_by( "login", "ann" )->ID ) );' );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $id );
		$this->deliver();
		self::assertNull( $this->remote->user( 'ann' ) );
		self::assertSame( 1, (int) $this->remote->run( 'return get_post( $args[0] )->post_author;', $post ) );
	}

	public function test_nothing_is_lost_while_the_site_is_away_and_each_user_costs_one_write(): void {
		$this->decide(
			array(
				'deletions' => array(
					'enabled'  => true,
					'reassign' => 1,
				),
			)
		);
		$ids = array();
		foreach ( array( 'edited', 'retyped', 'promoted', 'gone', 'all' ) as $login ) {
			$ids[ $login ] = $this->make_user(
				array(
					'user_login' => $login,
					'user_pass'  => 'first secret',
				)
			);
		}
		$this->deliver();
		self::assertCount( 5, $this->remote->writes() );

		$this->remote->refuse();
		$ids['new'] = $this->make_user(
			array(
				'user_login' => 'new',
				'user_pass'  => 'new secret',
			)
		);
		$this->deliver();
		foreach ( array( 'edited', 'all' ) as $login ) {
			for ( $i = 0; $i < 10; $i++ ) {
				wp_update_user(
					array(
						'ID'         => $ids[ $login ],
						'first_name' => "Try $i",
					)
				);
				$this->deliver();
			}
		}
		foreach ( array( 'retyped', 'all', 'new' ) as $login ) {
			wp_set_password( 'second secret', $ids[ $login ] );
			$this->deliver();
		}
		foreach ( array( 'promoted', 'all' ) as $login ) {
			get_userdata( $ids[ $login ] )->set_role( 'editor' );
			$this->deliver();
		}
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $ids['gone'] );
		$this->deliver();
		$site = $this->plugin->sites()->get( $this->site->id );
		self::assertSame( SiteState::Unreachable, $site->state );
		self::assertSame( 6, $this->plugin->outbox()->counts( $site->id )->waiting );
		self::assertLessThan( 10, $site->next_try_at - $this->clock->now );

		$this->remote->restore();
		$before           = count( $this->remote->writes() );
		$this->clock->now = $site->next_try_at;
		self::assertSame( 6, $this->deliver()->delivered );
		self::assertSame( SiteState::Connected, $this->plugin->sites()->get( $this->site->id )->state );
		// One request that writes for each of six people.
		$writes = array_map( static fn ( array $request ): string => $request['method'] . ' ' . (string) strtok( $request['uri'], '?' ), array_slice( $this->remote->writes(), $before ) );
		self::assertCount( 6, $writes, implode( "\n", $writes ) );
		self::assertSame( $writes, array_unique( $writes ) );
		foreach ( array(
			'edited'   => 'first secret',
			'promoted' => 'first secret',
			'retyped'  => 'second secret',
			'all'      => 'second secret',
			'new'      => 'second secret',
		) as $login => $password ) {
			self::assertTrue( $this->remote->can_log_in( $login, $password ), $login );
		}
		$all = $this->remote->user( 'all' );
		self::assertSame( array( 'Try 9', array( 'editor' ) ), array( $all['first_name'] ?? null, $all['roles'] ?? null ) );
		self::assertSame( array( 'Try 9', array( 'editor' ) ), array( $this->remote->user( 'edited' )['first_name'] ?? null, $this->remote->user( 'promoted' )['roles'] ?? null ) );
		self::assertNull( $this->remote->user( 'gone' ) );
		self::assertSame( 0, $this->plugin->outbox()->counts( $site->id )->waiting );
	}

	public function test_an_answer_that_is_lost_after_the_account_was_made_makes_no_second_one(): void {
		$this->clock->now = time();
		$this->remote->send_half( 1, \Tandem\Tests\RemoteWordPress::REST, '#POST#' );
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'first secret',
			)
		);
		$this->deliver();
		$this->remote->heal();
		$this->clock->now += 3600;
		$this->deliver();
		self::assertNotNull( $this->plugin->links()->find( $this->site->id, $id ) );
		self::assertSame( 2, $this->remote->count_users() );
		self::assertTrue( $this->remote->can_log_in( 'ann', 'first secret' ) );
	}

	public function test_a_copy_of_the_site_sends_nothing(): void {
		$this->make_user( array( 'user_login' => 'ann' ) );
		add_filter( 'home_url', static fn (): string => 'https://staging.example' );
		self::assertSame( 0, $this->deliver()->delivered );
		self::assertSame( array(), $this->remote->requests() );
	}

	public function test_changed_salts_send_no_wrong_password_and_say_so(): void {
		$this->make_user( array( 'user_login' => 'ann' ) );
		$this->plugin->sites()->set_credential( $this->site->id, 'admin', 1, 't1:AAAA' );
		$this->deliver();
		self::assertSame( array(), $this->remote->requests() );
		self::assertSame( array( SiteState::Held, 'salts_changed' ), array( $this->plugin->sites()->get( $this->site->id )->state, $this->plugin->sites()->get( $this->site->id )->problem_code ) );
	}

	public function test_two_users_in_one_request_never_mix(): void {
		$one = $this->make_user( array( 'user_login' => 'one' ) );
		$two = $this->make_user( array( 'user_login' => 'two' ) );
		$this->deliver();
		wp_set_password( 'of one', $one );
		wp_update_user(
			array(
				'ID'        => $two,
				'user_pass' => 'of two',
			)
		);
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'one', 'of one' ) );
		self::assertTrue( $this->remote->can_log_in( 'two', 'of two' ) );
		self::assertFalse( $this->remote->can_log_in( 'two', 'of one' ) );
	}

	public function test_no_password_is_anywhere_afterwards(): void {
		$this->remote->refuse();
		$id = $this->make_user(
			array(
				'user_login' => 'ann',
				'user_pass'  => 'needle-one-42',
			)
		);
		wp_update_user(
			array(
				'ID'        => $id,
				'user_pass' => 'needle-two-42',
			)
		);
		wp_set_password( 'needle-three-42', $id );
		$this->deliver();
		self::assertStringNotContainsString( 'needle', $this->dump() );
		$this->remote->restore();
		$this->clock->now += 3600;
		$this->deliver();
		self::assertTrue( $this->remote->can_log_in( 'ann', 'needle-three-42' ) );
		self::assertStringNotContainsString( 'needle', $this->dump() );
		self::assertSame( '', $this->plugin->outbox()->find_for( $this->site->id, $id )->secret ?? '' );
	}

	/**
	 * The whole database as text.
	 */
	private function dump(): string {
		global $wpdb;
		$all = '';
		foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
			$all .= (string) wp_json_encode( $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM %i', $table ), ARRAY_A ) );
		}
		self::assertStringContainsString( 'ann', $all );
		return $all;
	}
}
