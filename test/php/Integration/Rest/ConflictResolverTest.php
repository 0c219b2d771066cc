<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Rest;

use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Sync\CannotResolve;
use Tandem\Sync\Choice;
use Tandem\Sync\ConflictResolver;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxRow;
use Tandem\Sync\OutboxState;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;

final class ConflictResolverTest extends TestCase {

	private const SITE = 7;

	private Outbox $outbox;
	private Links $links;
	private Log $log;
	private ConflictResolver $resolver;

	protected function setUp(): void {
		parent::setUp();
		$db             = new Connection( $GLOBALS['wpdb'] );
		$clock          = new FixedClock();
		$this->outbox   = new Outbox( $db, $clock );
		$this->links    = new Links( $db );
		$this->log      = new Log( $db, $clock );
		$this->resolver = new ConflictResolver( $this->outbox, $this->links, $this->log );
	}

	/**
	 * Somebody who waits for a decision.
	 *
	 * @param string               $code    Why.
	 * @param array<string, mixed> $details What the delivery noted down.
	 * @param int|null             $user_id Who; somebody new when null.
	 */
	private function waiting( string $code, array $details = array(), ?int $user_id = null ): OutboxRow {
		$user_id ??= $this->make_user(
			array(
				'user_login' => 'anna',
				'user_email' => 'anna@a.test',
			)
		);
		$this->outbox->enqueue( self::SITE, $user_id, new FieldSet( FieldSet::ALL ) );
		$row = $this->row( $user_id );
		$this->outbox->hold( $row, OutboxState::Attention, $code, 'A sentence.', $details );
		return $this->row( $user_id );
	}

	private function row( int $user_id ): OutboxRow {
		$row = $this->outbox->find_for( self::SITE, $user_id );
		self::assertNotNull( $row );
		return $row;
	}

	/**
	 * @return array{there: array<string, mixed>}
	 */
	private function there( string $email ): array {
		return array(
			'there' => array(
				'id'       => 55,
				'username' => 'anna',
				'email'    => $email,
			),
		);
	}

	/**
	 * @return list<string>
	 */
	private function choices( OutboxRow $row ): array {
		$user = get_userdata( $row->user_id );
		return array_column( $this->resolver->choices( $row, false === $user ? null : $user ), 'value' );
	}

	public function test_same_username_with_another_address_has_all_three_choices(): void {
		self::assertSame( array( 'link', 'create', 'ignore' ), $this->choices( $this->waiting( 'username_taken', $this->there( 'other@b.test' ) ) ) );
	}

	public function test_same_address_there_offers_no_second_account(): void {
		self::assertSame( array( 'link', 'ignore' ), $this->choices( $this->waiting( 'protected_account', $this->there( 'ANNA@a.test' ) ) ) );
	}

	public function test_an_account_removed_there_can_be_made_again(): void {
		self::assertSame( array( 'create', 'ignore' ), $this->choices( $this->waiting( 'removed_there' ) ) );
	}

	public function test_a_username_that_is_refused_there_can_be_replaced(): void {
		self::assertSame( array( 'create', 'ignore' ), $this->choices( $this->waiting( 'username_invalid' ) ) );
	}

	public function test_an_account_that_is_somebody_else_here_can_not_be_linked(): void {
		self::assertSame( array( 'ignore' ), $this->choices( $this->waiting( 'linked_to_other', $this->there( 'anna@a.test' ) ) ) );
	}

	public function test_trouble_without_another_account_can_only_be_left_alone(): void {
		self::assertSame( array( 'ignore' ), $this->choices( $this->waiting( 'refused_there' ) ) );
	}

	public function test_somebody_deleted_here_can_only_be_left_alone(): void {
		$row = $this->waiting( 'removed_there', $this->there( 'other@b.test' ), 999999 );
		self::assertSame( array( 'ignore' ), $this->choices( $row ) );
	}

