<?php
/**
 * The plugin's page under "Users": the menu entry, the scripts, and the return
 * from the other site's `authorize-application.php`.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Admin;

use Tandem\Database\Failure;
use Tandem\Plugin;
use Tandem\Remote\ConnectFailed;
use Tandem\Remote\Connector;
use Tandem\Remote\SiteNotFound;
use Tandem\Rest\Api;
use Tandem\Security\SiteIdentity;

final class Page {

	/** The page's name in addresses: `users.php?page=…`. */
	public const SLUG = 'tandem-user-sync';

	/** Id of the element that the React application fills. */
	public const ROOT = 'tandem-root';

	/** Handle of the script and the style sheet. */
	private const HANDLE = 'tandem-user-sync';

	/** Seconds in which a message for the next page view is shown or forgotten. */
	private const NOTICE_SECONDS = 120;

	/**
	 * @param string                $file      The plugin's main file.
	 * @param \Closure(): Connector $connector Finishes a connection. Made when it is needed: every page of wp-admin comes by here.
	 * @param SiteIdentity          $identity  Whether this is a copy of a site.
	 */
	public function __construct(
		private readonly string $file,
		private readonly \Closure $connector,
		private readonly SiteIdentity $identity,
	) {
	}

	/**
	 * Address of the page.
	 */
	public static function url(): string {
		return admin_url( 'users.php?page=' . self::SLUG );
	}

	/**
	 * Adds the page to the menu. For the action `admin_menu`.
	 *
	 * @return string Name of the page's hook: `load-{name}` runs before any output. '' for who may not see it.
	 */
	public function add(): string {
		return (string) add_submenu_page(
			'users.php',
			__( 'Tandem User Sync', 'tandem-user-sync' ),
			__( 'User Sync', 'tandem-user-sync' ),
			Api::CAPABILITY,
			self::SLUG,
			$this->render( ... )
		);
	}

	/**
	 * A link in the list of plugins. For the filter `plugin_action_links_{plugin}`.
	 *
	 * @param array<int|string, string> $links Links that there are.
	 * @return array<int|string, string>
	 */
	public function action_links( array $links ): array {
		if ( ! current_user_can( Api::CAPABILITY ) ) {
			return $links;
		}
		return array( 'settings' => sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'tandem-user-sync' ) ) ) + $links;
	}

	/**
	 * Before any output of the page: takes the password out of the address, at once. For the action `load-{page}`.
	 */
	public function load(): void {
		$clean = $this->take_return();
		if ( null !== $clean ) {
			// The page that came before must not be told this address.
			header( 'Referrer-Policy: no-referrer' );
			nocache_headers();
			wp_safe_redirect( $clean, 303 );
			exit;
		}
	}

	/**
	 * Takes what the other site's `authorize-application.php` gave back, if this is such a return.
	 *
	 * @return string|null Where to go at once; null when it is an ordinary visit.
	 */
	public function take_return(): ?string {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- the one-time state is the nonce; Connector checks it.
		if ( ! isset( $_GET['tandem_connect'] ) || ! current_user_can( Api::CAPABILITY ) ) {
			return null;
		}
		$given = array();
		foreach ( array( 'tandem_connect', 'site_url', 'user_login', 'password', 'success' ) as $name ) {
			$value          = wp_unslash( $_GET[ $name ] ?? '' ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- compared and sent, never printed; a password must not be changed.
			$given[ $name ] = is_string( $value ) ? $value : '';
		}
		// phpcs:enable
		$this->remember_notice( $this->finish( $given ) );
		return self::url();
	}

	/**
	 * The scripts of the page. For the action `admin_enqueue_scripts`.
	 *
	 * @param string $current Name of the present page's hook.
	 */
	public function enqueue( string $current ): void {
		if ( 'users_page_' . self::SLUG !== $current || ! $this->is_built() ) {
			return;
		}
		$asset = require $this->build( 'index.asset.php' );
		wp_enqueue_script( self::HANDLE, $this->build_url( 'index.js' ), $asset['dependencies'], $asset['version'], true );
		wp_set_script_translations( self::HANDLE, 'tandem-user-sync', dirname( $this->file ) . '/languages' );
		wp_add_inline_script( self::HANDLE, 'window.tandem = ' . wp_json_encode( $this->boot(), JSON_HEX_TAG | JSON_HEX_AMP ) . ';', 'before' );

		// From 7.0 on the command palette loads core's own components on every screen: two copies of these styles disturb it.
		$components = 'wp-components';
		if ( version_compare( get_bloginfo( 'version' ), '7.0-alpha', '<' ) ) {
			$components = self::HANDLE . '-components';
			wp_register_style( $components, $this->build_url( 'components.css' ), array(), $asset['version'] );
			wp_style_add_data( $components, 'rtl', 'replace' );
		}
		wp_enqueue_style( self::HANDLE, $this->build_url( 'index.css' ), array( $components ), $asset['version'] );
		wp_style_add_data( self::HANDLE, 'rtl', 'replace' );
	}

	/**
	 * Marks the page for the frame that WordPress 7.0 and newer draw. For the filter `admin_body_class`.
	 *
	 * @param string $classes Classes of the body element.
	 */
	public function body_class( string $classes ): string {
		$screen = get_current_screen();
		return null !== $screen && 'users_page_' . self::SLUG === $screen->id && version_compare( get_bloginfo( 'version' ), '7.0-alpha', '>=' )
			? $classes . ' tandem-framed'
			: $classes;
	}

	/**
	 * What the application needs before its first request. A notice is handed over once.
	 *
	 * @return array<string, mixed> Shape of `Boot` in admin-src/types.ts.
	 */
	public function boot(): array {
		$notice = get_transient( $this->notice_key() );
		delete_transient( $this->notice_key() );
		return array(
			'pageUrl'  => self::url(),
			'siteName' => html_entity_decode( get_bloginfo( 'name' ), ENT_QUOTES, 'UTF-8' ),
			'version'  => Plugin::VERSION,
			'notice'   => is_array( $notice ) ? $notice : null,
			'copyOf'   => $this->identity->copy_of(),
		);
	}

	/**
	 * The page.
	 */
	public function render(): void {
		if ( $this->is_built() ) {
			printf(
				'<div id="%1$s" class="%1$s"><noscript>%2$s</noscript></div>',
				esc_attr( self::ROOT ),
				esc_html__( 'This page needs JavaScript. Syncing itself does not.', 'tandem-user-sync' )
			);
			return;
		}
		printf(
			'<div class="wrap"><h1>%s</h1><div class="notice notice-error"><p>%s</p></div></div>',
			esc_html__( 'Tandem User Sync', 'tandem-user-sync' ),
			esc_html__( 'The files of this page are missing (plugin/build). Syncing works, but can’t be seen or changed here. Install the plugin from its zip file, or run “npm ci && npm run build” in its source.', 'tandem-user-sync' )
		);
	}

	/**
	 * Finishes a connection.
	 *
	 * @param array<string, string> $given What the other site gave back.
	 * @return array{kind: 'success'|'error', message: string, siteId: int|null}
	 */
	private function finish( #[\SensitiveParameter] array $given ): array {
		if ( 'false' === $given['success'] ) {
			return $this->notice( 'error', __( 'The connection was not approved on the other site, so nothing was connected.', 'tandem-user-sync' ) );
		}
		try {
			$site = ( $this->connector )()->finish( $given['tandem_connect'], $given['site_url'], $given['user_login'], $given['password'] );
		} catch ( ConnectFailed $reason ) {
			return $this->notice( 'error', $reason->getMessage() );
		} catch ( SiteNotFound ) {
			return $this->notice( 'error', __( 'The site that was to be connected again has been removed meanwhile. Add it anew.', 'tandem-user-sync' ) );
		} catch ( Failure ) {
			return $this->notice( 'error', __( 'The database of this site refused to store the connection. Try again in a moment.', 'tandem-user-sync' ) );
		}
		/* translators: %s: name of the other site. */
		return $this->notice( 'success', sprintf( __( 'Connected with %s.', 'tandem-user-sync' ), $site->name ), $site->id );
	}

	/**
	 * A message for the page.
	 *
	 * @param 'success'|'error' $kind    Kind.
	 * @param string            $message Sentence.
	 * @param int|null          $site_id Site that it is about.
	 * @return array{kind: 'success'|'error', message: string, siteId: int|null}
	 */
	private function notice( string $kind, string $message, ?int $site_id = null ): array {
		return array(
			'kind'    => $kind,
			'message' => $message,
			'siteId'  => $site_id,
		);
	}

	/**
	 * Keeps a message until this user sees the page.
	 *
	 * @param array{kind: 'success'|'error', message: string, siteId: int|null} $notice The message.
	 */
	private function remember_notice( array $notice ): void {
		set_transient( $this->notice_key(), $notice, self::NOTICE_SECONDS );
	}

	/**
	 * Where this user's message is kept.
	 */
	private function notice_key(): string {
		return 'tandem_notice_' . get_current_user_id();
	}

	/**
	 * Whether the application has been built.
	 */
	private function is_built(): bool {
		return is_readable( $this->build( 'index.asset.php' ) ) && is_readable( $this->build( 'index.js' ) );
	}

	/**
	 * Path of a built file.
	 *
	 * @param string $name Its name.
	 */
	private function build( string $name ): string {
		return dirname( $this->file ) . '/build/' . $name;
	}

	/**
	 * Address of a built file.
	 *
	 * @param string $name Its name.
	 */
	private function build_url( string $name ): string {
		return plugins_url( 'build/' . $name, $this->file );
	}
}
