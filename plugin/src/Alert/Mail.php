<?php
/**
 * The mail to the owner: sites need attention, or are well again.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Alert;

use Tandem\Admin\Page;
use Tandem\Hooks\Filters;
use Tandem\Remote\RemoteSite;
use Tandem\Settings;

final class Mail {

	/**
	 * @param Settings $settings Who gets it.
	 */
	public function __construct( private readonly Settings $settings ) {
	}

	/**
	 * Sites have needed attention for an hour.
	 *
	 * @param non-empty-list<Trouble> $troubles What is wrong with each.
	 * @return bool Whether the mail is on its way.
	 */
	public function needs_attention( array $troubles ): bool {
		$lines = array_map( static fn ( Trouble $trouble ): string => "{$trouble->site->name} ({$trouble->site->shown_url()})\n{$trouble->says()}", $troubles );
		$name  = 1 === count( $troubles ) ? $troubles[0]->site->name : '';
		return $this->send(
			'trouble',
			array_map( static fn ( Trouble $trouble ): RemoteSite => $trouble->site, $troubles ),
			/* translators: %s: name of a remote site. */
			'' === $name ? __( 'Syncing with several sites needs attention', 'tandem-user-sync' ) : sprintf( __( 'Syncing with %s needs attention', 'tandem-user-sync' ), $name ),
			implode( "\n\n", $lines ) . "\n\n" . __( 'You get one mail about this, and one when it is well again.', 'tandem-user-sync' )
		);
	}

	/**
	 * Sites of which the owner was told are well again.
	 *
	 * @param non-empty-list<RemoteSite> $sites The sites.
	 * @return bool Whether the mail is on its way.
	 */
	public function is_well( array $sites ): bool {
		return $this->send(
			'well',
			$sites,
			/* translators: %s: name of a remote site. */
			1 === count( $sites ) ? sprintf( __( 'Syncing with %s is well again', 'tandem-user-sync' ), $sites[0]->name ) : __( 'Syncing with several sites is well again', 'tandem-user-sync' ),
			implode( "\n", array_map( static fn ( RemoteSite $site ): string => "{$site->name} ({$site->shown_url()})", $sites ) ) . "\n\n" . __( 'It answers, and nobody waits for your decision. What waited is delivered by itself; you need do nothing.', 'tandem-user-sync' )
		);
	}

	/**
	 * Sends.
	 *
	 * @param string           $about   `trouble` or `well`.
	 * @param list<RemoteSite> $sites   The sites that it is about.
	 * @param string           $subject Subject, without this site's name.
	 * @param string           $text    Text, without the link.
	 */
	private function send( string $about, array $sites, string $subject, string $text ): bool {
		$mail = array(
			'to'      => $this->settings->alert_address(),
			'subject' => '[' . wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ) . '] ' . $subject,
			'message' => $text . "\n\n" . Page::url(),
		);
		try {
			/**
			 * Filters the mail to the owner.
			 *
			 * @param array{to: string, subject: string, message: string} $mail  The mail.
			 * @param string                                              $about `trouble` or `well`.
			 * @param list<array{id: int, name: string, url: string, kind: string}> $sites The sites that it is about.
			 */
			$filtered = apply_filters( 'tandem_attention_mail', $mail, $about, array_map( Filters::site( ... ), $sites ) );
		} catch ( \Throwable ) {
			// Better the plain mail than none.
			$filtered = $mail;
		}
		foreach ( is_array( $filtered ) ? $filtered : array() as $part => $value ) {
			if ( isset( $mail[ $part ] ) && is_string( $value ) ) {
				$mail[ $part ] = $value;
			}
		}
		try {
			return (bool) wp_mail( $mail['to'], $mail['subject'], $mail['message'] );
		} catch ( \Throwable ) {
			// A plugin's mailer.
			return false;
		}
	}
}
