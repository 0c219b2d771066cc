<?php
/**
 * What a malicious site, or a customer of an honest one, might try.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Peer\UserResult;
use Tandem\Sync\FieldSet;

final class AttackTest extends PeerTestCase {

	private const EVERYTHING = array(
		'user_email' => 'thief@b.test',
		'first_name' => 'Thief',
		'roles'      => array( 'subscriber' ),
	);

	/**
	 * A message that would take an account over.
	 *
	 * @param array<string, mixed> $fields   Fields in place of others.
	 * @param array<string, mixed> $override Other parts.
	 * @return array<string, mixed>
	 */
	private function takeover( array $fields = array(), array $override = array() ): array {
		return $override + $this->password( 'plain', 'the thief’s', $this->stamp( 9 ) ) + $this->newcomer( $fields + self::EVERYTHING, array(), $this->stamp( 9 ) );
	}

	private function is_powerful( int $id ): bool {
		return user_can( $id, 'manage_options' ) || user_can( $id, 'promote_users' ) || in_array( 'administrator', $this->account( $id )->roles, true );
	}

	public function test_a_new_account_is_never_an_administrators(): void {
		$this->decide_policy( array( 'roleList' => array( 'administrator', 'subscriber' ) ) );
		$result = $this->receive( $this->newcomer( array( 'roles' => array( 'administrator' ) ) ) );
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertSame( array( 'subscriber' ), $this->account( $result->id )->roles );
		self::assertStringContainsString( 'administrator', $result->warnings[0] );
		self::assertSame( $result->warnings, $this->last_in()->entry->warnings, 'The owner reads it.' );
	}

	public function test_an_account_never_becomes_an_administrators(): void {
		$this->decide_policy( array( 'roleList' => array( 'administrator', 'subscriber' ) ) );
		$id = $this->linked();
		foreach ( array( array( 'administrator' ), array( 'subscriber', 'administrator' ), array( 'Administrator' ), array( "administrator\0" ), array( ' administrator' ), 'administrator', array( array( 'administrator' ) ), array( 'administrator' => true ), array( 'x' => 'administrator' ) ) as $number => $roles ) {
			$result = $this->receive( $this->person( array( 'roles' => $roles ), array(), $this->stamp( 10 + $number ) ) );
			self::assertSame( array( 'subscriber' ), $this->account( $id )->roles );
			self::assertNotSame( array(), $result->warnings );
			self::assertSame( Result::Refused, $this->last_in()->entry->result );
		}
	}

	public function test_a_role_that_is_not_on_the_list_is_never_given(): void {
		$this->decide_policy( array( 'roleList' => array( 'subscriber' ) ) );
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->person( array( 'roles' => array( 'editor' ) ), array(), $this->stamp( 1 ) ) );
		self::assertStringContainsString( 'editor', $result->warnings[0] );
	}

	public function test_a_role_that_does_not_exist_is_never_given(): void {
		$this->decide_policy( array( 'roleList' => array( 'ghost', 'manage_options' ) ) );
		$id = $this->linked();
		$this->assert_untouched( $id, $this->person( array( 'roles' => array( 'ghost', 'manage_options' ) ), array(), $this->stamp( 1 ) ) );
	}

	public function test_a_role_that_looks_harmless_and_has_powers_is_never_given(): void {
		add_role( 'helper', 'Helper', array( 'read' => true, 'edit_users' => true ) );
		$this->decide_policy( array( 'roleList' => array( 'helper', 'subscriber' ) ) );
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->person( array( 'roles' => array( 'helper' ) ), array(), $this->stamp( 1 ) ) );
		self::assertStringContainsString( 'helper', $result->warnings[0] );
		$new = $this->receive( $this->newcomer( array( 'user_email' => 'n@b.test', 'roles' => array( 'helper', 'subscriber' ) ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertSame( array( 'subscriber' ), $this->account( $new->id )->roles );
		remove_role( 'helper' );
	}

	public function test_a_role_to_which_a_plugin_gives_power_is_taken_back(): void {
		add_role( 'quiet', 'Quiet', array( 'read' => true ) );
		add_filter(
			'user_has_cap',
			static fn ( array $all, array $caps, array $args, \WP_User $user ): array => in_array( 'quiet', $user->roles, true ) ? array( 'manage_options' => true ) + $all : $all,
			10,
			4
		);
		$this->decide_policy( array( 'roleList' => array( 'quiet', 'subscriber' ) ) );
		$id     = $this->linked();
		$result = $this->receive( $this->person( array( 'roles' => array( 'quiet' ) ), array(), $this->stamp( 1 ) ) );
		self::assertFalse( $this->is_powerful( $id ) );
		self::assertSame( array( 'subscriber' ), $this->account( $id )->roles );
		self::assertNotSame( array(), $result->warnings );
		$new = $this->receive( $this->newcomer( array( 'user_email' => 'n@b.test', 'roles' => array( 'quiet' ) ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertFalse( $this->is_powerful( $new->id ) );
		remove_role( 'quiet' );
	}

	public function test_a_default_role_with_powers_is_not_given_to_newcomers(): void {
		update_option( 'default_role', 'administrator' );
		$this->decide_policy( array( 'roles' => false ) );
		$result = $this->receive( $this->newcomer() );
		self::assertFalse( $this->is_powerful( $result->id ) );
		self::assertSame( array(), $this->account( $result->id )->roles );
	}

	/**
	 * @return array<string, array{array<string, mixed>}>
	 */
	public static function ways_to_name_an_account(): array {
		return array(
			'by id'                            => array( array( 'id' => true ) ),
			'by uid'                           => array( array( 'uid' => true ) ),
			'by e-mail address'                => array( array( 'email' => true ) ),
			'by username'                      => array( array( 'login' => true ) ),
			'by the owner’s word'              => array( array( 'link_with' => true ) ),
			'by an e-mail address in capitals' => array( array( 'email' => 'capitals' ) ),
			'by all of these'                  => array( array( 'id' => true, 'uid' => true, 'email' => true, 'login' => true, 'link_with' => true ) ),
		);
	}

	/**
	 * A message that means an account.
	 *
	 * @param int                  $id  Account.
	 * @param array<string, mixed> $way How it names it.
	 * @return array<string, mixed>
	 */
	private function meaning( int $id, array $way ): array {
		$user   = $this->account( $id );
		$record = $this->plugin->records()->find( $id );
		return $this->takeover(
			isset( $way['email'] ) ? array( 'user_email' => 'capitals' === $way['email'] ? strtoupper( $user->user_email ) : $user->user_email ) : array(),
			array(
				'ref'           => 77,
				'id'            => isset( $way['id'] ) ? $id : 0,
				'uid'           => isset( $way['uid'] ) && null !== $record ? $record->uid : $this->uid( 7_000_000 + $id ),
				'login'         => isset( $way['login'] ) ? $user->user_login : 'thief',
				'link_with'     => isset( $way['link_with'] ) ? $id : 0,
				'registered_at' => 1,
			)
		);
	}

	#[DataProvider( 'ways_to_name_an_account' )]
	public function test_a_protected_account_is_out_of_reach( array $way ): void {
		$admin = $this->make_known_user( array( 'role' => 'administrator' ) );
		$owned = $this->make_known_user();
		$this->link( $admin, 8, $this->other );
		$this->link( $owned, 9, $this->other );
		$this->protected = array( $owned );
		foreach ( array( $admin, $owned ) as $id ) {
			foreach ( array( 'registered', 'backfill', 'older' ) as $claim ) {
				foreach ( array( 'trust', 'confirm', 'never' ) as $existing ) {
					$this->decide_policy( array( 'existing' => $existing, 'delete' => 'delete', 'reassign' => 1, 'create' => false ) );
					$result = $this->assert_untouched( $id, array( 'claim' => $claim ) + $this->meaning( $id, $way ) );
					self::assertContains( $result->result, array( UserResult::REFUSED, UserResult::UNKNOWN ) );
					self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
				}
			}
			$this->assert_untouched( $id, array( 'deleted' => (string) $this->stamp( 9 ), 'fields' => array(), 'password' => null ) + $this->meaning( $id, $way ) );
		}
		self::assertSame( array(), $this->mails(), 'Their holders are not even asked.' );
	}

	public function test_a_linked_account_that_became_protected_later_is_out_of_reach(): void {
		$id = $this->linked();
		$this->account( $id )->set_role( 'administrator' );
		$this->end_request();
		$this->decide_policy( array( 'delete' => 'delete', 'reassign' => 1 ) );
		self::assert_refused( 'protected_account', $this->assert_untouched( $id, $this->takeover() ) );
		self::assertSame( Result::Refused, $this->last_in()->entry->result );
		self::assert_refused( 'protected_account', $this->assert_untouched( $id, $this->person( array(), array( 'deleted' => (string) $this->stamp( 9 ) ) ) ) );
	}

	public function test_the_last_administrator_can_not_be_deleted(): void {
		$admin = get_users( array( 'role' => 'administrator', 'number' => 1 ) )[0]->ID;
		$heir  = $this->make_known_user();
		$this->link( $admin, 41 );
		foreach ( array( 'delete', 'suspend', 'roles' ) as $removal ) {
			$this->decide_policy( array( 'delete' => $removal, 'reassign' => $heir ) );
			self::assert_refused( 'protected_account', $this->assert_untouched( $admin, $this->person( array(), array( 'deleted' => (string) $this->stamp( 9 ) ) ) ) );
		}
	}

	#[DataProvider( 'ways_to_name_an_account' )]
	public function test_another_sites_users_are_out_of_reach( array $way ): void {
		$id = $this->make_known_user( array( 'user_login' => 'carol', 'user_email' => 'carol@c.test' ) );
		$this->link( $id, 3, $this->other );
		$this->decide_policy( array( 'create' => false ) );
		if ( isset( $way['uid'], $way['email'] ) ) {
			// Who knows both was told of the person by a site that shares them.
			$way = array_diff_key( $way, array( 'uid' => 1 ) );
		}
		$rows   = $this->plugin->log()->count( new Query() );
		$result = $this->assert_untouched( $id, $this->meaning( $id, $way ) );
		self::assertContains( $result->result, array( UserResult::REFUSED, UserResult::WAITING, UserResult::UNKNOWN ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
		if ( UserResult::UNKNOWN === $result->result ) {
			self::assertSame( $rows, $this->plugin->log()->count( new Query() ), 'As after a backup was restored: no refusal.' );
		} else {
			$entry = $this->last_in()->entry;
			self::assertSame( array( UserResult::REFUSED === $result->result ? Result::Refused : Result::Skipped, $result->code, $this->site->id ), array( $entry->result, $entry->code, $entry->site_id ) );
			self::assertNotSame( '', $entry->message );
		}
		self::assertStringNotContainsString( (string) $this->plugin->records()->find( $id )?->uid, (string) wp_json_encode( $result->to_array() ), 'Nor is it told the uid.' );

		$this->assert_untouched( $id, array( 'deleted' => (string) $this->stamp( 9 ), 'fields' => array(), 'password' => null ) + $this->meaning( $id, $way ) );
	}

	public function test_a_site_that_may_not_delete_keeps_nobody_away(): void {
		$deleted = $this->person( array(), array( 'ref' => 5, 'deleted' => (string) $this->stamp( 9 ) ) );
		$this->receive( $deleted );
		self::assertSame( UserResult::CREATED, $this->receive( $this->newcomer(), $this->other )->result );
	}

	public function test_a_uid_that_no_site_was_told_opens_nothing(): void {
		$id  = $this->make_known_user( array( 'user_email' => 'private@a.test' ) );
		$uid = $this->plugin->records()->find( $id )?->uid;
		self::assertNotNull( $uid );
		$result = $this->assert_untouched( $id, $this->takeover( array( 'user_email' => 'private@a.test' ), array( 'uid' => $uid ) ) );
		self::assertSame( UserResult::WAITING, $result->result );
	}

	public function test_somebody_elses_uid_does_not_become_a_newcomers(): void {
		$id     = $this->linked();
		$uid    = $this->plugin->records()->find( $id )->uid ?? '';
		$result = $this->receive( $this->newcomer( array( 'user_email' => 'n@b.test' ), array( 'ref' => 5, 'uid' => $uid, 'login' => 'n' ) ) );
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertNotSame( $uid, $result->uid );
		self::assertSame( $uid, $this->plugin->records()->find( $id )?->uid );
	}

	public function test_the_owners_word_over_there_links_no_stranger(): void {
		$id = $this->make_known_user( array( 'user_email' => 'stranger@a.test' ) );
		foreach ( array( 'trust', 'confirm' ) as $existing ) {
			$this->decide_policy( array( 'existing' => $existing ) );
			$result = $this->assert_untouched( $id, $this->takeover( array(), array( 'link_with' => $id, 'claim' => 'backfill', 'ref' => 500 + strlen( $existing ) ) ) );
			self::assertSame( array( UserResult::WAITING, 'confirm_needed' ), array( $result->result, $result->code ) );
			self::assertSame( '', $result->there['email'] ?? null, 'It is not told the address.' );
		}
		self::assertSame( array( array( 'stranger@a.test' ) ), array_column( $this->mails(), 'to' ), 'Their holder is asked, once.' );
	}

	public function test_an_address_that_belongs_to_somebody_else_is_not_taken(): void {
		$victim = $this->make_known_user( array( 'user_email' => 'victim@a.test' ) );
		$id     = $this->linked();
		foreach ( array( 'victim@a.test', 'VICTIM@A.test' ) as $number => $email ) {
			$before = $this->everything( $victim );
			$result = $this->receive( $this->person( array( 'user_email' => $email, 'first_name' => "X$number" ), array(), $this->stamp( 1 + $number ) ) );
			self::assertSame( UserResult::UPDATED, $result->result, 'The rest is taken.' );
			self::assertSame( 'maria@b.test', $this->account( $id )->user_email );
			self::assertStringContainsString( 'another account', $result->warnings[0] );
			self::assertSame( $before, $this->everything( $victim ) );
		}
		self::assertSame( array(), $this->mails() );
	}

	#[DataProvider( 'bad_addresses' )]
	public function test_an_address_that_is_none_is_not_taken( mixed $email ): void {
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->person( array( 'user_email' => $email ), array(), $this->stamp( 1 ) ) );
		self::assertNotSame( array(), $result->warnings );
		$new = $this->receive( $this->newcomer( array( 'user_email' => $email ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertContains( $new->code, array( 'email_missing', 'email_invalid' ) );
		self::assertFalse( get_user_by( 'login', 'n' ) );
	}

	/**
	 * @return list<array{mixed}>
	 */
	public static function bad_addresses(): array {
		return array( array( null ), array( '' ), array( 'x' ), array( array( 'a@b.test' ) ), array( 5 ), array( true ), array( "a@b.test\nBcc: c@d.test" ), array( ' a@b.test' ), array( '"a b"@b.test' ), array( str_repeat( 'a', 95 ) . '@b.test' ), array( 'maría@b.test' ), array( "a'@b.test<script>" ) );
	}

	#[DataProvider( 'bad_logins' )]
	public function test_a_username_that_wordpress_does_not_take_makes_no_account( string $login ): void {
		$users  = count_users()['total_users'];
		$result = $this->receive( $this->newcomer( array(), array( 'login' => $login ) ) );
		self::assert_refused( 'username_invalid', $result );
		self::assertSame( $users, count_users()['total_users'] );
	}

	/**
	 * @return list<array{string}>
	 */
	public static function bad_logins(): array {
		return array( array( '' ), array( ' ' ), array( ' maria' ), array( 'maria ' ), array( 'm  aria' ), array( 'mária' ), array( 'мария' ), array( '<b>maria</b>' ), array( "maria\n" ), array( 'maria%20' ), array( str_repeat( 'a', 61 ) ), array( '@@@' ), array( "maria'--" ), array( '../maria' ) );
	}

	public function test_a_username_with_a_blank_in_it_is_one(): void {
		$result = $this->receive( $this->newcomer( array(), array( 'login' => 'maria the 2.nd_@home' ) ) );
		self::assertSame( 'maria the 2.nd_@home', $this->account( $result->id )->user_login, $result->message );
	}

	public function test_a_username_that_somebody_has_makes_no_account(): void {
		$id     = $this->make_known_user( array( 'user_login' => 'taken', 'user_email' => 'taken@a.test' ) );
		$result = $this->assert_untouched( $id, $this->newcomer( array(), array( 'login' => 'Taken' ) ) );
		self::assert_refused( 'username_taken', $result );
		self::assertSame( array( 'taken', '', '' ), array( $result->there['username'] ?? null, $result->there['email'] ?? null, $result->there['name'] ?? null ) );
		self::assertSame( UserResult::CREATED, $this->receive( $this->newcomer( array(), array( 'login' => 'taken', 'create_as' => 'other' ) ) )->result );
		self::assertNotFalse( get_user_by( 'login', 'other' ) );
	}

	#[DataProvider( 'keys_of_power' )]
	public function test_no_key_of_power_is_written( string $key ): void {
		// The owner was talked into it.
		$this->decide_policy( array( 'metaList' => array( $key, 'billing_phone' ) ) );
		$id = $this->linked();
		foreach ( array( array( "meta:$key" => array( 'administrator' => true ) ), array( "meta:$key" => null ), array( $key => 'x' ) ) as $number => $fields ) {
			$this->assert_untouched_on_record( $id, $this->person( $fields, array(), $this->stamp( 1 + $number ) ) );
		}
		self::assertFalse( $this->is_powerful( $id ) );
		$new = $this->receive( $this->newcomer( array( 'user_email' => 'n@b.test', "meta:$key" => array( 'administrator' => true ) ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		self::assertFalse( $this->is_powerful( $new->id ) );
		self::assertStringContainsString( 'meta:', implode( $new->warnings ) );
		self::assertSame( array( $new->id, $new->warnings ), array( $this->last_in()->entry->user_id, $this->last_in()->entry->warnings ) );
	}

	/**
	 * A message is refused in whole or in part, changes nothing, and the owner reads of it: a row of its own, with what
	 * the other site was told.
	 *
	 * @param int                  $id     Account.
	 * @param array<string, mixed> $person Message.
	 */
	private function assert_untouched_on_record( int $id, array $person ): UserResult {
		$rows   = $this->plugin->log()->count( new Query() );
		$result = $this->assert_untouched( $id, $person );
		self::assertSame( $rows + 1, $this->plugin->log()->count( new Query() ), 'One row on record.' );
		$entry = $this->last_in()->entry;
		self::assertSame( array( Result::Refused, $this->site->id, $result->code, $result->warnings ), array( $entry->result, $entry->site_id, $entry->code, $entry->warnings ) );
		self::assertNotSame( '', $entry->message . implode( $entry->warnings ) );
		return $result;
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function keys_of_power(): array {
		$keys = array();
		foreach ( array( 'wp_capabilities', 'WP_Capabilities', 'wp_capabilitiés', 'wp_capabilities ', ' wp_capabilities', "wp_capabilities\t", 'wp_2_capabilities', 'WP_2_CAPABILITIES', 'capabilities', 'sitecapabilities', 'wp_user_level', 'wp_2_user_level', 'WP_USER_LEVEL', 'session_tokens', 'Session_Tokens', 'session_tokens ', 'şession_tokens', '_application_passwords', '_Application_Passwords', '_new_email', 'tandem_suspended', 'wp_tandem_suspended', '_tandem_email_changed_at', 'two_factor_x_capabilities', '_two_factor_totp_key', 'primary_blog', 'user_pass', 'wp_capabilities\\' ) as $key ) {
			$keys[ $key ] = array( $key );
		}
		$test = $GLOBALS['wpdb']->get_blog_prefix() . 'capabilities';
		return $keys + array( $test => array( $test ) );
	}

	#[DataProvider( 'values_that_are_no_data' )]
	public function test_no_value_is_written_that_is_not_plain_data( mixed $value ): void {
		$this->decide_policy( array( 'metaList' => array( 'billing_phone' ) ) );
		$id     = $this->linked();
		$fields = array( 'meta:billing_phone' => $value );
		foreach ( array( 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale', 'user_email' ) as $field ) {
			$fields[ $field ] = $value;
		}
		$result = $this->assert_untouched_on_record( $id, $this->person( $fields, array(), $this->stamp( 1 ) ) );
		self::assertSame( UserResult::EQUAL, $result->result );
		self::assertNotSame( array(), $result->warnings );
		foreach ( array( 'meta:billing_phone', 'first_name' ) as $field ) {
			self::assertNotSame( (string) $this->stamp( 1 ), (string) $this->plugin->records()->find( $id )?->stamp( $field ) );
		}
	}

	/**
	 * @return array<string, array{mixed}>
	 */
	public static function values_that_are_no_data(): array {
		$deep = 'x';
		for ( $i = 0; $i < 10; $i++ ) {
			$deep = array( $deep );
		}
		return array(
			'a serialized object'              => array( 'O:8:"stdClass":0:{}' ),
			'a serialized object with a plus'  => array( 'O:+8:"stdClass":0:{}' ),
			'a class that unserializes itself' => array( 'C:11:"ArrayObject":21:{x:i:0;a:0:{};m:a:0:{}}' ),
			'an object in a serialized list'   => array( 'a:1:{i:0;O:8:"stdClass":0:{}}' ),
			'an object after a blank'          => array( ' O:8:"stdClass":0:{}' ),
			'an object in a list'              => array( array( 'a' => array( 'O:8:"stdClass":0:{}' ) ) ),
			'an object as a key'               => array( array( 'O:8:"stdClass":0:{}' => 1 ) ),
			'a serialized list'                => array( 'a:0:{}' ),
			'a serialized text'                => array( 's:3:"abc";' ),
			'lists in lists without end'       => array( $deep ),
			'a text without end'               => array( str_repeat( 'x', 70_000 ) ),
			'a list without end'               => array( array_fill( 0, 70_000, 1 ) ),
			'a NUL'                            => array( "a\0b" ),
		);
	}

	public function test_a_list_is_no_text(): void {
		$id     = $this->linked( array( 'first_name' => 'Maria' ) );
		$result = $this->assert_untouched( $id, $this->person( array( 'first_name' => array( 'x' ), 'display_name' => array(), 'description' => 5, 'nickname' => true ), array(), $this->stamp( 1 ) ) );
		self::assertStringContainsString( 'first_name, display_name, description, nickname', $result->warnings[0] );
	}

	public function test_a_script_is_cleaned_as_wordpress_does_it(): void {
		$result = $this->receive( $this->newcomer( array( 'description' => '<script>alert(1)</script><b onclick="x">b</b>', 'display_name' => '<script>x</script>y', 'user_url' => 'javascript:alert(1)' ) ) );
		$user   = $this->account( $result->id );
		self::assertStringNotContainsString( '<script', $user->description . $user->display_name );
		self::assertStringNotContainsString( 'onclick', $user->description );
		self::assertSame( '', $user->user_url );
	}

	public function test_unknown_fields_are_not_taken_and_said(): void {
		$id = $this->linked();
		foreach ( array( 'ID', 'user_login', 'user_pass', 'user_nicename', 'user_registered', 'user_activation_key', 'user_status', 'role', 'meta_input', 'wp_capabilities', 'spam', 'deleted', FieldSet::ALL ) as $number => $name ) {
			$result = $this->assert_untouched( $id, $this->person( array( $name => '1' ), array(), $this->stamp( 1 + $number ) ) );
			self::assertStringContainsString( $name, implode( $result->warnings ) );
		}
		$new  = $this->receive( $this->newcomer( array( 'user_email' => 'n@b.test', 'ID' => (string) $id, 'meta_input' => array( 'x' => 'y' ), 'user_activation_key' => 'x', 'role' => 'administrator', 'user_registered' => '2001-01-01' ), array( 'ref' => 5, 'uid' => $this->uid( 5 ), 'login' => 'n' ) ) );
		$user = $this->account( $new->id );
		self::assertSame( array( '', array( 'subscriber' ) ), array( $user->user_activation_key, $user->roles ) );
		self::assertNotSame( $id, $new->id );
		self::assertStringStartsNotWith( '2001', $user->user_registered );
	}

	public function test_a_customer_who_changes_their_address_there_to_a_victims_gets_nothing(): void {
		$victim = $this->make_known_user( array( 'user_email' => 'victim@a.test' ) );
		// Not linked yet: an honest site says that nobody vouches for the address.
		$result = $this->assert_untouched( $victim, $this->takeover( array( 'user_email' => 'victim@a.test' ) ) );
		self::assertSame( UserResult::WAITING, $result->result );
		// Linked: the address is not taken.
		$mine = $this->make_known_user( array( 'user_email' => 'mine@a.test' ) );
		$this->link( $mine, 42 );
		$before = $this->everything( $victim );
		$this->receive( $this->takeover( array( 'user_email' => 'victim@a.test' ), array( 'ref' => 42, 'uid' => $this->uid( 42 ) ) ) );
		self::assertSame( $before, $this->everything( $victim ) );
		self::assertSame( 'mine@a.test', $this->account( $mine )->user_email );
	}

	public function test_an_account_that_is_linked_with_somebody_else_there_is_not_handed_on(): void {
		$id     = $this->linked();
		$result = $this->assert_untouched( $id, $this->takeover( array( 'user_email' => 'maria@b.test' ), array( 'ref' => 99, 'uid' => $this->uid( 99 ), 'claim' => 'backfill' ) ) );
		self::assert_refused( 'linked_to_other', $result );
		self::assertSame( 41, $this->plugin->links()->find( $this->site->id, $id )?->remote_id );
	}

	public function test_the_password_that_came_is_nowhere_in_the_record(): void {
		$result = $this->receive( $this->password( 'plain', 'Tr0ub4dor-plain' ) + array( 'password' => null ) + $this->newcomer() );
		$this->receive( $this->password( 'plain', 'Tr0ub4dor-plain2', $this->stamp( 1 ) ) + $this->person( array(), array(), $this->stamp( 1 ) ) );
		self::assertTrue( wp_check_password( 'Tr0ub4dor-plain2', $this->account( $result->id )->user_pass ) );
		$this->assert_nowhere_in_database( 'Tr0ub4dor-plain', 'maria@b.test' );
	}
}
