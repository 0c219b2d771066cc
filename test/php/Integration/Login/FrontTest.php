<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Login;

use PHPUnit\Framework\Attributes\DataProvider;
use Tandem\Login\Addresses;
use Tandem\Login\Browser;
use Tandem\Login\Front;
use Tandem\Login\Path;
use Tandem\Login\Ticket;
use Tandem\Names;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Security\Vault;

/**
 * A log-in begins here and ends here: in one browser, once, and on this site's own pages.
 */
final class FrontTest extends LoginTestCase {

	/**
	 * Somebody wants in with B.
	 *
	 * @param string $to Where they want to go.
	 * @return array<string, string> The question that their browser carries to B.
	 */
	private function begin( string $to = '/course' ): array {
		$sent = $this->sent( '/?' . http_build_query( array( Addresses::BEGIN => self::B, 'to' => $to ) ) );
		self::assertNotNull( $sent );
		return $sent;
	}

	/**
	 * Their browser comes back.
	 *
	 * @param array<string, string> $answer Parameters besides the site.
	 */
	private function come_back( array $answer, string $from = self::B ): ?array {
		return $this->sent( '/?' . http_build_query( array( Addresses::BACK => $from ) + $answer ) );
	}

	private static function cookies(): array {
		return array_filter( $_COOKIE, static fn ( string $name ): bool => str_contains( $name, 'tandem_login_' ), ARRAY_FILTER_USE_KEY );
	}

	public function test_it_begins_here_with_a_state_of_which_the_cookie_has_only_the_hash(): void {
		$sent = $this->begin();
		self::assertSame( array( 'at', Addresses::ASK, 'state' ), array_keys( $sent ) );
		self::assertSame( array( 'https://b.test/', $this->plugin->identity()->uuid() ), array( $sent['at'], $sent[ Addresses::ASK ] ) );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{64}$/', $sent['state'] );
		self::assertCount( 1, self::cookies() );
		$value = (string) current( self::cookies() );
		self::assertStringNotContainsString( $sent['state'], $value . base64_decode( $value ) );
		self::assertSame( array( $sent['state'] !== $this->begin()['state'], 2 ), array( true, count( self::cookies() ) ), 'Two tabs.' );
	}

	/**
	 * @return array<string, array{string, string}>
	 */
	public static function paths(): array {
		return array(
			'a path'                   => array( '/course?lesson=2', '/course?lesson=2' ),
			'another site'             => array( 'https://evil.test/', '/' ),
			'another site, no scheme'  => array( '//evil.test/', '/' ),
			'with a backslash'         => array( '/\\evil.test/', '/' ),
			'a backslash later'        => array( '/a\\b', '/' ),
			'a script'                 => array( 'javascript:alert(1)', '/' ),
			'a new line'               => array( "/a\r\nSet-Cookie: x=y", '/' ),
			'a blank before'           => array( ' //evil.test', '/' ),
			'a tab that browsers drop' => array( "/\t/evil.test", '/' ),
			'endless'                  => array( '/' . str_repeat( 'a', 2000 ), '/' ),
			'nothing'                  => array( '', '/' ),
		);
	}

	#[DataProvider( 'paths' )]
	public function test_it_ends_on_this_site( string $to, string $path ): void {
		self::assertSame( $path, Path::checked( $to ) );
		wp_set_current_user( $this->linked() );
		$url = $this->plugin->front()->where( $this->visit( '/?' . http_build_query( array( Addresses::BEGIN => self::B, 'to' => $to ) ) ) );
		self::assertSame( home_url( $path ), $url, 'Who is logged in already goes there at once.' );
	}

	/**
	 * @return array<string, array{\Closure( self ): void}>
	 */
	public static function not_offered(): array {
		return array(
			'policy'   => array( static fn ( self $test ) => $test->allow( array( 'login' => false ) ) ),
			'paused'   => array( static fn ( self $test ) => $test->plugin->sites()->pause( $test->site->id ) ),
			'removed'  => array( static fn ( self $test ) => $test->plugin->sites()->remove( $test->site->id ) ),
			'unpaired' => array( static fn ( self $test ) => $GLOBALS['wpdb']->update( $GLOBALS['wpdb']->prefix . 'tandem_sites', array( 'kind' => 'plain' ), array( 'id' => $test->site->id ) ) ),
			'a copy'   => array( static fn ( self $test ) => add_filter( 'option_home', static fn (): string => 'https://staging.test' ) ),
		);
	}

	/**
	 * @param \Closure( self ): mixed $make Makes it so.
	 */
	#[DataProvider( 'not_offered' )]
	public function test_it_does_not_begin_where_it_is_not_offered( \Closure $make ): void {
		$make( $this );
		$sent = $this->begin();
		self::assertSame( array( 'login_not_offered', array() ), array( $sent[ Names::REFUSED ], self::cookies() ) );
		self::assertStringEndsWith( 'wp-login.php', $sent['at'] );
	}

