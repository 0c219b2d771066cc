<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Admin\Page;
use Tandem\Plugin;
use Tandem\Tests\Integration\Rest\RestTestCase;
use Tandem\Tests\Integration\Rest\TypeScriptContract;
use Tandem\Tests\RemoteWordPress;

final class PageTest extends RestTestCase {

	private Page $page;

	protected function setUp(): void {
		parent::setUp();
		$plugin = $GLOBALS['tandem_plugin'];
		self::assertInstanceOf( Plugin::class, $plugin );
		$this->page = new Page( $plugin->file, $plugin->connector( ... ), $plugin->identity() );
	}

	/**
	 * Begins a connection as the page does, and says which address the other site is to send the browser back to.
	 *
	 * @return array<string, string> Query of that address.
	 */
	private function begin( RemoteWordPress $remote ): array {
		$authorize = $this->answer( 'POST', '/sites/connect', array( 'url' => $remote->url ) )['authorizeUrl'];
		parse_str( (string) wp_parse_url( $authorize, PHP_URL_QUERY ), $query );
		self::assertIsString( $query['success_url'] );
		self::assertStringStartsWith( Page::url(), $query['success_url'] );
		parse_str( (string) wp_parse_url( $query['success_url'], PHP_URL_QUERY ), $back );
		return array_map( 'strval', $back );
	}

	/**
	 * Comes back to the page.
	 *
	 * @param array<string, string> $query Query of the address.
	 */
	private function come_back( array $query ): ?string {
		// WordPress adds slashes to what comes from a browser.
		$_GET = wp_slash( $query );
		return $this->page->take_return();
	}

	public function test_coming_back_connects_and_leaves_the_password_in_no_address(): void {
		$remote = RemoteWordPress::clean();
		$back   = $this->begin( $remote ) + array(
			'site_url'   => $remote->url,
			'user_login' => RemoteWordPress::ADMIN,
			'password'   => $remote->application_password,
		);
		self::assertSame( Page::url(), $this->come_back( $back ) );
		$sites = $this->sites->all();
		self::assertCount( 1, $sites );
		self::assertSame( $remote->url, $sites[0]->url );

		$boot = $this->page->boot();
		self::assertSame( array(), ( new TypeScriptContract() )->problems( 'Boot', $boot ) );
		self::assertSame( 'success', $boot['notice']['kind'] );
		self::assertSame( $sites[0]->id, $boot['notice']['siteId'] );
		self::assertNull( $this->page->boot()['notice'], 'A message is shown once.' );
		self::assertStringNotContainsString( $remote->application_password, (string) wp_json_encode( $boot ) );
	}

	public function test_an_address_works_once(): void {
		$remote = RemoteWordPress::clean();
		$back   = $this->begin( $remote ) + array(
			'site_url'   => $remote->url,
			'user_login' => RemoteWordPress::ADMIN,
			'password'   => $remote->application_password,
		);
		$this->come_back( $back );
		$this->page->boot();
		$this->come_back( $back );
		self::assertSame( 'error', $this->page->boot()['notice']['kind'] );
		self::assertCount( 1, $this->sites->all() );
	}

	public function test_a_made_up_return_connects_nothing(): void {
		$remote = RemoteWordPress::clean();
		$this->come_back(
			array(
				'tandem_connect' => 'made-up',
				'site_url'       => $remote->url,
				'user_login'     => RemoteWordPress::ADMIN,
				'password'       => $remote->application_password,
			)
		);
		self::assertSame( 'error', $this->page->boot()['notice']['kind'] );
		self::assertSame( array(), $this->sites->all() );
		self::assertSame( array(), $remote->requests(), 'Nobody may make this site send a password anywhere.' );
	}

	public function test_a_refusal_over_there_is_said(): void {
		$remote = RemoteWordPress::clean();
		self::assertSame( Page::url(), $this->come_back( $this->begin( $remote ) + array( 'success' => 'false' ) ) );
		self::assertStringContainsString( 'not approved', $this->page->boot()['notice']['message'] );
		self::assertSame( array(), $this->sites->all() );
	}

	public function test_an_ordinary_visit_goes_nowhere(): void {
		self::assertNull( $this->come_back( array( 'page' => Page::SLUG ) ) );
	}

	public function test_who_may_not_manage_the_site_can_not_come_back_either(): void {
		$remote = RemoteWordPress::clean();
		$back   = $this->begin( $remote );
		wp_set_current_user( $this->make_user( array( 'role' => 'editor' ) ) );
		self::assertNull( $this->come_back( $back ) );
	}

	public function test_the_message_is_for_the_one_who_came_back(): void {
		$this->come_back( array( 'tandem_connect' => 'made-up' ) );
		wp_set_current_user( $this->make_user( array( 'role' => 'administrator' ) ) );
		self::assertNull( $this->page->boot()['notice'] );
	}

	public function test_the_page_is_under_users_for_administrators_only(): void {
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		// As wp-admin/includes/menu.php does.
		$GLOBALS['admin_page_hooks']['users.php'] = 'users'; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- see above.
		self::assertSame( 'users_page_' . Page::SLUG, $this->page->add() );
		wp_set_current_user( $this->make_user( array( 'role' => 'editor' ) ) );
		self::assertSame( '', $this->page->add() );
		self::assertSame( array(), $this->page->action_links( array() ) );
	}

	public function test_missing_files_are_said_on_the_page(): void {
		$page = new Page( sys_get_temp_dir() . '/nowhere/tandem-user-sync.php', $GLOBALS['tandem_plugin']->connector( ... ), $GLOBALS['tandem_plugin']->identity() );
		ob_start();
		$page->render();
		$html = (string) ob_get_clean();
		self::assertStringContainsString( 'npm run build', $html );
		self::assertStringNotContainsString( Page::ROOT, $html );
	}
}
