<?php
/**
 * The page behind the link of a guard's mail. Opening it does nothing: mail scanners open links. A button says yes.
 *
 * It neither logs anybody in nor asks who is logged in: whoever holds the token of the mail may answer it, once, and
 * what is answered concerns the account that the mail went to and no other.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Confirm\Form;
use Tandem\Confirm\Refused;

final class ApprovalScreen {

	/** `wp-login.php?action=…` */
	public const ACTION = 'tandem_approve';

	/**
	 * @param Guard $guard Checks links.
	 */
	public function __construct( private readonly Guard $guard ) {
	}

	/**
	 * Shows the page. For the action `login_form_tandem_approve`.
	 */
	public function show(): void {
		$answer = $this->answer();
		( new Form(
			$answer['title'],
			$answer['text'],
			self::ACTION,
			$answer['button'] ? array(
				'question' => (string) $answer['question'],
				'token'    => $answer['token'],
			) : array()
		) )->show();
	}

	/**
	 * Checks the link, and says yes when the button was pressed.
	 *
	 * @return array{title: string, text: string, button: bool, question: int, token: string}
	 */
	public function answer(): array {
		// phpcs:disable WordPress.Security.NonceVerification -- the token is secret and good for one use; nobody else can make this request.
		$question = absint( is_scalar( $_REQUEST['question'] ?? 0 ) ? $_REQUEST['question'] ?? 0 : 0 );
		$token    = sanitize_text_field( wp_unslash( is_string( $_REQUEST['token'] ?? '' ) ? $_REQUEST['token'] ?? '' : '' ) );
		$yes      = 'POST' === ( $_SERVER['REQUEST_METHOD'] ?? 'GET' ) && isset( $_POST['tandem_yes'] );
		// phpcs:enable
		$answer = array(
			'title'    => __( 'Connect your accounts', 'tandem-user-sync' ),
			'text'     => __( 'Are both accounts yours? Then your password and profile will be the same on both sites from now on.', 'tandem-user-sync' ),
			'button'   => ! $yes,
			'question' => $question,
			'token'    => $token,
		);
		try {
			$approval = $this->guard->check( $question, $token );
			if ( $yes ) {
				$this->guard->approve( $approval );
				$answer['text'] = __( 'Thank you. Your accounts are being connected: in a moment you can log in on both sites with the same password.', 'tandem-user-sync' );
			}
		} catch ( Refused $refused ) {
			$answer['text']   = $refused->getMessage();
			$answer['button'] = false;
		}
		return $answer;
	}
}
