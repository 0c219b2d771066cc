<?php
/**
 * The people of a backfill: first the index of the remote site's accounts, then what
 * was found out about each, at last the report.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\RemoteUser;
use Tandem\Sync\OutboxState;

final class Items {

	private const COLUMNS = 'id, user_id, remote_id, email, username, name, roles, is_protected, outcome, decision, result, code, message';

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Puts accounts of the remote site into the index. Doing it twice changes nothing.
	 *
	 * @param int              $backfill_id Backfill.
	 * @param list<RemoteUser> $users       Accounts.
	 */
	public function index( int $backfill_id, array $users ): void {
		$values = array();
		foreach ( $users as $user ) {
			array_push( $values, $backfill_id, $user->id, strtolower( $user->email ), strtolower( $user->login ), mb_substr( $user->fields['display_name'] ?? '', 0, 250 ), (string) wp_json_encode( $user->roles ), (int) $user->is_privileged() );
		}
		if ( array() !== $values ) {
			$rows = implode( ', ', array_fill( 0, count( $users ), "(%d, 0, %d, %s, %s, %s, %s, %d, '')" ) );
			$this->db->execute( "INSERT IGNORE INTO %i (backfill_id, user_id, remote_id, email, username, name, roles, is_protected, message) VALUES $rows", $this->table(), ...$values );
		}
	}

	/**
	 * Which of these users something was written down about already.
	 *
	 * @param int       $backfill_id Backfill.
	 * @param list<int> $user_ids    Users here.
	 * @return array<int, true> By user id.
	 */
	public function known( int $backfill_id, array $user_ids ): array {
		if ( array() === $user_ids ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $user_ids ), '%d' ) );
		$rows   = $this->db->rows( "SELECT user_id FROM %i WHERE backfill_id = %d AND user_id IN ( $places )", $this->table(), $backfill_id, ...$user_ids );
		return array_fill_keys( array_map( static fn ( array $row ): int => (int) $row['user_id'], $rows ), true );
	}

	/**
	 * The account there with an e-mail address.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $email       E-mail address.
	 */
	public function by_email( int $backfill_id, string $email ): ?Item {
		$email = strtolower( $email );
		$rows  = $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE backfill_id = %d AND email = %s AND remote_id > 0 ORDER BY user_id, id', $this->table(), $backfill_id, $email );
		return self::exactly( $rows, 'email', $email );
	}

	/**
	 * The account there with a username.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $login       Username.
	 */
	public function by_username( int $backfill_id, string $login ): ?Item {
		$login = strtolower( $login );
		$rows  = $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE backfill_id = %d AND username = %s AND remote_id > 0 ORDER BY user_id, id', $this->table(), $backfill_id, $login );
		return self::exactly( $rows, 'username', $login );
	}

	/**
	 * Writes down what was found out about a user here.
	 *
	 * @param int       $backfill_id Backfill.
	 * @param int       $user_id     User here.
	 * @param Finding   $finding     What.
	 * @param Item|null $there       The account there that it is about.
	 * @param string    $code        Why it is a conflict or left out, or ''.
	 * @param string    $message     The sentence for it.
	 * @param Link|null $link        Who they are there, when they are linked already.
	 */
	public function found( int $backfill_id, int $user_id, Finding $finding, ?Item $there = null, string $code = '', string $message = '', ?Link $link = null ): void {
		if ( null !== $there && 0 === $there->user_id && Finding::Link === $finding ) {
			$this->db->execute( 'UPDATE %i SET user_id = %d, outcome = %s, code = %s, message = %s WHERE id = %d', $this->table(), $user_id, $finding->value, $code, $message, $there->id );
			return;
		}
		$this->db->execute(
			'INSERT IGNORE INTO %i (backfill_id, user_id, remote_id, email, username, name, roles, is_protected, outcome, code, message) VALUES (%d, %d, %d, %s, %s, %s, %s, %d, %s, %s, %s)',
			$this->table(),
			$backfill_id,
			$user_id,
			$there->remote_id ?? $link->remote_id ?? 0,
			$there->email ?? '',
			$there->username ?? $link->remote_login ?? '',
			$there->name ?? '',
			(string) wp_json_encode( $there->roles ?? array() ),
			(int) ( $there->is_protected ?? false ),
			$finding->value,
			$code,
			$message
		);
	}

	/**
	 * How many of each finding and progress there are.
	 *
	 * @param int $backfill_id Backfill.
	 * @return array<string, array<string, int>> By finding, then by progress.
	 */
	public function counts( int $backfill_id ): array {
		$counts = array();
		foreach ( $this->db->rows( 'SELECT outcome, result, COUNT(*) AS people FROM %i WHERE backfill_id = %d GROUP BY outcome, result', $this->table(), $backfill_id ) as $row ) {
			$counts[ (string) $row['outcome'] ][ (string) $row['result'] ] = (int) $row['people'];
		}
		return $counts;
	}

	/**
	 * Those that are to be carried out: found to be linked or created, or a conflict that was decided.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $limit       How many at most.
	 * @return list<Item>
	 */
	public function to_do( int $backfill_id, int $limit ): array {
		$items = array();
		foreach ( array( Finding::Link, Finding::Create ) as $finding ) {
			$items = array( ...$items, ...$this->db->rows( 'SELECT ' . self::COLUMNS . " FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' ORDER BY id LIMIT %d", $this->table(), $backfill_id, $finding->value, $limit - count( $items ) ) );
			if ( count( $items ) >= $limit ) {
				return array_map( array( self::class, 'value' ), $items );
			}
		}
		$decided = $this->db->rows( 'SELECT ' . self::COLUMNS . " FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' AND decision <> '' ORDER BY id LIMIT %d", $this->table(), $backfill_id, Finding::Conflict->value, $limit - count( $items ) );
		return array_map( array( self::class, 'value' ), array( ...$items, ...$decided ) );
	}

	/**
	 * How many conflicts are decided and not begun.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function count_decided( int $backfill_id ): int {
		return (int) $this->db->value( "SELECT COUNT(*) FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' AND decision <> ''", $this->table(), $backfill_id, Finding::Conflict->value );
	}

	/**
	 * How many are on their way.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function count_queued( int $backfill_id ): int {
		// Not by counts(): that looks at everybody, this at some hundreds.
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i WHERE backfill_id = %d AND outcome IN ( %s, %s ) AND result = %s', $this->table(), $backfill_id, Finding::Create->value, Finding::Conflict->value, Progress::Queued->value );
	}

	/**
	 * Those on their way whose delivery has ended, with how it did.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 * @return list<array{id: int, remote_id: int, remote_login: string, is_gone: bool, code: string, message: string}> `remote_id` is 0 for who is not linked; `is_gone`: nothing waits for them any more.
	 */
	public function ended( int $backfill_id, int $site_id ): array {
		$ended = array();
		foreach ( array( Finding::Create, Finding::Link, Finding::Conflict ) as $finding ) {
			$rows = $this->db->rows(
				'SELECT i.id, l.remote_id AS linked, l.remote_login, o.state, o.code, o.message FROM %i i LEFT JOIN %i o ON o.site_id = %d AND o.user_id = i.user_id LEFT JOIN %i l ON l.site_id = %d AND l.user_id = i.user_id WHERE i.backfill_id = %d AND i.outcome = %s AND i.result = %s AND ( o.id IS NULL OR o.state <> %s )',
				$this->table(),
				$this->db->table( 'outbox' ),
				$site_id,
				$this->db->table( 'links' ),
				$site_id,
				$backfill_id,
				$finding->value,
				Progress::Queued->value,
				OutboxState::Due->value
			);
			foreach ( $rows as $row ) {
				$ended[] = array(
					'id'           => (int) $row['id'],
					'remote_id'    => (int) $row['linked'],
					'remote_login' => (string) $row['remote_login'],
					'is_gone'      => null === $row['state'],
					'code'         => (string) $row['code'],
					'message'      => (string) $row['message'],
				);
			}
		}
		return $ended;
	}

	/**
	 * Those that are on their way.
	 *
	 * @param int $backfill_id Backfill.
	 * @return list<Item>
	 */
	public function queued( int $backfill_id ): array {
		$items = array();
		foreach ( array( Finding::Create, Finding::Link, Finding::Conflict ) as $finding ) {
			array_push( $items, ...$this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE backfill_id = %d AND outcome = %s AND result = %s ORDER BY id', $this->table(), $backfill_id, $finding->value, Progress::Queued->value ) );
		}
		return array_map( array( self::class, 'value' ), $items );
	}

	/**
	 * Writes down what became of one. Why somebody is a conflict stays readable while it is carried out.
	 *
	 * @param int      $id       Item.
	 * @param Progress $progress What.
	 * @param string   $code     Why it failed, or ''.
	 * @param string   $message  The sentence for it.
	 */
	public function became( int $id, Progress $progress, string $code = '', string $message = '' ): void {
		in_array( $progress, array( Progress::Open, Progress::Queued ), true )
			? $this->db->execute( 'UPDATE %i SET result = %s WHERE id = %d', $this->table(), $progress->value, $id )
			: $this->db->execute( 'UPDATE %i SET result = %s, code = %s, message = %s WHERE id = %d', $this->table(), $progress->value, $code, $message, $id );
	}

	/**
	 * People are there now, under the accounts that were found.
	 *
	 * @param list<int> $ids Items.
	 */
	public function all_arrived( array $ids ): void {
		if ( array() !== $ids ) {
			$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
			$this->db->execute( "UPDATE %i SET result = %s, code = '', message = '' WHERE id IN ( $places )", $this->table(), Progress::Done->value, ...$ids );
		}
	}

	/**
	 * Writes down that one is linked now, and with which account.
	 *
	 * @param int    $id        Item.
	 * @param int    $remote_id Account there.
	 * @param string $username  Its username.
	 */
	public function arrived( int $id, int $remote_id, string $username ): void {
		$this->db->execute( "UPDATE %i SET result = %s, code = '', message = '', remote_id = %d, username = %s WHERE id = %d", $this->table(), Progress::Done->value, $remote_id, $username, $id );
	}

	/**
	 * Stores the owner's decision on a conflict that is still open.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param int    $id          Item.
	 * @param string $decision    `link`, `create`, `ignore`, or '' for none.
	 * @return bool Whether it is such a conflict.
	 */
	public function decide( int $backfill_id, int $id, string $decision ): bool {
		return null !== $this->db->value( "SELECT id FROM %i WHERE id = %d AND backfill_id = %d AND outcome = %s AND result = ''", $this->table(), $id, $backfill_id, Finding::Conflict->value )
			&& $this->db->execute( 'UPDATE %i SET decision = %s WHERE id = %d', $this->table(), $decision, $id ) >= 0;
	}

	/**
	 * A page of the conflicts that are not carried out yet.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $page        From 1.
	 * @param int $per_page    How many.
	 * @return list<Item>
	 */
	public function conflicts( int $backfill_id, int $page, int $per_page ): array {
		return array_map(
			array( self::class, 'value' ),
			$this->db->rows( 'SELECT ' . self::COLUMNS . " FROM %i WHERE backfill_id = %d AND outcome = %s AND result = '' ORDER BY id LIMIT %d OFFSET %d", $this->table(), $backfill_id, Finding::Conflict->value, $per_page, ( $page - 1 ) * $per_page )
		);
	}

	/**
	 * One of a backfill, or null.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $id          Item.
	 */
	public function find( int $backfill_id, int $id ): ?Item {
		return self::first( $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d AND backfill_id = %d', $this->table(), $id, $backfill_id ) );
	}

	/**
	 * The report, a piece at a time: everybody here, in the order of their ids.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $after       Id of the last item of the piece before, or 0.
	 * @param int $limit       How many.
	 * @return list<Item>
	 */
	public function report( int $backfill_id, int $after, int $limit ): array {
		return array_map(
			array( self::class, 'value' ),
			$this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE backfill_id = %d AND id > %d AND user_id > 0 ORDER BY id LIMIT %d', $this->table(), $backfill_id, $after, $limit )
		);
	}

	/**
	 * Forgets the people of a backfill.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function clear( int $backfill_id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE backfill_id = %d', $this->table(), $backfill_id );
	}

	/**
	 * The first of some rows that has exactly this text: to a database's collation, é is e.
	 *
	 * @param list<array<string, string|null>> $rows   Rows.
	 * @param string                           $column Column.
	 * @param string                           $text   In lower case.
	 */
	private static function exactly( array $rows, string $column, string $text ): ?Item {
		foreach ( $rows as $row ) {
			if ( $row[ $column ] === $text ) {
				return self::value( $row );
			}
		}
		return null;
	}

	/**
	 * The value of a row that may be absent.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function first( ?array $row ): ?Item {
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Item {
		$roles = json_decode( (string) $row['roles'], true );
		return new Item(
			(int) $row['id'],
			(int) $row['user_id'],
			(int) $row['remote_id'],
			(string) $row['email'],
			(string) $row['username'],
			(string) $row['name'],
			is_array( $roles ) ? array_values( array_map( 'strval', $roles ) ) : array(),
			(bool) (int) $row['is_protected'],
			Finding::tryFrom( (string) $row['outcome'] ),
			(string) $row['decision'],
			Progress::from( (string) $row['result'] ),
			(string) $row['code'],
			(string) $row['message']
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'backfill_items' );
	}
}
