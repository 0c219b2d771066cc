<?php
declare(strict_types=1);

namespace Tandem\Tests\Integration\Admin;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Database\Connection;
use Tandem\Guest\Guests;
use Tandem\Privacy\Eraser;
use Tandem\Privacy\Exporter;
use Tandem\Privacy\Person;
use Tandem\Remote\Link;
use Tandem\Remote\Links;
use Tandem\Remote\Sites;
use Tandem\Rules\Deed;
use Tandem\Rules\Granted;
use Tandem\Rules\Grants;
use Tandem\Security\Vault;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\Stamp;
use Tandem\Tests\FixedClock;
use Tandem\Tests\TestCase;
use Tandem\Webhook\Body;
use Tandem\Webhook\Hooks;
use Tandem\Webhook\HookSettings;
use Tandem\Webhook\LastRequests;

final class PrivacyTest extends TestCase {

	private const SITE = 7;

	private Log $log;
	private Links $links;
	private Outbox $outbox;
	private Hooks $hooks;
	private LastRequests $requests;
	private Exporter $exporter;
	private Eraser $eraser;

	protected function setUp(): void {
		parent::setUp();
		$db             = new Connection( $GLOBALS['wpdb'] );
		$clock          = new FixedClock();
		$this->log      = new Log( $db, $clock );
		$this->links    = new Links( $db );
		$this->outbox   = new Outbox( $db, $clock );
		$person         = new Person( $this->log );
		$grants         = new Grants( $db, $clock, '0b7e1111-1111-4111-8111-111111111111' );
		$this->hooks    = new Hooks( $db, $clock );
		$this->requests = new LastRequests( $this->hooks, new Vault( 'salts of the tests' ), $clock );
		$this->exporter = new Exporter( $person, $this->log, $this->links, new Sites( $db, $clock ), $grants, $this->requests );
		$this->eraser   = new Eraser(
			$person,
			$this->log,
			$this->links,
			$this->outbox,
			new Guests( $db, $clock ),
			static function ( int $user_id ): int {
				$held = tandem_user_tags( $user_id );
				tandem_remove_tag( $user_id, $held );
				return count( $held );
			},
			$grants,
			$this->requests,
			$this->hooks
		);
	}

	private function record( int $user_id, string $email, int $times = 1 ): void {
		for ( $i = 0; $i < $times; $i++ ) {
			$this->log->add( new Entry( Action::Update, Result::Success, self::SITE, $user_id, 'anna', $email, new FieldSet( 'roles' ) ) );
		}
	}

	private function anna(): int {
		return $this->make_user( array( 'user_email' => 'anna@a.test' ) );
	}

	public function test_what_a_webhook_received_last_is_exported_and_erased_for_whom_it_names(): void {
		$hook = $this->hooks->add( 'Newsletter', HookSettings::defaults() );
		$this->requests->keep( $hook, new Body( array( 'contact' => array( 'email' => 'Anna@a.test', 'phone' => '+49 1' ) ) ), array() );
		$this->anna();
		self::assertSame( array(), $this->exporter->export( 'somebody@else.test' )['data'] );
		$data = $this->exporter->export( 'anna@a.test' )['data'];
		self::assertSame( array( 'Newsletter', 'Anna@a.test', '+49 1' ), array_column( $data[0]['data'], 'value' ) );
		self::assertFalse( $this->eraser->erase( 'somebody@else.test' )['items_removed'] );
		self::assertTrue( $this->eraser->erase( 'anna@a.test' )['items_removed'] );
		self::assertNull( $this->requests->of( $this->hooks->get( $hook->id ) ) );
	}

	public function test_an_export_holds_the_links_and_all_rows_of_the_record(): void {
		$anna = $this->anna();
		$this->links->save( new Link( self::SITE, $anna, 55, 'anna.b', linked_at: 1_700_000_000 ) );
		$this->record( $anna, 'anna@a.test', 130 );
		$this->record( $this->make_user(), 'anna@a.test.example' );

		$first = $this->exporter->export( 'anna@a.test' );
		self::assertFalse( $first['done'] );
		$second = $this->exporter->export( 'anna@a.test', 2 );
		self::assertTrue( $second['done'] );
		$groups = array_count_values( array_column( array( ...$first['data'], ...$second['data'] ), 'group_id' ) );
		self::assertSame(
			array(
				'tandem-links'    => 1,
				'tandem-activity' => 130,
			),
			$groups
		);
		self::assertContains(
			array(
				'name'  => 'Username there',
				'value' => 'anna.b',
			),
			$first['data'][0]['data']
		);
	}

