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
			$answer['note'],
			$answer['tone'],
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
	 * @return array{title: string, text: string, note: string, tone: string, button: bool, row: int, token: string} `tone` is
	 *         one of `Form`'s.
	 */
	public function answer(): array {
		// phpcs:disable WordPress.Security.NonceVerification -- the token is secret and good for one use; nobody else can make this request.
		$row   = absint( is_scalar( $_REQUEST['row'] ?? 0 ) ? $_REQUEST['row'] ?? 0 : 0 );
		$token = sanitize_text_field( wp_unslash( is_string( $_REQUEST['token'] ?? '' ) ? $_REQUEST['token'] ?? '' : '' ) );
		$yes   = 'POST' === ( $_SERVER['REQUEST_METHOD'] ?? 'GET' ) && isset( $_POST['tandem_yes'] );
		// phpcs:enable
		$answer = array(
			'title'  => __( 'Connect your accounts', 'tandem-user-sync' ),
			'text'   => '',
			'note'   => '',
			'tone'   => $yes ? Form::SUCCESS : Form::QUESTION,
			'button' => ! $yes,
			'row'    => $row,
			'token'  => $token,
		);
		try {
			$site = $this->question->answer( $row, $token, $yes );
			$here = wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
			if ( $yes ) {
				/* translators: 1: name of this site, 2: name of the other site. */
				$answer['text'] = sprintf( __( 'Thank you. Your accounts are being connected: in a moment you can log in on %1$s and %2$s with the same password.', 'tandem-user-sync' ), $here, $site->name );
			} else {
				/* translators: 1: name of this site, 2: name of the other site, 3: its address. */
				$answer['text'] = sprintf( __( 'Are your account on %1$s and the one on %2$s (%3$s) both yours? Then your password and profile will be the same on both from now on.', 'tandem-user-sync' ), $here, $site->name, $site->url );
				/* translators: %s: name of the other site. */
				$answer['note'] = sprintf( __( 'If you have no account on %s, close this page. Nothing changes then.', 'tandem-user-sync' ), $site->name );
			}
		} catch ( Refused $refused ) {
			$answer['text']   = $refused->getMessage();
			$answer['tone']   = Form::ERROR;
			$answer['button'] = false;
		}
		return $answer;
	}
}
