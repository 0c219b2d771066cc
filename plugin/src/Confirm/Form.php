<?php
/**
 * A page with one question and one button, in the look of WordPress's log-in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

final class Form {

	/**
	 * @param string                $title  Title.
	 * @param string                $text   What it says.
	 * @param string                $action `wp-login.php?action=…`, where the button leads.
	 * @param array<string, string> $fields What goes along with the button. None: there is no button.
	 */
	public function __construct(
		private readonly string $title,
		private readonly string $text,
		private readonly string $action,
		private readonly array $fields,
	) {
	}

	/**
	 * Prints the page, and nothing else after it. It logs nobody in, and the token in its address goes to nobody else.
	 */
	public function show(): never {
		nocache_headers();
		header( 'Referrer-Policy: no-referrer' );
		login_header( $this->title, '<p class="message">' . esc_html( $this->text ) . '</p>' );
		if ( array() !== $this->fields ) {
			printf( '<form method="post" action="%s">', esc_url( site_url( 'wp-login.php?action=' . $this->action, 'login_post' ) ) );
			foreach ( $this->fields as $name => $value ) {
				printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
			}
			printf( '<p class="submit"><button class="button button-primary button-large" name="tandem_yes" value="1">%s</button></p></form>', esc_html__( 'Yes, both are mine', 'tandem-user-sync' ) );
		}
		login_footer();
		exit;
	}
}
