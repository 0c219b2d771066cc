<?php
/**
 * Puts people on their way to a paired site because they differ there. What was changed past WordPress's hooks gets
 * its stamp first, so that it counts as the change that it is, on every site.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Verify;

use Tandem\Remote\RemoteSite;
use Tandem\Sync\Decision;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Records;
use Tandem\Sync\UserReader;

final class Bringing {

	/** People that may wait for a site: live changes are not to queue behind a repair. */
	private const MOST_QUEUED = 500;

	/** @var array<int, int> How many wait for a site, as far as this process knows. */
	private array $queued = array();

	/**
	 * @param Records                         $records   When fields were changed.
	 * @param Outbox                          $outbox    What is due.
	 * @param UserReader                      $reader    Reads users.
	 * @param \Closure( int, FieldSet ): void $on_news   Tells all sites what was found out about a user.
	 */
	public function __construct(
		private readonly Records $records,
		private readonly Outbox $outbox,
		private readonly UserReader $reader,
		private readonly \Closure $on_news,
	) {
	}

	/**
	 * Brings a person.
	 *
	 * @param RemoteSite        $site   The other site.
	 * @param \WP_User          $user   The user.
	 * @param list<string>|null $fields Which fields, of those that go there and were ever changed; null for the whole person.
	 * @param Decision|null     $word   What a person said about them.
	 * @return 'queued'|'equal'|'refused'|'later'
	 */
	public function bring( RemoteSite $site, \WP_User $user, ?array $fields, ?Decision $word = null ): string {
		if ( ! $site->surely_covers( $user ) ) {
			return 'refused';
		}
		if ( $this->is_full( $site ) ) {
			return 'later';
		}
		$record = $this->records->settle( $this->reader->read( $user, $site->settings->meta ), array(), null );
		if ( array() !== $record->renewed ) {
			( $this->on_news )( $user->ID, new FieldSet( ...$record->renewed ) );
		}
		if ( null === $fields ) {
			$due = $site->may_send( FieldSet::PASSWORD ) ? array( FieldSet::ALL, FieldSet::PASSWORD ) : array( FieldSet::ALL );
		} else {
			// To bring a field that was never changed would make a change of it. Tags go with the stamps that they have.
			$due = array_values( array_filter( $fields, static fn ( string $field ): bool => FieldSet::UID === $field || ( FieldSet::TAGS === $field && $site->may_send( $field ) ) || ( ! in_array( $field, array( FieldSet::ALL, FieldSet::DELETED ), true ) && $site->may_send( $field ) && ! $record->stamp( $field )->is_zero() ) ) );
		}
		if ( array() === $due ) {
			return 'equal';
		}
		$this->outbox->enqueue( $site->id, $user->ID, new FieldSet( ...$due ), $word );
		++$this->queued[ $site->id ];
		return 'queued';
	}

	/**
	 * Whether enough is on its way to a site.
	 *
	 * @param RemoteSite $site The site.
	 */
	public function is_full( RemoteSite $site ): bool {
		if ( ( $this->queued[ $site->id ] ?? self::MOST_QUEUED ) >= self::MOST_QUEUED ) {
			// Some may have been delivered meanwhile.
			$this->queued[ $site->id ] = $this->outbox->counts( $site->id )->waiting;
		}
		return $this->queued[ $site->id ] >= self::MOST_QUEUED;
	}
}
