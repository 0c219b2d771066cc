<?php
/**
 * Whether somebody has logged in here with a second factor.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Login;

final class SecondFactor {

	/** With this the plugin Two-Factor marks a session (`Two_Factor_Core::is_current_user_session_two_factor()`): when it was given, Unix seconds. */
	private const MARK = 'two-factor-login';

	/**
	 * Whether the present session was opened with one.
	 *
	 * @param int $user_id User here, who is logged in.
	 */
	public static function was_given( int $user_id ): bool {
		$session = \WP_Session_Tokens::get_instance( $user_id )->get( wp_get_session_token() );
		$given   = is_array( $session ) && ! empty( $session[ self::MARK ] );
		/**
		 * Filters whether the present session was opened with a second factor. For plugins other than Two-Factor.
		 *
		 * @param bool $given   Whether it was; true where Two-Factor has marked it.
		 * @param int  $user_id User here.
		 */
		return true === apply_filters( 'tandem_has_second_factor', $given, $user_id );
	}
}
