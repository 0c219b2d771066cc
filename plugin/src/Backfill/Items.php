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

	/** Findings about which nothing is done without the owner's word, as they lie in the table. */
	public const UNDECIDED = array( 'conflict', 'link_by_name' );

	/** Findings of people who may be linked, and whose fields may be brought then. */
	private const LINKABLE = array( 'link', 'conflict', 'link_by_name' );

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
			array_push( $values, $backfill_id, $user->id, strtolower( $user->email ), strtolower( $user->login ), mb_substr( $user->fields['display_name'] ?? '', 0, 250 ), (string) wp_json_encode( $user->roles ), (int) $user->is_privileged(), Mailbox::of( $user->email ) );
		}
		if ( array() !== $values ) {
			$rows = implode( ', ', array_fill( 0, count( $users ), "(%d, 0, %d, %s, %s, %s, %s, %d, '', %s, '')" ) );
			$this->db->execute( "INSERT IGNORE INTO %i (backfill_id, user_id, remote_id, email, username, name, roles, is_protected, message, mailbox, remark) VALUES $rows", $this->table(), ...$values );
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
	 * The accounts there with an e-mail address, each once: an import may have made several, in upper and lower case.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $email       E-mail address.
	 * @return list<Item>
	 */
	public function by_email( int $backfill_id, string $email ): array {
		$email = strtolower( $email );
		$rows  = $this->db->rows( 'SELECT ' . Item::COLUMNS . ' FROM %i WHERE backfill_id = %d AND email = %s AND remote_id > 0 ORDER BY user_id, id', $this->table(), $backfill_id, $email );
		$found = array();
		foreach ( self::exactly( $rows, 'email', $email ) as $item ) {
			// Whoever was compared and is a conflict with an account has a row of their own that repeats it.
			$found[ $item->remote_id ] ??= $item;
		}
		return array_values( $found );
	}

	/**
	 * The account there with a username.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $login       Username.
	 */
	public function by_username( int $backfill_id, string $login ): ?Item {
		$login = strtolower( $login );
		$rows  = $this->db->rows( 'SELECT ' . Item::COLUMNS . ' FROM %i WHERE backfill_id = %d AND username = %s AND remote_id > 0 ORDER BY user_id, id', $this->table(), $backfill_id, $login );
		return self::exactly( $rows, 'username', $login )[0] ?? null;
	}

	/**
	 * Writes down what was found out about a user here.
	 *
	 * @param int       $backfill_id Backfill.
	 * @param \WP_User  $user        User here.
	 * @param Finding   $finding     What.
	 * @param Item|null $there       The account there that it is about.
	 * @param string    $code        Why it is a conflict or left out, or ''.
	 * @param string    $message     The sentence for it.
	 */
	public function found( int $backfill_id, \WP_User $user, Finding $finding, ?Item $there = null, string $code = '', string $message = '' ): void {
		if ( null !== $there && 0 === $there->user_id && Finding::Link === $finding ) {
			$this->db->execute( 'UPDATE %i SET user_id = %d, outcome = %s, code = %s, message = %s WHERE id = %d', $this->table(), $user->ID, $finding->value, $code, $message, $there->id );
			return;
		}
		$this->db->execute(
			'INSERT IGNORE INTO %i (backfill_id, user_id, remote_id, email, username, name, roles, is_protected, outcome, code, message, mailbox, remark) VALUES (%d, %d, %d, %s, %s, %s, %s, %d, %s, %s, %s, %s, %s)',
			$this->table(),
			$backfill_id,
			$user->ID,
			$there->remote_id ?? 0,
			$there->email ?? '',
			$there->username ?? '',
			$there->name ?? '',
			(string) wp_json_encode( $there->roles ?? array() ),
			(int) ( $there->is_protected ?? false ),
			$finding->value,
			$code,
			$message,
			Mailbox::of( $user->user_email ),
			''
		);
	}

	/**
	 * Writes down who is linked already.
	 *
	 * @param int                  $backfill_id Backfill.
	 * @param array<int, \WP_User> $users       Users here, by id.
	 * @param array<int, Link>     $links       Who they are there, by id.
	 */
	public function found_already( int $backfill_id, array $users, array $links ): void {
		if ( array() === $users ) {
			return;
		}
		$values = array();
		foreach ( $users as $id => $user ) {
			array_push( $values, $backfill_id, $id, $links[ $id ]->remote_id, $links[ $id ]->remote_login, Finding::Already->value, Mailbox::of( $user->user_email ) );
		}
		$rows = implode( ', ', array_fill( 0, count( $users ), "(%d, %d, %d, %s, '[]', %s, '', %s, '')" ) );
		$this->db->execute( "INSERT IGNORE INTO %i (backfill_id, user_id, remote_id, username, roles, outcome, message, mailbox, remark) VALUES $rows", $this->table(), ...$values );
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
	 * Those that are to be carried out: found to be linked or created, or decided by the owner.
	 *
	 * @param int     $backfill_id Backfill.
	 * @param Options $options     What is to be done.
	 * @param int     $limit       How many at most.
	 * @return list<Item>
	 */
	public function to_do( int $backfill_id, Options $options, int $limit ): array {
		$items = array();
		foreach ( array_filter( array( Finding::Link, $options->create ? Finding::Create : null, ...array_map( Finding::from( ... ), self::UNDECIDED ) ) ) as $finding ) {
			if ( count( $items ) < $limit ) {
				array_push( $items, ...$this->at( $backfill_id, $finding, Progress::Open, $limit - count( $items ), $finding->needs_a_word() ? " AND decision <> ''" : '' ) );
			}
		}
		return $items;
	}

	/**
	 * Those who are linked and whose fields are to be brought.
	 *
	 * @param int     $backfill_id Backfill.
	 * @param Options $options     What is to be done.
	 * @param int     $limit       How many at most.
	 * @return list<Item>
	 */
	public function to_bring( int $backfill_id, Options $options, int $limit ): array {
		$items = $options->brings() ? $this->at( $backfill_id, Finding::Already, Progress::Open, $limit ) : array();
		// Somebody who was to be created may have been linked meanwhile.
		foreach ( array( ...self::LINKABLE, Finding::Create->value ) as $finding ) {
			if ( count( $items ) < $limit ) {
				array_push( $items, ...$this->at( $backfill_id, Finding::from( $finding ), Progress::Linked, $limit - count( $items ) ) );
			}
		}
		return $items;
	}

	/**
	 * Whether anybody is to be carried out or brought. Does not count them.
	 *
	 * @param int     $backfill_id Backfill.
	 * @param Options $options     What is to be done.
	 */
	public function has_to_do( int $backfill_id, Options $options ): bool {
		return array() !== $this->to_do( $backfill_id, $options, 1 ) || array() !== $this->to_bring( $backfill_id, $options, 1 );
	}

	/**
	 * People of one finding at one progress, in the order in which they were found.
	 *
	 * @param int      $backfill_id Backfill.
	 * @param Finding  $finding     What was found out.
	 * @param Progress $progress    What became of them.
	 * @param int      $limit       How many at most.
	 * @param string   $and         A further condition, without values.
	 * @return list<Item>
	 */
	private function at( int $backfill_id, Finding $finding, Progress $progress, int $limit, string $and = '' ): array {
		// A database that reckons with many of them walks along the people instead, past all those who are done.
		return array_map( Item::of_row( ... ), $this->db->rows( 'SELECT ' . Item::COLUMNS . " FROM %i FORCE INDEX (by_outcome) WHERE backfill_id = %d AND outcome = %s AND result = %s$and ORDER BY id LIMIT %d", $this->table(), $backfill_id, $finding->value, $progress->value, $limit ) );
	}

	/**
	 * How many are decided and not begun.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function count_decided( int $backfill_id ): int {
		return (int) $this->db->value( "SELECT COUNT(*) FROM %i WHERE backfill_id = %d AND outcome IN ( %s, %s ) AND result = '' AND decision <> ''", $this->table(), $backfill_id, ...self::UNDECIDED );
	}

	/**
	 * How many are on their way.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function count_queued( int $backfill_id ): int {
		// Not by counts(): that looks at everybody, this at some hundreds.
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i WHERE ' . self::on_their_way(), $this->table(), ...self::way_of( $backfill_id ) );
	}

	/**
	 * Those on their way whose delivery has ended, with how it did.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $site_id     Remote site.
	 * @return list<array{id: int, progress: Progress, may_bring: bool, remote_id: int, remote_login: string, is_gone: bool, code: string, message: string}> `may_bring`: they were linked, not created; `remote_id` is 0 for who is not linked; `is_gone`: nothing waits for them any more.
	 */
	public function ended( int $backfill_id, int $site_id ): array {
		$rows = $this->db->rows(
			'SELECT i.id, i.outcome, i.decision, i.result, l.remote_id AS linked, l.remote_login, o.state, o.code, o.message FROM %i i LEFT JOIN %i o ON o.site_id = %d AND o.user_id = i.user_id LEFT JOIN %i l ON l.site_id = %d AND l.user_id = i.user_id WHERE ' . self::on_their_way( 'i.' ) . ' AND ( o.id IS NULL OR o.state <> %s )',
			$this->table(),
			$this->db->table( 'outbox' ),
			$site_id,
			$this->db->table( 'links' ),
			$site_id,
			...array( ...self::way_of( $backfill_id ), OutboxState::Due->value )
		);
		return array_map(
			static fn ( array $row ): array => array(
				'id'           => (int) $row['id'],
				'progress'     => Progress::from( (string) $row['result'] ),
				'may_bring'    => Finding::Create->value !== $row['outcome'] && 'create' !== $row['decision'],
				'remote_id'    => (int) $row['linked'],
				'remote_login' => (string) $row['remote_login'],
				'is_gone'      => null === $row['state'],
				'code'         => (string) $row['code'],
				'message'      => (string) $row['message'],
			),
			$rows
		);
	}

	/**
	 * Those that are on their way.
	 *
	 * @param int $backfill_id Backfill.
	 * @return list<Item>
	 */
	public function queued( int $backfill_id ): array {
		return array_map( Item::of_row( ... ), $this->db->rows( 'SELECT ' . Item::COLUMNS . ' FROM %i WHERE ' . self::on_their_way() . ' ORDER BY id', $this->table(), ...self::way_of( $backfill_id ) ) );
	}

	/**
	 * The condition for those on their way.
	 *
	 * @param string $of The table's name in the statement, with a dot.
	 */
	private static function on_their_way( string $of = '' ): string {
		return "{$of}backfill_id = %d AND {$of}outcome IN ( %s, %s, %s, %s, %s ) AND {$of}result IN ( %s, %s )";
	}

	/**
	 * The values for that condition.
	 *
	 * @param int $backfill_id Backfill.
	 * @return list<int|string>
	 */
	private static function way_of( int $backfill_id ): array {
		return array( $backfill_id, Finding::Create->value, Finding::Already->value, ...self::LINKABLE, Progress::Queued->value, Progress::Bringing->value );
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
		in_array( $progress, array( Progress::Open, Progress::Queued, Progress::Linked, Progress::Bringing ), true )
			? $this->db->execute( 'UPDATE %i SET result = %s WHERE id = %d', $this->table(), $progress->value, $id )
			: $this->db->execute( 'UPDATE %i SET result = %s, code = %s, message = %s WHERE id = %d', $this->table(), $progress->value, $code, $message, $id );
	}

	/**
	 * People are there now, under the accounts that were found.
	 *
	 * @param list<int> $ids      Items.
	 * @param Progress  $progress What becomes of them.
	 */
	public function all_arrived( array $ids, Progress $progress ): void {
		if ( array() !== $ids ) {
			$places = implode( ', ', array_fill( 0, count( $ids ), '%d' ) );
			$this->db->execute( "UPDATE %i SET result = %s, code = '', message = '' WHERE id IN ( $places )", $this->table(), $progress->value, ...$ids );
		}
	}

	/**
	 * Writes down that one is linked now, and with which account.
	 *
	 * @param int      $id        Item.
	 * @param int      $remote_id Account there.
	 * @param string   $username  Its username.
	 * @param Progress $progress  Whether that is all.
	 */
	public function arrived( int $id, int $remote_id, string $username, Progress $progress = Progress::Done ): void {
		$this->db->execute( "UPDATE %i SET result = %s, code = '', message = '', remote_id = %d, username = %s WHERE id = %d", $this->table(), $progress->value, $remote_id, $username, $id );
	}

	/**
	 * People with a mailbox, and accounts there that nobody here was found for.
	 *
	 * @param int          $backfill_id Backfill.
	 * @param list<string> $mailboxes   Mailboxes, as `Mailbox::of()` gives them.
	 * @return array<string, list<Item>> By mailbox.
	 */
	public function of_mailboxes( int $backfill_id, array $mailboxes ): array {
		if ( array() === $mailboxes ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $mailboxes ), '%s' ) );
		$found  = array();
		foreach ( $this->db->rows( 'SELECT ' . Item::COLUMNS . ", mailbox FROM %i WHERE backfill_id = %d AND mailbox IN ( $places ) ORDER BY id", $this->table(), $backfill_id, ...$mailboxes ) as $row ) {
			$found[ (string) $row['mailbox'] ][] = Item::of_row( $row );
		}
		return $found;
	}

	/**
	 * Notes what else the owner should look at.
	 *
	 * @param int    $id     Item.
	 * @param string $remark The sentence.
	 */
	public function remark( int $id, string $remark ): void {
		$this->db->execute( 'UPDATE %i SET is_remarked = 1, remark = %s WHERE id = %d', $this->table(), $remark, $id );
	}

	/**
	 * One of a backfill, or null.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $id          Item.
	 */
	public function find( int $backfill_id, int $id ): ?Item {
		return self::first( $this->db->row( 'SELECT ' . Item::COLUMNS . ' FROM %i WHERE id = %d AND backfill_id = %d', $this->table(), $id, $backfill_id ) );
	}

	/**
	 * The report, a piece at a time: everybody here and who is missing here, in the order of their ids.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $after       Id of the last item of the piece before, or 0.
	 * @param int $limit       How many.
	 * @return list<Item>
	 */
	public function report( int $backfill_id, int $after, int $limit ): array {
		return array_map(
			Item::of_row( ... ),
			$this->db->rows( 'SELECT ' . Item::COLUMNS . ' FROM %i WHERE backfill_id = %d AND id > %d AND ( user_id > 0 OR outcome = %s ) ORDER BY id LIMIT %d', $this->table(), $backfill_id, $after, Finding::MissingHere->value, $limit )
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
	 * Those of some rows that have exactly this text: to a database's collation, é is e.
	 *
	 * @param list<array<string, string|null>> $rows   Rows.
	 * @param string                           $column Column.
	 * @param string                           $text   In lower case.
	 * @return list<Item>
	 */
	private static function exactly( array $rows, string $column, string $text ): array {
		return array_map( Item::of_row( ... ), array_values( array_filter( $rows, static fn ( array $row ): bool => $row[ $column ] === $text ) ) );
	}

	/**
	 * The value of a row that may be absent.
	 *
	 * @param array<string, string|null>|null $row Row.
	 */
	private static function first( ?array $row ): ?Item {
		return null === $row ? null : Item::of_row( $row );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'backfill_items' );
	}
}
