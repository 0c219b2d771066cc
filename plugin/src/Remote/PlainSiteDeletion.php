<?php
/**
 * Deletes on a plain site who was deleted here: only where the owner wants that, only who is
 * linked, and never an administrator.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Remote;

use Tandem\Activity\Action;
use Tandem\Sync\Delivery;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outcome;
use Tandem\Sync\OutcomeKind;

final class PlainSiteDeletion {

	/**
	 * @param Delivery     $delivery    What to bring.
	 * @param PlainSiteApi $api         Conversation with the site.
	 * @param Recognition  $recognition Who is out of reach.
	 */
	public function __construct(
		private readonly Delivery $delivery,
		private readonly PlainSiteApi $api,
		private readonly Recognition $recognition,
	) {
	}

	/**
	 * Deletes. What is gone already is fine.
	 *
	 * @throws RemoteFailure When the site does not answer as it should.
	 */
	public function run(): Outcome {
		$link     = $this->delivery->link;
		$settings = $this->delivery->site->settings;
		if ( null === $link || ! $settings->delete || ! $this->delivery->fields->has( FieldSet::DELETED ) ) {
			return new Outcome( OutcomeKind::Skipped, Action::Delete, unlink: null !== $link );
		}
		if ( $this->delivery->site->is_multisite ) {
			return $this->ask( ProblemCode::MultisiteCannotDelete );
		}
		if ( null === $settings->reassign || $settings->reassign === $link->remote_id ) {
			return $this->ask( ProblemCode::ReassignMissing );
		}
		try {
			$there = $this->api->get( $link->remote_id );
			// Numbers are given out again; that is somebody else now.
			if ( '' !== $link->remote_login && ! $there->has_login( $link->remote_login ) ) {
				return new Outcome( OutcomeKind::Delivered, Action::Delete, unlink: true );
			}
			if ( $this->recognition->is_protected( $there, null ) ) {
				return $this->ask( ProblemCode::ProtectedAccount, $there );
			}
			$this->api->delete( $there->id, $settings->reassign );
		} catch ( RemoteFailure $failure ) {
			if ( 'rest_cannot_delete' === $failure->problem->remote_code && 501 === $failure->problem->status ) {
				return $this->ask( ProblemCode::MultisiteCannotDelete );
			}
			if ( ProblemCode::ReassignMissing === $failure->problem->code ) {
				return $this->ask( ProblemCode::ReassignMissing );
			}
			if ( ProblemCode::RemovedThere !== $failure->problem->code ) {
				throw $failure;
			}
		}
		return new Outcome( OutcomeKind::Delivered, Action::Delete, fields: new FieldSet( FieldSet::DELETED ), unlink: true );
	}

	/**
	 * A person must decide.
	 *
	 * @param ProblemCode     $code  Why.
	 * @param RemoteUser|null $there The account that it is about.
	 */
	private function ask( ProblemCode $code, ?RemoteUser $there = null ): Outcome {
		return new Outcome(
			$code->kind(),
			Action::Delete,
			$code->value,
			$code->sentence( $this->delivery->site->name, $there->login ?? '' ),
			$this->delivery->fields,
			details: array( 'there' => $there?->to_account( $this->recognition->is_protected( $there, null ) ) )
		);
	}
}