	public function test_a_plain_site_is_not_offered(): void {
		$this->plugin->sites()->add( 'P', 'https://p.test', 'https://p.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, SiteSettings::defaults() );
		self::assertSame( 'login_not_offered', $this->sent( '/?' . Addresses::BEGIN . '=' . self::NOBODY )[ Names::REFUSED ] );
	}

	public function test_another_browser_is_refused_and_nobody_is_asked(): void {
		$state    = $this->begin()['state'];
		$_COOKIE  = array();
		$requests = 0;
		add_filter(
			'pre_http_request',
			static function ( mixed $answer ) use ( &$requests ): mixed {
				++$requests;
				return $answer;
			}
		);
		$sent = $this->come_back( array( 'state' => $state, 'code' => self::state() ) );
		self::assertSame( array( 'login_other_browser', 0 ), array( $sent[ Names::REFUSED ], $requests ) );
	}

	public function test_a_cookie_of_another_log_in_of_another_site_or_one_that_was_changed_is_none(): void {
		$mine   = $this->begin()['state'];
		$name   = Ticket::name( Ticket::hash( $mine ), false );
		$ticket = $_COOKIE[ $name ];
		$answer = array( 'state' => $mine, 'code' => self::state() );
		self::assertSame( 'login_other_browser', $this->come_back( array( 'state' => self::state() ) + $answer )[ Names::REFUSED ], 'A changed state.' );
		self::assertSame( 'login_other_browser', $this->come_back( $answer, self::C )[ Names::REFUSED ], 'Another site.' );
		$other            = $this->begin()['state'];
		$_COOKIE[ $name ] = $_COOKIE[ Ticket::name( Ticket::hash( $other ), false ) ];
		self::assertSame( 'login_other_browser', $this->come_back( $answer )[ Names::REFUSED ], 'Another log-in.' );
		$_COOKIE[ $name ] = 'x' . $ticket;
		self::assertSame( 'login_other_browser', $this->come_back( $answer )[ Names::REFUSED ], 'Changed.' );
		$_COOKIE[ $name ]  = $ticket;
		$this->clock->now += Ticket::GOOD_FOR + 1;
		self::assertSame( 'login_other_browser', $this->come_back( $answer )[ Names::REFUSED ], 'Too late.' );
	}

	public function test_a_cookie_that_somebody_else_has_made_is_none(): void {
		$state            = self::state();
		$hash             = Ticket::hash( $state );
		$forger           = new Vault( 'the salts of another site' );
		$name             = Ticket::name( $hash, false );
		$_COOKIE[ $name ] = ( new Ticket( $hash, self::B, $this->clock->now + 60, false, '/' ) )->value( $forger );
		self::assertSame( 'login_other_browser', $this->come_back( array( 'state' => $state, 'code' => self::state() ) )[ Names::REFUSED ] );
		$_COOKIE[ $name ] = explode( '.', $_COOKIE[ $name ] )[0] . '.';
		self::assertSame( 'login_other_browser', $this->come_back( array( 'state' => $state, 'code' => self::state() ) )[ Names::REFUSED ] );
	}

	public function test_a_ticket_is_good_once(): void {
		$state  = $this->begin( '/course' )['state'];
		$answer = array( 'state' => $state, 'no' => 'login_not_shared' );
		$sent   = $this->come_back( $answer );
		self::assertSame( array( 'login_not_shared', home_url( '/course' ) ), array( $sent[ Names::REFUSED ], $sent['redirect_to'] ) );
		self::assertSame( 'login_other_browser', $this->come_back( $answer )[ Names::REFUSED ] );
	}

	public function test_only_reasons_from_the_list_are_shown_and_as_text(): void {
		$this->visit( '/wp-login.php?' . Names::REFUSED . '=login_not_linked' );
		self::assertStringContainsString( 'not connected with one here', implode( apply_filters( 'wp_login_errors', new \WP_Error(), '' )->get_error_messages() ) );
		$this->visit( '/wp-login.php?' . Names::REFUSED . '=<script>alert(1)</script>' );
		self::assertSame( array(), apply_filters( 'wp_login_errors', new \WP_Error(), '' )->get_error_messages() );
	}

	public function test_too_many_failures_of_one_address_ask_nobody_any_more(): void {
		add_filter( 'pre_http_request', static fn (): \WP_Error => new \WP_Error( 'http_request_failed', 'Nobody.' ) );
		$try = fn (): ?string => $this->come_back( array( 'state' => $this->begin()['state'], 'code' => self::state() ) )[ Names::REFUSED ] ?? null;
		for ( $number = 0; $number < 20; $number++ ) {
			self::assertSame( 'login_away', $try() );
		}
		self::assertSame( 'login_too_many', $try() );
	}

	public function test_a_word_for_www_becomes_one_for_the_home_address_once(): void {
		$path = '/?' . http_build_query( array( Addresses::BEGIN => self::B, 'to' => '/course' ) );
		$sent = $this->sent( $path, array( 'HTTP_HOST' => 'www.elsewhere.test' ) );
		self::assertSame( array( home_url( '/' ), self::B, '/course', '1' ), array( $sent['at'], $sent[ Addresses::BEGIN ], $sent['to'], $sent['here'] ) );
		self::assertSame( 'https://b.test/', $this->sent( "$path&here=1", array( 'HTTP_HOST' => 'www.elsewhere.test' ) )['at'], 'Behind a proxy it may never be the same.' );
	}

	public function test_links_begin_on_the_other_site_and_are_the_same_for_everybody(): void {
		$uuid = $this->plugin->identity()->uuid();
		foreach ( array( (string) $this->site->id, 'b.test', 'https://b.test/', 'B', self::B ) as $name ) {
			self::assertSame( "https://b.test/?tandem_login=$uuid&to=%2Fcourse%3Flesson%3D2", tandem_link_url( $name, '/course?lesson=2' ), $name );
		}
		wp_set_current_user( $this->linked() );
		self::assertSame( "https://b.test/?tandem_login=$uuid", tandem_link_url( 'b' ) );
		self::assertSame( "https://b.test/?tandem_login=$uuid", tandem_link_url( 'b', 'https://evil.test' ) );
		self::assertSame( '', tandem_link_url( 'nobody' ) );
		self::assertSame( '', tandem_link_url(), 'There are two.' );
		self::assertSame( "<a href=\"https://b.test/?tandem_login=$uuid&#038;to=%2Fcourse\">To <b>it</b></a>", do_shortcode( '[tandem_link site="b.test" to="/course"]To <b>it</b><script></script>[/tandem_link]' ) );
		self::assertSame( 'To it', do_shortcode( '[tandem_link site="nobody"]To it[/tandem_link]' ) );
		$sent = $this->sent( '/?' . http_build_query( array( Addresses::GO => 'b.test', 'to' => '/course' ) ) );
		self::assertSame( array( 'https://b.test/', $uuid, '/course' ), array( $sent['at'], $sent[ Addresses::BEGIN ], $sent['to'] ) );
		self::assertSame( home_url( '/' ), $this->sent( '/?' . Addresses::GO . '=https://evil.test' )['at'] );
	}

	public function test_the_block_editor_offers_a_button_and_an_item_of_a_menu_for_each_paired_site(): void {
		$of = static fn ( string $block ): array => array_column( \WP_Block_Type_Registry::get_instance()->get_registered( $block )?->get_variations() ?? array(), null, 'name' );
		self::assertSame( array( 'B', home_url( '/?tandem_go=b.test' ) ), array( $of( 'core/navigation-link' )[ "tandem-link-{$this->site->id}" ]['attributes']['label'], $of( 'core/navigation-link' )[ "tandem-link-{$this->site->id}" ]['attributes']['url'] ) );
		self::assertSame( array( 'core/button', array( 'text' => 'C', 'url' => home_url( '/?tandem_go=c.test' ) ) ), $of( 'core/buttons' )[ "tandem-link-{$this->other->id}" ]['innerBlocks'][0] );
		self::assertStringNotContainsString( 'tandem', (string) wp_json_encode( array_keys( $of( 'core/paragraph' ) ) ) );
	}

	public function test_the_forms_offer_what_is_offered(): void {
		$form = static function ( string $hook ): string {
			ob_start();
			do_action( $hook );
			return (string) ob_get_clean();
		};
		$this->visit( '/wp-login.php?redirect_to=' . rawurlencode( home_url( '/course' ) ) );
		foreach ( array( 'login_form', 'woocommerce_login_form_end' ) as $hook ) {
			self::assertSame( 2, substr_count( $form( $hook ), '<a ' ), $hook );
			self::assertStringContainsString( 'Log in with B', $form( $hook ) );
			self::assertStringContainsString( 'tandem_login=' . self::B . '&#038;to=%2Fcourse', $form( $hook ) );
		}
		$this->decide( array( 'login' => array( 'button' => false ) ) );
		self::assertStringNotContainsString( 'Log in with B', $form( 'login_form' ) );
		$this->plugin->sites()->pause( $this->other->id );
		self::assertSame( '', $form( 'login_form' ) );
	}

	/**
	 * A visitor opens a page.
	 *
	 * @param array<string, string> $headers Further headers.
	 */
	private function opened( array $headers = array(), string $path = '/course?lesson=2' ): ?string {
		return $this->plugin->front()->looked_up( $this->visit( $path, $headers ) );
	}

	public function test_a_visitor_from_a_quiet_site_is_looked_up_once(): void {
		$from_b = array( 'HTTP_REFERER' => 'https://b.test/shop' );
		self::assertNull( $this->opened( $from_b ), 'Off until the owner wants it.' );
		$this->decide( array( 'login' => array( 'quiet' => true ) ) );
		foreach ( array( array(), array( 'HTTP_REFERER' => 'https://c.test/' ), array( 'HTTP_REFERER' => 'https://b.test.evil.test/' ), array( 'HTTP_REFERER' => home_url( '/' ) ) ) as $headers ) {
			self::assertNull( $this->opened( $headers ) );
		}
		$sent = self::parts( (string) $this->opened( $from_b ) );
		self::assertSame( array( 'https://b.test/', '1', '/course?lesson=2' ), array( $sent['at'], $sent['quiet'], $sent['to'] ) );
		self::assertSame( '1', $_COOKIE[ Front::LOOKED_UP ] );
		self::assertNull( $this->opened( $from_b ), 'Once.' );
		$back = $this->come_back( array( 'state' => $sent['state'], 'no' => 'login_signed_out', 'to' => $sent['to'] ) );
		self::assertSame( home_url( '/course' ), $back['at'], 'Nothing is said: nobody has asked.' );
		self::assertSame( array( 'at', 'lesson' ), array_keys( $back ) );
	}

	public function test_a_browser_without_cookies_comes_back_to_its_page_too(): void {
		$this->decide( array( 'login' => array( 'quiet' => true ) ) );
		$sent    = self::parts( (string) $this->opened( array( 'HTTP_REFERER' => 'https://b.test/shop' ) ) );
		$_COOKIE = array();
		$back    = $this->come_back( array( 'state' => $sent['state'], 'no' => 'login_signed_out', 'to' => $sent['to'] ) );
		self::assertSame( home_url( '/course' ), $back['at'] );
		self::assertNull( $this->opened(), 'And comes without a referrer.' );
	}

	public function test_who_is_no_person_opening_a_page_is_never_looked_up(): void {
		$this->decide( array( 'login' => array( 'quiet' => true ) ) );
		$from_b = array( 'HTTP_REFERER' => 'https://b.test/shop' );
		foreach (
			array(
				array( 'HTTP_USER_AGENT' => 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' ),
				array( 'HTTP_USER_AGENT' => '' ),
				array( 'HTTP_USER_AGENT' => 'facebookexternalhit/1.1' ),
				array( 'HTTP_USER_AGENT' => 'WordPress/7.1; https://b.test' ),
				array( 'REQUEST_METHOD' => 'POST' ),
				array( 'REQUEST_METHOD' => 'HEAD' ),
				array( 'HTTP_SEC_PURPOSE' => 'prefetch;prerender' ),
				array( 'HTTP_SEC_FETCH_DEST' => 'iframe' ),
				array( 'HTTP_SEC_FETCH_DEST' => 'empty' ),
				array( 'HTTP_HOST' => 'www.elsewhere.test' ),
			) as $headers
		) {
			self::assertNull( $this->opened( $headers + $from_b ), (string) wp_json_encode( $headers ) );
		}
		foreach ( array( 'is_feed', 'is_trackback', 'is_robots', 'is_preview', 'is_404', 'is_embed' ) as $what ) {
			$GLOBALS['wp_query']->$what = true;
			self::assertNull( $this->opened( $from_b ), $what );
			$GLOBALS['wp_query']->$what = false;
		}
		wp_set_current_user( $this->linked() );
		self::assertNull( $this->opened( $from_b ), 'Logged in.' );
		wp_set_current_user( 0 );
		self::assertFalse( isset( $_COOKIE[ Front::LOOKED_UP ] ) );
		self::assertNotNull( $this->opened( $from_b ) );
	}

	public function test_an_ordinary_page_costs_no_query(): void {
		$this->decide( array( 'login' => array( 'quiet' => true ) ) );
		$browser = $this->visit( '/course', array( 'HTTP_REFERER' => 'https://search.test/' ) );
		$this->plugin->front();
		get_option( 'home' );
		$before = $GLOBALS['wpdb']->num_queries;
		$this->plugin->front()->where( $browser );
		$this->plugin->front()->looked_up( $browser );
		self::assertSame( $before, $GLOBALS['wpdb']->num_queries );
		self::assertSame( 'b.test', Browser::host( 'https://B.test/x' ) );
	}
}
