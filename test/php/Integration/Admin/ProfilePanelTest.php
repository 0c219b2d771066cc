<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Admin\ProfilePanel;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Sync\FieldSet;
use Tandem\Tests\Integration\Capture\CaptureTestCase;

final class ProfilePanelTest extends CaptureTestCase {

	private function shown( int $user_id ): string {
		$user = get_userdata( $user_id );
		self::assertNotFalse( $user );
		ob_start();
		( new ProfilePanel( $this->plugin->explainer() ) )->show( $user );
		return (string) ob_get_clean();
	}

	public function test_the_profile_says_where_somebody_is_right_and_asks_no_other_site(): void {
		wp_set_current_user( 1 );
		$this->plugin->sites()->add( 'Shop <b>', 'https://c.test', 'https://c.test/wp-json/', SiteKind::Plain, 'x', 1, false, SiteSettings::defaults() );
		$id = $this->make_known_user();
		$this->plugin->outbox()->enqueue( $this->site->id, $id, new FieldSet( 'roles' ) );
		$asked = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$asked ): string {
				++$asked;
				return $query;
			}
		);
		$html = $this->shown( $id );
		self::assertStringContainsString( 'Changes are on their way.', $html );
		self::assertStringContainsString( 'Shop &lt;b&gt;', $html );
		self::assertStringContainsString( 'explain=' . $id, $html );
		self::assertLessThan( 12, $asked );
	}

	public function test_only_who_may_manage_the_site_sees_the_panel_and_the_link(): void {
		$id   = $this->make_known_user();
		$user = new \WP_User( $id );
		wp_set_current_user( $this->make_user( array( 'role' => 'editor' ) ) );
		self::assertSame( '', $this->shown( $id ) );
		self::assertSame( array(), ProfilePanel::add_link( array(), $user ) );
		wp_set_current_user( 1 );
		self::assertStringContainsString( 'User sync', $this->shown( $id ) );
		self::assertArrayHasKey( 'tandem_explain', ProfilePanel::add_link( array(), $user ) );
	}

	public function test_a_database_that_fails_does_not_end_the_profile(): void {
		wp_set_current_user( 1 );
		$id = $this->make_known_user();
		$this->break_queries( '/tandem_links/' );
		try {
			self::assertSame( '', $this->shown( $id ) );
		} catch ( \RuntimeException $broken ) {
			// On SQLite the test's own break shows through.
			self::assertStringStartsWith( 'Broken', $broken->getMessage() );
			ob_end_clean();
		}
	}
}
