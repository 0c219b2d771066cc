<?php
/**
 * Listens to the rows that tags lie in, whichever way they are written: touches the tags that have changed, and says so
 * to other plugins (`tandem_tags_changed`).
 *
 * What another site brings is no change of this one: it is held back until that is written down, and then said alike.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Capture;

use Tandem\Sync\FieldSet;
use Tandem\Tags\Rows;
use Tandem\Tags\Tags;

final class TagChanges {

	/** @var array<int, list<string>> Tags before what is going on, by user. */
	private array $before = array();

	/** @var array<int, true> Users for whom more is coming in this step. */
	private array $held = array();

	/** @var array<int, true> Users who are being deleted: of their tags nothing is said any more. */
	private array $going = array();

	/**
	 * @param Recorder $recorder Takes the edits.
	 * @param Rows     $rows     Whose rows they are.
	 * @param Trouble  $trouble  Where failures of those who listen are noted.
	 */
	public function __construct( private readonly Recorder $recorder, private readonly Rows $rows, private readonly Trouble $trouble ) {
	}

	/**
	 * Actions `add_user_meta`, `update_user_meta` and `delete_user_meta`: a row is about to be written.
	 *
	 * @param int   $user_id User here; 0 where rows of many are deleted at once.
	 * @param mixed $rows    Numbers of the rows then.
	 */
	public function about_to( int $user_id, mixed $rows = array() ): void {
		$this->recorder->safely(
			function () use ( $user_id, $rows ): void {
				foreach ( $user_id > 0 ? array( $user_id ) : $this->rows->holders( array_map( 'intval', array_values( (array) $rows ) ) ) as $id ) {
					$this->before[ $id ] ??= Tags::of( $id );
				}
			}
		);
	}

	/**
	 * Actions `added_user_meta`, `updated_user_meta` and `deleted_user_meta`: it is done.
	 *
	 * @param int $user_id User here; 0 where rows of many were deleted at once.
	 */
	public function done( int $user_id ): void {
		foreach ( $user_id > 0 ? array( $user_id ) : array_keys( $this->before ) as $id ) {
			$fields = array_map( static fn ( string $tag ): string => FieldSet::TAG . $tag, array_merge( ...$this->changes( $id ) ) );
			if ( array() !== $fields ) {
				$this->recorder->touch( $id, ...$fields );
			}
			if ( ! isset( $this->held[ $id ] ) && ! $this->recorder->is_silent_about( $id ) ) {
				$this->say( $id );
			}
		}
	}

	/**
	 * Several rows of one user are written, of which is spoken once.
	 *
	 * @param int              $user_id User here.
	 * @param \Closure(): void $writes  Writes them.
	 */
	public function together( int $user_id, \Closure $writes ): void {
		$is_outermost           = ! isset( $this->held[ $user_id ] );
		$this->held[ $user_id ] = true;
		try {
			$writes();
		} finally {
			if ( $is_outermost ) {
				unset( $this->held[ $user_id ] );
				if ( ! $this->recorder->is_silent_about( $user_id ) ) {
					$this->say( $user_id );
				}
			}
		}
	}

	/**
	 * Actions `delete_user` and `wpmu_delete_user`.
	 *
	 * @param int $user_id User here.
	 */
	public function going( int $user_id ): void {
		$this->going[ $user_id ] = true;
	}

	/**
	 * Says what has changed of somebody's tags, if anything has, and it was not said yet.
	 *
	 * @param int $user_id User here.
	 */
	public function say( int $user_id ): void {
		list( $added, $removed ) = $this->changes( $user_id );
		unset( $this->before[ $user_id ] );
		if ( ( array() === $added && array() === $removed ) || isset( $this->going[ $user_id ] ) ) {
			return;
		}
		try {
			/**
			 * Fires after somebody's tags have changed, here or by another site.
			 *
			 * @param int          $user_id User here.
			 * @param list<string> $added   Tags that they have now and had not.
			 * @param list<string> $removed Tags that they had and have no longer.
			 */
			do_action( 'tandem_tags_changed', $user_id, $added, $removed );
		} catch ( \Throwable $thrown ) {
			$this->trouble->of_hook( 'tandem_tags_changed', $thrown );
		}
	}

	/**
	 * Says what was held back and not said: whoever was to say it has failed.
	 */
	public function say_all(): void {
		array_map( $this->say( ... ), array_keys( $this->before ) );
	}

	/**
	 * What has changed since `before`.
	 *
	 * @param int $user_id User here.
	 * @return array{list<string>, list<string>} Added and removed.
	 */
	private function changes( int $user_id ): array {
		$before = $this->before[ $user_id ] ?? null;
		$now    = null === $before ? array() : Tags::of( $user_id );
		return array( array_values( array_diff( $now, $before ?? array() ) ), array_values( array_diff( $before ?? array(), $now ) ) );
	}
}
