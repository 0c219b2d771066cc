<?php
/**
 * Whose changes could not be written down, because the database took nothing (a full disk, a broken table): only their
 * numbers are kept, where WordPress keeps its options, and they are brought as they are once the database takes it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Remote\Links;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\SiteKind;
use Tandem\Remote\Sites;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;

final class Unwritten {

	/** Option: how often each was noted, and whether they were deleted, by user. */
	public const OPTION = 'tandem_unwritten';

	/** People who are kept. After more than that, a backfill finds the rest. */
	public const MOST = 300;

	/** @var array<int, bool> Who was noted by this process, and whether as deleted: once is enough. */
	private array $noted = array();

	/**
	 * @param Sites  $sites  Remote sites.
	 * @param Links  $links  Who is known where.
	 * @param Outbox $outbox Where they should have been written down.
	 */
	public function __construct(
		private readonly Sites $sites,
		private readonly Links $links,
		private readonly Outbox $outbox,
	) {
	}

	/**
	 * Notes somebody. Never throws: a visitor's save goes on.
	 *
	 * @param int  $user_id    User here.
	 * @param bool $is_deleted Whether they are being deleted.
	 */
	public function note( int $user_id, bool $is_deleted = false ): void {
		if ( $user_id < 1 || ( isset( $this->noted[ $user_id ] ) && ( $this->noted[ $user_id ] || ! $is_deleted ) ) ) {
			return;
		}
		try {
			$kept = $this->kept();
			if ( isset( $kept[ $user_id ] ) || count( $kept ) < self::MOST ) {
				// Of somebody who is deleted, more is heard: their meta goes too.
				$kept[ $user_id ] = array( 1 + ( $kept[ $user_id ][0] ?? 0 ), $is_deleted || ( $kept[ $user_id ][1] ?? false ) );
				update_option( self::OPTION, $kept, false );
			}
			$this->noted[ $user_id ] = $is_deleted;
		} catch ( \Throwable ) {
			// The database is away altogether: then nothing was saved either.
			return;
		}
	}

	/**
	 * Brings those who were noted. For whoever works, once a minute.
	 */
	public function bring(): void {
		$brought = array();
		foreach ( $this->kept() as $user_id => $noted ) {
			try {
				$user = get_userdata( $user_id );
				foreach ( $this->sites->all() as $site ) {
					$fields = false === $user ? $this->of_deleted( $site, $user_id, $noted[1] ) : $this->of_user( $site, $user );
					if ( ! $fields->is_empty() ) {
						$this->outbox->enqueue( $site->id, $user_id, $fields );
					}
				}
				$brought[ $user_id ] = $noted[0];
			} catch ( \Throwable ) {
				// It still takes nothing. The next minute may.
				break;
			}
		}
		if ( array() !== $brought ) {
			// Who was noted again meanwhile stays.
			$left = array_filter( $this->kept(), static fn ( array $noted, int $id ): bool => ( $brought[ $id ] ?? 0 ) !== $noted[0], ARRAY_FILTER_USE_BOTH );
			array() === $left ? delete_option( self::OPTION ) : update_option( self::OPTION, $left, false );
			$this->noted = array();
		}
	}

	/**
	 * What a site is to have of somebody, of whom it is not known what has changed: everything. The password only where
	 * the stored one can travel: nobody knows its plain text any more.
	 *
	 * @param RemoteSite $site The site.
	 * @param \WP_User   $user The user.
	 */
	private function of_user( RemoteSite $site, \WP_User $user ): FieldSet {
		if ( $site->may_cover( $user ) ) {
			$names = SiteKind::Paired === $site->kind ? array( FieldSet::ALL, FieldSet::PASSWORD ) : array( FieldSet::ALL );
		} else {
			// They may have left the circle of those who are synced: then the role says so.
			$names = null === $this->links->find( $site->id, $user->ID ) ? array() : array( FieldSet::ROLES );
		}
		return new FieldSet( ...array_values( array_filter( $names, static fn ( string $name ): bool => $site->may_send( $name ) ) ) );
	}

	/**
	 * What a site is to hear of somebody who is not here any more.
	 *
	 * @param RemoteSite $site       The site.
	 * @param int        $user_id    User that was here.
	 * @param bool       $is_deleted Whether WordPress deleted them.
	 */
	private function of_deleted( RemoteSite $site, int $user_id, bool $is_deleted ): FieldSet {
		return $is_deleted && null !== $this->links->find( $site->id, $user_id ) ? new FieldSet( FieldSet::DELETED ) : new FieldSet();
	}

	/**
	 * Those who are kept, as the database has them now: other processes note people too.
	 *
	 * @return array<int, array{int, bool}>
	 */
	private function kept(): array {
		wp_cache_delete( self::OPTION, 'options' );
		$stored = get_option( self::OPTION );
		$kept   = array();
		foreach ( is_array( $stored ) ? $stored : array() as $id => $noted ) {
			if ( is_int( $id ) && is_array( $noted ) ) {
				$kept[ $id ] = array( (int) ( $noted[0] ?? 1 ), (bool) ( $noted[1] ?? false ) );
			}
		}
		return $kept;
	}
}
