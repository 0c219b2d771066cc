<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Remote\RemoteSite;
use Tandem\Tests\RemoteWordPress;

/**
 * A backfill from the preview to the file, as the page drives it.
 */
final class BackfillsTest extends RestTestCase {

	private RemoteWordPress $remote;
	private RemoteSite $site;

	protected function setUp(): void {
		parent::setUp();
		$this->remote = RemoteWordPress::clean();
		// Here before the connection: a match, a namesake and somebody who is missing there.
		$this->make_user(
			array(
				'user_login' => 'anna',
				'user_email' => 'anna@both.test',
			)
		);
		$this->make_user( array( 'user_login' => 'berta' ) );
		$this->make_user( array( 'user_login' => 'clara' ) );
		foreach ( array(
			'anna.b' => 'anna@both.test',
			'berta'  => 'other@b.test',
		) as $login => $email ) {
			$this->remote->make_user(
				array(
					'user_login' => $login,
					'user_email' => $email,
					'user_pass'  => 'x',
				)
			);
		}
		$this->site = $this->connected( $this->remote );
	}

	/**
	 * Does what the worker does, until nothing more can be done.
	 */
	private function work(): void {
		$plugin = $GLOBALS['tandem_plugin'];
		do {
			$more = $plugin->backfill()->step( 5.0 );
			$sent = $plugin->worker()->serve_now( array( $this->site->id ), 5.0 )->delivered;
		} while ( $more || $sent > 0 );
		$plugin->backfill()->step( 1.0 );
	}

	/**
	 * @return array<string, mixed> `Backfill`.
	 */
	private function preview(): array {
		$backfill = $this->answer( 'POST', '/backfills', array( 'site' => $this->site->id ) );
		$this->work();
		return $this->answer( 'GET', "/backfills/{$backfill['id']}" );
	}

	public function test_a_preview_counts_and_writes_nothing(): void {
		$backfill = $this->preview();
		self::assertSame( 'ready', $backfill['state'] );
		self::assertSame( 1, $backfill['counts']['link'] );
		self::assertSame( 1, $backfill['counts']['create'] );
		self::assertSame( 1, $backfill['counts']['conflict'] );
		self::assertSame( 1, $backfill['counts']['left'], 'The administrator is not one of those who are sent.' );
		self::assertSame( $backfill['total'], $backfill['done'] );
		self::assertSame( array(), $this->remote->writes() );
		self::assertSame( 0, $this->links->count( $this->site->id ) );
	}

	public function test_while_it_reads_a_paired_site_it_says_how_many_accounts_it_has_read_and_how_fast(): void {
		global $wpdb;
		$this->remote->answer_as_peer( array( 'accounts' => 'return 0 === $body["after"] ? array( "accounts" => array( array( "id" => 7, "login" => "x", "email" => "x@b.test" ), array( "id" => 90000, "login" => "y", "email" => "y@b.test" ) ), "total" => 3, "next" => 90000 ) : array( "accounts" => array(), "total" => null, "next" => null );' ) );
		$plugin = $GLOBALS['tandem_plugin'];
		$plugin->keys()->establish();
		$this->sites->set_pairing( $this->site->id, RemoteWordPress::pairing() );
		$id = $this->answer( 'POST', '/backfills', array( 'site' => $this->site->id ) )['id'];
		$plugin->backfill()->step( 0.0 );
		$backfill = $this->answer( 'GET', "/backfills/$id" );
		self::assertSame( array( 'indexing', 2, 3 ), array( $backfill['state'], $backfill['done'], $backfill['total'] ) );
		// Two seconds ago it had read none.
		$wpdb->update( $wpdb->prefix . 'tandem_backfills', array( 'rates' => wp_json_encode( array( time() - 2 => 0, time() => 2 ) ) ), array( 'id' => $id ) );
		$backfill = $this->answer( 'GET', "/backfills/$id" );
		self::assertEqualsWithDelta( 1.0, $backfill['rate'], 0.4 );
		self::assertContains( $backfill['secondsLeft'], array( 1, 2 ) );
		self::assertSame( 2, $this->answer( 'POST', "/backfills/$id/pause" )['done'] );
	}

