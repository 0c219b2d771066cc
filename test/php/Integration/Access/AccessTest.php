<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Access;

use Tandem\Tests\TestCase;

/**
 * Content for people with a tag: who sees it, and where it must not show through.
 */
final class AccessTest extends TestCase {

	private const SECRET = 'the secret lesson';

	private int $member;
	private int $stranger;

	protected function setUp(): void {
		parent::setUp();
		$this->member   = $this->make_user();
		$this->stranger = $this->make_user();
		tandem_add_tag( $this->member, array( 'vip', 'course 1' ) );
	}

	/**
	 * What somebody sees.
	 *
	 * @param int    $user_id User here; 0 for nobody.
	 * @param string $content Content of a post.
	 */
	private function seen( int $user_id, string $content ): string {
		wp_set_current_user( $user_id );
		return trim( wp_strip_all_tags( (string) apply_filters( 'the_content', $content ) ) );
	}

	/**
	 * @return iterable<string, array{string, string, string}>
	 */
	public static function shortcodes(): iterable {
		yield 'one of several' => array( '[tandem_if tag="VIP, other"]yes[tandem_else]no[/tandem_if]', 'yes', 'no' );
		yield 'all of several' => array( '[tandem_if tag="vip,course 1" match="all"]yes[tandem_else]no[/tandem_if]', 'yes', 'no' );
		yield 'not all of several' => array( '[tandem_if tag="vip,other" match="all"]yes[tandem_else]no[/tandem_if]', 'no', 'no' );
		yield 'turned round' => array( '[tandem_if tag="vip" not="1"]yes[tandem_else]no[/tandem_if]', 'no', 'yes' );
		yield 'nothing for the others' => array( '[tandem_if tag="vip"]yes[/tandem_if]', 'yes', '' );
		yield 'without a tag' => array( '[tandem_if]yes[tandem_else]no[/tandem_if]', 'no', 'no' );
		yield 'without a tag, turned round' => array( '[tandem_if tag="," not="yes"]yes[tandem_else]no[/tandem_if]', 'no', 'no' );
		yield 'on lines of their own' => array( "[tandem_if tag=\"vip\"]\n\nyes\n\n[tandem_else]\n\nno\n\n[/tandem_if]", 'yes', 'no' );
		yield 'astray' => array( 'a [tandem_else] b', 'a  b', 'a  b' );
		yield 'another shortcode in it' => array( '[tandem_if tag="vip"][caption width="1" caption="yes"]a [/caption][/tandem_if]', 'a yes', '' );
	}

	/**
	 * @dataProvider shortcodes
	 */
	public function test_the_shortcode( string $content, string $member, string $stranger ): void {
		self::assertSame( array( $member, $stranger, $stranger ), array( $this->seen( $this->member, $content ), $this->seen( $this->stranger, $content ), $this->seen( 0, $content ) ) );
	}

	public function test_paragraphs_stay_whole(): void {
		wp_set_current_user( $this->member );
		$html = (string) apply_filters( 'the_content', "[tandem_if tag=\"vip\"]\n\nyes\n\n[tandem_else]\n\nno\n\n[/tandem_if]" );
		self::assertSame( substr_count( $html, '<p>' ), substr_count( $html, '</p>' ), $html );
		self::assertStringContainsString( '<p>yes</p>', $html );
	}

	private static function block( string $attributes, string $inner = '' ): string {
		return '<!-- wp:tandem/only-for ' . $attributes . ' --><!-- wp:paragraph --><p>' . self::SECRET . '</p><!-- /wp:paragraph -->' . $inner . '<!-- /wp:tandem/only-for -->';
	}

	/**
	 * @return iterable<string, array{string, bool, bool}>
	 */
	public static function blocks(): iterable {
		yield 'one of several' => array( '{"tags":["VIP","other"]}', true, false );
		yield 'all of several' => array( '{"tags":["vip","other"],"match":"all"}', false, false );
		yield 'turned round' => array( '{"tags":["vip"],"not":true}', false, true );
		yield 'not finished' => array( '{"tags":[]}', false, false );
		yield 'not finished, turned round' => array( '{"not":true}', false, false );
		yield 'written by hand' => array( '{"tags":"vip, other"}', true, false );
		yield 'nonsense' => array( '{"tags":{"a":{"b":1}},"match":7,"not":"x"}', false, false );
	}

