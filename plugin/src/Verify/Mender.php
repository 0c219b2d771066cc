<?php
/**
 * Repairs: brings from here what is newer here, and asks the other site for what is newer there. All of it goes the way
 * of any other change, so policies and protected accounts count as ever.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\AddressChanges;
use Tandem\Remote\Links;
use Tandem\Remote\PeerSites;
use Tandem\Remote\RemoteFailure;
use Tandem\Remote\RemoteSite;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;

final class Mender {

	/** People that are repaired at a time. */
	private const CHUNK = 100;

	/**
	 * @param Findings  $findings Who differs.
	 * @param Bringing  $bringing Puts people on their way.
	 * @param PeerSites $peers    Begins conversations.
	 * @param Records   $records  When fields were changed.
	 * @param Links     $links    Who is who.
	 * @param UserReader $reader Reads users.
	 * @param AddressChanges $addresses When e-mail addresses were changed here.
	 */
	public function __construct(
		private readonly Findings $findings,
		private readonly Bringing $bringing,
		private readonly PeerSites $peers,
		private readonly Records $records,
		private readonly Links $links,
		private readonly UserReader $reader,
		private readonly AddressChanges $addresses,
	) {
	}

	/**
	 * Repairs the next people.
	 *
	 * @param int        $verification_id Verification.
	 * @param RemoteSite $site            The other site.
	 * @return bool|null Whether there may be more; null when enough is on its way for now.
	 * @throws RemoteFailure When the other site can't be asked.
	 */
	public function chunk( int $verification_id, RemoteSite $site ): ?bool {
		$findings = $this->findings->wanted( $verification_id, self::CHUNK );
		$asked    = array();
		$is_full  = false;
		foreach ( $findings as $finding ) {
			$result = $this->from_here( $site, $finding );
			if ( 'later' === $result ) {
				$is_full = true;
				break;
			}
			$wanted = $this->from_there( $finding );
			if ( null === $wanted ) {
				$this->findings->became( $finding->id, 'queued' === $result ? Mending::Sent : Mending::Refused );
			} else {
				$asked[] = array( $finding, $wanted, $result );
			}
		}
		if ( array() !== $asked ) {
			$answer  = $this->peers->api( $site )->call( 'repair', array( 'people' => array_column( $asked, 1 ) ) );
			$results = is_array( $answer['results'] ?? null ) ? array_values( $answer['results'] ) : array();
			foreach ( $asked as $index => list( $finding, , $here ) ) {
				$there   = $results[ $index ] ?? 'refused';
				$is_full = $is_full || 'later' === $there;
				if ( 'later' !== $there ) {
					$this->findings->became( $finding->id, 'queued' === $there || 'queued' === $here ? Mending::Sent : Mending::Refused );
				}
			}
		}
		return $is_full ? null : self::CHUNK === count( $findings );
	}

	/**
	 * Puts on its way what is to come from here.
	 *
	 * @param RemoteSite $site    The other site.
	 * @param Finding    $finding The finding.
	 * @return 'queued'|'equal'|'refused'|'later'
	 */
	private function from_here( RemoteSite $site, Finding $finding ): string {
		$difference = $finding->difference;
		$user       = get_userdata( $difference->user_id );
		if ( false === $user ) {
			// They come back under the uid that they have there.
			$this->records->forget_missing( $difference->user_id );
			return 'equal';
		}
		$fields = match ( $difference->kind ) {
			Kind::MissingThere, Kind::Stray => null,
			Kind::UnlinkedHere              => array( FieldSet::UID ),
			Kind::Differs                   => Mending::Forced === $finding->mending ? $this->forced( $site, $user, $difference ) : $difference->won_by( Wins::Here ),
			default                         => array(),
		};
		if ( array() === $fields ) {
			return 'equal';
		}
		$result = $this->bringing->bring( $site, $user, $fields, $this->word( $site, $finding, $user ) );
		if ( 'queued' === $result && Kind::MissingThere === $difference->kind ) {
			// As when that site says so itself: all of the person goes.
			$this->links->remove( $site->id, $user->ID );
		}
		return $result;
	}

	/**
	 * A person who repairs gives their word that those who were linked are the same, for the address with which they were.
	 *
	 * @param RemoteSite $site    The other site.
	 * @param Finding    $finding The finding.
	 * @param \WP_User   $user    The user.
	 */
	private function word( RemoteSite $site, Finding $finding, \WP_User $user ): ?Decision {
		$link = Mending::Asked === $finding->mending && Kind::MissingThere === $finding->difference->kind ? $this->links->find( $site->id, $user->ID ) : null;
		return null === $link || $this->addresses->last( $user->ID ) > $link->linked_at ? null : new Decision( trusted: true, email: $user->user_email );
	}

	/**
	 * Makes this site's values the newest.
	 *
	 * @param RemoteSite $site       The other site.
	 * @param \WP_User   $user       The user.
	 * @param Difference $difference What differs.
	 * @return list<string> Fields that are to be brought.
	 */
	private function forced( RemoteSite $site, \WP_User $user, Difference $difference ): array {
		if ( $site->surely_covers( $user ) && ! $this->bringing->is_full( $site ) ) {
			$this->records->renew( $this->reader->read( $user, $site->settings->meta ), array_filter( $difference->stamps, static fn ( string|int $field ): bool => $site->may_send( (string) $field ) && FieldSet::UID !== $field, ARRAY_FILTER_USE_KEY ) );
		}
		return array_map( 'strval', array_keys( $difference->fields ) );
	}

	/**
	 * What the other site is to bring, or null.
	 *
	 * @param Finding $finding The finding.
	 * @return array<string, mixed>|null
	 */
	private function from_there( Finding $finding ): ?array {
		$difference = $finding->difference;
		$ref        = array( 'ref' => $difference->user_id );
		if ( Kind::MissingHere === $difference->kind ) {
			// Everything.
			return $ref;
		}
		$fields = Mending::Forced === $finding->mending ? array() : $difference->won_by( Wins::There );
		if ( Mending::Forced !== $finding->mending && Wins::Here === ( $difference->fields[ FieldSet::TAGS ] ?? null ) ) {
			// Of tags some may be newer here and some there.
			$fields[] = FieldSet::TAGS;
		}
		return array() === $fields ? null : $ref + array( 'fields' => $fields );
	}
}
