<?php
/**
 * What is wrong with a person on two sites that should be equal.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

enum Kind: string {

	/** Fields differ. */
	case Differs = 'differs';

	/** Linked here; there the link or the account is missing. */
	case MissingThere = 'missing_there';

	/** Linked there; the account is here, and the link is missing. */
	case UnlinkedHere = 'unlinked_here';

	/** Linked there; here the account is missing. */
	case MissingHere = 'missing_here';

	/** Should be there and never was linked. */
	case Stray = 'stray';

	/** The two sites name different people: a person must look. */
	case SomebodyElse = 'somebody_else';

	/**
	 * The sentence for it.
	 *
	 * @param string $site Name of the other site.
	 */
	public function sentence( string $site ): string {
		return match ( $this ) {
			self::Differs      => __( 'The two accounts differ.', 'tandem-user-sync' ),
			/* translators: %s: name of the other site. */
			self::MissingThere => sprintf( __( 'Linked here, but %s does not know this link, or the account there is gone.', 'tandem-user-sync' ), $site ),
			/* translators: %s: name of the other site. */
			self::UnlinkedHere => sprintf( __( '%s has linked this account; the link is missing here.', 'tandem-user-sync' ), $site ),
			/* translators: %s: name of the other site. */
			self::MissingHere  => sprintf( __( '%s has linked an account that is missing here.', 'tandem-user-sync' ), $site ),
			/* translators: %s: name of the other site. */
			self::Stray        => sprintf( __( 'Not known on %s, and not on the way there.', 'tandem-user-sync' ), $site ),
			/* translators: %s: name of the other site. */
			self::SomebodyElse => sprintf( __( 'This account and the one on %s seem to belong to different people. Nothing is done by itself: look at both.', 'tandem-user-sync' ), $site ),
		};
	}
}
