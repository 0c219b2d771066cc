<?php
/**
 * *Suspend* beside *Delete* in the users list, and its undo.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Activity\Action;
use Tandem\Activity\Audit;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Result;
use Tandem\Names;
use Tandem\Peer\Suspension;
use Tandem\Security\ProtectedAccounts;

final class SuspendActions {

	/**
	 * @param Suspension        $suspension         Suspends.
	 * @param ProtectedAccounts $protected_accounts Who can't be suspended.
	 * @param Log               $log                Activity.
	 */
	public function __construct( private readonly Suspension $suspension, private readonly ProtectedAccounts $protected_accounts, private readonly Log $log ) {
	}

	/**
	 * Adds the link. For the filter `user_row_actions`.
	 *
	 * @param array<string, string> $actions Links that there are.
	 * @param \WP_User              $user    The user of the row.
	 * @return array<string, string>
	 */
	public function add( array $actions, \WP_User $user ): array {
		if ( ! $this->may( $user ) ) {
			return $actions;
		}
		$is_suspended = $this->suspension->is_suspended( $user );
		$url          = add_query_arg(
			array(
				'action' => Names::SUSPEND,
				'user'   => $user->ID,
				'do'     => $is_suspended ? 'restore' : 'suspend',
			),
			admin_url( 'users.php' )
		);
		return $actions + array(
			Names::SUSPEND => sprintf(
				'<a href="%1$s" aria-label="%2$s">%3$s</a>',
				esc_url( wp_nonce_url( $url, self::nonce( $user->ID ) ) ),
				/* translators: %s: username. */
				esc_attr( sprintf( $is_suspended ? __( 'End the suspension of %s', 'tandem-user-sync' ) : __( 'Suspend %s: no log-in and no roles, until it is ended', 'tandem-user-sync' ), $user->user_login ) ),
				$is_suspended ? esc_html__( 'End suspension', 'tandem-user-sync' ) : esc_html__( 'Suspend', 'tandem-user-sync' )
			),
		);
	}

	/**
	 * Does what the link says. For the action `admin_action_tandem_suspend`.
	 */
	public function act(): void {
		$id   = isset( $_GET['user'] ) ? absint( $_GET['user'] ) : 0; // phpcs:ignore WordPress.Security.NonceVerification.Recommended -- checked in the next line, for this user.
		$user = get_userdata( $id );
		check_admin_referer( self::nonce( $id ) );
		if ( false === $user || ! $this->may( $user ) ) {
			wp_die( esc_html__( 'You are not allowed to suspend this user.', 'tandem-user-sync' ), '', array( 'response' => 403 ) );
		}
		$ends = isset( $_GET['do'] ) && 'restore' === $_GET['do'];
		$ends ? $this->suspension->restore( $id ) : $this->suspension->suspend( $id );
		/* translators: %s: username of an administrator. */
		$this->log->add( new Entry( Action::Update, Result::Success, 0, $id, $user->user_login, $user->user_email, message: sprintf( $ends ? __( '%s ended the suspension: roles and log-in are as they were.', 'tandem-user-sync' ) : __( '%s suspended this account: no roles and no log-in, until it is ended.', 'tandem-user-sync' ), Audit::who() ) ) );
		wp_safe_redirect( wp_get_referer() ? (string) wp_get_referer() : admin_url( 'users.php' ) );
		exit;
	}

	/**
	 * Whether the one who asks may suspend a user: who may delete them may do the milder thing.
	 *
	 * @param \WP_User $user The user.
	 */
	private function may( \WP_User $user ): bool {
		return get_current_user_id() !== $user->ID && current_user_can( 'delete_user', $user->ID ) && ! $this->protected_accounts->covers( $user );
	}

	/**
	 * Name of the nonce for one user.
	 *
	 * @param int $user_id User here.
	 */
	private static function nonce( int $user_id ): string {
		return Names::SUSPEND . '_' . $user_id;
	}
}
