<?php
/**
 * Application passwords that introduce another site have travelled in an address. They open one route and
 * nothing else, from the first moment, and are gone after their first use or within the hour. Where the plugin is
 * switched off or removed, they go at once: nobody would keep them to that route any more.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Peer;

use Tandem\Rest\Api;
use Tandem\Time\Clock;

final class Fence {

	/** How the names of such application passwords begin. For people: the owner may change it while approving. */
	public const NAME = 'Tandem pairing: ';

	/** How their `app_id` begins, which nobody can change on that screen ("tandem" in hexadecimal digits). */
	private const MARK = '74616e64-656d-';

	/** The one route that they open. */
	public const ROUTE = '/' . Api::NAMESPACE . '/peer/introduce';

	/** Which ones there are, by UUID: whose, and since when. */
	public const OPTION = 'tandem_introductions';

	/** Seconds after which one that nobody used is removed. */
	private const SECONDS = HOUR_IN_SECONDS;

	/**
	 * @param Refusals $refusals Puts refusals on record.
	 * @param Clock    $clock    Time.
	 */
	public function __construct( private readonly Refusals $refusals, private readonly Clock $clock ) {
	}

	/**
	 * The `app_id` with which a site asks to be introduced: a UUID that bears the mark and ends like its own.
	 *
	 * @param string $uuid UUID of that site.
	 */
	public static function app_id( string $uuid ): string {
		return self::MARK . substr( $uuid, strlen( self::MARK ) );
	}

	/**
	 * Remembers one that was made. For the action `wp_create_application_password`.
	 *
	 * @param int                  $user_id Whose.
	 * @param array<string, mixed> $item    Application password as WordPress stores it.
	 */
	public function remember( int $user_id, array $item ): void {
		if ( self::is_fenced( $item ) ) {
			$known                                     = $this->known();
			$known[ (string) ( $item['uuid'] ?? '' ) ] = array( $user_id, $this->clock->now() );
			update_option( self::OPTION, $known, false );
		}
	}

	/**
	 * Keeps one out of XML-RPC. For the action `wp_authenticate_application_password_errors`.
	 *
	 * @param \WP_Error            $error Gets the refusal.
	 * @param \WP_User             $user  Whose.
	 * @param array<string, mixed> $item  Application password as WordPress stores it.
	 */
	public function refuse_elsewhere( \WP_Error $error, \WP_User $user, array $item ): void {
		if ( self::is_fenced( $item ) && ! ( defined( 'REST_REQUEST' ) && REST_REQUEST ) ) {
			$this->refusals->of_fenced( 'XML-RPC', $user->user_login );
			$error->add( IntroductionCode::Fenced->value, IntroductionCode::Fenced->sentence() );
		}
	}

	/**
	 * Keeps one to its route. For the filter `rest_pre_dispatch`.
	 *
	 * @param mixed            $result  An answer that another plugin gives.
	 * @param \WP_REST_Request $request The request.
	 * @return mixed The first argument, or a refusal.
	 */
	public function guard( mixed $result, \WP_REST_Request $request ): mixed {
		$item = self::in_use();
		if ( null === $item || ! self::is_fenced( $item ) || ( self::ROUTE === $request->get_route() && 'POST' === $request->get_method() ) ) {
			return $result;
		}
		$this->refusals->of_fenced( $request->get_route(), wp_get_current_user()->user_login );
		return IntroductionCode::Fenced->to_error();
	}

	/**
	 * The application password in use is one that introduces the site with this UUID, and its holder is an administrator.
	 *
	 * @param string $uuid UUID of the site that wants to be introduced.
	 */
	public function introduces( string $uuid ): bool {
		$item = self::in_use();
		return null !== $item && self::is_fenced( $item ) && hash_equals( self::app_id( $uuid ), (string) ( $item['app_id'] ?? '' ) ) && current_user_can( Api::CAPABILITY );
	}

	/**
	 * Removes the application password in use, if it is such a one.
	 */
	public function revoke_used(): void {
		$item = self::in_use();
		if ( null !== $item && self::is_fenced( $item ) ) {
			$this->revoke( get_current_user_id(), (string) $item['uuid'] );
		}
	}

	/**
	 * Removes those that nobody used.
	 */
	public function revoke_unused(): void {
		foreach ( $this->known() as $uuid => $what ) {
			if ( (int) ( $what[1] ?? 0 ) < $this->clock->now() - self::SECONDS ) {
				$this->revoke( (int) ( $what[0] ?? 0 ), (string) $uuid );
			}
		}
	}

	/**
	 * Removes all that were not used, however new they are. Uses nothing else of the plugin: it runs at its removal too.
	 */
	public static function revoke_all(): void {
		$known = get_option( self::OPTION );
		foreach ( is_array( $known ) ? $known : array() as $uuid => $what ) {
			\WP_Application_Passwords::delete_application_password( is_array( $what ) ? (int) ( $what[0] ?? 0 ) : 0, (string) $uuid );
		}
		delete_option( self::OPTION );
	}

	/**
	 * Removes one.
	 *
	 * @param int    $user_id Whose.
	 * @param string $uuid    Its UUID.
	 */
	private function revoke( int $user_id, string $uuid ): void {
		\WP_Application_Passwords::delete_application_password( $user_id, $uuid );
		$known = $this->known();
		unset( $known[ $uuid ] );
		array() === $known ? delete_option( self::OPTION ) : update_option( self::OPTION, $known, false );
	}

	/**
	 * The application password of this request, or null.
	 *
	 * @return array<string, mixed>|null
	 */
	private static function in_use(): ?array {
		$uuid = rest_get_authenticated_app_password();
		$item = null === $uuid ? null : \WP_Application_Passwords::get_user_application_password( get_current_user_id(), $uuid );
		return is_array( $item ) ? $item : null;
	}

	/**
	 * Whether an application password is such a one.
	 *
	 * @param array<string, mixed> $item As WordPress stores it.
	 */
	private static function is_fenced( array $item ): bool {
		return str_starts_with( (string) ( $item['app_id'] ?? '' ), self::MARK );
	}

	/**
	 * Those that there are.
	 *
	 * @return array<string, array{0: int, 1: int}>
	 */
	private function known(): array {
		$known = get_option( self::OPTION );
		return is_array( $known ) ? $known : array();
	}
}