	/**
	 * @dataProvider blocks
	 */
	public function test_the_block( string $attributes, bool $member, bool $stranger ): void {
		$content = '<!-- wp:paragraph --><p>open</p><!-- /wp:paragraph -->' . self::block( $attributes );
		foreach ( array( array( $this->member, $member ), array( $this->stranger, $stranger ), array( 0, $stranger ) ) as list( $user, $sees ) ) {
			$seen = $this->seen( $user, $content );
			self::assertStringContainsString( 'open', $seen );
			self::assertSame( $sees, str_contains( $seen, self::SECRET ), "user $user" );
		}
	}

	public function test_what_nobody_sees_is_not_made(): void {
		$made = 0;
		add_shortcode(
			'count_me',
			static function () use ( &$made ): string {
				++$made;
				return 'made';
			}
		);
		$content = self::block( '{"tags":["vip"]}', '<!-- wp:latest-posts /-->' );
		$blocks  = 0;
		add_filter(
			'render_block_core/latest-posts',
			static function ( string $html ) use ( &$blocks ): string {
				++$blocks;
				return $html;
			}
		);
		$this->seen( $this->stranger, $content . '[tandem_if tag="vip"][count_me][/tandem_if]' );
		self::assertSame( array( 0, 0 ), array( $made, $blocks ) );
		$this->seen( $this->member, $content . '[tandem_if tag="vip"][count_me][/tandem_if]' );
		self::assertSame( array( 1, 1 ), array( $made, $blocks ) );
	}

	/**
	 * @return iterable<string, array{string}>
	 */
	public static function hidden(): iterable {
		yield 'shortcode' => array( 'Open words. [tandem_if tag="vip"]' . self::SECRET . '[tandem_else]for all[/tandem_if]' );
		yield 'block' => array( '<!-- wp:paragraph --><p>Open words.</p><!-- /wp:paragraph -->' . self::block( '{"tags":["vip"]}' ) );
		yield 'block in a group' => array( '<!-- wp:paragraph --><p>Open words.</p><!-- /wp:paragraph --><!-- wp:group --><div class="wp-block-group">' . self::block( '{"tags":["vip"]}' ) . '</div><!-- /wp:group -->' );
		yield 'group in a block' => array( '<!-- wp:paragraph --><p>Open words.</p><!-- /wp:paragraph --><!-- wp:tandem/only-for {"tags":["vip"]} --><!-- wp:group --><div class="wp-block-group"><!-- wp:paragraph --><p>' . self::SECRET . '</p><!-- /wp:paragraph --></div><!-- /wp:group --><!-- /wp:tandem/only-for -->' );
	}

	/**
	 * @dataProvider hidden
	 */
	public function test_it_does_not_show_through( string $content ): void {
		$id = wp_insert_post(
			array(
				'post_title'   => 'A lesson',
				'post_content' => wp_slash( $content ),
				'post_status'  => 'publish',
				'post_author'  => 1,
			)
		);
		self::assertIsInt( $id );
		$post            = get_post( $id );
		$GLOBALS['post'] = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as the loop does.
		setup_postdata( $post );
		foreach ( array( 0, $this->stranger ) as $user ) {
			wp_set_current_user( $user );
			$rest = rest_do_request( new \WP_REST_Request( 'GET', "/wp/v2/posts/$id" ) )->get_data();
			self::assertStringContainsString( 'Open words', $rest['content']['rendered'] );
			foreach ( array( $rest['content']['rendered'], $rest['excerpt']['rendered'], get_the_excerpt( $post ), get_the_content_feed( 'rss2' ), $this->seen( $user, $content ) ) as $shown ) {
				self::assertStringNotContainsString( self::SECRET, $shown );
			}
		}
		// An excerpt is the same for all: caches keep it.
		wp_set_current_user( $this->member );
		self::assertStringNotContainsString( self::SECRET, get_the_excerpt( $post ) );
		$rest = rest_do_request( new \WP_REST_Request( 'GET', "/wp/v2/posts/$id" ) )->get_data();
		self::assertStringContainsString( self::SECRET, $rest['content']['rendered'] );
		wp_reset_postdata();
	}
}