	public function test_link_names_the_account_and_makes_the_row_due(): void {
		$row = $this->waiting( 'username_taken', $this->there( 'other@b.test' ) );
		$this->resolver->resolve( $row->id, Choice::Link );
		$row = $this->row( $row->user_id );
		self::assertSame( OutboxState::Due, $row->state );
		self::assertSame( array( 55, 'anna', false ), array( $row->decision()->link_with, $row->decision()->link_login, $row->decision()->link_protected ) );
	}

	public function test_an_administrators_account_is_linked_only_by_a_word_about_that_one(): void {
		$there                       = $this->there( 'anna@a.test' );
		$there['there']['protected'] = true;
		$row                         = $this->waiting( 'protected_account', $there );
		try {
			$this->resolver->resolve( $row->id, Choice::Link, null, false );
			self::fail( 'It was linked among others.' );
		} catch ( CannotResolve $reason ) {
			self::assertStringContainsString( 'anna', $reason->getMessage() );
		}
		self::assertSame( OutboxState::Attention, $this->row( $row->user_id )->state );
		$this->resolver->resolve( $row->id, Choice::Link );
		self::assertTrue( $this->row( $row->user_id )->decision()->link_protected );
	}

	public function test_link_is_refused_when_that_account_is_somebody_else_here(): void {
		$other = $this->make_user( array( 'user_login' => 'berta' ) );
		$this->links->save( new Link( self::SITE, $other, 55, 'anna' ) );
		$row = $this->waiting( 'username_taken', $this->there( 'other@b.test' ) );
		$this->expectException( CannotResolve::class );
		$this->expectExceptionMessageMatches( '/berta/' );
		$this->resolver->resolve( $row->id, Choice::Link );
	}

	public function test_create_proposes_the_name_with_a_number_and_the_next_one_when_that_was_tried(): void {
		$row = $this->waiting( 'username_taken', $this->there( 'other@b.test' ) );
		$this->resolver->resolve( $row->id, Choice::Create );
		$row = $this->row( $row->user_id );
		self::assertSame( 'anna2', $row->decision()->create_as );

		$this->outbox->hold( $row, OutboxState::Attention, 'username_taken', 'A sentence.', $this->there( 'other@b.test' ) );
		$this->resolver->resolve( $row->id, Choice::Create );
		self::assertSame( 'anna3', $this->row( $row->user_id )->decision()->create_as );
	}

	public function test_create_takes_the_name_that_the_owner_chose(): void {
		$row = $this->waiting( 'username_taken', $this->there( 'other@b.test' ) );
		$this->resolver->resolve( $row->id, Choice::Create, 'anna.b' );
		self::assertSame( 'anna.b', $this->row( $row->user_id )->decision()->create_as );
	}

	public function test_create_refuses_a_name_that_wordpress_would_change(): void {
		$row = $this->waiting( 'username_taken', $this->there( 'other@b.test' ) );
		$this->expectException( CannotResolve::class );
		$this->resolver->resolve( $row->id, Choice::Create, 'änna<b>' );
	}

	public function test_an_account_removed_there_is_made_again_under_its_own_name(): void {
		$row = $this->waiting( 'removed_there' );
		$this->resolver->resolve( $row->id, Choice::Create );
		$decision = $this->row( $row->user_id )->decision();
		self::assertTrue( $decision->recreate );
		self::assertNull( $decision->create_as );
	}

	public function test_ignore_drops_the_row_and_says_so_on_record(): void {
		$row = $this->waiting( 'refused_there' );
		$this->resolver->resolve( $row->id, Choice::Ignore );
		self::assertNull( $this->outbox->find( $row->id ) );
		$items = $this->log->search( new Query( user_id: $row->user_id ) );
		self::assertSame( Result::Skipped, $items[0]->entry->result );
		self::assertSame( 'ignored', $items[0]->entry->code );
		self::assertSame( 'anna@a.test', $items[0]->entry->email );
	}

	public function test_somebody_who_no_longer_waits_is_not_decided_twice(): void {
		$row = $this->waiting( 'removed_there' );
		$this->resolver->resolve( $row->id, Choice::Create );
		$this->expectException( CannotResolve::class );
		$this->resolver->resolve( $row->id, Choice::Ignore );
	}
}
