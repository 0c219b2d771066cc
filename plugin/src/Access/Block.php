<?php
/**
 * The block "Only for tag": what is in it is shown to people with a tag.
 *
 * A block around others rather than a setting of each: WordPress makes excerpts by opening wrappers that it knows and
 * rendering what is in them one by one, past every filter of the wrapper. One that it does not know is left out whole.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Access;

final class Block {

	public const NAME = 'tandem/only-for';

	/** Handle of the editor's script. */
	private const HANDLE = 'tandem-only-for';

	/** WordPress's own scripts that it uses as they are (`window.wp`). */
	private const EDITOR = array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element' );

	/**
	 * @param string $file The plugin's main file.
	 */
	public function __construct( private readonly string $file ) {
	}

	/**
	 * Registers it. For the action `init`. Without the built script it can't be edited, but what is written stays shut.
	 */
	public function register(): void {
		register_block_type(
			self::NAME,
			array(
				'api_version'       => '3',
				'category'          => 'widgets',
				'attributes'        => array(
					'tags'  => array(
						'type'    => 'array',
						'items'   => array( 'type' => 'string' ),
						'default' => array(),
					),
					'match' => array(
						'type'    => 'string',
						'enum'    => array( 'any', 'all' ),
						'default' => 'any',
					),
					'not'   => array(
						'type'    => 'boolean',
						'default' => false,
					),
				),
				'supports'          => array( 'html' => false ),
				// What nobody sees is not even made.
				'skip_inner_blocks' => true,
				'render_callback'   => $this->render( ... ),
			) + self::words()
		);
	}

	/**
	 * What the editor shows the block with. For the action `enqueue_block_editor_assets`.
	 */
	public function edit(): void {
		$asset = dirname( $this->file ) . '/build/block/only-for.asset.php';
		if ( is_readable( $asset ) ) {
			$built = require $asset;
			wp_enqueue_script( self::HANDLE, plugins_url( 'build/block/only-for.js', $this->file ), array( ...$built['dependencies'], ...self::EDITOR ), $built['version'], true );
			wp_set_script_translations( self::HANDLE, 'tandem-user-sync', dirname( $this->file ) . '/languages' );
		}
	}

	/**
	 * What it is called, where an editor may ask: the first sentence that is translated in a request costs more than all
	 * the rest of this, and a visitor reads neither.
	 *
	 * @return array{title?: string, description?: string}
	 */
	private static function words(): array {
		return ! is_admin() ? array() : array(
			'title'       => __( 'Only for tag', 'tandem-user-sync' ),
			'description' => __( 'Shows its content to people who have a tag.', 'tandem-user-sync' ),
		);
	}

	/**
	 * What is to be seen.
	 *
	 * @param array<string, mixed> $attributes `tags`, `match`, `not`.
	 * @param string               $content    Nothing: what is in it was left out.
	 * @param \WP_Block|null       $block      The block.
	 */
	public function render( array $attributes, string $content = '', ?\WP_Block $block = null ): string {
		if ( null === $block || ! Rule::from( $attributes['tags'] ?? array(), $attributes['match'] ?? '', $attributes['not'] ?? false )->lets_in() ) {
			return '';
		}
		$seen = '';
		foreach ( $block->inner_blocks as $inner ) {
			$seen .= null === $inner ? '' : $inner->render();
		}
		return $seen;
	}
}