	public function test_while_it_reads_a_plain_site_it_counts_accounts_and_not_pages(): void {
		$this->remote->run( 'global $wpdb; for ( $n = 1; $n <= 120; $n++ ) { $wpdb->insert( $wpdb->users, array( "user_login" => "there$n", "user_nicename" => "there$n", "user_email" => "there$n@b.test" ) ); update_user_meta( $wpdb->insert_id, $wpdb->prefix . "capabilities", array( "subscriber" => true ) ); } return true;' );
		$id = $this->answer( 'POST', '/backfills', array( 'site' => $this->site->id ) )['id'];
		$GLOBALS['tandem_plugin']->backfill()->step( 0.0 );
		$backfill = $this->answer( 'GET', "/backfills/$id" );
		self::assertSame( array( 'indexing', 100, 123 ), array( $backfill['state'], $backfill['done'], $backfill['total'] ) );
	}

	public function test_a_run_links_creates_and_carries_out_what_was_decided(): void {
		$id       = $this->preview()['id'];
		$conflict = $this->answer( 'GET', "/backfills/$id/conflicts" )[0];
		$this->answer(
			'POST',
			"/backfills/$id/conflicts",
			array(
				'ids'      => array( $conflict['id'] ),
				'decision' => 'link',
			)
		);
		$this->answer( 'POST', "/backfills/$id/run" );
		$this->work();
		$backfill = $this->answer( 'GET', "/backfills/$id" );
		self::assertSame( 'done', $backfill['state'] );
		self::assertSame( 2, $backfill['counts']['linkDone'] );
		self::assertSame( 2, $backfill['counts']['link'] );
		self::assertSame( 1, $backfill['counts']['createDone'] );
		self::assertSame( 0, $backfill['counts']['conflict'] );
		self::assertNotNull( $this->remote->user( 'clara' ) );
		self::assertSame( 3, $this->links->count( $this->site->id ) );
	}

	public function test_a_choice_that_makes_no_sense_is_refused(): void {
		$id = $this->preview()['id'];
		wp_delete_user( (int) get_user_by( 'login', 'berta' )?->ID );
		$conflict = $this->answer( 'GET', "/backfills/$id/conflicts" )[0];
		self::assertSame( array( 'ignore' ), $conflict['choices'] );
		self::assertSame(
			'tandem_choice_impossible',
			$this->refusal(
				409,
				'POST',
				"/backfills/$id/conflicts",
				array(
					'ids'      => array( $conflict['id'] ),
					'decision' => 'link',
				)
			)
		);
	}

	public function test_an_administrators_account_is_not_linked_among_others(): void {
		$this->remote->run( 'get_user_by( "login", "anna.b" )->set_role( "administrator" );' );
		$id   = $this->preview()['id'];
		$ids  = array_column( $this->answer( 'GET', "/backfills/$id/conflicts" ), 'id' );
		$link = static fn ( array $ids ): array => array(
			'ids'      => $ids,
			'decision' => 'link',
		);
		self::assertCount( 2, $ids );
		self::assertSame( 'tandem_one_protected', $this->refusal( 409, 'POST', "/backfills/$id/conflicts", $link( $ids ) ) );
		self::assertSame( array( null, null ), array_column( $this->answer( 'GET', "/backfills/$id/conflicts" ), 'decision' ) );
		foreach ( $ids as $one ) {
			self::assertSame( 1, $this->answer( 'POST', "/backfills/$id/conflicts", $link( array( $one ) ) )['decided'] );
		}
	}

	public function test_what_can_not_be_done_now_is_refused_with_a_sentence(): void {
		$id = $this->answer( 'POST', '/backfills', array( 'site' => $this->site->id ) )['id'];
		self::assertSame( 'backfill_under_way', $this->refusal( 409, 'POST', '/backfills', array( 'site' => $this->site->id ) ) );
		self::assertSame( 'backfill_not_ready', $this->refusal( 409, 'POST', "/backfills/$id/run" ) );
		self::assertSame( 'backfill_not_paused', $this->refusal( 409, 'POST', "/backfills/$id/resume" ) );
		self::assertSame( 'backfill_not_found', $this->refusal( 404, 'GET', '/backfills/999999' ) );
		self::assertSame( 'tandem_site_not_found', $this->refusal( 404, 'POST', '/backfills', array( 'site' => 999999 ) ) );
	}

