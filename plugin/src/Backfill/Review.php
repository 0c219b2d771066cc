<?php
/**
 * What the owner looks at before a backfill is carried out, and what they say to it.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Backfill;

use Tandem\Database\Connection;

final class Review {

	/**
	 * @param Connection $db Database.
	 */
	public function __construct( private readonly Connection $db ) {
	}

	/**
	 * Stores the owner's decision on somebody who still needs one.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param int    $id          Item.
	 * @param string $decision    `link`, `create`, `ignore`, or '' for none.
	 * @return bool Whether it is such a person.
	 */
	public function decide( int $backfill_id, int $id, string $decision ): bool {
		return null !== $this->db->value( "SELECT id FROM %i WHERE id = %d AND backfill_id = %d AND outcome IN ( %s, %s ) AND result = ''", $this->table(), $id, $backfill_id, ...Items::UNDECIDED )
			&& $this->db->execute( 'UPDATE %i SET decision = %s WHERE id = %d', $this->table(), $decision, $id ) >= 0;
	}

	/**
	 * Stores one decision on all of a kind that are undecided. Nobody is linked with a protected account by that, nor with
	 * the one that Tandem uses there.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $code        Why they need one.
	 * @param string $decision    `link`, `create` or `ignore`.
	 * @param int    $but         Account there that is left alone, or 0.
	 * @return int How many there were.
	 */
	public function decide_all( int $backfill_id, string $code, string $decision, int $but ): int {
		$and = 'link' === $decision ? ' AND is_protected = 0 AND remote_id > 0 AND remote_id <> %d' : '';
		return $this->db->execute( "UPDATE %i SET decision = %s WHERE backfill_id = %d AND outcome IN ( %s, %s ) AND result = '' AND code = %s AND decision = ''$and", $this->table(), $decision, $backfill_id, ...array( ...Items::UNDECIDED, $code, ...( '' === $and ? array() : array( $but ) ) ) );
	}

	/**
	 * How many of each kind still need a decision or to be carried out.
	 *
	 * @param int $backfill_id Backfill.
	 * @return list<array{code: string, people: int, undecided: int, protected: int}> `protected`: of the undecided, those whom one decision for all does not link.
	 */
	public function kinds( int $backfill_id ): array {
		$rows = $this->db->rows(
			"SELECT code, COUNT(*) AS people, SUM( CASE WHEN decision = '' THEN 1 ELSE 0 END ) AS undecided, SUM( CASE WHEN decision = '' AND is_protected = 1 THEN 1 ELSE 0 END ) AS protected FROM %i WHERE backfill_id = %d AND outcome IN ( %s, %s ) AND result = '' GROUP BY code ORDER BY code",
			$this->table(),
			$backfill_id,
			...Items::UNDECIDED
		);
		return array_map(
			static fn ( array $row ): array => array(
				'code'      => (string) $row['code'],
				'people'    => (int) $row['people'],
				'undecided' => (int) $row['undecided'],
				'protected' => (int) $row['protected'],
			),
			$rows
		);
	}

	/**
	 * A page of those who need a decision and are not carried out yet: conflicts first.
	 *
	 * @param int    $backfill_id Backfill.
	 * @param string $code        Only those of this kind; '' for all.
	 * @param int    $page        From 1.
	 * @param int    $per_page    How many.
	 * @return list<Item>
	 */
	public function conflicts( int $backfill_id, string $code, int $page, int $per_page ): array {
		$and = '' === $code ? '' : ' AND code = %s';
		return $this->page( "backfill_id = %d AND outcome IN ( %s, %s ) AND result = ''$and", 'outcome, id', array( $backfill_id, ...Items::UNDECIDED, ...( '' === $code ? array() : array( $code ) ) ), $page, $per_page );
	}

	/**
	 * A page of the people of one finding.
	 *
	 * @param int     $backfill_id Backfill.
	 * @param Finding $finding     What was found out.
	 * @param int     $page        From 1.
	 * @param int     $per_page    How many.
	 * @return list<Item>
	 */
	public function people( int $backfill_id, Finding $finding, int $page, int $per_page ): array {
		return $this->page( 'backfill_id = %d AND outcome = %s', 'result, id', array( $backfill_id, $finding->value ), $page, $per_page );
	}

	/**
	 * How many people have a remark.
	 *
	 * @param int $backfill_id Backfill.
	 */
	public function count_remarked( int $backfill_id ): int {
		return (int) $this->db->value( 'SELECT COUNT(*) FROM %i WHERE backfill_id = %d AND is_remarked = 1', $this->table(), $backfill_id );
	}

	/**
	 * A page of the people with a remark.
	 *
	 * @param int $backfill_id Backfill.
	 * @param int $page        From 1.
	 * @param int $per_page    How many.
	 * @return list<Item>
	 */
	public function remarked( int $backfill_id, int $page, int $per_page ): array {
		return $this->page( 'backfill_id = %d AND is_remarked = 1', 'id', array( $backfill_id ), $page, $per_page );
	}

	/**
	 * A page of people. Which ones is found in the index alone: the rows of the pages before are not read.
	 *
	 * @param literal-string   $where    Condition with placeholders.
	 * @param literal-string   $order    Columns.
	 * @param list<int|string> $values   Of the placeholders.
	 * @param int              $page     From 1.
	 * @param int              $per_page How many.
	 * @return list<Item>
	 */
	private function page( string $where, string $order, array $values, int $page, int $per_page ): array {
		return array_map(
			Item::of_row( ... ),
			$this->db->rows( 'SELECT ' . Item::COLUMNS . " FROM %i JOIN ( SELECT id AS chosen FROM %i WHERE $where ORDER BY $order LIMIT %d OFFSET %d ) one_page ON chosen = id ORDER BY $order", $this->table(), $this->table(), ...array( ...$values, $per_page, ( $page - 1 ) * $per_page ) )
		);
	}

	/**
	 * The table's name.
	 */
	private function table(): string {
		return $this->db->table( 'backfill_items' );
	}
}
