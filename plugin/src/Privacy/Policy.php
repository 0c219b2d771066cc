<?php
/**
 * A suggestion for the site's privacy policy.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Privacy;

final class Policy {

	/**
	 * Suggests a text. For the action `admin_init`.
	 */
	public function suggest(): void {
		$paragraphs = array(
			'<p class="privacy-policy-tutorial">' . esc_html__( 'Tandem User Sync sends user accounts to other sites that you connected. Name those sites, and what you chose to send, in your policy.', 'tandem-user-sync' ) . '</p>',
			'<p><strong class="privacy-policy-tutorial">' . esc_html__( 'Suggested text:', 'tandem-user-sync' ) . '</strong> ' . esc_html__( 'If you have an account here, we keep the same account on our other websites, so that you can log in there with the same username and password. For this we send your username, email address, name and other details of your profile, your role and, when you set one, your new password to those websites over an encrypted connection. We keep a record of when something was sent, and with what result, for a limited time. The new password is kept, encrypted, only until it has arrived or can no longer be delivered.', 'tandem-user-sync' ) . '</p>',
		);
		wp_add_privacy_policy_content( __( 'Tandem User Sync', 'tandem-user-sync' ), implode( '', $paragraphs ) );
	}
}
