<?php
/**
 * Brings users to a paired site: one that runs Tandem too (docs/protocol.md).
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Database\Connection;
use Tandem\Guest\Guests;
use Tandem\Peer\UserCode;
use Tandem\Rules\Grants;
use Tandem\Security\Unreadable;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Mark;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;
use Tandem\Sync\Record;
use Tandem\Sync\Records;

final class PairedSiteTransport implements BatchTransport {

	/**
	 * @param PeerSites      $peers     Begins conversations.
	 * @param Records        $records   When fields were changed.
	 * @param Links          $links     Who is who.
	 * @param AddressChanges $addresses When e-mail addresses were changed here.
	 * @param Connection     $db        Writes of many people together.
	 * @param Grants         $grants    What rules want for people.
	 * @param \Closure( RemoteSite, int, non-empty-list<string> ): void $on_gone Does what the owner wants when the other site says that a person was deleted there: gets the id there and the uids that both sites know.
	 * @param \Closure( int, FieldSet, int ): void $on_news Tells other sites what was found out about a user here: gets the user, the fields, and a site that knows them, or 0.
	 */
	public function __construct(
		private readonly PeerSites $peers,
		private readonly Records $records,
		private readonly Links $links,
		private readonly AddressChanges $addresses,
		private readonly Connection $db,
		private readonly Grants $grants,
		private readonly \Closure $on_gone,
		private readonly \Closure $on_news,
	) {
	}

	/**
	 * How many people a site takes at once.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function most( RemoteSite $site ): int {
		return $site->pairing->most_users ?? 1;
	}

	/**
	 * Brings one person.
	 *
	 * @param Delivery $delivery What to bring.
	 */
	public function deliver( Delivery $delivery ): Outcome {
		return $this->deliver_all( array( $delivery ) )[0];
	}

	/**
	 * Brings people to one site.
	 *
	 * @param non-empty-list<Delivery> $deliveries What to bring.
	 * @param bool                     $searches   Whether the one who fells the site is looked for, should there be one.
	 * @param int                      $too_many   Becomes how many were too many for one message, should that have come out.
	 * @return list<Outcome>
	 */
	public function deliver_all( array $deliveries, bool $searches = true, int &$too_many = 0 ): array {
		$site    = $deliveries[0]->site;
		$pairing = $site->pairing;
		if ( null === $pairing ) {
			return array_map( fn ( Delivery $delivery ): Outcome => $this->of_problem( $delivery, new Problem( ProblemCode::Unpaired, OutcomeKind::Held, ProblemCode::Unpaired->sentence( $site->name ) ) ), $deliveries );
		}
		$payloads = array();
		$users    = array();
		// What is written down here must be there before anything is sent.
		$this->db->together(
			function () use ( $deliveries, $pairing, &$payloads, &$users ): void {
				foreach ( $deliveries as $index => $delivery ) {
					$record             = $this->record( $delivery );
					$payloads[ $index ] = new PeerPayload( $delivery, $pairing, $record, new Recognition( $delivery, $this->links, $this->addresses ) );
					if ( null === $delivery->payload ) {
						$users[ $index ] = null === $record->deleted ? null : $payloads[ $index ]->of_deleted( $record->deleted, array_slice( $this->records->all_uids( $record->uid ), 1, 50 ), $delivery->gone['email'] );
					}
				}
				$wanted = array_keys( array_filter( $payloads, static fn ( PeerPayload $payload ): bool => $payload->sends_grants() ) );
				$grants = $this->grants->of_people( $deliveries[0]->site->id, array_map( static fn ( int $index ): int => $deliveries[ $index ]->user_id, $wanted ) );
				foreach ( $deliveries as $index => $delivery ) {
					if ( null !== $delivery->payload ) {
						$users[ $index ] = $payloads[ $index ]->of_user( $delivery->payload, self::hash( $delivery->user_id ), $grants[ $delivery->user_id ] ?? array() );
					}
				}
			}
		);
		$api      = $this->peers->api( $site );
		$outcomes = array();
		$messages = new PeerMessages( $api, $searches );
		foreach ( self::batches( array_filter( $users, static fn ( ?array $user ): bool => null !== $user ), $pairing->most_bytes ) as $batch ) {
			try {
				foreach ( $messages->send( $batch ) as $index => $result ) {
					$outcomes[ $index ] = $result instanceof Problem
						? $this->of_problem( $deliveries[ $index ], $result )
						: $this->outcome( $api, $deliveries[ $index ], $result, $payloads[ $index ]->warnings, isset( $users[ $index ]['grants'] ) );
				}
			} catch ( Unreadable ) {
				foreach ( array_keys( $batch ) as $index ) {
					$outcomes[ $index ] = $this->of_problem( $deliveries[ $index ], new Problem( ProblemCode::SaltsChanged, OutcomeKind::Held, ProblemCode::SaltsChanged->sentence( $site->name ) ) );
				}
			}
		}
		$too_many = $messages->too_many();
		return array_map( fn ( int $index ): Outcome => $outcomes[ $index ] ?? new Outcome( OutcomeKind::Skipped, Action::Delete, unlink: true ), array_keys( $deliveries ) );
	}

	/**
	 * One person as they would travel, for a site that is asking about them at this moment. Nothing is sent.
	 *
	 * @param Delivery $delivery What to bring; somebody who exists.
	 * @return array<string, mixed>|null Null for a site that is not paired.
	 */
	public function as_sent( Delivery $delivery ): ?array {
		$pairing = $delivery->site->pairing;
		if ( null === $pairing || null === $delivery->payload ) {
			return null;
		}
		$payload = new PeerPayload( $delivery, $pairing, $this->record( $delivery ), new Recognition( $delivery, $this->links, $this->addresses ) );
		$grants  = $payload->sends_grants() ? $this->grants->of_people( $delivery->site->id, array( $delivery->user_id ) ) : array();
		return $payload->of_user( $delivery->payload, self::hash( $delivery->user_id ), $grants[ $delivery->user_id ] ?? array() );
	}

	/**
	 * Asks whether the site is well again.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function probe( RemoteSite $site ): Outcome {
		try {
			$this->peers->api( $site )->greet();
			return new Outcome( OutcomeKind::Delivered, Action::Site );
		} catch ( RemoteFailure $failure ) {
			$problem = $failure->problem;
		} catch ( Unreadable ) {
			$problem = new Problem( ProblemCode::SaltsChanged, OutcomeKind::Held, ProblemCode::SaltsChanged->sentence( $site->name ) );
		}
		return new Outcome( $problem->kind, Action::Site, $problem->code->value, $problem->message, retry_after: $problem->retry_after );
	}

	/**
	 * When the fields of a person were changed. What a process that died has left unsaid is found by comparing.
	 *
	 * @param Delivery $delivery What to bring.
	 */
	private function record( Delivery $delivery ): Record {
		if ( null !== $delivery->user && Guests::is_guest( $delivery->user_id ) ) {
			return $this->records->of_moment( $delivery->user );
		}
		if ( null === $delivery->user ) {
			$known = '' === $delivery->gone['uid'] ? null : $this->records->find_by_uid( $delivery->gone['uid'] );
			return null !== $known && $known->is_gone() ? $known : $this->records->bury_here( $delivery->user_id, $delivery->gone['uid'] );
		}
		$hash    = self::hash( $delivery->user_id );
		$touched = array_values( array_diff( $delivery->fields->names, array( FieldSet::PASSWORD, FieldSet::TAGS ) ) );
		if ( $delivery->fields->has( FieldSet::PASSWORD ) ) {
			$mark = $this->records->find( $delivery->user_id )->marks[ FieldSet::PASSWORD ] ?? null;
			if ( null !== $mark && $mark->digest !== Mark::digest( $hash ) ) {
				$touched[] = FieldSet::PASSWORD;
			}
		}
		$record = $this->records->settle( $delivery->user, $touched, $hash );
		$found  = array_values( array_diff( $record->renewed, $delivery->fields->has( FieldSet::ALL ) ? $record->renewed : $touched ) );
		if ( array() !== $found ) {
			// Changed past WordPress's hooks: nobody knows of it yet.
			( $this->on_news )( $delivery->user_id, new FieldSet( ...$found ), 0 );
		}
		return $record;
	}

	/**
	 * What came of one person.
	 *
	 * @param PeerApi      $api      Conversation.
	 * @param Delivery     $delivery What was brought.
	 * @param mixed        $result   The site's answer.
	 * @param list<string> $warnings What was not sent.
	 * @param bool         $granted  Whether it was told what rules want.
	 */
	private function outcome( PeerApi $api, Delivery $delivery, mixed $result, array $warnings, bool $granted ): Outcome {
		if ( ! is_array( $result ) || ! is_string( $result['result'] ?? null ) ) {
			return $this->of_problem( $delivery, $api->problem( ProblemCode::Unexpected, '…' )->as_kind( OutcomeKind::Retry ) );
		}
		foreach ( is_array( $result['warnings'] ?? null ) ? $result['warnings'] : array() as $warning ) {
			if ( is_string( $warning ) ) {
				$warnings[] = $api->shown( $warning );
			}
		}
		$remarks = new Remarks( $delivery->site->name );
		$remarks->noise( $api->noise() );
		array_push( $warnings, ...$remarks->all() );
		$action = $this->action( $delivery );
		$link   = $this->link( $delivery, $result );
		if ( $granted && ! isset( $result['granted'] ) && in_array( $result['result'], array( 'created', 'updated', 'equal' ), true ) ) {
			return new Outcome( OutcomeKind::Attention, $action, ProblemCode::RulesUnknown->value, ProblemCode::RulesUnknown->sentence( $delivery->site->name ), $delivery->sent(), $warnings, link: $link );
		}
		return match ( $result['result'] ) {
			'created' => new Outcome( OutcomeKind::Delivered, Action::Create, fields: $delivery->sent(), warnings: $warnings, link: $link ),
			'updated' => new Outcome( OutcomeKind::Delivered, $action, fields: $delivery->sent(), warnings: $warnings, link: $link ),
			'equal'   => new Outcome( OutcomeKind::Skipped, $action, warnings: $warnings, link: $link ),
			'deleted' => new Outcome( OutcomeKind::Delivered, Action::Delete, fields: $delivery->fields, warnings: $warnings, unlink: true ),
			'gone'    => $this->gone( $delivery, $action, $result ),
			'unknown' => new Outcome( OutcomeKind::Retry, $action, ProblemCode::UnknownThere->value, ProblemCode::UnknownThere->sentence( $delivery->site->name ), $delivery->sent(), unlink: true ),
			default   => $this->of_refusal( $api, $delivery, $result, $warnings, $link ),
		};
	}

	/**
	 * The person was deleted there: what is said of a deletion that comes from there holds for this one too.
	 *
	 * @param Delivery             $delivery What was brought.
	 * @param Action               $action   What was tried.
	 * @param array<string, mixed> $result   The site's answer.
	 */
	private function gone( Delivery $delivery, Action $action, array $result ): Outcome {
		if ( null !== $delivery->link && is_string( $result['uid'] ?? null ) && wp_is_uuid( $result['uid'] ) ) {
			$known = $this->records->find( $delivery->user_id );
			( $this->on_gone )( $delivery->site, $delivery->link->remote_id, array_values( array_unique( array( strtolower( $result['uid'] ), ...( null === $known ? array() : array( $known->uid ) ) ) ) ) );
		}
		return new Outcome( OutcomeKind::Skipped, $action, ProblemCode::GoneThere->value, ProblemCode::GoneThere->sentence( $delivery->site->name ), unlink: true );
	}

	/**
	 * A person who was not taken.
	 *
	 * @param PeerApi              $api      Conversation.
	 * @param Delivery             $delivery What was brought.
	 * @param array<string, mixed> $result   The site's answer.
	 * @param list<string>         $warnings What a person should know.
	 * @param Link|null            $link     Who they are there: what a rule wants may be refused of somebody who was taken.
	 */
	private function of_refusal( PeerApi $api, Delivery $delivery, array $result, array $warnings, ?Link $link ): Outcome {
		$said  = is_string( $result['message'] ?? null ) ? $api->shown( $result['message'] ) : '';
		$code  = is_string( $result['code'] ?? null ) ? $result['code'] : '';
		$there = is_array( $result['there'] ?? null ) ? $this->there( $result['there'] ) : null;
		// Sites with an older Tandem don't say it.
		$retries = is_bool( $result['retry'] ?? null ) ? $result['retry'] : UserCode::Failed->value === $code;
		$problem = $retries
			? $api->problem( ProblemCode::ServerError, $said )->as_kind( OutcomeKind::Retry )
			: $api->problem( ProblemCode::tryFrom( $code ) ?? ProblemCode::RefusedThere, null === $there || '' === $there['username'] ? $said : $there['username'] );
		$kind    = in_array( $problem->kind, array( OutcomeKind::Retry, OutcomeKind::Confirm ), true ) ? $problem->kind : OutcomeKind::Attention;
		return new Outcome( $kind, $this->action( $delivery ), $problem->code->value, $problem->message, $delivery->sent(), $warnings, link: $link, details: null === $there ? array() : array( 'there' => $there ) );
	}

	/**
	 * The message did not get through.
	 *
	 * @param Delivery $delivery What was to be brought.
	 * @param Problem  $problem  Why.
	 */
	private function of_problem( Delivery $delivery, Problem $problem ): Outcome {
		return new Outcome( $problem->kind, $this->action( $delivery ), $problem->code->value, $problem->message, $delivery->sent(), retry_after: $problem->retry_after );
	}

	/**
	 * What is being tried.
	 *
	 * @param Delivery $delivery What to bring.
	 */
	private function action( Delivery $delivery ): Action {
		return match ( true ) {
			null === $delivery->user => Action::Delete,
			null === $delivery->link => Action::Create,
			default                  => Action::Update,
		};
	}

	/**
	 * Who the person is there, as the site says.
	 *
	 * @param Delivery             $delivery What was brought.
	 * @param array<string, mixed> $result   The site's answer.
	 */
	private function link( Delivery $delivery, array $result ): ?Link {
		$id = is_int( $result['id'] ?? null ) ? $result['id'] : 0;
		if ( null === $delivery->user || $id < 1 ) {
			return null;
		}
		if ( is_string( $result['uid'] ?? null ) && wp_is_uuid( $result['uid'] ) ) {
			if ( $this->records->adopt_uid( $delivery->user_id, strtolower( $result['uid'] ) ) ) {
				( $this->on_news )( $delivery->user_id, new FieldSet( FieldSet::UID ), $delivery->site->id );
			}
		}
		$taken = $this->links->find_by_remote( $delivery->site->id, $id );
		if ( null !== $taken && $taken->user_id !== $delivery->user_id ) {
			// The other site says that two people here are one there: what was known first stays.
			return null;
		}
		$login = is_string( $result['login'] ?? null ) ? mb_substr( $result['login'], 0, 60 ) : '';
		return new Link( $delivery->site->id, $delivery->user_id, $id, $login, $delivery->link->approved ?? false, $delivery->link->linked_at ?? 0, $delivery->link->password_at ?? 0 );
	}

	/**
	 * The account that is in the way, as the page shows it.
	 *
	 * @param array<string, mixed> $data As the site says.
	 * @return array{id: int, username: string, name: string, email: string, roles: list<string>, protected: bool}
	 */
	private function there( array $data ): array {
		$text = static fn ( string $name ): string => is_string( $data[ $name ] ?? null ) ? mb_substr( sanitize_text_field( $data[ $name ] ), 0, 200 ) : '';
		return array(
			'id'        => is_int( $data['id'] ?? null ) ? max( 0, $data['id'] ) : 0,
			'username'  => $text( 'username' ),
			'name'      => $text( 'name' ),
			'email'     => $text( 'email' ),
			'roles'     => is_array( $data['roles'] ?? null ) ? array_values( array_filter( $data['roles'], 'is_string' ) ) : array(),
			'protected' => ! empty( $data['protected'] ),
		);
	}

	/**
	 * People in messages that are short enough.
	 *
	 * @param array<int, array<string, mixed>> $users      People by their place.
	 * @param int                              $most_bytes Bytes that the site takes.
	 * @return list<non-empty-array<int, array<string, mixed>>>
	 */
	private static function batches( array $users, int $most_bytes ): array {
		$batches = array();
		$bytes   = PHP_INT_MAX;
		foreach ( $users as $index => $user ) {
			$length = strlen( (string) wp_json_encode( $user, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES ) ) + 1;
			if ( $bytes + $length > $most_bytes - 100 ) {
				$batches[] = array( $index => $user );
				$bytes     = $length;
				continue;
			}
			$batches[ (int) array_key_last( $batches ) ][ $index ] = $user;
			$bytes += $length;
		}
		return $batches;
	}

	/**
	 * A user's password as it is stored.
	 *
	 * @param int $user_id User here.
	 */
	private static function hash( int $user_id ): string {
		$user = get_userdata( $user_id );
		return false === $user ? '' : (string) $user->user_pass;
	}
}
