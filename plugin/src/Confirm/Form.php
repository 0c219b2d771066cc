<?php
/**
 * A page with one question and one button, in the look of WordPress's log-in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

final class Form {

	public const QUESTION = 'question';
	public const SUCCESS  = 'success';
	public const ERROR    = 'error';

	/**
	 * @param string                $title  Title.
	 * @param string                $text   What it says.
	 * @param string                $note   What it says besides, or ''. Only of a question.
	 * @param string                $tone   One of the above: a question has a box with a heading, an answer is a notice.
	 * @param string                $action `wp-login.php?action=…`, where the button leads.
	 * @param array<string, string> $fields What goes along with the button. None: there is no button.
	 */
	public function __construct(
		private readonly string $title,
		private readonly string $text,
		private readonly string $note,
		private readonly string $tone,
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
		login_header( $this->title, $this->notice() );
		if ( self::QUESTION === $this->tone ) {
			// The look of core's own question on this page, "Administration email verification".
			printf( '<form class="admin-email-confirm-form" method="post" action="%s">', esc_url( site_url( 'wp-login.php?action=' . $this->action, 'login_post' ) ) );
			printf( '<h1 class="admin-email__heading">%s</h1>', esc_html( $this->title ) );
			foreach ( array_diff( array( $this->text, $this->note ), array( '' ) ) as $paragraph ) {
				printf( '<p class="admin-email__details">%s</p>', esc_html( $paragraph ) );
			}
			foreach ( $this->fields as $name => $value ) {
				printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
			}
			printf( '<div class="admin-email__actions"><div class="admin-email__actions-primary"><button class="button button-primary button-large" style="margin-inline:0" name="tandem_yes" value="1">%s</button></div></div></form>', esc_html__( 'Yes, both are mine', 'tandem-user-sync' ) );
		}
		login_footer();
		exit;
	}

	/**
	 * What an answer says, as core shows it above its forms; '' for a question.
	 */
	private function notice(): string {
		return match ( $this->tone ) {
			self::SUCCESS => '<div class="notice notice-success success" role="status"><p>' . esc_html( $this->text ) . '</p></div>',
			self::ERROR   => '<div id="login_error" class="notice notice-error" role="alert"><p>' . esc_html( $this->text ) . '</p></div>',
			default       => '',
		};
	}
}
