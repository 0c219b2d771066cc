<?php
/**
 * Which site this is, so that a copy of it does not sync.
 *
 * A staging copy has the database and so the credentials. The address is part of
 * the identity: when it changes, everything outgoing stops until the owner says
 * whether the site has moved or is a copy. It is stored encoded, because the tools
 * that make copies replace the old address wherever they read it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Security;

final class SiteIdentity {

	/** Where it is kept; loaded with the other options. */
	public const OPTION = 'tandem_identity';

	/**
	 * Writes down this site's address, if none is yet.
	 */
	public function establish(): void {
		if ( ! is_array( get_option( self::OPTION ) ) ) {
			$this->write( wp_generate_uuid4() );
		}
	}

	/**
	 * A number that this installation keeps, as `authorize-application.php` wants one (`app_id`).
	 */
	public function uuid(): string {
		$identity = get_option( self::OPTION );
		if ( ! is_array( $identity ) ) {
			$this->establish();
			$identity = (array) get_option( self::OPTION );
		}
		return (string) ( $identity['uuid'] ?? '' );
	}

	/**
	 * The address that this site had when it was connected, if it has another one now; null when all is well.
	 */
	public function copy_of(): ?string {
		$identity = get_option( self::OPTION );
		if ( ! is_array( $identity ) ) {
			return null;
		}
		$known = (string) base64_decode( (string) ( $identity['address'] ?? '' ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- hides the address from search-and-replace.
		return '' === $known || self::bare( $known ) === self::bare( home_url() ) ? null : $known;
	}

	/**
	 * The owner said that the site has moved: the new address is its own.
	 */
	public function moved(): void {
		$this->write( $this->uuid() );
	}

	/**
	 * The owner said that this is a copy: it becomes a site of its own.
	 */
	public function becomes_another(): void {
		$this->write( wp_generate_uuid4() );
	}

	/**
	 * Stores the identity with the present address.
	 *
	 * @param string $uuid Its number.
	 */
	private function write( string $uuid ): void {
		update_option(
			self::OPTION,
			array(
				'uuid'    => $uuid,
				'address' => base64_encode( home_url() ), // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- hides the address from search-and-replace.
			),
			true
		);
	}

	/**
	 * An address without what may change on the same site: scheme, `www.`, case, a slash at the end.
	 *
	 * @param string $url Address.
	 */
	private static function bare( string $url ): string {
		return (string) preg_replace( '#^https?://(www\.)?#', '', strtolower( untrailingslashit( $url ) ) );
	}
}
