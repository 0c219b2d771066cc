<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Import;

use Tandem\Activity\Action;
use Tandem\Activity\Query;
use Tandem\Import\LinkImport;
use Tandem\Import\RemoteIds;
use Tandem\Tests\Integration\Backfill\BackfillTestCase;

/**
 * Numbers of accounts that a tutorial's snippet has kept in `user_id_2`.
 */
final class LinkImportTest extends BackfillTestCase {

	private function import(): LinkImport {
		$method = new \ReflectionMethod( $this->plugin, 'link_import' );
		$import = $method->invoke( $this->plugin );
		self::assertInstanceOf( LinkImport::class, $import );
		return $import;
	}

	/** @return array<string, int> */
	private function step( bool $links ): array {
		$step = $this->import()->step( $this->plugin->sites()->get( $this->site->id ), 'user_id_2', 0, $links );
		self::assertNull( $step['next'] );
		return $step['counts'];
	}

	private function kept( int $user_id, int|string $number ): int {
		update_user_meta( $user_id, 'user_id_2', $number );
		return $user_id;
	}

	public function test_numbers_are_found_looked_at_and_taken_over(): void {
		$anna  = $this->kept( $this->person( 'anna', 'Anna@a.test' ), $this->account( 'anna.there', 'anna@a.test' ) );
		$wrong = $this->kept( $this->person( 'ben', 'ben@a.test' ), $this->account( 'other', 'other@a.test' ) );
		$this->account( 'ben', 'ben@a.test' );
		$gone   = $this->kept( $this->person( 'cleo', 'cleo@a.test' ), 99_999 );
		$admin  = $this->kept( $this->person( 'dan', 'dan@a.test' ), $this->account( 'dan', 'dan@a.test', 'administrator' ) );
		$here   = $this->kept( $this->person( 'eve', 'eve@a.test', array( 'role' => 'administrator' ) ), $this->account( 'eve', 'eve@a.test' ) );
		$broken = $this->kept( $this->person( 'fay', 'fay@a.test' ), '12 or 13' );
		$this->account( 'fay', 'fay@a.test' );
		self::assertSame( array( 'user_id_2' => 6 ), ( new RemoteIds( new \Tandem\Database\Connection( $GLOBALS['wpdb'] ) ) )->keys() );
		self::assertFalse( $this->import()->has_index( $this->site->id ) );
		$this->preview();
		self::assertTrue( $this->import()->has_index( $this->site->id ) );
		$expected = array( 'fits' => 1, 'linked' => 0, 'differs' => 3, 'left' => 2 );
		self::assertSame( $expected, $this->step( false ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $anna ), 'A preview links nobody.' );
		self::assertSame( $expected, $this->step( true ) );
		self::assertSame( 'anna.there', $this->plugin->links()->find( $this->site->id, $anna )?->remote_login );
		foreach ( array( $wrong, $gone, $admin, $here, $broken ) as $id ) {
			self::assertNull( $this->plugin->links()->find( $this->site->id, $id ) );
		}
		self::assertCount( 1, $this->plugin->log()->search( new Query( user_id: $anna, actions: array( Action::Link ) ) ) );
		self::assertSame( array( 'fits' => 0, 'linked' => 1, 'differs' => 3, 'left' => 2 ), $this->step( true ), 'Doing it again changes nothing.' );
	}

	public function test_of_two_who_hold_one_number_none_gets_the_others_account(): void {
		$number = $this->account( 'anna', 'anna@a.test' );
		$anna   = $this->kept( $this->person( 'anna', 'anna@a.test' ), $number );
		$thief  = $this->kept( $this->person( 'thief', 'thief@a.test' ), $number );
		$this->preview();
		self::assertSame( 1, $this->step( true )['fits'] );
		self::assertNotNull( $this->plugin->links()->find( $this->site->id, $anna ) );
		self::assertNull( $this->plugin->links()->find( $this->site->id, $thief ) );
	}

	public function test_the_routes_take_only_these_keys_and_only_with_an_index(): void {
		wp_set_current_user( 1 );
		$ask                      = static function ( string $method, string $path, array $data ): array {
			$request = new \WP_REST_Request( $method, '/tandem/v1/import/' . $path );
			'GET' === $method ? $request->set_query_params( $data ) : $request->set_body_params( $data );
			$response = rest_do_request( $request );
			return array( $response->get_status(), (array) $response->get_data() );
		};
		$id                       = $this->kept( $this->person( 'anna', 'anna@a.test' ), $this->account( 'anna', 'anna@a.test' ) );
		list( $status, $refusal ) = $ask( 'GET', 'links', array( 'site' => $this->site->id, 'key' => 'user_id_2' ) );
		self::assertSame( array( 409, 'tandem_import_no_index' ), array( $status, $refusal['code'] ) );
		self::assertSame( 'tandem_import_key', $ask( 'POST', 'links', array( 'site' => $this->site->id, 'key' => 'billing_phone' ) )[1]['code'] );
		$this->preview();
		self::assertSame( array( 200, array( 'fits' => 1, 'linked' => 0, 'differs' => 0, 'left' => 0, 'next' => null ) ), $ask( 'POST', 'links', array( 'site' => $this->site->id, 'key' => 'user_id_2' ) ) );
		self::assertNotNull( $this->plugin->links()->find( $this->site->id, $id ) );
	}
}
