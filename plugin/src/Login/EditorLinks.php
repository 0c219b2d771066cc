<?php
/**
 * Links to connected sites in the block editor: a button, and an item of the block *Navigation*, for each.
 *
 * They are variations of WordPress's own blocks, made on the server: there is no script, and a page that has one stays as
 * it is when the plugin goes.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Capture\Trouble;
use Tandem\Remote\RemoteSite;

final class EditorLinks {

	/**
	 * @param Partners $partners Sites with which this one logs people in.
	 * @param Trouble  $trouble  Where our own failures are noted.
	 */
	public function __construct( private readonly Partners $partners, private readonly Trouble $trouble ) {
	}

	/**
	 * Adds them. For the filter `get_block_type_variations`.
	 *
	 * @param array<mixed> $variations What there is.
	 * @param string       $block      Name of the block.
	 * @return array<mixed>
	 */
	public function add( array $variations, string $block ): array {
		$make = match ( $block ) {
			'core/buttons'         => self::button( ... ),
			'core/navigation-link' => self::item( ... ),
			default                => null,
		};
		if ( null === $make ) {
			return $variations;
		}
		try {
			return array( ...$variations, ...array_map( $make, $this->partners->paired() ) );
		} catch ( \Throwable $failure ) {
			// The editor is more than these links.
			$this->trouble->note( $failure );
			return $variations;
		}
	}

	/**
	 * A button.
	 *
	 * @param RemoteSite $site The site.
	 * @return array<string, mixed>
	 */
	private static function button( RemoteSite $site ): array {
		return self::variation(
			$site,
			array(
				'innerBlocks' => array(
					array(
						'core/button',
						array(
							'text' => $site->name,
							'url'  => Addresses::onward( $site ),
						),
					),
				),
			)
		);
	}

	/**
	 * An item of a menu.
	 *
	 * @param RemoteSite $site The site.
	 * @return array<string, mixed>
	 */
	private static function item( RemoteSite $site ): array {
		return self::variation(
			$site,
			array(
				'attributes' => array(
					'label' => $site->name,
					'url'   => Addresses::onward( $site ),
					'kind'  => 'custom',
					'type'  => 'custom',
				),
			)
		);
	}

	/**
	 * What both have.
	 *
	 * @param RemoteSite           $site The site.
	 * @param array<string, mixed> $more What differs.
	 * @return array<string, mixed>
	 */
	private static function variation( RemoteSite $site, array $more ): array {
		return $more + array(
			'name'        => 'tandem-link-' . $site->id,
			/* translators: %s: name of the other site. */
			'title'       => sprintf( __( 'Link to %s, logged in', 'tandem-user-sync' ), $site->name ),
			/* translators: %s: name of the other site. */
			'description' => sprintf( __( 'Leads to %s and logs people in there who are logged in here.', 'tandem-user-sync' ), $site->name ),
			'keywords'    => array( 'tandem', 'login' ),
			'scope'       => array( 'inserter' ),
		);
	}
}
