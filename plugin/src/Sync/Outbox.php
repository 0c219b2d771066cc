<?php
/**
 * The table of deliveries that are due: one row for one user and one remote site.
 *
 * A row says that a user must be made right there, not what happened: any number
 * of edits meanwhile are one row and one delivery. The first touch in a request
 * opens the row, the end of the request completes it. A row that stays open (the
 * process died) counts as "everything changed" a minute later.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Sync;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Time\Clock;

final class Outbox {

	/** Seconds after which an open row counts as abandoned by a process that died. */
	public const OPEN_SECONDS = 60;

	/** In place of a sealed password: there is none, or it is to be wiped. */
	public const NO_SECRET = '';

	/** What `expect()` is to be given. */
	public const COLUMNS = 'id, site_id, user_id, state, fields, version, open_count, secret, secret_expires_at, attempts, due_at, first_at, first_ms, code, message, details, claimed_by';

	/** @var array<string, bool> Rows that this process has opened, by site and user: whether it has made them. */
	private array $fresh = array();

	/** @var array<string, array<string, string|null>> Rows that waited when somebody looked, by site and user. */
	private array $expected = array();

	/** @var array<string, array<string, string|null>> The same after this process has opened them. */
	private array $opened = array();

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Somebody has just read the row of a user that is about to be opened: `complete()` counts on that and asks for
	 * itself only where it was changed meanwhile.
	 *
	 * @param int                        $site_id Remote site.
	 * @param int                        $user_id User here.
	 * @param array<string, string|null> $row     The row.
	 */
	public function expect( int $site_id, int $user_id, array $row ): void {
		$this->expected[ "$site_id:$user_id" ] = $row;
	}

	/**
	 * A request begins to change a user: whatever dies after this, the change is not lost.
	 *
	 * @param int    $site_id           Remote site.
	 * @param int    $user_id           User here.
	 * @param string $sealed_secret     Sealed new password, or NO_SECRET.
	 * @param int    $secret_expires_at When that is wiped, Unix seconds.
	 * @throws Failure When the database fails.
	 */
	public function open( int $site_id, int $user_id, string $sealed_secret = self::NO_SECRET, int $secret_expires_at = 0 ): void {
		$now     = $this->clock->now();
		$values  = array( $this->table(), $site_id, $user_id, OutboxState::Due->value, $now, $sealed_secret, $secret_expires_at, $now, $now, $this->clock->now_ms() % 1000, $now );
		$insert  = "INSERT INTO %i (site_id, user_id, state, fields, open_count, opened_at, secret, secret_expires_at, due_at, first_at, first_ms, message, details) VALUES (%d, %d, %s, '[]', 1, %d, %s, %d, %d, %d, %d, '', '{}')
			ON DUPLICATE KEY UPDATE open_count = open_count + 1, opened_at = %d, version = version + 1";
		$touched = self::NO_SECRET === $sealed_secret
			? $this->db->execute( $insert, ...$values )
			: $this->db->execute( $insert . ', secret = %s, secret_expires_at = %d', ...array( ...$values, $sealed_secret, $secret_expires_at ) );
		$key     = "$site_id:$user_id";
		$known   = $this->expected[ $key ] ?? null;
		unset( $this->expected[ $key ], $this->opened[ $key ] );
		// MySQL counts a row that was there already as two, SQLite as one.
		$this->fresh[ $key ] = 1 === $touched && null === $known;
		if ( null !== $known ) {
			$known['open_count']  = (string) ( (int) $known['open_count'] + 1 );
			$this->opened[ $key ] = self::changed( $known, $sealed_secret, $secret_expires_at );
		}
	}

	/**
	 * Puts a new password into a row that this request has open.
	 *
	 * @param int    $site_id           Remote site.
	 * @param int    $user_id           User here.
	 * @param string $sealed_secret     Sealed new password.
	 * @param int    $secret_expires_at When that is wiped, Unix seconds.
	 * @throws Failure When the database fails.
	 */
	public function keep_secret( int $site_id, int $user_id, string $sealed_secret, int $secret_expires_at ): void {
		$this->db->execute( 'UPDATE %i SET secret = %s, secret_expires_at = %d, version = version + 1 WHERE site_id = %d AND user_id = %d', $this->table(), $sealed_secret, $secret_expires_at, $site_id, $user_id );
		$known = $this->opened[ "$site_id:$user_id" ] ?? null;
		if ( null !== $known ) {
			$this->opened[ "$site_id:$user_id" ] = self::changed( $known, $sealed_secret, $secret_expires_at );
		}
	}

	/**
	 * What is known of a row after this process has changed it.
	 *
	 * @param array<string, string|null> $row               As it was.
	 * @param string                     $sealed_secret     New password, or NO_SECRET where it stays.
	 * @param int                        $secret_expires_at When that is wiped, Unix seconds.
	 * @return array<string, string|null>
	 */
	private static function changed( array $row, #[\SensitiveParameter] string $sealed_secret, int $secret_expires_at ): array {
		$row['version'] = (string) ( (int) $row['version'] + 1 );
		if ( self::NO_SECRET !== $sealed_secret ) {
			$row['secret']            = $sealed_secret;
			$row['secret_expires_at'] = (string) $secret_expires_at;
		}
		return $row;
	}

	/**
	 * The request has ended: what it opened gets its fields and is due at once. A new change also gets a row
	 * that waited for a person another try: what was wrong may be what was changed.
	 *
	 * @param int                  $site_id           Remote site.
	 * @param int                  $user_id           User here.
	 * @param FieldSet             $fields            What changed; empty when in the end nothing concerns this site.
	 * @param string|null          $sealed_secret     Sealed new password, NO_SECRET to wipe one, or null when it was not changed.
	 * @param int                  $secret_expires_at When that is wiped, Unix seconds.
	 * @param array<string, mixed> $details           `login` and `email` of a user who is being deleted.
	 * @throws Failure When the database fails.
	 */
	public function complete( int $site_id, int $user_id, FieldSet $fields, ?string $sealed_secret, int $secret_expires_at, array $details = array() ): void {
		if ( $this->complete_fresh( $site_id, $user_id, $fields, $sealed_secret, $secret_expires_at, $details ) ) {
			return;
		}
		$known = $this->opened[ "$site_id:$user_id" ] ?? null;
		unset( $this->opened[ "$site_id:$user_id" ] );
		do {
			$row   = $known ?? $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND user_id = %d', $this->table(), $site_id, $user_id );
			$known = null;
			if ( null === $row ) {
				// Delivered meanwhile as an abandoned row, or the site was removed.
				if ( ! $fields->is_empty() || ( $sealed_secret ?? self::NO_SECRET ) !== self::NO_SECRET ) {
					$this->open( $site_id, $user_id );
					continue;
				}
				return;
			}
			$merged  = FieldSet::from_string( (string) $row['fields'] )->with( $fields );
			$open    = max( 0, (int) $row['open_count'] - 1 );
			$written = $merged->is_empty() && self::NO_SECRET === ( $sealed_secret ?? $row['secret'] ) && 0 === $open
				? $this->db->execute( 'DELETE FROM %i WHERE id = %d AND version = %d', $this->table(), (int) $row['id'], (int) $row['version'] )
				: $this->write_completed( $row, $merged, $open, $sealed_secret, $secret_expires_at, $details, ! $fields->is_empty() );
		} while ( null === $row || 0 === $written );
	}

	/**
	 * The same for a row that this process has made and nobody has touched since: one statement, without a look.
	 *
	 * @param int                  $site_id           Remote site.
	 * @param int                  $user_id           User here.
	 * @param FieldSet             $fields            What changed.
	 * @param string|null          $sealed_secret     As in `complete()`.
	 * @param int                  $secret_expires_at As there.
	 * @param array<string, mixed> $details           As there.
	 * @return bool Whether it was such a row.
	 */
	private function complete_fresh( int $site_id, int $user_id, FieldSet $fields, #[\SensitiveParameter] ?string $sealed_secret, int $secret_expires_at, array $details ): bool {
		$is_fresh = $this->fresh[ "$site_id:$user_id" ] ?? false;
		unset( $this->fresh[ "$site_id:$user_id" ] );
		if ( ! $is_fresh || $fields->is_empty() ) {
			return false;
		}
		$secret = null === $sealed_secret ? array() : array( $sealed_secret, $secret_expires_at );
		return 1 === $this->db->execute(
			'UPDATE %i SET ' . ( array() === $secret ? '' : 'secret = %s, secret_expires_at = %d, ' ) . 'fields = %s, open_count = 0, details = %s, due_at = %d, version = version + 1 WHERE site_id = %d AND user_id = %d AND version = 1 AND open_count = 1',
			$this->table(),
			...$secret,
			...array( (string) $fields, (string) wp_json_encode( (object) $details ), $this->clock->now(), $site_id, $user_id )
		);
	}

	/**
	 * Puts a user into the queue at once: backfill, retry, a decision.
	 *
	 * @param int           $site_id  Remote site.
	 * @param int           $user_id  User here.
	 * @param FieldSet      $fields   What to bring.
	 * @param Decision|null $decision What a person said about them.
	 */
	public function enqueue( int $site_id, int $user_id, FieldSet $fields, ?Decision $decision = null ): void {
		$this->open( $site_id, $user_id );
		$this->complete( $site_id, $user_id, $fields, null, 0, null === $decision ? array() : array( 'decision' => $decision->to_array() ) );
	}

	/**
	 * Takes rows to deliver. Each goes to one process at a time, for as long as its claim lasts. Any number of processes
	 * on any number of machines may do so: one statement takes the rows, and where the server can, it passes over those
	 * that others are taking at that moment.
	 *
	 * @param int $site_id Remote site.
	 * @param int $limit   How many at most.
	 * @param int $seconds How long the claim lasts if the process dies.
	 * @return list<OutboxRow>
	 * @throws Failure When the database fails.
	 */
	public function claim( int $site_id, int $limit, int $seconds ): array {
		$now    = $this->clock->now();
		$claim  = wp_generate_uuid4();
		$is_due = 'site_id = %d AND state = %s AND due_at <= %d AND claimed_until <= %d AND ( open_count = 0 OR opened_at < %d ) ORDER BY due_at, id LIMIT %d';
		$due    = array( $site_id, OutboxState::Due->value, $now, $now, $now - self::OPEN_SECONDS, $limit );
		$plain  = fn (): int => $this->db->execute( "UPDATE %i SET claimed_by = %s, claimed_until = %d WHERE $is_due", $this->table(), $claim, $now + $seconds, ...$due );
		try {
			$taken = $this->db->passes_over_locked()
				? $this->db->execute( "UPDATE %i AS o JOIN ( SELECT id FROM %i WHERE $is_due FOR UPDATE SKIP LOCKED ) AS c ON c.id = o.id SET o.claimed_by = %s, o.claimed_until = %d", $this->table(), $this->table(), ...array( ...$due, $claim, $now + $seconds ) )
				: $plain();
		} catch ( Failure ) {
			// A server that says it is newer than it is, or a proxy before it that knows no such statement.
			$taken = $plain();
		}
		return 0 === $taken ? array() : array_map( self::value( ... ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE claimed_by = %s ORDER BY due_at, id', $this->table(), $claim ) );
	}

	/**
	 * Whether something is due for a site.
	 *
	 * @param int $site_id Remote site.
	 */
	public function has_due( int $site_id ): bool {
		$now = $this->clock->now();
		return null !== $this->db->value(
			'SELECT id FROM %i WHERE site_id = %d AND state = %s AND due_at <= %d AND claimed_until <= %d AND ( open_count = 0 OR opened_at < %d ) LIMIT 1',
			$this->table(),
			$site_id,
			OutboxState::Due->value,
			$now,
			$now,
			$now - self::OPEN_SECONDS
		);
	}

	/**
	 * When the next user is due for a site who is not due yet, Unix seconds; null when nobody is that soon.
	 *
	 * @param int $site_id Remote site.
	 * @param int $within  Seconds from now.
	 */
	public function next_due( int $site_id, int $within ): ?int {
		$now  = $this->clock->now();
		$next = $this->db->value( 'SELECT due_at FROM %i WHERE site_id = %d AND state = %s AND due_at > %d AND due_at <= %d ORDER BY due_at LIMIT 1', $this->table(), $site_id, OutboxState::Due->value, $now, $now + $within );
		return null === $next ? null : (int) $next;
	}

	/**
	 * The user is right there: the row goes, unless they changed again meanwhile. Then it is due at once.
	 *
	 * @param OutboxRow $row As it was claimed.
	 */
	public function finish( OutboxRow $row ): void {
		if ( 0 === $this->db->execute( 'DELETE FROM %i WHERE id = %d AND version = %d AND claimed_by = %s', $this->table(), $row->id, $row->version, $row->claim ) ) {
			$this->unclaim( $row );
		}
	}

	/**
	 * The row is tried again later.
	 *
	 * @param OutboxRow $row     As it was claimed.
	 * @param int       $due_at  Unix seconds.
	 * @param string    $code    Why.
	 * @param string    $message The sentence for it.
	 */
	public function postpone( OutboxRow $row, int $due_at, string $code, string $message ): void {
		$this->db->execute(
			"UPDATE %i SET attempts = attempts + 1, due_at = %d, code = %s, message = %s, claimed_by = '', claimed_until = 0 WHERE id = %d AND claimed_by = %s",
			$this->table(),
			$due_at,
			$code,
			$message,
			$row->id,
			$row->claim
		);
	}

	/**
	 * The row goes back as it is, due at once: the site is at fault, not this user, and no try is burnt.
	 *
	 * @param OutboxRow $row     As it was claimed.
	 * @param string    $code    Why.
	 * @param string    $message The sentence for it.
	 */
	public function unclaim( OutboxRow $row, string $code = '', string $message = '' ): void {
		$this->db->execute( "UPDATE %i SET claimed_by = '', claimed_until = 0, code = %s, message = %s WHERE id = %d AND claimed_by = %s", $this->table(), $code, $message, $row->id, $row->claim );
	}

	/**
	 * Waiting can't help: the row waits for a person from now on, unless the user changed again meanwhile.
	 *
	 * @param OutboxRow            $row     As it was claimed.
	 * @param OutboxState          $state   Attention or confirm.
	 * @param string               $code    Why.
	 * @param string               $message The sentence for it.
	 * @param array<string, mixed> $details What a person needs to decide.
	 * @param bool                 $password_arrived Whether the new password is there already. It is wiped: sent once more after
	 *                                               weeks, it would undo what the person has set there since.
	 */
	public function hold( OutboxRow $row, OutboxState $state, string $code, string $message, array $details, bool $password_arrived = false ): void {
		$wiped = $password_arrived ? array( (string) new FieldSet( ...array_values( array_diff( $row->fields->names, array( FieldSet::PASSWORD ) ) ) ) ) : array();
		$held  = $this->db->execute(
			'UPDATE %i SET ' . ( $password_arrived ? "fields = %s, secret = '', secret_expires_at = 0, " : '' ) . "state = %s, due_at = %d, attempts = attempts + 1, code = %s, message = %s, details = %s, claimed_by = '', claimed_until = 0 WHERE id = %d AND version = %d AND claimed_by = %s",
			$this->table(),
			...$wiped,
			...array( $state->value, $this->clock->now(), $code, $message, (string) wp_json_encode( array_merge( $row->details, $details ) ), $row->id, $row->version, $row->claim )
		);
		if ( 0 === $held ) {
			$this->unclaim( $row );
		}
	}

	/**
	 * Stores what a delivery is about to create, before it does.
	 *
	 * @param OutboxRow    $row    As it was claimed.
	 * @param CreateIntent $intent What is about to be created.
	 */
	public function remember_intent( OutboxRow $row, CreateIntent $intent ): void {
		$details = array_merge(
			$row->details,
			array(
				'intent' => array(
					'login'     => $intent->login,
					'email'     => $intent->email,
					'remote_at' => $intent->remote_at,
				),
			)
		);
		$this->set_details( $row->id, $details );
	}

	/**
	 * Replaces the details of a row.
	 *
	 * @param int                  $id      Row.
	 * @param array<string, mixed> $details Details.
	 */
	public function set_details( int $id, array $details ): void {
		$this->db->execute( 'UPDATE %i SET details = %s WHERE id = %d', $this->table(), (string) wp_json_encode( $details ), $id );
	}

	/**
	 * A row, or null.
	 *
	 * @param int $id Row.
	 */
	public function find( int $id ): ?OutboxRow {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d', $this->table(), $id );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * The row of a user and a site, or null.
	 *
	 * @param int $site_id Remote site.
	 * @param int $user_id User here.
	 */
	public function find_for( int $site_id, int $user_id ): ?OutboxRow {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND user_id = %d', $this->table(), $site_id, $user_id );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * Tries rows again at once, whatever they wait for.
	 *
	 * @param list<int> $ids Rows.
	 * @return int How many there were.
	 */
	public function retry( array $ids ): int {
		$retried = 0;
		foreach ( $ids as $id ) {
			$retried += $this->db->execute( 'UPDATE %i SET state = %s, attempts = 0, due_at = %d, version = version + 1 WHERE id = %d', $this->table(), OutboxState::Due->value, $this->clock->now(), $id );
		}
		return $retried;
	}

	/**
	 * Tries all rows again that have failed and wait for a person or a later time.
	 *
	 * @param int|null    $site_id Only this site's.
	 * @param string|null $code    Only those that failed for this cause.
	 * @param int|null    $after   Only those that wait since this time or later, Unix seconds.
	 * @param int|null    $before  Only those that wait since before this time, Unix seconds.
	 * @return int How many there were.
	 */
	public function retry_all( ?int $site_id, ?string $code, ?int $after = null, ?int $before = null ): int {
		list( $where, $values ) = self::failed( $site_id, $code, $after, $before );
		return $this->db->execute( 'UPDATE %i SET state = %s, attempts = 0, due_at = %d, version = version + 1' . $where, $this->table(), OutboxState::Due->value, $this->clock->now(), ...$values );
	}

	/**
	 * For which causes those have failed whom `retry_all()` would try again, the most frequent first.
	 *
	 * @param int|null $site_id Only this site's.
	 * @param int|null $after   As there.
	 * @param int|null $before  As there.
	 * @return array<string, int> People by code.
	 */
	public function causes( ?int $site_id, ?int $after = null, ?int $before = null ): array {
		list( $where, $values ) = self::failed( $site_id, null, $after, $before );
		$people                 = array();
		foreach ( $this->db->rows( 'SELECT code, COUNT(*) AS people FROM %i' . $where . ' GROUP BY code ORDER BY people DESC, code', $this->table(), ...$values ) as $row ) {
			$people[ (string) $row['code'] ] = (int) $row['people'];
		}
		return $people;
	}

	/**
	 * A site is well again: what waited for a later time is due now.
	 *
	 * @param int $site_id Remote site.
	 */
	public function release_site( int $site_id ): void {
		$now = $this->clock->now();
		$this->db->execute( 'UPDATE %i SET due_at = %d WHERE site_id = %d AND state = %s AND due_at > %d', $this->table(), $now, $site_id, OutboxState::Due->value, $now );
	}

	/**
	 * Users are linked now: nobody need be asked any more whether they are the same person there, and what had to be
	 * decided about them may be settled by that.
	 *
	 * @param int $site_id     Remote site.
	 * @param int ...$user_ids Users here.
	 */
	public function question_is_answered( int $site_id, int ...$user_ids ): void {
		if ( array() !== $user_ids ) {
			$places = implode( ', ', array_fill( 0, count( $user_ids ), '%d' ) );
			$this->db->execute( "UPDATE %i SET state = %s, due_at = %d, version = version + 1 WHERE site_id = %d AND user_id IN ( $places ) AND state IN ( %s, %s )", $this->table(), OutboxState::Due->value, $this->clock->now(), $site_id, ...array( ...$user_ids, OutboxState::Confirm->value, OutboxState::Attention->value ) );
		}
	}

	/**
	 * Stores what a person said about a row and makes it due.
	 *
	 * @param int      $id       Row.
	 * @param Decision $decision What they said.
	 */
	public function decide( int $id, Decision $decision ): void {
		$row = $this->find( $id );
		if ( null !== $row ) {
			$details             = $row->details;
			$details['decision'] = $decision->to_array();
			unset( $details['confirm'] );
			$this->set_details( $id, $details );
			$this->retry( array( $id ) );
		}
	}

	/**
	 * Puts somebody before all others who are due: a person waits for it.
	 *
	 * @param int $site_id Remote site.
	 * @param int $user_id User here.
	 */
	public function prefer( int $site_id, int $user_id ): void {
		$this->db->execute( 'UPDATE %i SET due_at = 1 WHERE site_id = %d AND user_id = %d AND state = %s', $this->table(), $site_id, $user_id, OutboxState::Due->value );
	}

	/**
	 * The clock was set back: what is to wait for a time by the old one waits for nothing. A claim by the old one may
	 * still be somebody's: what is delivered twice does no harm.
	 */
	public function clock_was_set_back(): void {
		$now = $this->clock->now();
		$this->db->execute( 'UPDATE %i SET due_at = %d, claimed_until = 0, opened_at = CASE WHEN opened_at > %d THEN %d ELSE opened_at END WHERE state = %s AND ( due_at > %d OR claimed_until > %d OR opened_at > %d )', $this->table(), $now, $now, $now, OutboxState::Due->value, $now, $now, $now );
	}

	/**
	 * Drops a row: a person said to leave this one alone.
	 *
	 * @param int $id Row.
	 */
	public function discard( int $id ): void {
		$this->db->execute( 'DELETE FROM %i WHERE id = %d', $this->table(), $id );
	}

	/**
	 * Rows that wait for a person's decision, the newest first.
	 *
	 * @param int|null $site_id  Only this site's.
	 * @param int      $page     From 1.
	 * @param int      $per_page How many.
	 * @return list<OutboxRow>
	 */
	public function attention( ?int $site_id, int $page, int $per_page ): array {
		// First which rows, from an index alone: a late page passes over many.
		$columns = 'o.' . str_replace( ', ', ', o.', self::COLUMNS );
		$read    = fn ( string $where, int|string ...$values ): array => $this->db->rows( "SELECT $columns FROM ( SELECT id FROM %i WHERE $where ORDER BY due_at DESC, id DESC LIMIT %d OFFSET %d ) p JOIN %i o ON o.id = p.id ORDER BY o.due_at DESC, o.id DESC", $this->table(), ...$values, ...array( $per_page, ( $page - 1 ) * $per_page, $this->table() ) );
		$rows    = null === $site_id
			? $read( 'state = %s', OutboxState::Attention->value )
			: $read( 'site_id = %d AND state = %s', $site_id, OutboxState::Attention->value );
		return array_map( array( self::class, 'value' ), $rows );
	}

	/**
	 * How many rows wait for a person's decision.
	 *
	 * @param int|null $site_id Only this site's.
	 */
	public function count_attention( ?int $site_id ): int {
		return (int) ( null === $site_id
			? $this->db->value( 'SELECT COUNT(*) FROM %i WHERE state = %s', $this->table(), OutboxState::Attention->value )
			: $this->db->value( 'SELECT COUNT(*) FROM %i WHERE site_id = %d AND state = %s', $this->table(), $site_id, OutboxState::Attention->value ) );
	}

	/**
	 * How long a site's queue is.
	 *
	 * @param int $site_id Remote site.
	 */
	public function counts( int $site_id ): QueueCounts {
		return self::queue( $this->db->rows( 'SELECT state, COUNT(*) AS people, MIN(first_at) AS oldest, MIN(due_at) AS asked FROM %i WHERE site_id = %d GROUP BY state', $this->table(), $site_id ) );
	}

	/**
	 * How long the queues of all sites are that have one.
	 *
	 * @return array<int, QueueCounts> By site.
	 */
	public function all_counts(): array {
		$by_site = array();
		foreach ( $this->db->rows( 'SELECT site_id, state, COUNT(*) AS people, MIN(first_at) AS oldest, MIN(due_at) AS asked FROM %i GROUP BY site_id, state', $this->table() ) as $row ) {
			$by_site[ (int) $row['site_id'] ][] = $row;
		}
		return array_map( self::queue( ... ), $by_site );
	}

	/**
	 * The queue of a site.
	 *
	 * @param list<array<string, string|null>> $rows `state`, `people`, `oldest` and `asked` of each state that there is.
	 */
	private static function queue( array $rows ): QueueCounts {
		$counts    = array_column( $rows, null, 'state' );
		$due       = $counts[ OutboxState::Due->value ] ?? null;
		$attention = $counts[ OutboxState::Attention->value ] ?? null;
		return new QueueCounts(
			(int) ( $due['people'] ?? 0 ),
			(int) ( $attention['people'] ?? 0 ) + (int) ( $counts[ OutboxState::Confirm->value ]['people'] ?? 0 ),
			null === $due ? null : (int) $due['oldest'],
			null === $attention ? null : (int) $attention['asked']
		);
	}

	/**
	 * Wipes captured passwords that could not be delivered in the time which the owner set.
	 *
	 * @return int How many.
	 */
	public function wipe_expired_secrets(): int {
		return $this->db->execute( "UPDATE %i SET secret = '', secret_expires_at = 0, version = version + 1 WHERE secret_expires_at > 0 AND secret_expires_at <= %d", $this->table(), $this->clock->now() );
	}

	/**
	 * Writes the end of a request to a row, if nobody changed it meanwhile.
	 *
	 * @param array<string, string|null> $row               As it was read.
	 * @param FieldSet                   $fields            All that is due now.
	 * @param int                        $open              How many other requests have it open.
	 * @param string|null                $sealed_secret     New password, or null.
	 * @param int                        $secret_expires_at When that is wiped.
	 * @param array<string, mixed>       $details           To be merged in.
	 * @param bool                       $changed           Whether this request changed something that concerns the site.
	 * @return int 1, or 0 when somebody did.
	 */
	private function write_completed( array $row, FieldSet $fields, int $open, ?string $sealed_secret, int $secret_expires_at, array $details, bool $changed ): int {
		$known = json_decode( (string) $row['details'], true );
		$due   = $changed || ( $sealed_secret ?? self::NO_SECRET ) !== self::NO_SECRET;
		// A confirmation is asked for once; another e-mail address, a deletion, or the owner's word makes it another question.
		$asks_again = $due && ( OutboxState::Confirm->value !== $row['state'] || $fields->has( FieldSet::EMAIL ) || $fields->has( FieldSet::DELETED ) || isset( $details['decision'] ) );
		return $this->db->execute(
			'UPDATE %i SET fields = %s, open_count = %d, secret = %s, secret_expires_at = %d, details = %s, state = %s, due_at = %d, attempts = %d, version = version + 1 WHERE id = %d AND version = %d AND state = %s AND details = %s',
			$this->table(),
			(string) $fields,
			$open,
			$sealed_secret ?? (string) $row['secret'],
			null === $sealed_secret ? (int) $row['secret_expires_at'] : $secret_expires_at,
			(string) wp_json_encode( (object) array_merge( is_array( $known ) ? $known : array(), $details ) ),
			$asks_again ? OutboxState::Due->value : (string) $row['state'],
			$due ? $this->clock->now() : (int) $row['due_at'],
			$due ? 0 : (int) $row['attempts'],
			(int) $row['id'],
			(int) $row['version'],
			(string) $row['state'],
			(string) $row['details']
		);
	}

	/**
	 * The condition for those who have failed and wait for a person or a later time, with its values.
	 *
	 * @param int|null    $site_id Only this site's.
	 * @param string|null $code    Only this cause.
	 * @param int|null    $after   Only those that wait since this time or later, Unix seconds.
	 * @param int|null    $before  Only those that wait since before this time, Unix seconds.
	 * @return array{0: string, 1: list<int|string>}
	 */
	private static function failed( ?int $site_id, ?string $code, ?int $after, ?int $before ): array {
		$where  = " WHERE code > '' AND state IN ( %s, %s )";
		$values = array( OutboxState::Due->value, OutboxState::Attention->value );
		foreach ( array(
			' AND site_id = %d'   => $site_id,
			' AND code = %s'      => $code,
			' AND first_at >= %d' => $after,
			' AND first_at < %d'  => $before,
		) as $condition => $value ) {
			if ( null !== $value ) {
				$where   .= $condition;
				$values[] = $value;
			}
		}
		return array( $where, $values );
	}

	/**
	 * Turns a row into a value. One that a dead process left open means that anything may have changed.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): OutboxRow {
		$details = json_decode( (string) $row['details'], true );
		$fields  = FieldSet::from_string( (string) $row['fields'] );
		return new OutboxRow(
			(int) $row['id'],
			(int) $row['site_id'],
			(int) $row['user_id'],
			OutboxState::from( (string) $row['state'] ),
			(int) $row['open_count'] > 0 ? $fields->with( self::NO_SECRET === $row['secret'] ? new FieldSet( FieldSet::ALL ) : new FieldSet( FieldSet::ALL, FieldSet::PASSWORD ) ) : $fields,
			(int) $row['version'],
			(string) $row['secret'],
			(int) $row['secret_expires_at'],
			(int) $row['attempts'],
			(int) $row['due_at'],
			(int) $row['first_at'] * 1000 + (int) $row['first_ms'],
			(string) $row['code'],
			(string) $row['message'],
			is_array( $details ) ? $details : array(),
			(string) $row['claimed_by']
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'outbox' );
	}
}
