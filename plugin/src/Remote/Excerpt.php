<?php
/**
 * Makes something that a person may read out of what a remote site sent: one line,
 * no markup, no secrets.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

final class Excerpt {

	/** Characters that are shown. */
	private const LENGTH = 160;

	/** @var list<string> What must never be shown. */
	private array $secrets;

	/**
	 * @param string ...$secrets What must never be shown. Their Base64, URL and HTML forms aren't either.
	 */
	public function __construct( #[\SensitiveParameter] string ...$secrets ) {
		$this->secrets = array();
		foreach ( $secrets as $secret ) {
			if ( '' !== $secret ) {
				// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- every form that it may come back in.
				array_push( $this->secrets, $secret, rawurlencode( $secret ), urlencode( $secret ), esc_html( $secret ), base64_encode( $secret ), trim( (string) wp_json_encode( $secret ), '"' ) );
			}
		}
		$this->secrets = array_values( array_unique( $this->secrets ) );
		// The longest first: a short one may be part of a long one.
		usort( $this->secrets, static fn ( string $a, string $b ): int => strlen( $b ) <=> strlen( $a ) );
	}

	/**
	 * The first line that says something.
	 *
	 * @param string $text What came back.
	 */
	public function first_line( string $text ): string {
		$text = str_replace( $this->secrets, '…', substr( $text, 0, 20_000 ) );
		if ( preg_match( '#<title[^>]*>([^<]+)</title>#i', $text, $title ) ) {
			$text = $title[1];
		}
		$text = wp_strip_all_tags( (string) preg_replace( '#<(br|/p|/h\d|/div|/li)\b[^>]*>#i', "\n", $text ) );
		$text = html_entity_decode( $text, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		$text = str_replace( $this->secrets, '…', mb_scrub( $text, 'UTF-8' ) );
		foreach ( explode( "\n", str_replace( "\r", "\n", $text ) ) as $line ) {
			$line = trim( (string) preg_replace( '/[\p{C}\s]+/u', ' ', $line ) );
			if ( '' !== $line ) {
				return mb_strlen( $line ) > self::LENGTH ? mb_substr( $line, 0, self::LENGTH - 1 ) . '…' : $line;
			}
		}
		return '';
	}

	/**
	 * What `var_dump()` and `print_r()` see.
	 *
	 * @return array<string, int>
	 */
	public function __debugInfo(): array {
		return array( 'secrets' => count( $this->secrets ) );
	}
}
