<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Database\Connection;
use Tandem\Login\Addresses;
use Tandem\Login\Codes;
use Tandem\Login\Redemption;
use Tandem\Names;
use Tandem\Peer\MessageRefused;
use Tandem\Peer\Suspension;
use Tandem\Remote\Link;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;
use Tandem\Login\Partners;

/**
 * This site says who somebody is: to whom, how often, how long, and by which way back.
 */
final class VouchingTest extends LoginTestCase {

	/**
	 * A site redeems a code.
	 *
	 * @return array<string, mixed>
	 */
	private function redeem( string $code, string $state, ?RemoteSite $by = null ): array {
		$db         = new Connection( $GLOBALS['wpdb'] );
		$redemption = new Redemption( new Codes( $db, $this->clock ), new Partners( $this->plugin->sites(), $this->plugin->identity() ), new Suspension( new ProtectedAccounts(), $this->clock ), $this->plugin->dispatcher(), $this->plugin->log(), $this->clock );
		return $redemption->redeem(
			$this->plugin->sites()->get( ( $by ?? $this->site )->id ),
			array(
				'code'  => $code,
				'state' => $state,
			)
		);
	}

	public function test_a_code_of_256_bits_names_the_user_once_and_nothing_of_it_is_kept(): void {
		$user = $this->linked();
		wp_set_current_user( $user );
		$state = self::state();
		$back  = $this->asked_by_b( $state );
		self::assertSame( array( 'https://b.test/', $this->plugin->identity()->uuid(), $state ), array( $back['at'], $back[ Addresses::BACK ], $back['state'] ) );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{64}$/', $back['code'] );
		self::assertSame( array( 'at', Addresses::BACK, 'state', 'code' ), array_keys( $back ), 'Nothing of a person is in the address.' );
		global $wpdb;
		$rows = (string) wp_json_encode( $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}tandem_logins", ARRAY_A ) );
		self::assertStringNotContainsString( $back['code'], $rows );
		self::assertStringNotContainsString( $state, $rows );

		self::assertSame(
			array(
				'ref'           => $user,
				'second_factor' => false,
				'user'          => null,
			),
			$this->redeem( $back['code'], $state )
		);
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $back['code'], $state ), 'A replay.' );
	}

	public function test_a_code_is_for_one_site_and_gone_when_another_tries_it(): void {
		wp_set_current_user( $this->linked() );
		$state = self::state();
		$code  = $this->asked_by_b( $state )['code'];
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $code, $state, $this->other ) );
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $code, $state ), 'It was seen by somebody else.' );
	}

	public function test_a_code_is_good_for_a_minute_and_with_its_state(): void {
		wp_set_current_user( $this->linked() );
		$state             = self::state();
		$late              = $this->asked_by_b( $state )['code'];
		$this->clock->now += 61;
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $late, $state ) );
		$code = $this->asked_by_b( $state )['code'];
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $code, self::state() ), 'A changed state.' );
		$code              = $this->asked_by_b( $state )['code'];
		$this->clock->now += 59;
		self::assertArrayHasKey( 'ref', $this->redeem( $code, $state ) );
	}

	public function test_codes_that_nobody_redeems_are_forgotten(): void {
		global $wpdb;
		wp_set_current_user( $this->linked() );
		$this->asked_by_b( self::state() );
		$this->clock->now += 61;
		( new Codes( new Connection( $wpdb ), $this->clock ) )->purge();
		self::assertSame( '0', $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_logins" ) );
	}

	public function test_what_is_no_code_is_refused(): void {
		$this->expectException( MessageRefused::class );
		$this->redeem( str_repeat( 'x', 201 ), self::state() );
	}

	public function test_the_way_back_is_the_address_on_record_whatever_the_request_says(): void {
		wp_set_current_user( $this->linked() );
		$back = $this->asked_by_b(
			self::state(),
			array(
				'back'        => 'https://evil.test/',
				'redirect_to' => 'https://evil.test/',
				'to'          => 'https://evil.test/',
				'url'         => 'https://evil.test/',
			)
		);
		self::assertSame( 'https://b.test/', $back['at'] );
		self::assertStringNotContainsString( 'evil', (string) wp_json_encode( $back ) );
	}

	/**
	 * @return array<string, array{array<string, string>}>
	 */
	public static function strangers(): array {
		return array(
			'a site that is not known' => array( array( Addresses::ASK => self::NOBODY ) ),
			'no UUID'                  => array( array( Addresses::ASK => "1' OR 1" ) ),
			'no state'                 => array( array( 'state' => '' ) ),
			'a state of another kind'  => array( array( 'state' => 'https://evil.test/' ) ),
			'a state too short'        => array( array( 'state' => str_repeat( 'a', 63 ) ) ),
		);
	}

	/**
	 * @param array<string, string> $changes What is wrong.
	 */
	#[DataProvider( 'strangers' )]
	public function test_who_is_unknown_gets_no_code_and_the_browser_stays( array $changes ): void {
		wp_set_current_user( $this->linked() );
		$sent = $this->sent(
			'/?' . http_build_query(
				$changes + array(
					Addresses::ASK => self::B,
					'state'        => self::state(),
				)
			)
		);
		self::assertStringStartsWith( home_url(), $sent['at'] );
		self::assertSame( 'login_not_offered', $sent[ Names::REFUSED ] );
		self::assertSame( '0', $GLOBALS['wpdb']->get_var( "SELECT COUNT(*) FROM {$GLOBALS['wpdb']->prefix}tandem_logins" ) );
	}

	public function test_a_plain_site_asks_in_vain(): void {
		$plain = $this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, SiteSettings::defaults() );
		self::assertSame( SiteKind::Plain, $plain->kind );
		wp_set_current_user( $this->linked() );
		foreach ( array( '', (string) $plain->id, '00000000-0000-0000-0000-000000000000' ) as $name ) {
			$sent = $this->sent( '/?' . http_build_query( array( Addresses::ASK => $name, 'state' => self::state() ) ) );
			self::assertTrue( null === $sent || str_starts_with( $sent['at'], home_url() ) );
		}
	}

	public function test_a_paused_site_and_one_that_is_to_get_no_word_hear_no(): void {
		wp_set_current_user( $this->linked() );
		$this->decide( array( 'login' => array( 'vouch' => false ) ) );
		self::assertSame( 'login_not_offered', $this->asked_by_b( self::state() )['no'] );
		$this->decide( array( 'login' => array( 'vouch' => true ) ) );
		$state = self::state();
		$code  = $this->asked_by_b( $state )['code'];
		$this->plugin->sites()->pause( $this->site->id );
		self::assertSame( 'login_not_offered', $this->asked_by_b( self::state() )['no'] );
		self::assertSame( array( 'refused' => 'login_not_shared' ), $this->redeem( $code, $state ), 'Paused between the code and its redemption.' );
	}

	public function test_a_site_that_was_removed_has_no_code_left(): void {
		wp_set_current_user( $this->linked() );
		$state = self::state();
		$code  = $this->asked_by_b( $state )['code'];
		$gone  = $this->site;
		$this->plugin->sites()->remove( $this->site->id );
		self::assertNull( $this->plugin->sites()->find( $gone->id ) );
		self::assertSame( array( 'refused' => 'login_code' ), $this->redeem( $code, $state, $this->other ) );
	}

	public function test_a_copy_of_this_site_names_nobody(): void {
		wp_set_current_user( $this->linked() );
		add_filter( 'option_home', static fn (): string => 'https://staging.test' );
		self::assertSame( 'login_not_offered', $this->sent( '/?' . http_build_query( array( Addresses::ASK => self::B, 'state' => self::state() ) ) )['no'] );
	}

	public function test_who_is_not_logged_in_is_asked_by_this_sites_own_form_or_stays_unnamed(): void {
		$state = self::state();
		$form  = $this->asked_by_b( $state );
		self::assertStringEndsWith( 'wp-login.php', $form['at'] );
		self::assertSame( array( 'at' => home_url( '/' ), Addresses::ASK => self::B, 'state' => $state ), self::parts( $form['redirect_to'] ) );
		$back = $this->asked_by_b( $state, array( 'quiet' => '1', 'to' => '/page' ) );
		self::assertSame( array( 'https://b.test/', 'login_signed_out', '/page' ), array( $back['at'], $back['no'], $back['to'] ) );
	}

	public function test_administrators_and_whoever_is_not_synced_there_are_not_named(): void {
		wp_set_current_user( $this->make_user( array( 'role' => 'administrator' ) ) );
		self::assertSame( 'login_not_shared', $this->asked_by_b( self::state() )['no'] );
		wp_set_current_user( $this->linked() );
		add_filter( 'tandem_sync_user', '__return_false' );
		self::assertSame( 'login_not_shared', $this->asked_by_b( self::state() )['no'] );
	}

	public function test_who_is_suspended_or_deleted_between_the_code_and_its_redemption_is_not_named(): void {
		$user = $this->linked();
		wp_set_current_user( $user );
		list( $one, $two ) = array( self::state(), self::state() );
		list( $a, $b )     = array( $this->asked_by_b( $one )['code'], $this->asked_by_b( $two )['code'] );
		( new Suspension( new ProtectedAccounts(), $this->clock ) )->suspend( $user );
		self::assertSame( array( 'refused' => 'login_not_shared' ), $this->redeem( $a, $one ) );
		wp_delete_user( $user );
		self::assertSame( array( 'refused' => 'login_not_shared' ), $this->redeem( $b, $two ) );
	}

	public function test_only_a_browser_that_opens_a_page_gets_a_code(): void {
		wp_set_current_user( $this->linked() );
		$path = '/?' . http_build_query( array( Addresses::ASK => self::B, 'state' => self::state() ) );
		foreach ( array( array( 'REQUEST_METHOD' => 'POST' ), array( 'REQUEST_METHOD' => 'HEAD' ), array( 'HTTP_SEC_FETCH_DEST' => 'iframe' ), array( 'HTTP_SEC_FETCH_DEST' => 'image' ), array( 'HTTP_SEC_PURPOSE' => 'prefetch' ) ) as $headers ) {
			self::assertNull( $this->sent( $path, $headers ), (string) wp_json_encode( $headers ) );
		}
		self::assertNotNull( $this->sent( $path, array( 'HTTP_SEC_FETCH_DEST' => 'document' ) ) );
	}

	public function test_who_has_registered_a_moment_ago_comes_along_with_the_answer(): void {
		$user = $this->make_user( array( 'user_login' => 'fresh', 'user_email' => 'fresh@a.test' ) );
		wp_set_current_user( $user );
		$state = self::state();
		$open  = $this->redeem( $this->asked_by_b( $state )['code'], $state );
		$this->end_request();
		$state  = self::state();
		$answer = $this->redeem( $this->asked_by_b( $state )['code'], $state );
		foreach ( array( 'while the request that has made them still runs' => $open, 'after it' => $answer ) as $when => $told ) {
			self::assertSame( array( $user, null, 'fresh', 'fresh@a.test' ), array( $told['user']['ref'], $told['user']['id'], $told['user']['login'], ( (array) $told['user']['fields'] )['user_email']['v'] ), $when );
			self::assertNotEmpty( $told['user']['password']['sealed'] );
		}
		self::assertNotNull( $this->row( $user ), 'What is in the queue stays there.' );
		$this->plugin->links()->save( new Link( $this->site->id, $user, 7, 'fresh' ) );
	}

	public function test_a_second_factor_given_here_is_told(): void {
		$user = $this->linked();
		wp_set_current_user( $user );
		// What the plugin Two-Factor writes into a session.
		$manager = \WP_Session_Tokens::get_instance( $user );
		add_filter( 'attach_session_information', static fn ( array $session ): array => $session + array( 'two-factor-login' => time() ) );
		$token                       = $manager->create( time() + 3600 );
		$_COOKIE[ LOGGED_IN_COOKIE ] = wp_generate_auth_cookie( $user, time() + 3600, 'logged_in', $token );
		$state                       = self::state();
		self::assertTrue( $this->redeem( $this->asked_by_b( $state )['code'], $state )['second_factor'] );
	}
}
