<?php
/**
 * What running a rule for somebody comes to.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

enum Verdict: string {
	/** They get it. */
	case New = 'new';
	/** The rule has run for them for the same reason. */
	case Has = 'has';
	/** They are not one of those who are sent to the rule's site. */
	case OutOfScope = 'out_of_scope';
	/** A guest: there is no account, or it is not sure that it is theirs. */
	case Guest = 'guest';
	/** Their account is gone. */
	case Gone = 'gone';
	/** The rule's site is not there, or can't do what rules want. */
	case NoSite = 'no_site';

	/**
	 * The stable code for the record, or ''.
	 */
	public function code(): string {
		return match ( $this ) {
			self::OutOfScope => Engine::OUT_OF_SCOPE,
			self::Guest      => Engine::GUEST,
			default          => '',
		};
	}

	/**
	 * The sentence for a person.
	 *
	 * @param string $site The site's name.
	 */
	public function sentence( string $site ): string {
		$sentence = match ( $this ) {
			/* translators: %s: name of a site. */
			self::New        => __( 'Is done on %s.', 'tandem-user-sync' ),
			/* translators: %s: name of a site. */
			self::Has        => __( 'Was done on %s before, for the same reason.', 'tandem-user-sync' ),
			/* translators: %s: name of a site. */
			self::OutOfScope => __( 'Nothing was done: this person is not one of those who are sent to %s. Choose whom to send under “Whose accounts”, then apply the rule.', 'tandem-user-sync' ),
			/* translators: %s: name of a site. */
			self::Guest      => __( 'Nothing was done: a guest’s order. Rules give something to guests where “Orders of guests” is switched on for %s, and never take anything by such an order: anybody may type anybody’s address.', 'tandem-user-sync' ),
			/* translators: %s: name of a site. */
			self::Gone       => __( 'Nothing was done: the account does not exist any more. (%s)', 'tandem-user-sync' ),
			/* translators: %s: name of a site. */
			self::NoSite     => __( 'Nothing was done: %s is not paired.', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $site );
	}
}
