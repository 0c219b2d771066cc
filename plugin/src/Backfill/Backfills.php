<?php
/**
 * The backfills and how far they are.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;
use Tandem\Time\Clock;

final class Backfills {

	/** Backfills of a site that are looked at. */
	public const KEPT = 20;

	private const COLUMNS = 'id, site_id, state, paused_from, problem_code, problem, started_at, finished_at, position, total, rates, options, run_at, paced_ms';

	/**
	 * @param Connection $db    Database.
	 * @param Clock      $clock Time.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock ) {
	}

	/**
	 * Begins one, unless one of that site is under way: of several who do so at the same moment one does. A preview that
	 * was not run makes room for it.
	 *
	 * @param int     $site_id Remote site.
	 * @param Options $options What it is to do.
	 * @return Backfill|null Null when one is under way.
	 */
	public function begin( int $site_id, Options $options ): ?Backfill {
		return $this->db->together(
			function () use ( $site_id, $options ): ?Backfill {
				// Whoever comes second waits here, and reads then what the first has written.
				$this->db->execute( 'UPDATE %i SET kind = kind WHERE id = %d', $this->db->table( 'sites' ), $site_id );
				foreach ( $this->of_site( $site_id ) as $earlier ) {
					$is_open = $earlier->state->is_active() || State::Paused === $earlier->state;
					// One that is run at this very moment is under way, too.
					if ( $is_open || ( State::Ready === $earlier->state && ! $this->advance( $earlier, State::Cancelled ) ) ) {
						return null;
					}
				}
				return $this->add( $site_id, $options );
			}
		);
	}

	/**
	 * Adds one.
	 *
	 * @param int     $site_id Remote site.
	 * @param Options $options What it is to do.
	 */
	public function add( int $site_id, Options $options ): Backfill {
		$this->db->execute( "INSERT INTO %i (site_id, state, started_at, problem, rates, options) VALUES (%d, %s, %d, '', '[]', %s)", $this->table(), $site_id, State::Indexing->value, $this->clock->now(), self::text( $options ) );
		return $this->get( $this->db->insert_id() );
	}

	/**
	 * One of them.
	 *
	 * @param int $id Backfill.
	 * @throws Refused When there is none.
	 */
	public function get( int $id ): Backfill {
		return $this->find( $id ) ?? throw new Refused( 'backfill_not_found', __( 'There is no backfill with this number. It may have been removed with its site.', 'tandem-user-sync' ) );
	}

	/**
	 * One of them, or null.
	 *
	 * @param int $id Backfill.
	 */
	public function find( int $id ): ?Backfill {
		$row = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE id = %d', $this->table(), $id );
		return null === $row ? null : self::value( $row );
	}

	/**
	 * The backfills of a site, newest first.
	 *
	 * @param int $site_id Remote site.
	 * @param int $limit   How many at most.
	 * @return list<Backfill>
	 */
	public function of_site( int $site_id, int $limit = self::KEPT ): array {
		return array_map( array( self::class, 'value' ), $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d ORDER BY id DESC LIMIT %d', $this->table(), $site_id, $limit ) );
	}

	/**
	 * Those that a worker has something to do for.
	 *
	 * @return list<Backfill>
	 */
	public function active(): array {
		return array_map(
			array( self::class, 'value' ),
			$this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE state IN ( %s, %s, %s ) ORDER BY id', $this->table(), State::Indexing->value, State::Matching->value, State::Running->value )
		);
	}

	/**
	 * Takes the right to work on one, so that one process at a time does.
	 *
	 * @param int    $id      Backfill.
	 * @param string $owner   Name of the process.
	 * @param int    $seconds How long the right lasts if the process dies.
	 */
	public function claim( int $id, string $owner, int $seconds ): bool {
		$now = $this->clock->now();
		return 1 === $this->db->execute( 'UPDATE %i SET lease_owner = %s, lease_until = %d WHERE id = %d AND lease_until <= %d', $this->table(), $owner, $now + $seconds, $id, $now );
	}

	/**
	 * Gives the right back.
	 *
	 * @param int    $id    Backfill.
	 * @param string $owner Name of the process.
	 * @param int    $rest  Seconds for which nobody is to take it.
	 */
	public function release( int $id, string $owner, int $rest = 0 ): void {
		$this->db->execute( "UPDATE %i SET lease_owner = '', lease_until = %d WHERE id = %d AND lease_owner = %s", $this->table(), 0 === $rest ? 0 : $this->clock->now() + $rest, $id, $owner );
	}

	/**
	 * Goes on to the next state, unless somebody paused or cancelled it meanwhile.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param State    $to       The next state.
	 * @param int      $total    Steps to do there; 0 when not known.
	 * @return bool Whether it did.
	 */
	public function advance( Backfill $backfill, State $to, int $total = 0 ): bool {
		return 1 === $this->db->execute(
			"UPDATE %i SET state = %s, position = 0, total = %d, rates = '[]', problem_code = '', problem = '', finished_at = %d, run_at = %d WHERE id = %d AND state = %s",
			$this->table(),
			$to->value,
			$total,
			$to->is_over() ? $this->clock->now() : 0,
			State::Running === $to ? $this->clock->now() : $backfill->run_at,
			$backfill->id,
			$backfill->state->value
		);
	}

	/**
	 * Notes how far a state has come.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param int      $position Where to go on.
	 * @param int      $total    Steps to do; 0 when not known.
	 * @param int      $done     Steps done, for the rate.
	 */
	public function moved( Backfill $backfill, int $position, int $total, int $done ): void {
		$now     = $this->clock->now();
		$samples = array_filter( $backfill->samples, static fn ( int $second ): bool => $second >= $now - Backfill::WINDOW, ARRAY_FILTER_USE_KEY );
		$this->db->execute(
			"UPDATE %i SET position = %d, total = %d, rates = %s, problem_code = '', problem = '' WHERE id = %d",
			$this->table(),
			$position,
			$total,
			(string) wp_json_encode( (object) ( array( $now => $done ) + $samples ) ),
			$backfill->id
		);
	}

	/**
	 * Notes why it can't go on at the moment.
	 *
	 * @param int    $id      Backfill.
	 * @param string $code    Why.
	 * @param string $message The sentence for it.
	 */
	public function waits( int $id, string $code, string $message ): void {
		$this->db->execute( 'UPDATE %i SET problem_code = %s, problem = %s WHERE id = %d', $this->table(), $code, $message, $id );
	}

	/**
	 * Stores what one is to do, unless it has gone on to another state meanwhile.
	 *
	 * @param Backfill $backfill As it was read.
	 * @param Options  $options  What it is to do.
	 * @return bool Whether it was in that state still.
	 */
	public function choose( Backfill $backfill, Options $options ): bool {
		return self::text( $options ) === self::text( $backfill->options )
			|| 1 === $this->db->execute( 'UPDATE %i SET options = %s WHERE id = %d AND state = %s', $this->table(), self::text( $options ), $backfill->id, $backfill->state->value );
	}

	/**
	 * Notes until when the rate of one is used up.
	 *
	 * @param int $id       Backfill.
	 * @param int $until_ms Unix milliseconds.
	 */
	public function paced( int $id, int $until_ms ): void {
		$this->db->execute( 'UPDATE %i SET paced_ms = %d WHERE id = %d', $this->table(), $until_ms, $id );
	}

	/**
	 * Stops one until it is resumed.
	 *
	 * @param Backfill $backfill As it was read.
	 * @return bool Whether it was in that state still.
	 */
	public function pause( Backfill $backfill ): bool {
		return 1 === $this->db->execute( 'UPDATE %i SET state = %s, paused_from = %s WHERE id = %d AND state = %s', $this->table(), State::Paused->value, $backfill->state->value, $backfill->id, $backfill->state->value );
	}

	/**
	 * Lets one go on.
	 *
	 * @param Backfill $backfill As it was read.
	 */
	public function resume( Backfill $backfill ): void {
		$this->db->execute(
			"UPDATE %i SET state = %s, paused_from = '', rates = %s WHERE id = %d AND state = %s",
			$this->table(),
			( $backfill->paused_from ?? State::Indexing )->value,
			(string) wp_json_encode( (object) array( $this->clock->now() => $backfill->done() ) ),
			$backfill->id,
			State::Paused->value
		);
	}

	/**
	 * Turns a row into a value.
	 *
	 * @param array<string, string|null> $row Row.
	 */
	private static function value( array $row ): Backfill {
		$samples = json_decode( (string) $row['rates'], true );
		$samples = is_array( $samples ) ? array_map( 'intval', $samples ) : array();
		ksort( $samples );
		return new Backfill(
			(int) $row['id'],
			(int) $row['site_id'],
			State::from( (string) $row['state'] ),
			State::tryFrom( (string) $row['paused_from'] ),
			(string) $row['problem_code'],
			(string) $row['problem'],
			(int) $row['started_at'],
			(int) $row['finished_at'],
			(int) $row['position'],
			(int) $row['total'],
			$samples,
			self::options( (string) $row['options'] ),
			(int) $row['run_at'],
			(int) $row['paced_ms']
		);
	}

	/**
	 * Options as they lie in the table.
	 *
	 * @param Options $options Options.
	 */
	private static function text( Options $options ): string {
		return (string) wp_json_encode( $options->to_array() );
	}

	/**
	 * Reads options. One that was begun before there were any has the default ones.
	 *
	 * @param string $text As it lies in the table.
	 */
	private static function options( string $text ): Options {
		$data = json_decode( $text, true );
		return Options::from_array( is_array( $data ) ? $data : array() );
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'backfills' );
	}
}
