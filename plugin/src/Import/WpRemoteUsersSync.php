<?php
/**
 * WP Remote Users Sync: its settings, and whether it is at work for a site.
 *
 * Its option `wprus` and what is in it were read from froger-me/wp-remote-users-sync (`inc/class-wprus-settings.php`,
 * `inc/templates/admin/site-metabox.php`). Its keys are good for its own messages only: they are not read.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Import;

use Tandem\Peer\Policy;
use Tandem\Remote\Address;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteSettings;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;

final class WpRemoteUsersSync {

	private const OPTION = 'wprus';
	private const PLUGIN = 'wp-remote-users-sync/wprus.php';

	/** What of a profile its actions "create" and "update" send. */
	private const PROFILE = array( 'user_email', 'first_name', 'last_name', 'display_name', 'nickname', 'user_url', 'description', 'locale' );

	/** Actions that change accounts. "login" and "logout" don't. */
	private const CHANGES = array( 'create', 'update', 'delete', 'password', 'role', 'meta' );

	/**
	 * Whether it is switched on.
	 */
	public static function is_active(): bool {
		return class_exists( 'Wprus', false ) || in_array( self::PLUGIN, (array) get_option( 'active_plugins', array() ), true ) || isset( ( (array) get_site_option( 'active_sitewide_plugins', array() ) )[ self::PLUGIN ] );
	}

	/**
	 * Whether it sends changes of users to a site that this one is connected with. Then Tandem doesn't: two that answer
	 * the same event make accounts twice and answer each other.
	 *
	 * @param RemoteSite $site The site.
	 */
	public static function sends_to( RemoteSite $site ): bool {
		if ( false === get_option( self::OPTION, false ) || ! self::is_active() ) {
			return false;
		}
		foreach ( self::sites() as $known ) {
			if ( Address::is_same( $known['url'], $site->url ) && ( array() !== array_intersect( self::CHANGES, $known['out'] ) || array() !== array_intersect( self::CHANGES, $known['in'] ) ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The sites that it knows, with what Tandem would do alike.
	 *
	 * @return list<array{url: string, settings: array<string, mixed>, policy: array<string, mixed>, notes: list<string>}> `settings` and `policy` are parts of those of a site.
	 */
	public static function proposals(): array {
		return array_map( self::proposal( ... ), self::sites() );
	}

	/**
	 * What Tandem would do for a site.
	 *
	 * @param array{url: string, out: list<string>, in: list<string>, out_meta: list<string>, in_meta: list<string>, out_roles: list<string>, in_roles: list<string>} $site As it is set there.
	 * @return array{url: string, settings: array<string, mixed>, policy: array<string, mixed>, notes: list<string>}
	 */
	private static function proposal( array $site ): array {
		$sends    = static fn ( string $action ): bool => in_array( $action, $site['out'], true );
		$takes    = static fn ( string $action ): bool => in_array( $action, $site['in'], true );
		$harmless = array_values( array_filter( array_map( 'strval', array_keys( wp_roles()->roles ) ), static fn ( string $role ): bool => ! ProtectedAccounts::is_powerful_role( $role ) ) );
		$allowed  = static fn ( array $keys ): array => array_values( array_filter( $keys, SiteSettings::is_meta_key_allowed( ... ) ) );
		$notes    = array();
		$refused  = array_values( array_diff( array( ...( $sends( 'meta' ) ? $site['out_meta'] : array() ), ...( $takes( 'meta' ) ? $site['in_meta'] : array() ) ), $allowed( array( ...$site['out_meta'], ...$site['in_meta'] ) ) ) );
		if ( $sends( 'delete' ) || $takes( 'delete' ) ) {
			$notes[] = __( 'Deletions are not taken over. Switch them on in the settings of the site, and choose who gets the content.', 'tandem-user-sync' );
		}
		if ( $sends( 'login' ) || $takes( 'login' ) || $sends( 'logout' ) ) {
			$notes[] = __( 'Logging in and out together is not taken over.', 'tandem-user-sync' );
		}
		if ( $takes( 'meta' ) && array() === $site['in_meta'] ) {
			$notes[] = __( 'It takes all user meta from there. Tandem takes only keys that are named: choose them in the settings of the site.', 'tandem-user-sync' );
		}
		if ( array() !== $refused ) {
			/* translators: %s: names of meta keys. */
			$notes[] = sprintf( __( 'These meta keys are never synced: %s.', 'tandem-user-sync' ), implode( ', ', array_map( 'sanitize_text_field', array_slice( array_unique( $refused ), 0, 20 ) ) ) );
		}
		$fields = array(
			...( $sends( 'create' ) || $sends( 'update' ) ? self::PROFILE : array() ),
			...( $sends( 'role' ) ? array( FieldSet::ROLES ) : array() ),
			...( $sends( 'password' ) ? array( FieldSet::PASSWORD ) : array() ),
		);
		$policy = array(
			'create'   => $takes( 'create' ),
			'update'   => $takes( 'update' ),
			'password' => $takes( 'password' ),
			'roles'    => $takes( 'role' ),
			'logout'   => $takes( 'logout' ),
			'roleList' => array() === $site['in_roles'] ? $harmless : array_values( array_intersect( $harmless, $site['in_roles'] ) ),
			'metaList' => $takes( 'meta' ) ? $allowed( $site['in_meta'] ) : array(),
		);
		return array(
			'url'      => $site['url'],
			'settings' => array(
				'fields'     => array_values( array_intersect( FieldSet::CHOICES, $fields ) ),
				'meta'       => $sends( 'meta' ) ? $allowed( $site['out_meta'] ) : array(),
				'grantRoles' => array_values( array_intersect( $harmless, $site['out_roles'] ) ),
			),
			'policy'   => array_intersect_key( $policy, Policy::defaults()->to_array() ),
			'notes'    => $notes,
		);
	}

	/**
	 * The sites in its option; what is no address is passed over.
	 *
	 * @return list<array{url: string, out: list<string>, in: list<string>, out_meta: list<string>, in_meta: list<string>, out_roles: list<string>, in_roles: list<string>}>
	 */
	private static function sites(): array {
		$option = get_option( self::OPTION, array() );
		$sites  = is_array( $option ) && is_array( $option['sites'] ?? null ) ? $option['sites'] : array();
		$found  = array();
		foreach ( $sites as $site ) {
			$url = is_array( $site ) && is_string( $site['url'] ?? null ) ? $site['url'] : '';
			if ( null === Address::typed( $url ) ) {
				continue;
			}
			$on      = static fn ( string $name ): array => array_map( 'strval', array_keys( array_filter( is_array( $site[ $name ] ?? null ) ? $site[ $name ] : array(), static fn ( mixed $is_on ): bool => ! empty( $is_on ) ) ) );
			$listed  = static fn ( string $name ): array => array_values( array_unique( array_filter( is_array( $site[ $name ] ?? null ) ? $site[ $name ] : array(), 'is_string' ) ) );
			$found[] = array(
				'url'       => untrailingslashit( $url ),
				'out'       => $on( 'outgoing_actions' ),
				'in'        => $on( 'incoming_actions' ),
				'out_meta'  => $listed( 'outgoing_meta' ),
				'in_meta'   => $listed( 'incoming_meta' ),
				'out_roles' => $listed( 'outgoing_roles' ),
				'in_roles'  => $listed( 'incoming_roles' ),
			);
		}
		return $found;
	}
}
