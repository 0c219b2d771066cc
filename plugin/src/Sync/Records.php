<?php
/**
 * The table `users`: uids, stamps and tombstones.
 *
 * A row is an account here (`user_id`), a tombstone (`deleted`), or a uid that was given up for a smaller one of the
 * same person (`same_as`). Marks are written against the version that was read: of two processes that settle the same
 * person the second reads what the first wrote, so a stamp never stands for two values.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Records {

	/** What `expect()` is to be given. */
	public const COLUMNS = 'id, user_id, uid, same_as, marks, deleted, version';

	/** How often somebody else may be quicker before this gives up. */
	private const TRIES = 50;

	/** No limit: what lies in the table was believed when it came. */
	private const ANY_TIME = 9_999_999_999_999;

	/** @var array<int, array<string, string|null>|null> Rows as somebody has just read them, by user. */
	private array $expected = array();

	/**
	 * @param Connection $db        Database.
	 * @param Clock      $clock     Time.
	 * @param string     $site_uuid This site's UUID, in lower case.
	 */
	public function __construct(
		private readonly Connection $db,
		private readonly Clock $clock,
		private readonly string $site_uuid,
	) {
	}

	/**
	 * Somebody has just read the row of a user: what is written next counts on that, and is read anew only where it was
	 * changed meanwhile.
	 *
	 * @param int                             $user_id User here.
	 * @param array<string, string|null>|null $row     The row; null when there was none.
	 */
	public function expect( int $user_id, ?array $row ): void {
		$this->expected[ $user_id ] = $row;
	}

	/**
	 * What is known of a user of this site, or null.
	 *
	 * @param int $user_id User here.
	 * @throws Failure When the database fails.
	 */
	public function find( int $user_id ): ?Record {
		$row = $this->row_of( $user_id );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * What is known of a person, be they alive or gone, or null. Finds them under a uid too that they no longer have.
	 *
	 * @param string $uid A uid.
	 * @throws Failure When the database fails.
	 */
	public function find_by_uid( string $uid ): ?Record {
		$row = $this->row_by_uid( $uid );
		while ( null !== $row && '' !== $row['same_as'] && '' === $row['deleted'] ) {
			// Each is smaller than the one before, so this ends.
			$row = $this->row_by_uid( (string) $row['same_as'] );
		}
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Uids of users here. Who has none gets one.
	 *
	 * @param list<int> $user_ids Users here.
	 * @return array<int, string> By user.
	 * @throws Failure When the database fails.
	 */
	public function uids( array $user_ids ): array {
		$known = $this->known_uids( $user_ids );
		$new   = array_diff( $user_ids, array_keys( $known ) );
		if ( array() === $new ) {
			return $known;
		}
		$this->introduce( array_combine( $new, array_map( static fn (): string => wp_generate_uuid4(), $new ) ) );
		return $this->known_uids( $user_ids );
	}

	/**
	 * Users here of whom another site has told a uid, and of whom nothing was known. One of whom something is known by
	 * now, and a uid that is somebody's or was, is left out.
	 *
	 * @param array<int, string> $uids Uids by user.
	 * @throws Failure When the database fails.
	 */
	public function introduce( array $uids ): void {
		if ( array() === $uids ) {
			return;
		}
		$values = array();
		foreach ( $uids as $user_id => $uid ) {
			array_push( $values, $user_id, $uid );
		}
		$rows = implode( ', ', array_fill( 0, count( $uids ), "(%d, %s, '', '{}', '', 0, 1)" ) );
		$this->db->execute( "INSERT IGNORE INTO %i (user_id, uid, same_as, marks, deleted, deleted_at, version) VALUES $rows", $this->table(), ...$values );
	}

	/**
	 * Uids of those users here who have one.
	 *
	 * @param list<int> $user_ids Users here.
	 * @return array<int, string> By user.
	 * @throws Failure When the database fails.
	 */
	public function known_uids( array $user_ids ): array {
		if ( array() === $user_ids ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $user_ids ), '%d' ) );
		$known  = array();
		foreach ( $this->db->rows( "SELECT user_id, uid FROM %i WHERE user_id IN ( $places )", $this->table(), ...$user_ids ) as $row ) {
			$known[ (int) $row['user_id'] ] = (string) $row['uid'];
		}
		return $known;
	}

	/**
	 * Which of some uids are somebody's here, or were.
	 *
	 * @param list<string> $uids Uids.
	 * @return list<string>
	 * @throws Failure When the database fails.
	 */
	public function taken_uids( array $uids ): array {
		if ( array() === $uids ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $uids ), '%s' ) );
		return array_map( static fn ( array $row ): string => (string) $row['uid'], $this->db->rows( "SELECT uid FROM %i WHERE uid IN ( $places )", $this->table(), ...$uids ) );
	}

	/**
	 * All uids that a person had, the present one first: a message that was on its way when two uids became one may
	 * still name the other, so a deletion tells all of them.
	 *
	 * @param string $uid The person's uid.
	 * @return non-empty-list<string>
	 * @throws Failure When the database fails.
	 */
	public function all_uids( string $uid ): array {
		return array( $uid, ...array_map( static fn ( array $row ): string => (string) $row['uid'], $this->db->rows( 'SELECT uid FROM %i WHERE same_as = %s ORDER BY uid', $this->table(), $uid ) ) );
	}

	/**
	 * Renews the marks of every field whose value is not the one last seen. A field never seen before, or never changed
	 * so far, gets a stamp only when it was touched. One read, at most one write; when somebody else was quicker, again.
	 *
	 * To be called with the state that was just read, and the values of that same state are what goes with these stamps.
	 * Where it was read from a cache, `$anew` reads it past that: it is asked when a value that nobody has touched is not
	 * the one last seen. Then another process may have written it since, and it is no change of this one.
	 *
	 * @param UserState    $user          The user as they are now.
	 * @param list<string> $touched       Fields that were changed here; FieldSet::ALL for everything but the password,
	 *                                    FieldSet::PASSWORD when that was changed.
	 * @param string|null  $password_hash The stored hash; null leaves the password out, even if it was touched.
	 * @param (\Closure(): array{UserState, string|null})|null $anew Gives the state and the hash as they are now; null where they were not cached.
	 * @throws Failure When the database fails.
	 */
	public function settle( UserState $user, array $touched, #[\SensitiveParameter] ?string $password_hash, ?\Closure $anew = null ): Record {
		$digests = self::digests( $user, $password_hash );
		return $this->write(
			$user->id,
			'',
			function ( array $marks ) use ( &$digests, &$anew, $touched ): array {
				$settled = Merge::settled( $marks, $digests, $touched, $this->clock->now_ms(), $this->site_uuid );
				if ( null === $anew || array() === $marks || array() === array_diff( $settled[1], $touched ) ) {
					return $settled;
				}
				$digests = self::digests( ...$anew() );
				$anew    = null;
				return Merge::settled( $marks, $digests, $touched, $this->clock->now_ms(), $this->site_uuid );
			}
		);
	}

	/**
	 * The stamps that `settle()` would leave, without writing them.
	 *
	 * @param UserState $user The user as they are now.
	 * @return array<string, Stamp> By field. `FieldSet::TAGS` has the newest of all tags.
	 * @throws Failure When the database fails.
	 */
	public function as_settled( UserState $user ): array {
		list( $marks ) = Merge::settled( $this->find( $user->id )->marks ?? array(), self::digests( $user, null ), array(), $this->clock->now_ms(), $this->site_uuid );

		$stamps = array_map( static fn ( Mark $mark ): Stamp => $mark->stamp, $marks );
		return $stamps + array( FieldSet::TAGS => Merge::newest_of_tags( $stamps ) );
	}

	/**
	 * Stamps of this moment for somebody who has no account here and of whom nothing is remembered.
	 *
	 * @param UserState $user The person.
	 */
	public function of_moment( UserState $user ): Record {
		list( $marks ) = Merge::settled( array(), self::digests( $user, null ), array( FieldSet::ALL ), $this->clock->now_ms(), $this->site_uuid );
		return new Record( 0, wp_generate_uuid4(), $marks, null, 0 );
	}

	/**
	 * The owner says that this site's values are the right ones: they get stamps that are newer than those held anywhere.
	 * Of tags that is each that the person has here. Those that they have elsewhere besides are not known here and stay.
	 *
	 * @param UserState            $user  The user as they are now.
	 * @param array<string, Stamp> $after By field: the newest stamp that is known of it.
	 * @param int|null             $at_ms When the owner said so, Unix milliseconds: who has changed since wins over it. Now when null.
	 * @throws Failure When the database fails.
	 */
	public function renew( UserState $user, array $after, ?int $at_ms = null ): void {
		if ( isset( $after[ FieldSet::TAGS ] ) ) {
			foreach ( $user->tags as $tag ) {
				$after[ FieldSet::TAG . $tag ] = $after[ FieldSet::TAGS ];
			}
		}
		$digests = array_intersect_key( self::digests( $user, null ), $after );
		$at_ms ??= $this->clock->now_ms();
		$this->write(
			$user->id,
			'',
			function ( array $marks ) use ( $digests, $after, $at_ms ): array {
				foreach ( $digests as $field => $digest ) {
					$field           = (string) $field;
					$held            = $marks[ $field ]->stamp ?? Stamp::zero();
					$marks[ $field ] = new Mark( Stamp::next( $after[ $field ]->is_newer_than( $held ) ? $after[ $field ] : $held, $at_ms, $this->site_uuid ), $digest );
				}
				return array( $marks, array_map( 'strval', array_keys( $digests ) ) );
			}
		);
	}

	/**
	 * The stamp of the password in marks as they lie in the table, or '' when it was never changed.
	 *
	 * @param string $marks Column `marks`.
	 */
	public static function password_stamp( string $marks ): string {
		$decoded = json_decode( $marks, true );
		return is_array( $decoded ) ? (string) ( $decoded[ FieldSet::PASSWORD ][0] ?? '' ) : '';
	}

	/**
	 * The state after incoming fields were written: those get the stamps that they came with and the digest of the value
	 * held now; every other field whose digest differs is a change of this site and gets a stamp of its own.
	 *
	 * @param UserState            $after         The user as they are now.
	 * @param array<string, Stamp> $stamps        Of the fields that were written.
	 * @param string|null          $password_hash The stored hash; null leaves the password out.
	 * @param string               $uid           The uid that the person came with.
	 * @throws Failure When the database fails.
	 */
	public function applied( UserState $after, array $stamps, ?string $password_hash, string $uid ): Applied {
		$digests = self::digests( $after, $password_hash );
		$record  = $this->write( $after->id, $uid, fn ( array $marks ): array => Merge::applied( $marks, $digests, $stamps, $this->clock->now_ms(), $this->site_uuid ) );
		if ( $record->is_gone() || $record->uid === $uid || ! $this->adopt_uid( $after->id, $uid ) ) {
			return new Applied( $record, $record->renewed );
		}
		$adopted = $this->find( $after->id ) ?? $record;
		return new Applied( new Record( $adopted->user_id, $adopted->uid, $adopted->marks, $adopted->deleted, $adopted->version, $record->renewed ), $record->renewed, true );
	}

	/**
	 * Another site knows this person by a uid. Of two uids of one person the smaller stays; the other is remembered.
	 *
	 * @param int    $user_id User here.
	 * @param string $uid     The uid there. One that was deleted, or is another account here, is not taken.
	 * @return bool Whether the person's uid became another one.
	 * @throws Failure When the database fails.
	 */
	public function adopt_uid( int $user_id, string $uid ): bool {
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$row = $this->row_of( $user_id, $try > 0 );
			if ( null === $row ) {
				return $this->insert( $user_id, $uid, '{}' );
			}
			$held = (string) $row['uid'];
			if ( $held === $uid ) {
				return false;
			}
			$other = $this->row_by_uid( $uid );
			if ( null !== $other ) {
				$same_as = (string) $other['same_as'];
				return null === $other['user_id'] && '' === $other['deleted'] && '' !== $same_as && $this->adopt_uid( $user_id, $same_as );
			}
			if ( Merge::uid( $held, $uid ) === $held ) {
				$this->give_up( $uid, $held );
				return false;
			}
			if ( 1 === $this->db->execute( 'UPDATE %i SET uid = %s, version = version + 1 WHERE id = %d AND version = %d', $this->table(), $uid, (int) $row['id'], (int) $row['version'] ) ) {
				$this->db->execute( 'UPDATE %i SET same_as = %s WHERE same_as = %s', $this->table(), $uid, $held );
				$this->give_up( $held, $uid );
				return true;
			}
		}
		throw self::busy();
	}

	/**
	 * The user is gone: their record becomes a tombstone, and so does every uid that they had. Nothing but the uids and
	 * the time of the deletion is kept. A uid of somebody who lives here is left alone.
	 *
	 * @param int          $user_id User here; 0 when the person never had an account here.
	 * @param list<string> $uids    The uids that the deletion came with, the present one first; none when it is not known.
	 * @param Stamp        $deleted When and where they were deleted.
	 * @return Record The tombstone, under the uid that the person had here.
	 * @throws Failure When the database fails.
	 */
	public function bury( int $user_id, array $uids, Stamp $deleted ): Record {
		$row = $this->row_of( $user_id );
		if ( null !== $row ) {
			$this->db->execute( "UPDATE %i SET user_id = NULL, marks = '{}', deleted = %s, deleted_at = %d, version = version + 1 WHERE id = %d", $this->table(), (string) $deleted, $this->clock->now(), (int) $row['id'] );
		}
		$known = (string) ( $row['uid'] ?? $uids[0] ?? wp_generate_uuid4() );
		foreach ( array_unique( array( $known, ...$uids ) ) as $uid ) {
			$holder = $this->find_by_uid( $uid );
			if ( ( null !== $row && $uid === $known ) || ( null !== $holder && ! $holder->is_gone() ) ) {
				continue;
			}
			if ( ! $this->insert( null, $uid, '{}', $uid === $known ? '' : $known, $deleted ) ) {
				$this->db->execute( "UPDATE %i SET deleted = %s, deleted_at = %d, version = version + 1 WHERE uid = %s AND user_id IS NULL AND deleted = ''", $this->table(), (string) $deleted, $this->clock->now(), $uid );
			}
		}
		return new Record( 0, $known, array(), $deleted, (int) ( $row['version'] ?? 0 ) + 1 );
	}

	/**
	 * The user was deleted here, now.
	 *
	 * @param int    $user_id User here.
	 * @param string $uid     Their uid, or '' when it is not known.
	 * @return Record The tombstone.
	 * @throws Failure When the database fails.
	 */
	public function bury_here( int $user_id, string $uid ): Record {
		return $this->bury( $user_id, '' === $uid ? array() : array( $uid ), Stamp::next( null, $this->clock->now_ms(), $this->site_uuid ) );
	}

	/**
	 * The account of a record was removed past WordPress: who comes back is made under the uid that they had.
	 *
	 * @param int $user_id User who is no longer here.
	 * @throws Failure When the database fails.
	 */
	public function forget_missing( int $user_id ): void {
		if ( null === $this->db->value( 'SELECT ID FROM %i WHERE ID = %d', $this->db->users(), $user_id ) ) {
			$this->db->execute( 'DELETE FROM %i WHERE user_id = %d', $this->table(), $user_id );
		}
	}

	/**
	 * Forgets those who were deleted, and the uids that were given up, before a time.
	 *
	 * @param int $before Unix seconds.
	 * @return int How many.
	 * @throws Failure When the database fails.
	 */
	public function purge_tombstones( int $before ): int {
		return $this->db->execute( 'DELETE FROM %i WHERE deleted_at > 0 AND deleted_at < %d', $this->table(), $before );
	}

	/**
	 * Writes a user's marks against the version that was read.
	 *
	 * @param int                                                                     $user_id User here.
	 * @param string                                                                  $uid     The uid of a new record, or '' for a new one.
	 * @param \Closure( array<string, Mark> ): array{array<string, Mark>, list<string>} $change  Gives the new marks and the fields that got a stamp.
	 * @return Record With the fields that got a stamp. A tombstone when that uid was deleted.
	 * @throws Failure When the database fails.
	 */
	private function write( int $user_id, string $uid, \Closure $change ): Record {
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$is_expected = 0 === $try && array_key_exists( $user_id, $this->expected );
			$row         = $is_expected ? $this->expected[ $user_id ] : $this->row_of( $user_id, $try > 0 );
			$known       = null === $row ? null : self::value( $row );
			unset( $this->expected[ $user_id ] );
			if ( null === $known && $try > 0 && '' !== $uid ) {
				// Not the account was there already, but the uid.
				$holder = $this->find_by_uid( $uid );
				if ( null !== $holder && $holder->is_gone() ) {
					return $holder;
				}
				$uid = null === $holder ? $uid : '';
			}
			list( $marks, $renewed ) = $change( $known->marks ?? array() );

			$marks = Merge::without_old_removals( $marks );
			$text  = self::text( $marks );
			if ( null === $known ) {
				$new_uid = '' === $uid ? wp_generate_uuid4() : $uid;
				if ( $this->insert( $user_id, $new_uid, $text ) ) {
					return new Record( $user_id, $new_uid, $marks, null, 1, $renewed );
				}
			} elseif ( $row['marks'] === $text ) {
				return $known;
			} elseif ( 1 === $this->db->execute( 'UPDATE %i SET marks = %s, version = version + 1 WHERE id = %d AND version = %d', $this->table(), $text, (int) $row['id'], $known->version ) ) {
				return new Record( $user_id, $known->uid, $marks, null, $known->version + 1, $renewed );
			}
		}
		throw self::busy();
	}

	/**
	 * Adds a row.
	 *
	 * @param int|null   $user_id User here, or null.
	 * @param string     $uid     Uid.
	 * @param string     $marks   Marks as they lie in the table.
	 * @param string     $same_as The uid that stands for this one, or ''.
	 * @param Stamp|null $deleted When they were deleted, or null.
	 * @return bool Whether neither the user nor the uid was there already.
	 */
	private function insert( ?int $user_id, string $uid, string $marks, string $same_as = '', ?Stamp $deleted = null ): bool {
		return 1 === $this->db->execute(
			'INSERT IGNORE INTO %i (user_id, uid, same_as, marks, deleted, deleted_at, version) VALUES (%d, %s, %s, %s, %s, %d, 1)',
			$this->table(),
			$user_id,
			$uid,
			$same_as,
			$marks,
			(string) $deleted,
			null === $user_id ? $this->clock->now() : 0
		);
	}

	/**
	 * Remembers that a uid was given up for another.
	 *
	 * @param string $uid     The one that is given up.
	 * @param string $same_as The one that stays.
	 */
	private function give_up( string $uid, string $same_as ): void {
		$this->insert( null, $uid, '{}', $same_as );
	}

	/**
	 * The row of a user, or null.
	 *
	 * @param int  $user_id User here.
	 * @param bool $latest  Whether somebody else has just written it: inside a transaction a plain read would show the old one for ever.
	 * @return array<string, string|null>|null
	 */
	private function row_of( int $user_id, bool $latest = false ): ?array {
		return $user_id < 1 ? null : $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE user_id = %d' . ( $latest ? ' FOR UPDATE' : '' ), $this->table(), $user_id );
	}

	/**
	 * The row of a uid, or null.
	 *
	 * @param string $uid Uid.
	 * @return array<string, string|null>|null
	 */
	private function row_by_uid( string $uid ): ?array {
		return $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE uid = %s', $this->table(), $uid );
	}

	/**
	 * Digests of everything that can be synced.
	 *
	 * @param UserState   $user          The user as they are now.
	 * @param string|null $password_hash The stored hash, or null.
	 * @return array<string, string>
	 */
	private static function digests( UserState $user, ?string $password_hash ): array {
		$digests = array_map( array( Mark::class, 'digest' ), $user->values() );
		if ( null !== $password_hash ) {
			$digests[ FieldSet::PASSWORD ] = Mark::digest( $password_hash );
		}
		return $digests;
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Record {
		$marks = array();
		foreach ( (array) json_decode( (string) $row['marks'], true ) as $field => $mark ) {
			$marks[ (string) $field ] = new Mark( Stamp::from_string( (string) $mark[0], self::ANY_TIME ) ?? Stamp::zero(), (string) $mark[1] );
		}
		return new Record( (int) $row['user_id'], (string) $row['uid'], $marks, '' === $row['deleted'] ? null : Stamp::from_string( (string) $row['deleted'], self::ANY_TIME ), (int) $row['version'] );
	}

	/**
	 * Marks as they lie in the table. Most fields were never changed: their stamp is left empty.
	 *
	 * @param array<string, Mark> $marks By field.
	 */
	private static function text( array $marks ): string {
		return (string) wp_json_encode( (object) array_map( static fn ( Mark $mark ): array => array( $mark->stamp->is_zero() ? '' : (string) $mark->stamp, $mark->digest ), $marks ) );
	}

	/**
	 * Others were quicker every time.
	 */
	private static function busy(): Failure {
		return new Failure( 'A record of Tandem User Sync is being changed by too many others at once.' );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'users' );
	}
}
