<?php
/**
 * Says what is wrong with one person, from what both sites say of them: nothing, who wins in which field, or that it
 * is not the same person.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Security\ProtectedAccounts;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;

final class Judge {

	/**
	 * @param People            $people             Reads them.
	 * @param Links             $links              Who is who.
	 * @param Records           $records            When fields were changed.
	 * @param ProtectedAccounts $protected_accounts Who is out of reach here.
	 */
	public function __construct(
		private readonly People $people,
		private readonly Links $links,
		private readonly Records $records,
		private readonly ProtectedAccounts $protected_accounts,
	) {
	}

	/**
	 * What is wrong with one person.
	 *
	 * @param RemoteSite              $site      The other site.
	 * @param Digests                 $digests   Makes digests.
	 * @param Agreement               $agreement What is compared.
	 * @param int                     $ref       User here.
	 * @param array<array-key, mixed> $there     As the other site says.
	 */
	public function difference( RemoteSite $site, Digests $digests, Agreement $agreement, int $ref, array $there ): ?Difference {
		$there_id = is_int( $there['id'] ?? null ) ? $there['id'] : 0;
		$here     = null;
		foreach ( $this->people->linked( $site->id, true, $ref - 1, $ref, $agreement->meta_keys() ) as $person ) {
			$here = $person;
		}
		$user = get_userdata( $ref );
		if ( null === $here || false === $user ) {
			return $this->without_link( $site, $digests, $ref, $there_id, $user, $there );
		}
		if ( 0 === $there_id ) {
			// Somebody who is not sent there, nor was ever taken from there, is not missed.
			return $site->surely_covers( $user ) ? new Difference( $ref, $here->remote_id, Kind::MissingThere ) : null;
		}
		if ( $there_id !== $here->remote_id ) {
			return new Difference( $ref, $here->remote_id, Kind::SomebodyElse );
		}
		if ( true !== ( $there['sent'] ?? null ) ) {
			// That site does not send us this person, so it tells nothing of them.
			return null;
		}
		$theirs = is_array( $there['fields'] ?? null ) ? $there['fields'] : array();
		$differ = array_map( 'strval', array_keys( array_filter( $digests->of_fields( $here ), static fn ( string $digest, string|int $field ): bool => ( $theirs[ $field ] ?? null ) !== $digest, ARRAY_FILTER_USE_BOTH ) ) );
		if ( in_array( FieldSet::UID, $differ, true ) && in_array( FieldSet::EMAIL, $differ, true ) ) {
			return new Difference( $ref, $there_id, Kind::SomebodyElse );
		}
		if ( $digests->hides_roles( $here ) || true === ( $there['hides_roles'] ?? false ) ) {
			$differ = array_values( array_diff( $differ, array( FieldSet::ROLES ) ) );
		}
		return $this->differing( $site, $agreement, $here, $user, $there, array_values( $differ ) );
	}

	/**
	 * Somebody who is linked there and not here.
	 *
	 * @param RemoteSite              $site     The other site.
	 * @param Digests                 $digests  Makes digests.
	 * @param int                     $ref      User here.
	 * @param int                     $there_id Their id there; 0 when they are linked there neither.
	 * @param \WP_User|false          $user     The user here, if there is one.
	 * @param array<array-key, mixed> $there    As the other site says.
	 */
	private function without_link( RemoteSite $site, Digests $digests, int $ref, int $there_id, \WP_User|false $user, array $there ): ?Difference {
		if ( 0 === $there_id ) {
			return null;
		}
		if ( false === $user ) {
			// Removed past WordPress, or gone with a restored backup: a deletion that is known travels by itself.
			return new Difference( $ref, $there_id, Kind::MissingHere );
		}
		// A site that was restored gives the numbers of people whom it has lost to others.
		$is_same = ( $there['fields'][ FieldSet::UID ] ?? null ) === $digests->of_field( FieldSet::UID, $this->records->find( $ref )->uid ?? '' );
		return new Difference( $ref, $there_id, $is_same && null === $this->links->find_by_remote( $site->id, $there_id ) ? Kind::UnlinkedHere : Kind::SomebodyElse );
	}

	/**
	 * Somebody of whom fields differ. What travels in neither direction for this person is left out.
	 *
	 * @param RemoteSite              $site      The other site.
	 * @param Agreement               $agreement What is compared.
	 * @param LinkedPerson            $here      As they are here.
	 * @param \WP_User                $user      The user here.
	 * @param array<array-key, mixed> $there     As the other site says.
	 * @param list<string>            $differ    Fields that differ.
	 */
	private function differing( RemoteSite $site, Agreement $agreement, LinkedPerson $here, \WP_User $user, array $there, array $differ ): ?Difference {
		$goes   = $site->surely_covers( $user ) && true !== ( $there['protected'] ?? null );
		$comes  = true === ( $there['sent'] ?? null ) && ! $this->protected_accounts->covers( $user );
		$ours   = $this->records->as_settled( $here->state ) + array( FieldSet::PASSWORD => Stamp::from_string( $here->password_at ) ?? Stamp::zero() );
		$fields = array();
		$stamps = array();
		foreach ( $differ as $field ) {
			$is_uid = FieldSet::UID === $field;
			$out    = $goes && ( $is_uid || in_array( $field, $agreement->out, true ) );
			$in     = $comes && ( $is_uid || in_array( $field, $agreement->in, true ) );
			if ( ! $out && ! $in ) {
				continue;
			}
			$stamp_here  = $ours[ $field ] ?? Stamp::zero();
			$text        = $there['stamps'][ $field ] ?? '';
			$stamp_there = Stamp::from_string( is_string( $text ) ? $text : '' ) ?? Stamp::zero();

			$fields[ $field ] = match ( true ) {
				$is_uid && $out                               => Wins::Here,
				// Each tag for itself: what is newer on either side is brought, so both are asked.
				FieldSet::TAGS === $field                     => $out ? Wins::Here : Wins::There,
				$out && $stamp_here->is_newer_than( $stamp_there ) => Wins::Here,
				$in && $stamp_there->is_newer_than( $stamp_here )  => Wins::There,
				default                                       => Wins::Nobody,
			};
			$stamps[ $field ] = $stamp_here->is_newer_than( $stamp_there ) ? $stamp_here : $stamp_there;
		}
		return array() === $fields ? null : new Difference( $user->ID, $here->remote_id, Kind::Differs, $fields, $stamps );
	}
}
