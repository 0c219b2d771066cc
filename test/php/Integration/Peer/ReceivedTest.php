<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Peer;

use Tandem\Peer\UserResult;

final class ReceivedTest extends PeerTestCase {

	public function test_an_action_says_who_came_from_a_paired_site_and_what_was_written(): void {
		$calls  = $this->calls( 'tandem_received' );
		$result = $this->receive( $this->newcomer() );
		self::assertSame( UserResult::CREATED, $result->result );
		list( $site, $user_id, $fields, $action ) = $calls[0];
		self::assertSame( array( array( 'id' => $this->site->id, 'name' => 'B', 'url' => 'https://b.test', 'kind' => 'paired' ), $result->id, 'create' ), array( $site, $user_id, $action ) );
		self::assertContains( 'first_name', $fields );

		$this->receive( $this->person( array( 'first_name' => 'Mary' ), array(), $this->stamp( 5 ) ) );
		self::assertSame( array( $result->id, array( 'first_name' ), 'update' ), array_slice( $calls[1], 1 ) );
		$this->receive( $this->person( array( 'first_name' => 'Mary' ), array(), $this->stamp( 5 ) ) );
		self::assertCount( 2, $calls, 'Nothing was written.' );
	}

	public function test_what_is_changed_while_listening_is_a_change_of_this_site(): void {
		add_action( 'tandem_received', static fn ( array $site, int $user_id ): bool => (bool) update_user_meta( $user_id, 'billing_phone', '123' ), 10, 2 );
		$id = $this->linked();
		$this->receive( $this->person( array( 'first_name' => 'Mary' ), array(), $this->stamp( 5 ) ) );
		self::assertContains( 'meta:billing_phone', $this->due( $id ), 'B hears of it, too.' );
	}

	public function test_who_fails_while_listening_does_not_spoil_what_was_written(): void {
		add_action( 'tandem_received', static fn (): never => throw new \LogicException( 'secret' ) );
		$result = $this->receive( $this->newcomer() );
		self::assertSame( UserResult::CREATED, $result->result );
		self::assertSame( 'Maria', get_user_meta( $result->id, 'first_name', true ) );
	}
}
