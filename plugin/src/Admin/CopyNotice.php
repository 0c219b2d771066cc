<?php
/**
 * Says on the screens where an administrator looks first that nothing is sent, because this is a copy of a site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Rest\Api;
use Tandem\Security\SiteIdentity;

final class CopyNotice {

	/** Screens of WordPress that show it. The plugin's own page asks the question itself. */
	private const SCREENS = array( 'dashboard', 'users', 'plugins' );

	/**
	 * @param SiteIdentity $identity Which site this is.
	 */
	public function __construct( private readonly SiteIdentity $identity ) {
	}

	/**
	 * Prints the notice. For the action `admin_notices`.
	 */
	public function show(): void {
		$screen = get_current_screen();
		if ( null === $screen || ! in_array( $screen->id, self::SCREENS, true ) || ! current_user_can( Api::CAPABILITY ) ) {
			return;
		}
		$original = $this->identity->copy_of();
		if ( null === $original ) {
			return;
		}
		wp_admin_notice(
			sprintf(
				'%s <a href="%s">%s</a>',
				/* translators: %s: address of a site. */
				esc_html( sprintf( __( 'Tandem User Sync sends nothing: this looks like a copy of %s.', 'tandem-user-sync' ), $original ) ),
				esc_url( Page::url() ),
				esc_html__( 'Has the site moved, or is it a copy?', 'tandem-user-sync' )
			),
			array( 'type' => 'warning' )
		);
	}
}
