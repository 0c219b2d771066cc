<?php
/**
 * The rule by which any number of sites end in the same state, whatever is lost, repeated or reordered: per field the
 * newest stamp wins, a stamp is made only by a change and travels unchanged, of two uids of one person the smaller
 * stays, a deletion wins over everything.
 *
 * Pure: neither the database nor the time. `test/php/Unit/Sync/ConvergenceTest.php` tries the rule on networks of sites.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

final class Merge {

	/** Tags of one person of which it is remembered that they were taken away: the newest ones. */
	public const MOST_REMOVED_TAGS = 300;

	/**
	 * Names of incoming fields that are newer than those held.
	 *
	 * @param Record|null          $here     What is known here. Null for a person who has no account here: everything is
	 *                                       wanted then, also what was never changed. An account that exists already must be
	 *                                       settled first: what it holds counts, although it was never changed.
	 * @param array<string, Stamp> $incoming By field.
	 * @return list<string>
	 */
	public static function wanted( ?Record $here, array $incoming ): array {
		if ( null === $here ) {
			return self::names( $incoming );
		}
		return $here->is_gone() ? array() : self::names( array_filter( $incoming, static fn ( Stamp $stamp, string|int $field ): bool => $stamp->is_newer_than( $here->stamp( (string) $field ) ) || self::is_news( $here, (string) $field ), ARRAY_FILTER_USE_BOTH ) );
	}

	/**
	 * Whether nothing is known here of a tag: neither that the person has it, nor that it was taken from them. Then
	 * whoever has it is right, also where they have had it since before Tandem looks.
	 *
	 * @param Record $here  What is known here.
	 * @param string $field Name of a field.
	 */
	private static function is_news( Record $here, string $field ): bool {
		return FieldSet::is_tag( $field ) && ! isset( $here->marks[ $field ] );
	}

	/**
	 * Names of incoming fields that are newer here: the sender does not know them yet.
	 *
	 * @param Record|null          $here     What is known here.
	 * @param array<string, Stamp> $incoming By field.
	 * @param bool                 $is_whole Whether the message says all of the person. What is known here of tags that it
	 *                                       does not name is news to the sender then: of other fields it names each.
	 * @return list<string>
	 */
	public static function newer_here( ?Record $here, array $incoming, bool $is_whole = false ): array {
		if ( null === $here || $here->is_gone() ) {
			return array();
		}
		$tags = $is_whole ? array_filter( $here->marks, static fn ( Mark $mark, string|int $field ): bool => FieldSet::is_tag( (string) $field ) && ! isset( $incoming[ $field ] ) && ! ( $mark->stamp->is_zero() && Mark::digest( null ) === $mark->digest ), ARRAY_FILTER_USE_BOTH ) : array();
		return array_merge( array_map( 'strval', array_keys( $tags ) ), self::names( array_filter( $incoming, static fn ( Stamp $stamp, string|int $field ): bool => $here->stamp( (string) $field )->is_newer_than( $stamp ), ARRAY_FILTER_USE_BOTH ) ) );
	}

	/**
	 * What a message means for a person. Also good for an answer: `$linked` is the sender's own person then, and
	 * `$by_uid` the record of the uid that the answer names.
	 *
	 * @param Record|null $linked  Record of the account that the link says; null when there is none.
	 * @param Record|null $by_uid  Record of the uid in the message; null when it is unknown here.
	 * @param bool        $deleted Whether the message says that the person was deleted.
	 */
	public static function fate( ?Record $linked, ?Record $by_uid, bool $deleted ): Fate {
		$exists = ( null !== $linked && ! $linked->is_gone() ) || ( null !== $by_uid && ! $by_uid->is_gone() );
		if ( $deleted || ( null !== $by_uid && $by_uid->is_gone() ) ) {
			return $exists ? Fate::Remove : Fate::Gone;
		}
		return $exists ? Fate::Known : Fate::Unknown;
	}

	/**
	 * Of two uids of one person, the one that stays.
	 *
	 * @param string $one A uid.
	 * @param string $two Another.
	 */
	public static function uid( string $one, string $two ): string {
		return strcmp( $one, $two ) <= 0 ? $one : $two;
	}

	/**
	 * What is to be brought to which site after a message was applied.
	 *
	 * @param int          $from         The site that it came from.
	 * @param list<int>    $sites        All sites, that one too.
	 * @param list<string> $taken        Fields that were applied.
	 * @param list<string> $changed_here Fields that something here changed besides.
	 * @param list<string> $newer_here   Fields of the message that are newer here.
	 * @param bool         $uid_changed  Whether the person's uid became another one. The sender learns it from the answer.
	 * @return array<int, FieldSet> By site; only those for which there is something.
	 */
	public static function onward( int $from, array $sites, array $taken, array $changed_here, array $newer_here, bool $uid_changed ): array {
		$onward = array();
		foreach ( $sites as $site ) {
			$fields = $site === $from
				? new FieldSet( ...$changed_here, ...$newer_here )
				: new FieldSet( ...$taken, ...$changed_here, ...( $uid_changed ? array( FieldSet::UID ) : array() ) );
			if ( ! $fields->is_empty() ) {
				$onward[ $site ] = $fields;
			}
		}
		return $onward;
	}

	/**
	 * Which sites are to hear that a person was deleted, after a message said so. The sender too, when the person had a
	 * uid here that the message did not name: it may have made them anew under that one meanwhile.
	 *
	 * @param int          $from  The site that it came from.
	 * @param list<int>    $sites All sites, that one too.
	 * @param list<string> $uids  All uids that the person had here.
	 * @param list<string> $named The uids in the message.
	 * @return list<int>
	 */
	public static function hear_of_deletion( int $from, array $sites, array $uids, array $named ): array {
		$knows = array() === array_diff( $uids, $named );
		return array_values( array_filter( $sites, static fn ( int $site ): bool => $site !== $from || ! $knows ) );
	}

	/**
	 * The marks of a person as they are seen now: a value that is not the one last seen is a change of this site.
	 *
	 * A password is changed only when somebody says so: core's rehash at log-in changes the hash and not the password.
	 *
	 * @param array<string, Mark>   $marks   As last seen.
	 * @param array<string, string> $digests Of the values now, by field.
	 * @param list<string>          $touched Fields that somebody says were changed here, or FieldSet::ALL.
	 * @param int                   $now_ms  This site's time, milliseconds.
	 * @param string                $site    This site's UUID.
	 * @return array{array<string, Mark>, list<string>} The marks, and the fields that got a stamp.
	 */
	public static function settled( array $marks, array $digests, array $touched, int $now_ms, string $site ): array {
		return self::compared( $marks, self::with_absent_tags( $digests, array( ...array_map( 'strval', array_keys( $marks ) ), ...$touched ) ), $touched, $now_ms, $site );
	}

	/**
	 * The same, for those fields alone that have a digest.
	 *
	 * @param array<string, Mark>   $marks   As last seen.
	 * @param array<string, string> $digests Of the values now, by field.
	 * @param list<string>          $touched Fields that somebody says were changed here, or FieldSet::ALL.
	 * @param int                   $now_ms  This site's time, milliseconds.
	 * @param string                $site    This site's UUID.
	 * @return array{array<string, Mark>, list<string>} The marks, and the fields that got a stamp.
	 */
	private static function compared( array $marks, array $digests, array $touched, int $now_ms, string $site ): array {
		$said    = new FieldSet( ...$touched );
		$renewed = array();
		foreach ( $digests as $field => $digest ) {
			$field      = (string) $field;
			$held       = $marks[ $field ] ?? null;
			$is_touched = $said->has( $field ) || ( $said->includes( $field ) && ! $said->has( FieldSet::TAGS ) );
			if ( null !== $held && FieldSet::PASSWORD === $field && ! $is_touched ) {
				// The digest stays the one of the hash that was stamped: whoever has just changed the password, and has
				// not said so yet, is still to be believed.
				continue;
			}
			if ( null === $held || $held->stamp->is_zero() && $held->digest === $digest ) {
				// Never changed since Tandem looks, as far as it has seen. Somebody's word makes it a change.
				$is_change = $is_touched;
			} elseif ( $held->digest === $digest ) {
				// The one that was stamped before: asking again makes no new stamp.
				continue;
			} else {
				$is_change = $is_touched || Mark::UNKNOWN !== $held->digest;
			}
			$stamp = $held->stamp ?? Stamp::zero();
			if ( $is_change ) {
				$stamp     = Stamp::next( $stamp, $now_ms, $site );
				$renewed[] = $field;
			}
			$marks[ $field ] = new Mark( $stamp, $digest );
		}
		return array( $marks, $renewed );
	}

	/**
	 * The marks of a person after incoming fields were written: those keep the stamps that they came with, so that
	 * nothing echoes, whatever this site made of the value.
	 *
	 * @param array<string, Mark>   $marks   As they were.
	 * @param array<string, string> $digests Of the values now, by field.
	 * @param array<string, Stamp>  $stamps  Of the fields that were written.
	 * @param int                   $now_ms  This site's time, milliseconds.
	 * @param string                $site    This site's UUID.
	 * @return array{array<string, Mark>, list<string>} The marks, and the fields that something here changed besides.
	 */
	public static function applied( array $marks, array $digests, array $stamps, int $now_ms, string $site ): array {
		$overtaken = array();
		$digests   = self::with_absent_tags( $digests, array_map( 'strval', array_keys( $stamps + $marks ) ) );
		foreach ( $stamps as $field => $stamp ) {
			$held = $marks[ $field ] ?? null;
			if ( null !== $held && ! $stamp->is_newer_than( $held->stamp ) ) {
				// Another process was quicker with this or something newer. If that is not what is held now, then what
				// is held now came after it and is a change: never one stamp for two values.
				if ( FieldSet::PASSWORD === $field && ! $held->stamp->is_zero() ) {
					$overtaken[] = $field;
				}
				continue;
			}
			$marks[ $field ] = new Mark( $stamp, $digests[ $field ] ?? Mark::UNKNOWN );
			unset( $digests[ $field ] );
		}
		return self::compared( $marks, $digests, $overtaken, $now_ms, $site );
	}

	/**
	 * Digests with those of tags that somebody has not. A tag that was taken away is a value like any other: who has it
	 * elsewhere since before that loses it.
	 *
	 * @param array<string, string> $digests Of what somebody has.
	 * @param list<string>          $names   Fields of which something is known or said.
	 * @return array<string, string>
	 */
	public static function with_absent_tags( array $digests, array $names ): array {
		foreach ( $names as $name ) {
			if ( FieldSet::is_tag( $name ) ) {
				$digests[ $name ] ??= Mark::digest( null );
			}
		}
		return $digests;
	}

	/**
	 * Names of tags that were taken away, as far as it is remembered.
	 *
	 * @param array<string, Mark> $marks By field.
	 * @return list<string> Fields.
	 */
	public static function removed_tags( array $marks ): array {
		$none = Mark::digest( null );
		return array_values( array_filter( array_map( 'strval', array_keys( $marks ) ), static fn ( string $name ): bool => FieldSet::is_tag( $name ) && $none === $marks[ $name ]->digest && ! $marks[ $name ]->stamp->is_zero() ) );
	}

	/**
	 * Marks without those of the tags that were taken away longest ago, where there are very many. Where somebody still
	 * has such a tag by a change that is older still, and brings it, they have it again.
	 *
	 * @param array<string, Mark> $marks By field.
	 * @return array<string, Mark>
	 */
	public static function without_old_removals( array $marks ): array {
		$removed = self::removed_tags( $marks );
		if ( count( $removed ) <= self::MOST_REMOVED_TAGS ) {
			return $marks;
		}
		usort( $removed, static fn ( string $one, string $two ): int => strcmp( (string) $marks[ $two ]->stamp, (string) $marks[ $one ]->stamp ) );
		return array_diff_key( $marks, array_flip( array_slice( $removed, self::MOST_REMOVED_TAGS ) ) );
	}

	/**
	 * The newest stamp of any tag.
	 *
	 * @param array<string, Stamp> $stamps By field.
	 */
	public static function newest_of_tags( array $stamps ): Stamp {
		$newest = Stamp::zero();
		foreach ( $stamps as $name => $stamp ) {
			$newest = FieldSet::is_tag( (string) $name ) && $stamp->is_newer_than( $newest ) ? $stamp : $newest;
		}
		return $newest;
	}

	/**
	 * The keys of an array as strings: PHP makes numbers of those that look like one.
	 *
	 * @param array<string, Stamp> $fields By field.
	 * @return list<string>
	 */
	private static function names( array $fields ): array {
		return array_map( 'strval', array_keys( $fields ) );
	}
}
