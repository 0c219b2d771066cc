<?php
/**
 * Asks a paired site what rules of this one may give there (docs/protocol.md, `POST peer/offers`).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Rules\Courses;
use Tandem\Rules\Deed;
use Tandem\Rules\Kind;
use Tandem\Rules\Tags;
use Tandem\Sync\OutcomeKind;

final class PeerOffers {

	/** Things of a kind that are read. */
	private const MOST = Courses::MOST;

	/**
	 * @param PeerSites $peers Begins conversations.
	 */
	public function __construct( private readonly PeerSites $peers ) {
	}

	/**
	 * What a site offers.
	 *
	 * @param RemoteSite $site The site.
	 * @return array{roles: list<array{id: string, title: string, kind: string}>, tags: bool, courses: list<array{id: string, title: string, kind: string}>, enrols: bool}
	 * @throws RemoteFailure When it does not answer as it should.
	 */
	public function of( RemoteSite $site ): array {
		try {
			$answer = $this->peers->api( $site )->call( 'offers', array() );
		} catch ( RemoteFailure $failure ) {
			// It knows no such route: a Tandem from before there were rules.
			throw ProblemCode::RestMissing === $failure->problem->code
				? new RemoteFailure( new Problem( ProblemCode::RulesUnknown, OutcomeKind::Attention, ProblemCode::RulesUnknown->sentence( $site->name ) ) ) // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- escaped where it is shown.
				: $failure;
		}
		return array(
			'roles'   => self::things( $answer['roles'] ?? null ),
			'tags'    => ! empty( $answer['tags'] ),
			'courses' => self::things( $answer['courses'] ?? null ),
			'enrols'  => ! empty( $answer['enrols'] ),
		);
	}

	/**
	 * What a thing is called there; null where the site does not let rules of this one give it.
	 *
	 * @param RemoteSite $site   The site.
	 * @param Deed       $deed   What a rule would do.
	 * @param string     $target To what.
	 * @throws RemoteFailure When it does not answer as it should.
	 */
	public function label( RemoteSite $site, Deed $deed, string $target ): ?string {
		$offers = $this->of( $site );
		if ( Kind::Tag === $deed->kind() ) {
			return $offers['tags'] && Tags::is_tag( $target ) ? $target : null;
		}
		return array_column( $offers[ Kind::Role === $deed->kind() ? 'roles' : 'courses' ], 'title', 'id' )[ $target ] ?? null;
	}

	/**
	 * Reads things.
	 *
	 * @param mixed $data Anything.
	 * @return list<array{id: string, title: string, kind: string}>
	 */
	private static function things( mixed $data ): array {
		$things = array();
		foreach ( is_array( $data ) ? array_slice( $data, 0, self::MOST ) : array() as $thing ) {
			$id = is_array( $thing ) ? $thing['id'] ?? null : null;
			if ( ! is_array( $thing ) || ! is_string( $id ) || '' === $id || strlen( $id ) > Deed::LONGEST_TARGET ) {
				continue;
			}
			$text     = static fn ( string $name ): string => is_string( $thing[ $name ] ?? null ) ? mb_substr( sanitize_text_field( $thing[ $name ] ), 0, 200 ) : '';
			$things[] = array(
				'id'    => $id,
				'title' => '' === $text( 'title' ) ? $id : $text( 'title' ),
				'kind'  => $text( 'kind' ),
			);
		}
		return $things;
	}
}
