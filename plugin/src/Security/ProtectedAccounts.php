<?php
/**
 * Accounts that no other site may change, link or remove: administrators', those of anybody who can become one,
 * and those that the owner named.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class ProtectedAccounts {

	/**
	 * Power over the site or over other people's accounts. Wider than DESIGN's "promote_users or manage_options",
	 * because each of these leads there. Not `unfiltered_html`: editors are not administrators.
	 */
	public const POWERS = array(
		'manage_options',
		'promote_users',
		'promote_user',
		'edit_users',
		'create_users',
		'add_users',
		'delete_users',
		'remove_users',
		'activate_plugins',
		'install_plugins',
		'edit_plugins',
		'update_plugins',
		'delete_plugins',
		'install_themes',
		'edit_themes',
		'switch_themes',
		'edit_files',
		'update_core',
		'unfiltered_upload',
		'import',
		'manage_sites',
		'manage_network',
		'manage_network_users',
		'manage_network_plugins',
		'manage_network_options',
	);

	/** What is no power over the site, but more than owners think of when they connect one: writing scripts, changing what others wrote, seeing who is here or who has bought what. */
	private const STRENGTHS = array(
		'unfiltered_html',
		'edit_others_posts',
		'edit_others_pages',
		'delete_others_posts',
		'delete_others_pages',
		'list_users',
		'manage_woocommerce',
		'view_woocommerce_reports',
		'edit_others_products',
		'edit_others_shop_orders',
	);

	/** What is asked of WordPress itself, too: plugins give rights by the filter `user_has_cap`, which no role shows. */
	private const ASKED = array( 'manage_options', 'promote_users', 'edit_users', 'delete_users', 'activate_plugins' );

	/**
	 * @param list<int> $extra_user_ids Accounts that the owner named.
	 */
	public function __construct( private readonly array $extra_user_ids = array() ) {
	}

	/**
	 * Whether an account is out of reach.
	 *
	 * @param \WP_User $user The account.
	 */
	public function covers( \WP_User $user ): bool {
		return in_array( $user->ID, $this->extra_user_ids, true )
			|| is_super_admin( $user->ID )
			|| self::is_powerful( $user )
			|| $this->is_powerful_elsewhere( $user );
	}

	/**
	 * Whether a role gives power.
	 *
	 * @param string $role Role slug.
	 */
	public static function is_powerful_role( string $role ): bool {
		return 'administrator' === $role || self::give_power( wp_roles()->roles[ $role ]['capabilities'] ?? array() );
	}

	/**
	 * Whether a role is given by another site only where the owner has said so for that very role.
	 *
	 * @param string $role Role slug.
	 */
	public static function is_strong_role( string $role ): bool {
		$can = wp_roles()->roles[ $role ]['capabilities'] ?? array();
		return self::is_powerful_role( $role ) || array() !== array_filter( self::STRENGTHS, static fn ( string $capability ): bool => ! empty( $can[ $capability ] ) );
	}

	/**
	 * Whether capabilities give power.
	 *
	 * @param array<string, bool> $capabilities Whether granted, by name.
	 */
	public static function give_power( array $capabilities ): bool {
		return array() !== array_intersect( self::POWERS, array_map( 'strval', array_keys( array_filter( $capabilities ) ) ) );
	}

	/**
	 * Whether an account has power on the site that it was read for.
	 *
	 * @param \WP_User $user The account.
	 */
	private static function is_powerful( \WP_User $user ): bool {
		if ( in_array( 'administrator', $user->roles, true ) || self::give_power( $user->allcaps ) ) {
			return true;
		}
		foreach ( self::ASKED as $capability ) {
			if ( $user->has_cap( $capability ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * On a multisite the password and the address are the same on all sites of the network: whoever has power on
	 * another one is out of reach here, too.
	 *
	 * @param \WP_User $user The account.
	 */
	private function is_powerful_elsewhere( \WP_User $user ): bool {
		if ( ! is_multisite() ) {
			return false;
		}
		// By their ids.
		foreach ( array_keys( get_blogs_of_user( $user->ID, true ) ) as $blog_id ) {
			if ( $blog_id !== get_current_blog_id() && self::is_powerful( new \WP_User( $user->ID, '', $blog_id ) ) ) {
				return true;
			}
		}
		return false;
	}
}
