<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\CsvReport;

final class CsvReportTest extends BackfillTestCase {

	public function test_everybody_has_one_row_with_both_accounts(): void {
		$there = $this->account( 'same-there', 'same@a.test' );
		$same  = $this->person( 'same', 'Same@a.test' );
		$known = $this->person( 'known', 'known@a.test' );
		$this->link( $known, $this->account( 'known-there', 'known@b.test' ), 'known-there' );
		$backfill = $this->run_to_the_end( $this->preview() );
		$rows     = $this->rows( $backfill->id );
		self::assertSame( array( 'user_id', 'username', 'email', 'remote_id', 'remote_username', 'found', 'decision', 'result', 'message', 'remark' ), $rows[0] );
		self::assertSame( array( (string) $same, 'same', 'Same@a.test', (string) $there, 'same-there', 'link', '', 'done', '', '' ), $this->row_of( $rows, $same ) );
		self::assertSame( array( 'known-there', 'already' ), array( $this->row_of( $rows, $known )[4], $this->row_of( $rows, $known )[5] ) );
	}

	public function test_the_report_does_not_list_accounts_that_are_nobody_here(): void {
		$this->account( 'stranger', 'stranger@b.test' );
		$backfill = $this->preview();
		self::assertStringNotContainsString( 'stranger', (string) wp_json_encode( $this->rows( $backfill->id ) ) );
	}

	/**
	 * @dataProvider formulas
	 */
	public function test_a_name_is_no_formula_to_a_spreadsheet( string $login ): void {
		global $wpdb;
		$id = $this->person( 'plain', 'plain@a.test' );
		$wpdb->update( $wpdb->users, array( 'user_login' => $login ), array( 'ID' => $id ) );
		clean_user_cache( $id );
		self::assertSame( "'" . $login, $this->row_of( $this->rows( $this->preview()->id ), $id )[1] );
	}

	/**
	 * @return array<string, array{string}>
	 */
	public static function formulas(): array {
		return array(
			'equals' => array( '=HYPERLINK("http://evil.test")' ),
			'plus'   => array( '+1+1' ),
			'minus'  => array( '-1+1' ),
			'at'     => array( '@SUM(A1)' ),
			'tab'    => array( "\t=1+1" ),
			'return' => array( "\r=1+1" ),
		);
	}

	/**
	 * All rows.
	 *
	 * @param int $id Backfill.
	 * @return list<list<string>>
	 */
	private function rows( int $id ): array {
		return iterator_to_array( ( new CsvReport( $this->items ) )->rows( $id ), false );
	}

	/**
	 * The only row of somebody.
	 *
	 * @param list<list<string>> $rows Rows.
	 * @param int                $id   User here.
	 * @return list<string>
	 */
	private function row_of( array $rows, int $id ): array {
		$own = array_values( array_filter( $rows, static fn ( array $row ): bool => (string) $id === $row[0] ) );
		self::assertCount( 1, $own );
		return $own[0];
	}
}
