<?php
/**
 * The page behind the link of a confirmation mail, in the look of WordPress's log-in.
 *
 * Opening it does nothing: mail scanners open links. A button says yes. It neither logs anybody in nor asks who is
 * logged in.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Confirm;

final class Screen {

	/**
	 * @param string   $action   `wp-login.php?action=…`
	 * @param Question $question What is asked.
	 */
	public function __construct( private readonly string $action, private readonly Question $question ) {
	}

	/**
	 * Shows the page. For the action `login_form_…`.
	 */
	public function show(): void {
		$answer = $this->answer();
		( new Form(
			$answer['title'],
			$answer['text'],
			$this->action,
			$answer['button'] ? array(
				'row'   => (string) $answer['row'],
				'token' => $answer['token'],
			) : array()
		) )->show();
	}

	/**
	 * Checks the link, and says yes when the button was pressed.
	 *
	 * @return array{title: string, text: string, button: bool, row: int, token: string}
	 */
	public function answer(): array {
		// phpcs:disable WordPress.Security.NonceVerification -- the token is secret and good for one use; nobody else can make this request.
		$row   = absint( is_scalar( $_REQUEST['row'] ?? 0 ) ? $_REQUEST['row'] ?? 0 : 0 );
		$token = sanitize_text_field( wp_unslash( is_string( $_REQUEST['token'] ?? '' ) ? $_REQUEST['token'] ?? '' : '' ) );
		$yes   = 'POST' === ( $_SERVER['REQUEST_METHOD'] ?? 'GET' ) && isset( $_POST['tandem_yes'] );
		// phpcs:enable
		$answer = array(
			'title'  => __( 'Connect your accounts', 'tandem-user-sync' ),
			'text'   => __( 'Are both accounts yours? Then your password and profile will be the same on both sites from now on.', 'tandem-user-sync' ),
			'button' => ! $yes,
			'row'    => $row,
			'token'  => $token,
		);
		try {
			$this->question->answer( $row, $token, $yes );
			if ( $yes ) {
				$answer['text'] = __( 'Thank you. Your accounts are being connected: in a moment you can log in on both sites with the same password.', 'tandem-user-sync' );
			}
		} catch ( Refused $refused ) {
			$answer['text']   = $refused->getMessage();
			$answer['button'] = false;
		}
		return $answer;
	}
}