	public function test_tags_are_exported_and_erased(): void {
		$anna = $this->anna();
		tandem_add_tag( $anna, array( 'vip', 'course 1' ) );
		$data = $this->exporter->export( 'anna@a.test' )['data'];
		self::assertSame( array( 'tandem-tags', 'course 1, vip' ), array( $data[0]['group_id'], $data[0]['data'][0]['value'] ) );
		self::assertTrue( $this->eraser->erase( 'anna@a.test' )['items_removed'] );
		self::assertSame( array(), tandem_user_tags( $anna ) );
		self::assertSame( array(), $this->exporter->export( 'anna@a.test' )['data'] );
	}

	public function test_an_export_says_what_rules_give_and_why_and_an_erasure_keeps_it_while_the_account_exists(): void {
		$anna   = $this->anna();
		$grants = new Grants( new Connection( $GLOBALS['wpdb'] ), new FixedClock(), '0b7e1111-1111-4111-8111-111111111111' );
		$grants->give( self::SITE, $anna, Deed::AddTag, 'vip', '1|order:5:item:1' );
		$before = Granted::of( $anna );
		$before->told( Deed::Enrol, 'school/1', 'somebody', Stamp::zero(), true, false )->store( $anna, $before );
		$groups = array_column( $this->exporter->export( 'anna@a.test' )['data'], 'data', 'group_id' );
		self::assertContains(
			array(
				'name'  => 'Why',
				'value' => 'order:5:item:1',
			),
			$groups['tandem-grants']
		);
		self::assertSame( 'course:school/1', $groups['tandem-granted'][0]['value'] );
		self::assertTrue( $this->eraser->erase( 'anna@a.test' )['items_retained'] );
		self::assertCount( 1, $grants->of( $anna ) );
		$grants->give( self::SITE, 999999, Deed::AddTag, 'vip', '1|order:6:item:1' );
		$this->record( 999999, 'anna@a.test' );
		$this->eraser->erase( 'anna@a.test' );
		self::assertSame( array(), $grants->of( 999999 ) );
	}

	public function test_an_erasure_removes_the_record_and_keeps_the_link_of_an_account_that_exists(): void {
		$anna = $this->anna();
		$this->links->save( new Link( self::SITE, $anna, 55, 'anna.b' ) );
		$this->record( $anna, 'former@a.test', 3 );
		$answer = $this->eraser->erase( 'anna@a.test' );
		self::assertTrue( $answer['items_removed'] );
		self::assertTrue( $answer['items_retained'] );
		self::assertNotSame( array(), $answer['messages'] );
		self::assertTrue( $answer['done'] );
		self::assertSame( 0, $this->log->count( new Query( user_id: $anna ) ) );
		self::assertNotNull( $this->links->find( self::SITE, $anna ) );
	}

	public function test_an_erasure_finds_deleted_accounts_by_the_address_they_had(): void {
		$gone = 999999;
		$this->links->save( new Link( self::SITE, $gone, 55, 'anna.b' ) );
		$this->record( $gone, 'anna@a.test', 2 );
		$answer = $this->eraser->erase( 'anna@a.test' );
		self::assertFalse( $answer['items_retained'] );
		self::assertSame( 0, $this->log->count( new Query( user_id: $gone ) ) );
		self::assertNull( $this->links->find( self::SITE, $gone ) );
	}

	public function test_the_link_of_a_deletion_that_still_travels_is_kept(): void {
		$gone = 999999;
		$this->links->save( new Link( self::SITE, $gone, 55, 'anna.b' ) );
		$this->record( $gone, 'anna@a.test' );
		$this->outbox->enqueue( self::SITE, $gone, new FieldSet( FieldSet::DELETED ) );
		self::assertTrue( $this->eraser->erase( 'anna@a.test' )['items_retained'] );
		self::assertNotNull( $this->links->find( self::SITE, $gone ) );
	}

	public function test_somebody_who_took_over_an_address_does_not_erase_who_had_it_before(): void {
		$berta = $this->make_user( array( 'user_email' => 'berta@a.test' ) );
		$this->record( $berta, 'anna@a.test' );
		$this->anna();
		$this->eraser->erase( 'anna@a.test' );
		self::assertSame( 1, $this->log->count( new Query( user_id: $berta ) ) );
	}
}