	public function test_what_it_does_is_chosen_with_the_preview_and_until_it_runs(): void {
		$id  = $this->answer( 'POST', '/backfills', array( 'site' => $this->site->id, 'options' => array( 'bring' => 'fill', 'byName' => true ) ) )['id'];
		$one = "/backfills/$id";
		self::assertSame( array( 'create' => true, 'bring' => 'fill', 'byName' => true, 'fetch' => false, 'rate' => null ), $this->answer( 'GET', $one )['options'] );
		$this->work();
		$counts = $this->answer( 'PATCH', $one, array( 'options' => array( 'create' => false, 'rate' => 50 ) ) )['counts'];
		self::assertSame( array( 1, 1, 1, 1, 0 ), array( $counts['link'], $counts['bring'], $counts['create'], $counts['byName'], $counts['conflict'] ) );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'PATCH', $one, array( 'options' => array( 'rate' => 0 ) ) ) );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'PATCH', $one, array( 'options' => array( 'speed' => 1 ) ) ) );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'PATCH', $one, array( 'options' => array( 'bring' => 'all' ) ) ) );
		$this->answer( 'POST', "$one/run" );
		self::assertSame( 'backfill_chosen', $this->refusal( 409, 'PATCH', $one, array( 'options' => array( 'create' => true ) ) ) );
		self::assertNull( $this->answer( 'PATCH', $one, array( 'options' => array( 'rate' => null ) ) )['options']['rate'] );
		$this->work();
		$backfill = $this->answer( 'GET', $one );
		self::assertSame( array( 'done', 1, 1, 0, 1 ), array( $backfill['state'], $backfill['counts']['linkDone'], $backfill['counts']['bringDone'], $backfill['counts']['createDone'], $backfill['counts']['byName'] ) );
	}

	public function test_one_decision_is_stored_for_all_of_a_kind(): void {
		$this->make_user( array( 'user_login' => 'dora' ) );
		$this->remote->make_user( array( 'user_login' => 'dora', 'user_email' => 'other-dora@b.test', 'user_pass' => 'x', 'role' => 'administrator' ) );
		$id = $this->preview()['id'];
		self::assertSame( array( array( 'code' => 'username_taken', 'people' => 2, 'undecided' => 2, 'protected' => 1, 'choices' => array( 'link', 'create', 'ignore' ) ) ), $this->answer( 'GET', "/backfills/$id/kinds" ) );
		self::assertCount( 2, $this->answer( 'GET', "/backfills/$id/conflicts", array( 'kind' => 'username_taken' ) ) );
		self::assertSame( array(), $this->answer( 'GET', "/backfills/$id/conflicts", array( 'kind' => 'several_here' ) ) );
		self::assertSame( 1, $this->answer( 'POST', "/backfills/$id/conflicts", array( 'kind' => 'username_taken', 'decision' => 'link' ) )['decided'] );
		self::assertEqualsCanonicalizing( array( null, 'link' ), array_column( $this->answer( 'GET', "/backfills/$id/conflicts" ), 'decision' ) );
		self::assertSame( 'tandem_choice_impossible', $this->refusal( 409, 'POST', "/backfills/$id/conflicts", array( 'kind' => 'protected_account', 'decision' => 'link' ) ) );
		self::assertSame( 'tandem_ids_or_kind', $this->refusal( 400, 'POST', "/backfills/$id/conflicts", array( 'decision' => 'link' ) ) );
	}

	public function test_of_people_whose_address_several_accounts_there_have_nothing_is_offered_but_to_leave_them(): void {
		$this->remote->run( 'global $wpdb; $wpdb->insert( $wpdb->users, array( "user_login" => "anna.c", "user_nicename" => "anna.c", "user_email" => "Anna@Both.test" ) ); update_user_meta( $wpdb->insert_id, $wpdb->prefix . "capabilities", array( "subscriber" => true ) );' );
		$id    = $this->preview()['id'];
		$kinds = array_column( $this->answer( 'GET', "/backfills/$id/kinds" ), 'choices', 'code' );
		self::assertSame( array( 'ignore' ), $kinds['several_there'] );
		$conflict = $this->answer( 'GET', "/backfills/$id/conflicts", array( 'kind' => 'several_there' ) )[0];
		self::assertSame( array( 'ignore' ), $conflict['choices'] );
		self::assertSame( 'tandem_choice_impossible', $this->refusal( 409, 'POST', "/backfills/$id/conflicts", array( 'ids' => array( $conflict['id'] ), 'decision' => 'link' ) ) );
		self::assertSame( 1, $this->answer( 'POST', "/backfills/$id/conflicts", array( 'kind' => 'several_there', 'decision' => 'ignore' ) )['decided'] );
	}

	public function test_the_people_of_a_finding_and_those_with_a_remark_are_listed(): void {
		$this->make_user( array( 'user_login' => 'anna-shop', 'user_email' => 'anna+shop@both.test' ) );
		$id    = $this->preview()['id'];
		$names = fn ( string $show ): array => array_map( static fn ( array $person ): string => $person['here']['username'], $this->answer( 'GET', "/backfills/$id/people", array( 'show' => $show ) ) );
		self::assertSame( array( array( 'anna' ), array( 'clara', 'anna-shop' ), array( 'berta' ) ), array( $names( 'link' ), $names( 'create' ), $names( 'conflict' ) ) );
		self::assertEqualsCanonicalizing( array( 'anna', 'anna-shop' ), $names( 'remarked' ) );
		self::assertSame( 2, $this->answer( 'GET', "/backfills/$id" )['counts']['remarked'] );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'GET', "/backfills/$id/people", array( 'show' => 'all' ) ) );
	}

	public function test_the_page_asks_for_the_newest_alone(): void {
		$first = $this->preview()['id'];
		$this->preview();
		$third = $this->preview()['id'];
		$list  = fn ( array $more ): array => array_column( $this->answer( 'GET', '/backfills', array( 'site' => $this->site->id ) + $more ), 'id' );
		self::assertSame( array( $third ), $list( array( 'per_page' => 1 ) ) );
		self::assertCount( 3, $list( array() ) );
		self::assertContains( $first, $list( array() ) );
		self::assertSame( 'rest_invalid_param', $this->refusal( 400, 'GET', '/backfills', array( 'site' => $this->site->id, 'per_page' => 0 ) ) );
	}

	public function test_the_result_is_a_file(): void {
		$id       = $this->preview()['id'];
		$response = $this->ask( 'GET', "/backfills/$id/csv" );
		self::assertSame( 'text/csv; charset=utf-8', $response->get_headers()['Content-Type'] );
		self::assertSame( "attachment; filename=\"backfill-$id.csv\"", $response->get_headers()['Content-Disposition'] );
		self::assertStringContainsString( 'no-store', $response->get_headers()['Cache-Control'] );

		ob_start();
		$served = apply_filters( 'rest_pre_serve_request', false, $response, new \WP_REST_Request( 'GET', '/' ), rest_get_server() );
		$lines  = explode( "\n", trim( (string) ob_get_clean() ) );
		self::assertTrue( $served );
		self::assertStringStartsWith( "\u{FEFF}user_id,username,email", $lines[0] );
		self::assertCount( 5, $lines, 'A line of names, three people and the administrator.' );
		self::assertStringContainsString( 'anna@both.test', implode( "\n", $lines ) );
	}

	public function test_other_answers_are_left_to_wordpress(): void {
		self::assertFalse( apply_filters( 'rest_pre_serve_request', false, new \WP_REST_Response( array() ), new \WP_REST_Request(), rest_get_server() ) );
	}
}
