<?php
/**
 * What a rule does for somebody on the other site. Each can be undone: what was given is taken away again, and what
 * was taken away is given back.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

enum Deed: string {
	case GiveRole  = 'give_role';
	case TakeRole  = 'take_role';
	case AddTag    = 'add_tag';
	case RemoveTag = 'remove_tag';
	case Enrol     = 'enrol';
	case Unenrol   = 'unenrol';

	/** Bytes of what a deed is about: a role, a tag, or a course by its provider and id. */
	public const LONGEST_TARGET = 191;

	/**
	 * What kind of thing it is about.
	 */
	public function kind(): Kind {
		return match ( $this ) {
			self::GiveRole, self::TakeRole => Kind::Role,
			self::AddTag, self::RemoveTag  => Kind::Tag,
			self::Enrol, self::Unenrol     => Kind::Course,
		};
	}

	/**
	 * Whether somebody has the thing afterwards.
	 */
	public function gives(): bool {
		return in_array( $this, array( self::GiveRole, self::AddTag, self::Enrol ), true );
	}

	/**
	 * The second half of a rule's sentence.
	 *
	 * @param string $target What it is about, as a person calls it.
	 */
	public function sentence( string $target ): string {
		$sentence = match ( $this ) {
			/* translators: %s: name of a role. */
			self::GiveRole  => __( 'give the role %s there', 'tandem-user-sync' ),
			/* translators: %s: name of a role. */
			self::TakeRole  => __( 'take the role %s away there', 'tandem-user-sync' ),
			/* translators: %s: a tag. */
			self::AddTag    => __( 'add the tag %s there', 'tandem-user-sync' ),
			/* translators: %s: a tag. */
			self::RemoveTag => __( 'take the tag %s away there', 'tandem-user-sync' ),
			/* translators: %s: name of a course. */
			self::Enrol     => __( 'enrol in %s there', 'tandem-user-sync' ),
			/* translators: %s: name of a course. */
			self::Unenrol   => __( 'end the enrolment in %s there', 'tandem-user-sync' ),
		};
		return sprintf( $sentence, $target );
	}
}
