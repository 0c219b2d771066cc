<?php
/**
 * People who come from a paired site: made, changed and linked.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Activity\Action;
use Tandem\Activity\Result;
use Tandem\Database\Failure;
use Tandem\Peer\UserResult;
use Tandem\Sync\Stamp;

final class ApplierTest extends PeerTestCase {

	public function test_a_new_person_is_made_with_everything(): void {
		$result = $this->receive( $this->newcomer() );
		self::assertSame( array( UserResult::CREATED, array() ), array( $result->result, $result->warnings ), $result->message );
		$user = $this->account( $result->id );
		self::assertSame( 'maria', $user->user_login );
		self::assertSame( 'maria@b.test', $user->user_email );
		self::assertSame( 'Maria', $user->first_name );
		self::assertSame( 'O\'Neil \\ &amp; Söhne', $user->last_name );
		self::assertSame( "Two lines\nand a \\ backslash.", $user->description );
		self::assertSame( array( 'subscriber' ), $user->roles );
		self::assertSame( $result->id, $this->plugin->links()->find_by_remote( $this->site->id, 41 )?->user_id );
		self::assertSame( array( $this->uid( 41 ), 'maria' ), array( $result->uid, $result->login ) );
		$entry = $this->last_in()->entry;
		self::assertSame( array( Action::Create, Result::Success, $result->id ), array( $entry->action, $entry->result, $entry->user_id ) );
	}

	public function test_a_new_person_goes_on_to_the_other_sites_and_not_back(): void {
		$result = $this->receive( $this->newcomer() );
		self::assertSame( array( '*' ), $this->due( $result->id, $this->other ) );
		self::assertSame( array(), $this->due( $result->id ) );
	}

	public function test_the_stamps_are_those_that_came(): void {
		$result = $this->receive( $this->newcomer( array(), array(), $this->stamp( -5 ) ) );
		$record = $this->plugin->records()->find( $result->id );
		self::assertSame( (string) $this->stamp( -5 ), (string) $record?->stamp( 'first_name' ) );
		self::assertSame( (string) $this->stamp( -5 ), (string) $record?->stamp( 'roles' ) );
	}

	public function test_the_same_message_again_changes_nothing(): void {
		$message = $this->newcomer() + $this->password( 'hash', wp_hash_password( 'secret' ) );
		$message = $this->password( 'hash', wp_hash_password( 'secret' ) ) + $message;
		$first   = $this->receive( $message );
		$writes  = $this->calls( 'profile_update' );
		$again   = $this->assert_untouched( $first->id, $message );
		self::assertSame( array( UserResult::EQUAL, $first->id, $first->uid ), array( $again->result, $again->id, $again->uid ) );
		self::assertCount( 0, $writes );
	}

	public function test_an_older_message_changes_nothing_and_is_told_what_is_newer(): void {
		$first  = $this->receive( $this->newcomer() );
		$result = $this->assert_untouched( $first->id, $this->newcomer( array( 'first_name' => 'Old' ), array(), $this->stamp( -1 ) ) );
		self::assertSame( UserResult::EQUAL, $result->result );
		self::assertContains( 'first_name', $result->newer );
		self::assertContains( 'first_name', $this->due( $first->id ), 'It is on its way back.' );
	}

	public function test_a_change_is_taken_by_field(): void {
		$first             = $this->receive( $this->newcomer() );
		$this->clock->now += 60;
		wp_update_user(
			array(
				'ID'        => $first->id,
				'last_name' => 'Here',
			)
		);
		$this->end_request();
		$message                             = $this->newcomer( array( 'first_name' => 'There' ), array(), $this->stamp( -1 ) );
		$message['fields']['last_name']['v'] = 'Older';
		$result                              = $this->receive( $message );
		self::assertSame( UserResult::UPDATED, $result->result );
		self::assertSame( array( 'last_name' ), $result->newer );
		self::assertSame( array( 'There', 'Here' ), array( $this->account( $first->id )->first_name, $this->account( $first->id )->last_name ) );
	}

	public function test_null_takes_away(): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$id = $this->linked( array( 'first_name' => 'Maria' ) );
		update_user_meta( $id, 'billing_phone', '1' );
		$this->end_request();
		$result = $this->receive(
			$this->person(
				array(
					'first_name'         => null,
					'meta:billing_phone' => null,
				),
				array(),
				$this->stamp( 1 )
			)
		);
		self::assertSame( array(), $result->warnings );
		self::assertSame( '', $this->account( $id )->first_name );
		self::assertFalse( metadata_exists( 'user', $id, 'billing_phone' ) );
	}

	public function test_meta_on_the_list_is_written_byte_for_byte(): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone', 'a_list' ) ) );
		$result = $this->receive(
			$this->newcomer(
				array(
					'meta:billing_phone' => "\\'\"O'Neil\\",
					'meta:a_list'        => array( 'a' => array( 'b' => 'c\\d' ) ),
				)
			)
		);
		self::assertSame( array(), $result->warnings );
		self::assertSame( "\\'\"O'Neil\\", get_user_meta( $result->id, 'billing_phone', true ) );
		self::assertSame( array( 'a' => array( 'b' => 'c\\d' ) ), get_user_meta( $result->id, 'a_list', true ) );
		$this->receive( $this->person( array( 'meta:billing_phone' => '\\2' ), array(), $this->stamp( 1 ) ) );
		self::assertSame( '\\2', get_user_meta( $result->id, 'billing_phone', true ) );
	}

	public function test_the_hooks_of_a_new_account_fire_once_each(): void {
		$registered = $this->calls( 'user_register' );
		$updated    = $this->calls( 'profile_update' );
		$result     = $this->receive( $this->newcomer() );
		self::assertCount( 1, $registered );
		self::assertCount( 0, $updated );
		self::assertSame( $result->id, $registered[0][0] );
		self::assertSame( array( 'maria', 'maria@b.test' ), array( $registered[0][1]['user_login'], $registered[0][1]['user_email'] ) );
	}

	public function test_the_hooks_of_a_change_fire_once_each(): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$id         = $this->linked();
		$registered = $this->calls( 'user_register' );
		$updated    = $this->calls( 'profile_update' );
		$seen       = null;
		add_action(
			'profile_update',
			static function ( int $user_id ) use ( &$seen ): void {
				$seen = array( get_userdata( $user_id )->first_name ?? '', get_userdata( $user_id )->roles ?? array(), get_user_meta( $user_id, 'billing_phone', true ) );
			}
		);
		$this->receive(
			$this->password( 'hash', wp_hash_password( 'x' ) ) + $this->person(
				array(
					'first_name'         => 'Neu',
					'user_email'         => 'neu@b.test',
					'roles'              => array( 'author' ),
					'meta:billing_phone' => '5',
				),
				array(),
				$this->stamp( 1 )
			)
		);
		self::assertCount( 0, $registered );
		self::assertCount( 1, $updated );
		list( $user_id, $old, $data ) = $updated[0];
		self::assertSame( array( $id, 'maria@b.test', 'neu@b.test', 'Neu' ), array( $user_id, stripslashes( $old->user_email ), $data['user_email'], $data['first_name'] ) );
		self::assertSame( array( 'Neu', array( 'author' ), '5' ), $seen, 'A listener sees all of it.' );
	}

	public function test_nothing_that_comes_in_is_captured_as_a_change_of_this_site(): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$first = $this->receive( $this->password( 'plain', 'secret' ) + $this->newcomer( array( 'meta:billing_phone' => '1' ) ) );
		$this->receive(
			$this->password( 'plain', 'another', $this->stamp( 1 ) ) + $this->newcomer(
				array(
					'first_name'         => 'X',
					'roles'              => array( 'author' ),
					'meta:billing_phone' => '2',
				),
				array(),
				$this->stamp( 1 )
			)
		);
		self::assertSame( array(), $this->due( $first->id ) );
		$record = $this->plugin->records()->find( $first->id );
		foreach ( array( 'first_name', 'roles', 'password', 'meta:billing_phone' ) as $field ) {
			self::assertSame( (string) $this->stamp( 1 ), (string) $record?->stamp( $field ), $field );
		}
	}

	public function test_what_a_listener_changes_besides_is_a_change_of_this_site(): void {
		$id = $this->linked( array( 'first_name' => 'Maria' ) );
		$this->receive( $this->person( array( 'last_name' => 'Before' ), array(), $this->stamp( 1 ) ) );
		add_action(
			'profile_update',
			static function ( int $user_id ): void {
				update_user_meta( $user_id, 'description', 'A listener was here.' );
			}
		);
		$this->clock->now += 60;
		$result            = $this->receive( $this->person( array( 'last_name' => 'After' ), array(), $this->stamp() ) );
		self::assertSame( UserResult::UPDATED, $result->result );
		$record = $this->plugin->records()->find( $id );
		self::assertNotSame( self::B, $record?->stamp( 'description' )->site );
		self::assertTrue( $record?->stamp( 'description' )->is_newer_than( Stamp::zero() ) );
		self::assertContains( 'description', $this->due( $id ) );
		self::assertNotContains( 'last_name', $this->due( $id ) );
		self::assertContains( 'description', $this->due( $id, $this->other ) );
		self::assertContains( 'last_name', $this->due( $id, $this->other ) );
	}

	public function test_what_a_listener_changes_about_somebody_else_is_captured(): void {
		$this->linked();
		$else = $this->make_known_user();
		add_action(
			'profile_update',
			static function () use ( $else ): void {
				update_user_meta( $else, 'first_name', 'By a listener' );
			}
		);
		$this->receive( $this->person( array( 'last_name' => 'After' ), array(), $this->stamp( 1 ) ) );
		self::assertSame( array( 'first_name' ), $this->due( $else ) );
	}

	public function test_no_mail_goes_out_unless_it_is_wanted(): void {
		$id = $this->linked();
		$this->receive( $this->password( 'plain', 'one', $this->stamp( 1 ) ) + $this->person( array( 'user_email' => 'two@b.test' ), array(), $this->stamp( 1 ) ) );
		$this->receive( $this->password( 'hash', wp_hash_password( 'two' ), $this->stamp( 2 ) ) + $this->person( array(), array(), $this->stamp( 2 ) ) );
		$this->receive( $this->newcomer( array( 'user_email' => 'n@b.test' ), array( 'ref' => 42, 'uid' => $this->uid( 42 ), 'login' => 'n' ) ) );
		self::assertSame( array(), $this->mails() );

		$this->decide_policy( array( 'mail' => true ) );
		$this->receive( $this->password( 'plain', 'three', $this->stamp( 3 ) ) + $this->person( array( 'user_email' => 'three@b.test' ), array(), $this->stamp( 3 ) ) );
		self::assertCount( 2, $this->mails() );
		$this->receive( $this->password( 'hash', wp_hash_password( 'four' ), $this->stamp( 4 ) ) + $this->person( array(), array(), $this->stamp( 4 ) ) );
		self::assertCount( 3, $this->mails() );
		self::assertSame( array( 'three@b.test' ), $this->mails()[2]['to'] );
		self::assertSame( 'three@b.test', $this->account( $id )->user_email );
	}

	public function test_mails_of_other_changes_in_the_same_request_go_out(): void {
		$this->linked();
		$else = $this->make_known_user( array( 'user_email' => 'else@a.test' ) );
		add_action(
			'profile_update',
			static function ( int $user_id ) use ( $else ): void {
				if ( $user_id !== $else ) {
					wp_update_user(
						array(
							'ID'        => $else,
							'user_pass' => 'new',
						)
					);
				}
			}
		);
		$this->receive( $this->person( array( 'last_name' => 'After' ), array(), $this->stamp( 1 ) ) );
		self::assertSame( array( array( 'else@a.test' ) ), array_column( $this->mails(), 'to' ) );
	}

	public function test_a_listener_that_fails_leaves_an_account_that_the_next_message_completes(): void {
		$failing = static function (): void {
			throw new \RuntimeException( 'A listener fails.' );
		};
		foreach ( array( 'add_user_meta', 'set_user_role', 'user_register' ) as $number => $hook ) {
			$message = $this->password( 'hash', wp_hash_password( 'secret' ) ) + $this->newcomer(
				array( 'user_email' => "p$number@b.test" ),
				array(
					'ref'   => 100 + $number,
					'uid'   => $this->uid( 100 + $number ),
					'login' => "p$number",
				)
			);
			add_action( $hook, $failing );
			$result = $this->receive( $message );
			remove_action( $hook, $failing );
			$this->assert_refused( 'failed', $result );
			$user = get_user_by( 'login', "p$number" );
			self::assertNotFalse( $user );
			self::assertSame( $user->ID, $this->plugin->links()->find_by_remote( $this->site->id, 100 + $number )?->user_id, "$hook: no account without its link." );
			self::assertSame( $this->uid( 100 + $number ), $this->plugin->records()->find( $user->ID )?->uid, $hook );

			$again = $this->receive( $message );
			self::assertContains( $again->result, array( UserResult::UPDATED, UserResult::EQUAL ), $again->message );
			$user = $this->account( $user->ID );
			self::assertSame( array( 'Maria', array( 'subscriber' ) ), array( $user->first_name, $user->roles ), $hook );
			self::assertTrue( wp_check_password( 'secret', $user->user_pass ) );
			self::assertFalse( doing_action( $hook ), 'The hook that threw does not count as running.' );
		}
	}

	public function test_a_failure_between_account_and_link_leaves_neither(): void {
		$break  = static fn ( string $query ): string => str_contains( $query, 'tandem_links' ) && str_starts_with( $query, 'INSERT' ) ? throw new \RuntimeException( 'The database is away.' ) : $query;
		add_filter( 'query', $break );
		$result = $this->receive( $this->newcomer() );
		remove_filter( 'query', $break );
		$this->assert_refused( 'failed', $result );
		self::assertFalse( get_user_by( 'login', 'maria' ), 'Nor does the cache hold somebody.' );
		self::assertNull( $this->plugin->records()->find_by_uid( $this->uid( 41 ) ) );
		$again = $this->receive( $this->newcomer() );
		self::assertSame( UserResult::CREATED, $again->result, $again->code . $again->message );
	}

	public function test_of_two_who_write_one_person_at_once_neither_is_turned_away_for_a_deadlock(): void {
		$end = static function ( string $query ) use ( &$end ): string {
			if ( str_contains( $query, 'tandem_links' ) && str_starts_with( $query, 'INSERT' ) ) {
				remove_filter( 'query', $end );
				throw new Failure( 'Deadlock found when trying to get lock; try restarting transaction' );
			}
			return $query;
		};
		add_filter( 'query', $end );
		$result = $this->receive( $this->newcomer() );
		self::assertSame( UserResult::CREATED, $result->result, $result->code . $result->message );
		self::assertCount( 1, get_users( array( 'login' => 'maria' ) ) );
	}

	public function test_a_change_that_fails_halfway_is_completed_by_the_next_message(): void {
		$id      = $this->linked();
		$message = $this->password( 'hash', wp_hash_password( 'secret' ), $this->stamp( 1 ) ) + $this->person(
			array(
				'first_name' => 'New',
				'roles'      => array( 'author' ),
			),
			array(),
			$this->stamp( 1 )
		);
		$failing = static function (): void {
			throw new \RuntimeException( 'A listener fails.' );
		};
		add_action( 'add_user_role', $failing );
		$this->assert_refused( 'failed', $this->receive( $message ) );
		remove_action( 'add_user_role', $failing );
		self::assertSame( UserResult::UPDATED, $this->receive( $message )->result );
		$user = $this->account( $id );
		self::assertSame( array( 'New', array( 'author' ) ), array( $user->first_name, $user->roles ) );
		self::assertTrue( wp_check_password( 'secret', $user->user_pass ) );
	}

	public function test_a_number_that_a_deleted_user_had_does_not_inherit_links(): void {
		$next = (int) $GLOBALS['wpdb']->get_var( "SELECT MAX(ID) FROM {$GLOBALS['wpdb']->users}" );
		foreach ( range( 1, 30 ) as $ahead ) {
			$this->link( $next + $ahead, 900 + $ahead, $this->other );
		}
		$result = $this->receive( $this->newcomer() );
		self::assertSame( array( $this->site->id ), array_map( static fn ( $link ): int => $link->site_id, $this->plugin->links()->of_user( $result->id ) ) );
	}

	public function test_a_person_who_was_removed_here_by_hand_past_us_comes_back(): void {
		$first = $this->receive( $this->newcomer() );
		$GLOBALS['wpdb']->delete( $GLOBALS['wpdb']->users, array( 'ID' => $first->id ) );
		clean_user_cache( $first->id );
		$again = $this->receive( $this->newcomer( array(), array(), $this->stamp( 5 ) ) );
		self::assertSame( UserResult::CREATED, $again->result, $again->message );
		self::assertSame( $again->id, $this->plugin->links()->find_by_remote( $this->site->id, 41 )?->user_id );
	}

	public function test_a_person_who_was_deleted_here_does_not_come_back(): void {
		$first = $this->receive( $this->newcomer() );
		$this->plugin->records()->bury( $first->id, array( $this->uid( 41 ) ), $this->stamp( 1, self::C ) );
		wp_delete_user( $first->id );
		$this->plugin->links()->remove( $this->site->id, $first->id );
		$again = $this->receive( $this->newcomer( array(), array(), $this->stamp( 5 ) ) );
		self::assertSame( UserResult::GONE, $again->result );
		self::assertFalse( get_user_by( 'login', 'maria' ) );
	}

	public function test_two_sites_that_know_a_person_by_one_uid_are_linked_without_a_question(): void {
		$first  = $this->receive( $this->newcomer() );
		$result = $this->receive( $this->newcomer( array(), array( 'ref' => 7 ) ), $this->other );
		self::assertSame( array( UserResult::EQUAL, $first->id ), array( $result->result, $result->id ), $result->message );
		self::assertSame( $first->id, $this->plugin->links()->find_by_remote( $this->other->id, 7 )?->user_id );
		self::assertSame( array(), $this->mails() );
	}

	/**
	 * Another process makes the same person's account, for a message of the other site, while this one is under way.
	 *
	 * @dataProvider moments
	 * @param string $hook     A filter.
	 * @param string $contains For `query`: what the statement holds.
	 */
	public function test_a_person_who_comes_from_two_sites_at_once_has_one_account( string $hook, string $contains = '' ): void {
		$id   = 0;
		$come = function ( mixed $value ) use ( &$id, &$come, $hook, $contains ): mixed {
			global $wpdb;
			if ( 0 === $id && ( '' === $contains || str_contains( (string) $value, $contains ) ) ) {
				remove_filter( $hook, $come );
				$wpdb->insert(
					$wpdb->users,
					array(
						'user_login'    => 'maria',
						'user_nicename' => 'maria',
						'user_email'    => 'maria@b.test',
					)
				);
				$id = $wpdb->insert_id;
				$this->plugin->records()->adopt_uid( $id, $this->uid( 41 ) );
				$this->link( $id, 7, $this->other );
			}
			return $value;
		};
		add_filter( $hook, $come );
		$result = $this->receive( $this->newcomer() );
		remove_filter( $hook, $come );
		self::assertSame( array( UserResult::UPDATED, $id ), array( $result->result, $result->id ), $result->code . $result->message );
		self::assertSame(
			array( $id ),
			array_map(
				intval( ... ),
				get_users(
					array(
						'login'  => 'maria',
						'fields' => 'ID',
					)
				)
			)
		);
		self::assertSame( 'Maria', $this->account( $id )->first_name );
		self::assertSame( 41, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
		self::assertSame( array(), $this->mails() );
	}

	/** @return array<string, list<string>> */
	public static function moments(): array {
		return array(
			'before the address is looked for'  => array( 'query', 'user_email =' ),
			'before the username is looked for' => array( 'query', 'user_login =' ),
			'before WordPress looks'            => array( 'pre_user_login' ),
			'after WordPress has looked'        => array( 'wp_pre_insert_user_data' ),
		);
	}

	public function test_a_link_that_is_made_meanwhile_by_a_message_the_other_way_is_that_of_the_person(): void {
		$id = $this->make_known_user(
			array(
				'user_login' => 'maria',
				'user_email' => 'maria@b.test',
			)
		);
		$this->plugin->records()->adopt_uid( $id, $this->uid( 1 ) );
		$this->link( $id, 7, $this->other );
		$uid  = (string) $this->plugin->records()->find( $id )?->uid;
		$come = function ( string $query ) use ( &$come, $id ): string {
			if ( str_contains( $query, 'tandem_records' ) ) {
				remove_filter( 'query', $come );
				$this->link( $id, 41 );
			}
			return $query;
		};
		add_filter( 'query', $come );
		$result = $this->receive( $this->newcomer( array(), array( 'uid' => $uid ), $this->stamp( 5 ) ) );
		remove_filter( 'query', $come );
		self::assertSame( array( UserResult::UPDATED, $id ), array( $result->result, $result->id ), $result->code . $result->message );
	}

	public function test_of_two_uids_the_smaller_stays(): void {
		$id = $this->linked();
		$this->link( $id, 8, $this->other );
		self::assertSame( $this->uid( 1 ), $this->receive( $this->person( array( 'first_name' => 'X' ), array( 'uid' => $this->uid( 1 ) ) ) )->uid );
		self::assertSame( $this->uid( 1 ), $this->plugin->records()->find( $id )?->uid );
		self::assertContains( 'uid', $this->due( $id, $this->other ) );
		self::assertSame( $this->uid( 1 ), $this->receive( $this->person( array(), array( 'uid' => $this->uid( 2 ) ) ) )->uid );
	}

	public function test_a_bare_backfill_makes_the_same_account_without_hooks(): void {
		$hash    = wp_hash_password( 'secret' );
		$message = $this->password( 'hash', $hash ) + $this->newcomer(
			array(
				'roles'              => array( 'author', 'subscriber' ),
				'user_url'           => 'javascript:alert(1)',
				'description'        => 'a \\ b <script>x</script>',
				'meta:billing_phone' => array( 'a' => 'O\'Neil \\ ' ),
			),
			array( 'claim' => 'backfill' )
		);
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$full  = $this->receive( $message );
		$hooks = array( $this->calls( 'user_register' ), $this->calls( 'added_user_meta' ), $this->calls( 'profile_update' ) );
		$this->decide_policy(
			array(
				'metaList' => array( 'billing_phone' ),
				'bare'     => true,
			)
		);
		$other                              = array(
			'ref'   => 42,
			'uid'   => $this->uid( 42 ),
			'login' => 'bare',
		) + $message;
		$other['fields']['user_email']['v'] = 'bare@b.test';
		$other['fields']['nickname']['v']   = 'bare';
		$bare                               = $this->receive( $other );
		self::assertSame( array( 'created', array() ), array( $bare->result, $bare->warnings ), $bare->message );
		self::assertSame( array( 0, 0, 0 ), array_map( count( ... ), $hooks ) );
		$clean = function ( int $id ): array {
			$all = $this->everything( $id );
			// Absent, these mean the same as what each version of WordPress writes; the last is there because the test's clock is ahead.
			unset( $all['row']['ID'], $all['row']['user_registered'], $all['meta']['dismissed_wp_pointers'], $all['meta']['infinite_scrolling'], $all['meta']['admin_color'], $all['meta']['_tandem_email_changed_at'] );
			return json_decode( str_replace( 'maria', 'bare', (string) wp_json_encode( $all ) ), true );
		};
		self::assertSame( $clean( $full->id ), $clean( $bare->id ) );
		self::assertTrue( wp_check_password( 'secret', $this->account( $bare->id )->user_pass ) );
		self::assertSame( 42, $this->plugin->links()->find( $this->site->id, $bare->id )?->remote_id );
		self::assertSame( array(), $this->due( $bare->id ) );
	}

	public function test_only_a_backfill_passes_over_hooks(): void {
		$this->decide_policy( array( 'bare' => true ) );
		$hooks = $this->calls( 'user_register' );
		$this->receive( $this->newcomer() );
		self::assertCount( 1, $hooks );
	}

	public function test_a_bare_account_has_a_free_nicename_and_never_power_nor_a_password_of_its_own(): void {
		$this->make_user(
			array(
				'user_login'    => 'somebody',
				'user_nicename' => 'maria',
			)
		);
		$this->decide_policy( array( 'bare' => true ) );
		$result = $this->receive( $this->newcomer( array( 'roles' => array( 'administrator' ) ), array( 'claim' => 'backfill' ) ) );
		self::assertSame( UserResult::CREATED, $result->result, $result->message );
		$user = $this->account( $result->id );
		self::assertSame( array( 'maria-2', array( 'subscriber' ) ), array( $user->user_nicename, $user->roles ) );
		self::assertFalse( user_can( $user, 'manage_options' ) );
		self::assertFalse( wp_check_password( '', $user->user_pass ) );
		self::assertFalse( wp_check_password( '*', $user->user_pass ) );
	}

	public function test_each_action_can_be_switched_off(): void {
		$this->decide_policy( array( 'create' => false ) );
		$this->assert_refused( 'not_accepted', $this->receive( $this->newcomer() ) );
		self::assertFalse( get_user_by( 'login', 'maria' ) );

		$id = $this->linked();
		foreach ( array( 'update' => 'first_name', 'password' => 'password', 'roles' => 'roles' ) as $switch => $field ) {
			$this->decide_policy( array( $switch => false, 'metaList' => array( 'billing_phone' ) ) );
			$message = $this->person(
				match ( $switch ) {
					'update'   => array( 'first_name' => 'X', 'user_email' => 'x@b.test', 'meta:billing_phone' => '1' ),
					'roles'    => array( 'roles' => array( 'author' ) ),
					'password' => array(),
				},
				array(),
				$this->stamp( 1 )
			);
			$result = $this->assert_untouched( $id, 'password' === $switch ? $this->password( 'plain', 'x', $this->stamp( 1 ) ) + $message : $message );
			self::assertSame( UserResult::EQUAL, $result->result, $switch );
			self::assertNotSame( array(), $result->warnings, $switch );
			self::assertNotSame( (string) $this->stamp( 1 ), (string) $this->plugin->records()->find( $id )?->stamp( $field ), "$switch: the stamp is not taken." );
			self::assertSame( Result::Refused, $this->last_in()->entry->result, $switch );
		}
	}

	public function test_a_new_person_whose_roles_and_password_are_not_accepted_gets_this_sites_own(): void {
		$this->decide_policy( array( 'roles' => false, 'password' => false ) );
		update_option( 'default_role', 'contributor' );
		$result = $this->receive( $this->password( 'plain', 'theirs' ) + $this->newcomer( array( 'roles' => array( 'author' ) ) ) );
		self::assertSame( array( 'contributor' ), $this->account( $result->id )->roles );
		self::assertFalse( wp_check_password( 'theirs', $this->account( $result->id )->user_pass ) );
		self::assertCount( 2, $result->warnings );
		self::assertSame( array(), $this->due( $result->id ), 'What was not taken does not go back as a change of this site.' );
		self::assertTrue( $this->plugin->records()->find( $result->id )?->stamp( 'roles' )->is_zero() );
	}

	public function test_roles_that_the_site_may_not_give_are_neither_given_nor_taken(): void {
		$this->decide_policy( array( 'roleList' => array( 'subscriber', 'author' ) ) );
		$id = $this->linked( array( 'role' => 'subscriber' ) );
		$this->account( $id )->add_role( 'contributor' );
		$this->end_request();
		$result = $this->receive( $this->person( array( 'roles' => array( 'author', 'editor' ) ), array(), $this->stamp( 5 ) ) );
		self::assertEqualsCanonicalizing( array( 'contributor', 'author' ), $this->account( $id )->roles );
		self::assertStringContainsString( 'editor', $result->warnings[0] );
		self::assertSame( (string) $this->stamp( 5 ), (string) $this->plugin->records()->find( $id )?->stamp( 'roles' ), 'It is no change of this site.' );
	}

	public function test_a_language_that_is_not_installed_is_not_taken(): void {
		$id     = $this->linked();
		$result = $this->receive( $this->person( array( 'locale' => 'xx_XX' ), array(), $this->stamp( 1 ) ) );
		self::assertSame( '', $this->account( $id )->locale );
		self::assertStringContainsString( 'locale', $result->warnings[0] );
	}

	public function test_a_number_that_a_restored_site_has_given_to_somebody_else_does_not_lead_to_the_account_of_the_one_before(): void {
		$maria = $this->linked();
		$this->plugin->records()->adopt_uid( $maria, $this->uid( 41 ) );
		$before = $this->everything( $maria );
		$result = $this->receive( $this->newcomer( array( 'user_email' => 'zed@b.test' ), array( 'uid' => $this->uid( 77 ), 'login' => 'zed' ) ) );
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertNotSame( $maria, $result->id );
		self::assertSame( $before, $this->everything( $maria ) );
		self::assertSame( $result->id, $this->plugin->links()->find_by_remote( $this->site->id, 41 )?->user_id );
		// The one whom that site knows, by another address: the same person as ever.
		$same = $this->receive( $this->newcomer( array( 'user_email' => 'zed.new@b.test' ), array( 'uid' => $this->uid( 77 ), 'login' => 'zed' ), $this->stamp( 5 ) ) );
		self::assertSame( array( UserResult::UPDATED, $result->id ), array( $same->result, $same->id ) );
	}
}
