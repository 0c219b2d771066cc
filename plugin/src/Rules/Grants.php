<?php
/**
 * The table `grants`: what rules here want people to have on remote sites, and why.
 *
 * A row is written against the version that was read, so of two orders that are paid or refunded in the same moment
 * none is overlooked, and a stamp never stands for two states. One that holds no longer stays: the other site has to
 * hear of it, and of two messages the later one wins by its stamp.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Rules;

use Tandem\Database\Connection;
use Tandem\Database\Failure;
use Tandem\Sync\Stamp;
use Tandem\Time\Clock;

final class Grants {

	private const COLUMNS = 'id, site_id, user_id, deed, target, reasons, stamp, version';

	/** How often somebody else may be quicker before this gives up. */
	private const TRIES = 50;

	/**
	 * @param Connection $db        Database.
	 * @param Clock      $clock     Time.
	 * @param string     $site_uuid This site's UUID, in lower case.
	 */
	public function __construct( private readonly Connection $db, private readonly Clock $clock, private readonly string $site_uuid ) {
	}

	/**
	 * There is a reason for something.
	 *
	 * @param int    $site_id Remote site.
	 * @param int    $person  User here, or a guest's number.
	 * @param Deed   $deed    What.
	 * @param string $target  To what.
	 * @param string $reason  Why.
	 * @return bool Whether that is news: the reason was not there before.
	 * @throws Failure When the database fails.
	 */
	public function give( int $site_id, int $person, Deed $deed, string $target, string $reason ): bool {
		return $this->write( $site_id, $person, $deed, $target, fn ( array $reasons ): array => $reasons + array( $reason => $this->clock->now() ) );
	}

	/**
	 * Reasons are gone.
	 *
	 * @param Grant        $grant   For what.
	 * @param list<string> $reasons Which.
	 * @return bool Whether one of them was there.
	 * @throws Failure When the database fails.
	 */
	public function take_back( Grant $grant, array $reasons ): bool {
		return $this->write( $grant->site_id, $grant->person, $grant->deed, $grant->target, static fn ( array $held ): array => array_diff_key( $held, array_flip( $reasons ) ) );
	}

	/**
	 * All that rules have ever wanted for somebody, on every site.
	 *
	 * @param int $person User here, or a guest's number.
	 * @return list<Grant>
	 * @throws Failure When the database fails.
	 */
	public function of( int $person ): array {
		return self::values( $this->db->rows( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE user_id = %d ORDER BY id', $this->table(), $person ) );
	}

	/**
	 * The same for many people and one site.
	 *
	 * @param int       $site_id Remote site.
	 * @param list<int> $people  Users here.
	 * @return array<int, list<Grant>> By person; who has none is missing.
	 * @throws Failure When the database fails.
	 */
	public function of_people( int $site_id, array $people ): array {
		if ( array() === $people ) {
			return array();
		}
		$places = implode( ', ', array_fill( 0, count( $people ), '%d' ) );
		$grants = array();
		foreach ( self::values( $this->db->rows( 'SELECT ' . self::COLUMNS . " FROM %i WHERE site_id = %d AND user_id IN ( $places ) ORDER BY id", $this->table(), $site_id, ...$people ) ) as $grant ) {
			$grants[ $grant->person ][] = $grant;
		}
		return $grants;
	}

	/**
	 * Somebody is gone: a number that is given again must not inherit what they had.
	 *
	 * @param int $person User that was here.
	 * @return int How many rows went.
	 * @throws Failure When the database fails.
	 */
	public function forget( int $person ): int {
		return $this->db->execute( 'DELETE FROM %i WHERE user_id = %d', $this->table(), $person );
	}

	/**
	 * Changes the reasons of a row.
	 *
	 * @param int                                          $site_id Remote site.
	 * @param int                                          $person  User here, or a guest's number.
	 * @param Deed                                         $deed    What.
	 * @param string                                       $target  To what.
	 * @param \Closure( array<string, int> ): array<string, int> $change Gives the new reasons.
	 * @return bool Whether they are others now.
	 * @throws Failure When the database fails.
	 */
	private function write( int $site_id, int $person, Deed $deed, string $target, \Closure $change ): bool {
		// Compared byte for byte, whatever the database takes for equal.
		$thing = md5( $deed->value . "\n" . $target );
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$row   = $this->db->row( 'SELECT ' . self::COLUMNS . ' FROM %i WHERE site_id = %d AND user_id = %d AND thing = %s' . ( $try > 0 ? ' FOR UPDATE' : '' ), $this->table(), $site_id, $person, $thing );
			$held  = null === $row ? array() : self::reasons( $row );
			$wants = $change( $held );
			if ( array_keys( $wants ) === array_keys( $held ) ) {
				return false;
			}
			$stamp = null === $row ? null : Stamp::from_string( (string) $row['stamp'], PHP_INT_MAX );
			// A further reason is news, too: what the first one gave may have run out there, or was taken by hand.
			if ( null === $stamp || array() === $wants || array() !== array_diff_key( $wants, $held ) ) {
				$stamp = Stamp::next( $stamp, $this->clock->now_ms(), $this->site_uuid );
			}
			$text = (string) wp_json_encode( (object) $wants );
			$done = null === $row
				? $this->db->execute( 'INSERT IGNORE INTO %i (site_id, user_id, thing, deed, target, reasons, stamp, version) VALUES (%d, %d, %s, %s, %s, %s, %s, 1)', $this->table(), $site_id, $person, $thing, $deed->value, $target, $text, (string) $stamp )
				: $this->db->execute( 'UPDATE %i SET reasons = %s, stamp = %s, version = version + 1 WHERE id = %d AND version = %d', $this->table(), $text, (string) $stamp, (int) $row['id'], (int) $row['version'] );
			if ( 1 === $done ) {
				return true;
			}
		}
		throw new Failure( 'What a rule of Tandem User Sync gives is being changed by too many others at once.' );
	}

	/**
	 * Turns rows into values. What a newer version has written and this one does not know is left out.
	 *
	 * @param list<array<string, string|null>> $rows Rows.
	 * @return list<Grant>
	 */
	private static function values( array $rows ): array {
		$grants = array();
		foreach ( $rows as $row ) {
			$deed  = Deed::tryFrom( (string) $row['deed'] );
			$stamp = Stamp::from_string( (string) $row['stamp'], PHP_INT_MAX );
			if ( null !== $deed && null !== $stamp ) {
				$grants[] = new Grant( (int) $row['site_id'], (int) $row['user_id'], $deed, (string) $row['target'], self::reasons( $row ), $stamp );
			}
		}
		return $grants;
	}

	/**
	 * The reasons in a row.
	 *
	 * @param array<string, string|null> $row Row.
	 * @return array<string, int>
	 */
	private static function reasons( array $row ): array {
		$reasons = json_decode( (string) $row['reasons'], true );
		return is_array( $reasons ) ? array_map( 'intval', $reasons ) : array();
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'grants' );
	}
}
