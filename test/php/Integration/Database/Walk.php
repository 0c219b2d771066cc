<?php
/**
 * A walk past every statement of the plugin, through the public methods of the classes that hold them.
 *
 * Whoever adds a statement adds a step: the audit names the ones that nobody came by.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Database;

use Tandem\Activity\Action;
use Tandem\Activity\Entry;
use Tandem\Activity\Log;
use Tandem\Activity\Query;
use Tandem\Activity\Result;
use Tandem\Admin\UserStates;
use Tandem\Alert\Spells;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\Bring;
use Tandem\Backfill\Duplicates;
use Tandem\Backfill\Finding;
use Tandem\Backfill\Items;
use Tandem\Backfill\Matcher;
use Tandem\Backfill\OnlyThere;
use Tandem\Backfill\Options;
use Tandem\Backfill\Progress;
use Tandem\Backfill\Review;
use Tandem\Backfill\State as BackfillState;
use Tandem\Capture\FirstLooks;
use Tandem\Database\Connection;
use Tandem\Database\Uninstall;
use Tandem\Guest\Guests;
use Tandem\Login\Codes;
use Tandem\Import\RemoteIds;
use Tandem\Peer\Accounts;
use Tandem\Peer\Approvals;
use Tandem\Peer\BareAccounts;
use Tandem\Peer\Batch;
use Tandem\Peer\Messages;
use Tandem\Peer\Policy;
use Tandem\Peer\RemovalLimit;
use Tandem\Peer\UserResult;
use Tandem\Plugin;
use Tandem\Remote\Link;
use Tandem\Remote\Pairing;
use Tandem\Remote\RemoteSite;
use Tandem\Remote\RemoteUser;
use Tandem\Remote\SiteKind;
use Tandem\Remote\SiteSettings;
use Tandem\Rest\MetaKeys;
use Tandem\Rules\Deed;
use Tandem\Security\ProtectedAccounts;
use Tandem\Security\PublicKeys;
use Tandem\Sync\CreateIntent;
use Tandem\Sync\Decision;
use Tandem\Sync\Dispatcher;
use Tandem\Sync\FieldSet;
use Tandem\Sync\Outbox;
use Tandem\Sync\OutboxState;
use Tandem\Sync\Records;
use Tandem\Sync\Stamp;
use Tandem\Sync\UserState;
use Tandem\Tags\Rows;
use Tandem\Tests\FilledTables;
use Tandem\Time\Clock;
use Tandem\Verify\Difference;
use Tandem\Verify\Findings;
use Tandem\Verify\Kind;
use Tandem\Verify\Mending;
use Tandem\Verify\People;
use Tandem\Verify\State as VerifyState;
use Tandem\Verify\Strays;
use Tandem\Verify\Verifications;
use Tandem\Webhook\HookSettings;
use Tandem\Webhook\HookState;

final class Walk {

	/** One of many, so that what is asked of it alone is a small part of each table. */
	private const OTHER_SITE = 2;

	private const UUID  = '0b7e1111-1111-4111-8111-111111111111';
	private const SMALL = '00000000-0000-4000-8000-000000000000';

	private readonly Connection $db;
	private readonly RemoteSite $site;

	/**
	 * @param Plugin $plugin On these tables.
	 * @param \wpdb  $wpdb   Connection to filled tables.
	 * @param Clock  $clock  Time, as they were filled.
	 * @param int    $user   Somebody of whom there is a row in each table.
	 */
	public function __construct( private readonly Plugin $plugin, private readonly \wpdb $wpdb, private readonly Clock $clock, private readonly int $user ) {
		$this->db   = new Connection( $wpdb );
		$this->site = $plugin->sites()->get( FilledTables::BUSY_SITE );
	}

	/**
	 * Goes past all of them.
	 */
	public function all(): void {
		$this->activity();
		$this->queue( $this->plugin->outbox() );
		( new FirstLooks( $this->db ) )->at( $this->user );
		( new Batch( $this->db ) )->apply( array_fill( 0, 2, static fn (): UserResult => UserResult::refused( 1, 'failed', '' ) ) );
		$this->guests();
		$this->logins();
		$this->links();
		$this->records();
		$this->peers();
		$this->backfills();
		$this->verifications();
		$this->people();
		$this->alerts();
		$this->rules();
		$this->dispatcher();
		$this->hooks();
		$this->sites();
		( new Uninstall( $this->wpdb ) )->run();
	}

	/**
	 * People who have ordered without an account.
	 */
	private function guests(): void {
		$guests = new Guests( $this->db, $this->clock );
		$guest  = $guests->note( 'crowd5@guests.test', 5 );
		$guests->find( $guest->user_id );
		$guests->of_email( 'crowd6@guests.test' );
		// Of the oldest there is something on its way.
		$this->plugin->outbox()->enqueue( $this->site->id, Guests::FIRST_ID + (int) $this->wpdb->get_var( "SELECT id FROM {$this->db->table( 'guests' )} ORDER BY ordered_at LIMIT 1" ), new FieldSet( FieldSet::ALL ) );
		$guests->purge( $this->clock->now() - 29 * DAY_IN_SECONDS );
		$guests->forget( $guest->user_id );
	}

	/**
	 * Codes of log-ins.
	 */
	private function logins(): void {
		$codes = new Codes( $this->db, $this->clock );
		$codes->take( $codes->make( $this->site->id, $this->user, str_repeat( 'a', 64 ), false ) );
		$codes->purge();
	}

	/**
	 * The record.
	 */
	private function activity(): void {
		$log = new Log( $this->db, $this->clock );
		foreach ( $this->queries() as $query ) {
			$log->search( $query );
			$log->count( $query );
		}
		$log->search( new Query( 5 ), 100 );
		$log->pace( $this->site->id );
		$log->add( new Entry( Action::Update, Result::Retrying, $this->site->id, $this->user, 'crowd', 'crowd@crowd.test' ) );
		$log->add( new Entry( Action::Update, Result::Success, $this->site->id, $this->user, 'crowd', 'crowd@crowd.test' ), true );
		$log->add_all( array( new Entry( Action::Link, Result::Success, $this->site->id, $this->user, 'crowd', 'crowd@crowd.test' ) ) );
		$log->purge( $this->clock->now() - 29 * DAY_IN_SECONDS );
		$log->forget( $this->user );
	}

	/**
	 * What the page and the command line ask the record for.
	 *
	 * @return array<string, Query>
	 */
	public function queries(): array {
		return array(
			'first page'         => new Query(),
			'searched'           => new Query( search: 'crowd12' ),
			'of a site'          => new Query( site_id: $this->site->id ),
			'of a person'        => new Query( user_id: $this->user ),
			'of a result'        => new Query( results: array( Result::Attention ) ),
			'of two results'     => new Query( results: array( Result::Attention, Result::Retrying ) ),
			'of an action'       => new Query( actions: array( Action::Delete ) ),
			'of a site, result'  => new Query( site_id: $this->site->id, results: array( Result::Refused ) ),
			'of a site, action'  => new Query( site_id: $this->site->id, actions: array( Action::Delete ) ),
			'of a time'          => new Query( after: $this->clock->now() - 200, before: $this->clock->now() ),
			'delivered in a day' => new Query( results: array( Result::Success ), actions: array( Action::Create, Action::Update, Action::Delete ), after: $this->clock->now() - DAY_IN_SECONDS ),
		);
	}

	/**
	 * The queue.
	 *
	 * @param Outbox $outbox Outbox.
	 */
	private function queue( Outbox $outbox ): void {
		$site = $this->site->id;
		$outbox->has_due( $site );
		$outbox->next_due( $site, 10 );
		$outbox->question_is_answered( $site, $this->user );
		$outbox->counts( $site );
		$outbox->all_counts();
		$outbox->attention( null, 1, 20 );
		$outbox->attention( $site, 1, 20 );
		$outbox->count_attention( null );
		$outbox->count_attention( $site );
		$outbox->causes( null );
		$outbox->causes( $site, $this->clock->now() - 100, $this->clock->now() );
		$outbox->open( $site, 999_999_997 );
		$outbox->complete( $site, 999_999_997, new FieldSet( 'first_name' ), null, 0 );
		$outbox->open( $site, $this->user );
		$outbox->open( $site, $this->user, 'sealed', $this->clock->now() );
		$outbox->keep_secret( $site, $this->user, 'sealed', $this->clock->now() );
		$outbox->complete( $site, $this->user, new FieldSet( 'first_name' ), null, 0 );
		$outbox->complete( $site, $this->user, new FieldSet( 'first_name' ), null, 0 );
		$row = $outbox->find_for( $site, $this->user );
		$outbox->find( $row->id ?? 0 );
		$outbox->enqueue( $site, 999_999_999, new FieldSet() );
		$outbox->prefer( $site, $this->user );
		$rows = $outbox->claim( $site, 6, 60 );
		$outbox->remember_intent( $rows[0], new CreateIntent( 'crowd', 'crowd@crowd.test', 1 ) );
		$outbox->finish( $rows[0] );
		$outbox->postpone( $rows[1], $this->clock->now() + 60, 'timeout', '' );
		$outbox->unclaim( $rows[2] );
		$outbox->hold( $rows[3], OutboxState::Attention, 'taken', '', array() );
		$outbox->hold( $rows[4], OutboxState::Confirm, 'taken', '', array(), true );
		$outbox->decide( $rows[3]->id, new Decision( trusted: true ) );
		$outbox->discard( $rows[4]->id );
		$outbox->wipe_expired_secrets();
		$this->queue_of_an_old_server();
		$outbox->retry_all( self::OTHER_SITE, 'timeout', $this->clock->now() - 1, $this->clock->now() );
		$outbox->retry_all( self::OTHER_SITE, null );
		$outbox->retry_all( null, null );
		$outbox->release_site( $site );
		$outbox->clock_was_set_back();
	}

	/**
	 * A claim where the server can't pass over locked rows.
	 */
	private function queue_of_an_old_server(): void {
		$old = new class( DB_USER, DB_PASSWORD, DB_NAME, DB_HOST ) extends \wpdb {
			/**
			 * What an old server says of itself.
			 */
			public function db_server_info(): string {
				return '5.7.44';
			}
		};
		$old->set_prefix( $this->wpdb->prefix );
		( new Outbox( new Connection( $old ), $this->clock ) )->claim( $this->site->id, 2, 60 );
		$old->close();
	}

	/**
	 * Who is who.
	 */
	private function links(): void {
		$links = $this->plugin->links();
		$link  = $links->find( $this->site->id, $this->user );
		$links->find_by_remote( $this->site->id, $link->remote_id ?? 0 );
		$links->of_user( $this->user );
		$links->count( $this->site->id );
		$links->all_counts();
		$links->save( new Link( $this->site->id, $this->user, $link->remote_id ?? 0, 'crowd' ) );
		$links->save( new Link( $this->site->id, 999_999_999, 999_999_999, 'nobody' ) );
		$links->among_users( $this->site->id, range( $this->user, $this->user + 19 ) );
		$links->among_accounts( $this->site->id, range( 1_000_100, 1_000_119 ) );
		$links->add( array( new Link( $this->site->id, 999_999_998, 999_999_998, 'nobody' ) ) );
		$links->remove_older( $this->user + 1, $this->clock->now() );
		$links->remove( $this->site->id, $this->user + 2 );
	}

	/**
	 * Stamps and tombstones.
	 */
	private function records(): void {
		$records = new Records( $this->db, $this->clock, self::UUID );
		$state   = fn ( int $id, string $name ): UserState => new UserState( $id, "crowd$id", 0, array( 'first_name' => $name ), array(), array() );
		$records->find( $this->user );
		$records->settle( $state( $this->user, 'Ann' ), array( FieldSet::ALL ), null );
		$records->settle( $state( 999_999_999, 'Ann' ), array( FieldSet::ALL ), null );
		$uid = $records->find( $this->user )->uid ?? '';
		$records->find_by_uid( $uid );
		$records->adopt_uid( $this->user, self::SMALL );
		$records->all_uids( self::SMALL );
		$records->uids( array( $this->user, 999_999_998 ) );
		$records->taken_uids( array( $uid, self::SMALL ) );
		$records->purge_tombstones( $this->clock->now() - 100 );
		$records->bury( $this->user + 1, array(), new Stamp( 1_700_000_000_000, self::UUID ) );
		// Somebody with a uid that was given up.
		$first = '00000001-1111-4111-8111-111111111111';
		$records->bury( $records->find_by_uid( $first )->user_id ?? 0, array( $first, '00000001-2222-4111-8111-111111111111' ), new Stamp( 1_700_000_000_000, self::UUID ) );
		$records->bury( 0, array( $uid ), new Stamp( 1_700_000_000_000, self::UUID ) );
		$records->forget_missing( $this->user );
		$records->forget_missing( 999_999_999 );
	}

	/**
	 * What paired sites left.
	 */
	private function peers(): void {
		$messages = new Messages( $this->db, $this->clock );
		$messages->is_new( $this->site->id, 'a' );
		$messages->is_new( $this->site->id, 'a' );
		$messages->purge();

		$approvals = new Approvals( $this->db );
		$ref       = 1_000_000 + 1;
		$approval  = $approvals->find( $this->site->id, $ref );
		$approvals->get( $approval->id ?? 0 );
		$approvals->last_asked( $this->site->id, $this->user );
		$approvals->begin( $this->site->id, 999_999_999, $this->user, 'crowd@crowd.test', $this->clock->now() );
		$approval = $approvals->begin( $this->site->id, $ref, $this->user, 'crowd@crowd.test', $this->clock->now() );
		$approvals->set_token( $approval->id ?? 0, 'token' );
		$approvals->not_asked( $approval->id ?? 0 );
		if ( null !== $approval ) {
			$approvals->approve( $approval, $this->clock->now() );
		}
		$approvals->forget( $this->site->id, $ref );
		$approvals->forget_user( $this->user );

		$limit = new RemovalLimit( $this->db, $this->clock, static fn (): int => 0 );
		$limit->takes( $this->site, Policy::from_array( array() ), 999_999_999 );
		$limit->count( $this->site );
		( new RemovalLimit( $this->db, $this->clock, static fn (): int => 0 ) )->forget( $this->site, 999_999_999 );
		$limit->waiting( $this->site );
		$other = new RemovalLimit( $this->db, $this->clock, static fn (): int => 0 );
		foreach ( array( 1, 2 ) as $time ) {
			$other->takes( $this->site, Policy::from_array( array( 'removalsPerHour' => 0 ) ), 999_999_998 );
		}
		$other->forget( $this->site, 999_999_998 );
		( new BareAccounts( $this->db ) )->make( 'crowdbare', null, array( 'user_email' => 'bare@crowd.test' ), array( 'subscriber' ), array(), static function (): void {} );
		foreach ( array( 0, $this->user ) as $after ) {
			$accounts = new Accounts( $this->db, new ProtectedAccounts( array() ) );
			$accounts->page( $this->site, array( 'after' => $after, 'limit' => 10 ) );
		}
	}

	/**
	 * Accounts that nobody here has.
	 *
	 * @param OnlyThere $people They.
	 * @param int       $job    Backfill.
	 */
	private function only_there( OnlyThere $people, int $job ): void {
		$some = array( 1, 2 );
		$people->next( $job, 500 );
		$people->matched( $job, array( 'new@crowd.test', 'crowd1@crowd.test' ) );
		$people->known_here( array( 'new@crowd.test', 'crowd1@crowd.test' ) );
		$people->found( $some, array() );
		$people->open( $job, 200 );
		$people->were_asked_for( $some, Progress::Queued, 1, $this->clock->now() );
		$people->late( $job, $this->clock->now(), 200 );
		$people->arrived( $job, $this->site->id );
		$people->count_on_their_way( $job, 0 );
		$people->busy_at( $job );
		$people->withdraw( $job );
		$people->failed( $some, 'timeout', '' );
		$people->all_failed( $job, 'timeout', '' );
		$people->came( 1, 0 );
	}

	/**
	 * Backfills and their people.
	 */
	private function backfills(): void {
		$backfills = new Backfills( $this->db, $this->clock );
		$items     = new Items( $this->db );
		$review    = new Review( $this->db );
		$job       = FilledTables::JOB;
		$backfills->of_site( $this->site->id );
		$backfills->active();
		$options = new Options( bring: Bring::Here, by_name: true );
		$new     = $backfills->add( $this->site->id, $options );
		$backfills->begin( $this->site->id, $options );
		$backfills->choose( $new, new Options( rate: 5 ) );
		$namesake = RemoteUser::of_peer( array( 'id' => 999_999_995, 'login' => 'crowdbare', 'email' => 'namesake@crowd.test' ) );
		$items->index( $new->id, null === $namesake ? array() : array( $namesake ) );
		$backfills->paced( $new->id, 1 );
		$backfills->claim( $new->id, 'me', 60 );
		$backfills->release( $new->id, 'me' );
		$backfills->moved( $new, 1, 2, 1 );
		$backfills->waits( $new->id, 'timeout', '' );
		$backfills->pause( $new );
		$backfills->resume( $backfills->get( $new->id ) );
		$backfills->advance( $new, BackfillState::Matching );

		$there = RemoteUser::of_peer( array( 'id' => 999_999_999, 'login' => 'new', 'email' => 'new@crowd.test' ) );
		$items->index( $job, null === $there ? array() : array( $there ) );
		$items->known( $job, range( $this->user, $this->user + 9 ) );
		$found = $items->by_email( $job, 'new@crowd.test' )[0];
		$items->by_username( $job, 'new' );
		$user = get_userdata( 1 );
		assert( false !== $user );
		$items->found( $job, $user, Finding::Link, $found );
		$items->found( $job, $user, Finding::Create );
		$items->found_already( $job, array( $user->ID => $user ), array( $user->ID => new Link( $this->site->id, $user->ID, 999_999_994, 'there' ) ) );
		$items->counts( $job );
		$items->to_do( $job, $options, 200_000 );
		$items->to_bring( $job, $options, 100 );
		$review->kinds( $job );
		$review->people( $job, Finding::Link, 1, 20 );
		$items->of_mailboxes( $job, array( 'crowd1@crowd.test' ) );
		$items->remark( 1, '' );
		$review->count_remarked( $job );
		$review->remarked( $job, 1, 20 );
		$review->decide_all( $job, 'timeout', 'link', 0 );
		$items->count_decided( $job );
		$items->count_queued( $job );
		$items->ended( $job, $this->site->id );
		$items->queued( $job );
		$review->conflicts( $job, '', 1, 20 );
		$review->conflicts( $job, 'username_taken', 1, 20 );
		$items->report( $job, 0, 500 );
		$this->only_there( new OnlyThere( $this->db ), $job );
		$id = $found->id ?? 0;
		$items->find( $job, $id );
		$items->became( $id, Progress::Queued );
		$items->became( $id, Progress::Failed, 'timeout' );
		$items->all_arrived( array( $id ), Progress::Done );
		$items->arrived( $id, 999_999_999, 'new' );
		$review->decide( $job, $review->conflicts( $job, '', 1, 1 )[0]->id, 'link' );
		$matcher = new Matcher( $items, $this->plugin->links(), $this->db, new Duplicates( $items ) );
		$matcher->total();
		$matcher->chunk( $new, $this->site, $this->user );
		// Somebody who is new here, with the name of somebody there.
		$matcher->chunk( $new, $this->site, ( get_user_by( 'login', 'crowdbare' )->ID ?? 1 ) - 1 );
		$items->clear( 3 );
	}

	/**
	 * Verifications and what they found.
	 */
	private function verifications(): void {
		$verifications = new Verifications( $this->db, $this->clock );
		$findings      = new Findings( $this->db );
		$job           = FilledTables::JOB;
		$verifications->newest( $this->site->id );
		$verifications->active();
		$new = $verifications->add( $this->site->id, 10, false );
		$verifications->claim( $new->id, 'me', 60 );
		$verifications->release( $new->id, 'me' );
		$verifications->moved( $new, 1, 1, 0, 1 );
		$verifications->found_strays_there( $new->id, 1 );
		$verifications->waits( $new->id, 'timeout', '' );
		$verifications->advance( $new, VerifyState::Looking );
		$findings->add( $new->id, array( new Difference( $this->user, 1, Kind::Stray ) ), true );
		$wanted = $findings->wanted( $job, 100 );
		$findings->became( $wanted[0]->id, Mending::Sent );
		$findings->want( $job, array( $wanted[0]->id ), false );
		$findings->want( $job, null, false );
		$findings->page( $job, 1, 20 );
		$findings->counts( $job );
		$findings->clear( 5 );
	}

	/**
	 * Many people at once.
	 */
	private function people(): void {
		$people = new People( $this->db, $this->plugin->reader() );
		$people->ranges( $this->site->id, 0, 100, 3 );
		iterator_to_array( $people->linked( $this->site->id, true, $this->user, $this->user + 50, array() ) );
		iterator_to_array( $people->linked( $this->site->id, false, 1_000_100, 1_000_150, array( 'billing_phone' ) ) );
		$people->unlinked( $this->site->id, 0, $this->user, $this->user + 100, 10 );
		( new Strays( $people ) )->next( $this->site, 0 );
		( new UserStates( $this->db ) )->of( range( $this->user, $this->user + 19 ) );
		( new MetaKeys( $this->db, $this->plugin->adapters() ) )->in_use();
		$rows = new Rows( $this->db );
		$rows->of( $this->user );
		$rows->any();
		$rows->holders( array( 1, 2, 3 ) );
		$ids = new RemoteIds( $this->db );
		$ids->keys();
		$ids->page( 'user_id_2', 0, 50 );
	}

	/**
	 * What the owner was told.
	 */
	private function alerts(): void {
		$spells = new Spells( $this->db );
		$spells->read();
		$spells->read();
		$spells->write( array( 1 => array( 'since' => $this->clock->now(), 'told' => true ) ) );
	}

	/**
	 * What rules give.
	 */
	private function rules(): void {
		$grants = $this->plugin->grants();
		$grants->give( $this->site->id, $this->user, Deed::AddTag, 'vip', 'one' );
		$grants->give( $this->site->id, $this->user, Deed::AddTag, 'vip', 'two' );
		$grants->take_back( $grants->of( $this->user )[0], array( 'one' ) );
		$grants->of_people( $this->site->id, range( $this->user, $this->user + 9 ) );
		$grants->forget( $this->user );
	}

	/**
	 * A user who is there and can't be read.
	 */
	private function dispatcher(): void {
		$nobody = fn ( string $sql ): string => str_starts_with( $sql, "SELECT * FROM {$this->wpdb->users} WHERE ID" ) ? "$sql AND 1 = 0" : $sql;
		$sql    = static fn ( string $sql ): string => str_contains( $sql, 'LIMIT 1 AND 1 = 0' ) ? str_replace( 'LIMIT 1 AND 1 = 0', 'AND 1 = 0 LIMIT 1', $sql ) : $sql;
		add_filter( 'query', $nobody );
		add_filter( 'query', $sql );
		try {
			( new \ReflectionMethod( Dispatcher::class, 'user' ) )->invoke( $this->plugin->dispatcher(), $this->site, $this->user );
		} catch ( \RuntimeException ) {
			return;
		} finally {
			remove_filter( 'query', $nobody );
			remove_filter( 'query', $sql );
		}
		throw new \LogicException( 'The user could be read.' );
	}

	/**
	 * Incoming webhooks.
	 */
	private function hooks(): void {
		$hooks   = $this->plugin->hooks();
		$answers = $this->plugin->hook_answers();
		$hook    = $hooks->add( 'New', HookSettings::defaults() );
		$hooks->all();
		$hooks->find_by_slug( $hook->slug );
		$hooks->find_by_access_key( 'nobody' );
		$hooks->change( $hook->id, 'New', HookState::On, HookSettings::defaults() );
		$hooks->set_secret( $hook->id, 'sealed' );
		$hooks->set_access_key( $hook->id, 'fingerprint' );
		$hooks->may_go_on( $hook );
		$hooks->set_last_request( $hook->id, 'sealed' );
		$hooks->count_taken( $hook->id );
		$hooks->forget_requests( $this->clock->now() - WEEK_IN_SECONDS );
		$answers->take( $hook->id, 'message' );
		$answers->keep( $hook->id, 'message', array() );
		$answers->take( $hook->id, 'message' );
		$this->db->execute( 'UPDATE %i SET at = 1 WHERE hook_id = %d AND message = %s', $this->db->table( 'hook_answers' ), $hook->id, hash( 'sha256', 'message' ) );
		$answers->take( $hook->id, 'message' );
		$answers->let_go( $hook->id, 'message' );
		$answers->purge();
		$hooks->switch_off();
		$hooks->remove( $hook->id );
	}

	/**
	 * The remote sites.
	 */
	private function sites(): void {
		$sites = $this->plugin->sites();
		$new   = $sites->add( 'New', 'https://new.test', 'https://new.test/wp-json/', SiteKind::Plain, 'tandem', 1, false, SiteSettings::from_array( array() ) );
		$sites->find_at( 'https://site9.test' );
		$sites->set_pairing( $new->id, new Pairing( self::UUID, PublicKeys::of( str_repeat( 'a', 32 ), str_repeat( 'b', 32 ) ) ) );
		$sites->find_by_uuid( self::UUID );
		$sites->set_address( $new->id, 'https://other.test', 'https://other.test/wp-json/' );
		$sites->set_policy( $new->id, array() );
		$sites->allow_removals( $new->id, $this->clock->now() );
		$sites->set_credential( $new->id, 'tandem', 1, 'sealed' );
		$sites->replace_credential( $new->id, 'sealed' );
		$sites->set_settings( $new->id, SiteSettings::from_array( array() ) );
		$sites->rename( $new->id, 'Renamed' );
		$sites->pause( $new->id );
		$sites->resume( $new->id );
		$sites->try_now( $new->id );
		$sites->recovered( $new );
		$sites->unreachable( $new, 'timeout', '', $this->clock->now() );
		$sites->claim( $new->id, 'me', 60 );
		$sites->release( $new->id, 'me' );
		$sites->clock_was_set_back();
		$sites->remove( self::OTHER_SITE );
	}
}
