<?php
/**
 * What log-in forms here show: *Log in with …*, and why somebody who came from there was not let in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

use Tandem\Capture\Trouble;
use Tandem\Names;

final class LogInForm {

	/**
	 * @param Partners $partners Sites with which this one logs people in.
	 * @param Trouble  $trouble  Where our own failures are noted.
	 */
	public function __construct( private readonly Partners $partners, private readonly Trouble $trouble ) {
	}

	/**
	 * On WordPress's form. For the action `login_form`.
	 */
	public function on_wordpress(): void {
		$this->show( 'button button-large', 'display:block;float:none;width:100%;text-align:center;margin:0 0 16px;box-sizing:border-box' );
	}

	/**
	 * On WooCommerce's. For the action `woocommerce_login_form_end`.
	 */
	public function on_woocommerce(): void {
		$this->show( 'woocommerce-button button', '' );
	}

	/**
	 * Why somebody was not let in. For the filter `wp_login_errors`.
	 *
	 * @param \WP_Error $errors What the form shows.
	 */
	public function explain( \WP_Error $errors ): \WP_Error {
		$reason = Refusal::tryFrom( ( new Browser() )->parameter( Names::REFUSED ) );
		if ( null !== $reason ) {
			$errors->add( $reason->value, esc_html( $reason->sentence() ) );
		}
		return $errors;
	}

	/**
	 * The links. A form of log-in never fails because of them.
	 *
	 * @param string $classes Classes.
	 * @param string $style   Style.
	 */
	private function show( string $classes, string $style ): void {
		if ( '' !== ( new Browser() )->parameter( 'interim-login' ) ) {
			// WordPress's form in a frame, when a session ends while somebody writes: no log-in leads through a frame.
			return;
		}
		try {
			$sites = $this->partners->offered();
		} catch ( \Throwable $failure ) {
			$this->trouble->note( $failure );
			return;
		}
		foreach ( $sites as $uuid => $name ) {
			printf(
				'<p class="tandem-login"><a class="%s"%s href="%s">%s</a></p>',
				esc_attr( $classes ),
				'' === $style ? '' : ' style="' . esc_attr( $style ) . '"',
				esc_url( Addresses::begin_here( $uuid, self::wanted() ) ),
				/* translators: %s: name of the other site. */
				esc_html( sprintf( __( 'Log in with %s', 'tandem-user-sync' ), $name ) )
			);
		}
	}

	/**
	 * Where the form was to lead: a path here. What begins with the admin pages or another site is none.
	 */
	private static function wanted(): string {
		$wanted = ( new Browser() )->parameter( 'redirect_to' );
		$home   = untrailingslashit( home_url() );
		return match ( true ) {
			str_starts_with( $wanted, $home . '/' ) => Path::checked( substr( $wanted, strlen( $home ) ) ),
			'' === $wanted && is_singular()         => Path::of_request( ( new Browser() )->asked_path() ),
			default                                 => Path::checked( $wanted ),
		};
	}
}
