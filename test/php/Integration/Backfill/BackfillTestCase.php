<?php
/**
 * A backfill between this WordPress and the real remote one.
 *
 * @package Tandem
 */

declare(strict_types=1);

namespace Tandem\Tests\Integration\Backfill;

use Tandem\Backfill\Backfill;
use Tandem\Backfill\Backfills;
use Tandem\Backfill\Counts;
use Tandem\Backfill\Item;
use Tandem\Backfill\Items;
use Tandem\Backfill\Review;
use Tandem\Backfill\Options;
use Tandem\Database\Connection;
use Tandem\Remote\Link;
use Tandem\Sync\Budget;
use Tandem\Tests\Integration\Sync\DeliveryTestCase;
use Tandem\Tests\RemoteWordPress;

abstract class BackfillTestCase extends DeliveryTestCase {

	protected Items $items;
	protected Review $review;
	protected Backfills $backfills;

	protected function setUp(): void {
		parent::setUp();
		$db              = new Connection( $GLOBALS['wpdb'] );
		$this->items     = new Items( $db );
		$this->review    = new Review( $db );
		$this->backfills = new Backfills( $db, $this->clock );
	}

	/**
	 * Makes the site a paired one, whose Tandem answers what a test says. What two real ones say to each other is in
	 * `test/paired/backfill.test.ts`.
	 *
	 * @param array<string, string> $routes As `RemoteWordPress::answer_as_peer()` takes them.
	 */
	protected function paired( array $routes ): void {
		$this->remote->answer_as_peer( $routes );
		$this->plugin->keys()->establish();
		$this->plugin->sites()->set_pairing( $this->site->id, RemoteWordPress::pairing() );
		$this->site = $this->plugin->sites()->get( $this->site->id );
		$this->new_request();
	}

	/**
	 * Adds somebody who was here before anything was connected: nothing about them waits in the queue.
	 *
	 * @param string               $login  Username.
	 * @param string               $email  E-mail address.
	 * @param array<string, mixed> $fields More fields of `wp_insert_user()`.
	 */
	protected function person( string $login, string $email, array $fields = array() ): int {
		$id = $this->make_user( array( 'user_login' => $login, 'user_email' => $email ) + $fields );
		$this->plugin->recorder()->flush();
		$row = $this->plugin->outbox()->find_for( $this->site->id, $id );
		if ( null !== $row ) {
			$this->plugin->outbox()->discard( $row->id );
		}
		return $id;
	}

	/**
	 * Adds an account to the remote site.
	 *
	 * @param string $login Username.
	 * @param string $email E-mail address.
	 * @param string $role  Role there.
	 */
	protected function account( string $login, string $email, string $role = 'subscriber' ): int {
		return $this->remote->make_user( array( 'user_login' => $login, 'user_email' => $email, 'user_pass' => 'secret there', 'role' => $role ) );
	}

	/**
	 * Adds people with plain INSERTs, many a second.
	 *
	 * @param int    $count  How many.
	 * @param string $prefix Beginning of their usernames.
	 * @return list<int> Their ids.
	 */
	protected function crowd( int $count, string $prefix = 'crowd' ): array {
		global $wpdb;
		foreach ( array_chunk( range( 1, $count ), 500 ) as $numbers ) {
			$rows = implode( ',', array_map( static fn ( int $n ): string => "('$prefix$n','x','$prefix$n','$prefix$n@a.test','2020-01-01 00:00:00','$prefix$n')", $numbers ) );
			$wpdb->query( "INSERT INTO $wpdb->users (user_login,user_pass,user_nicename,user_email,user_registered,display_name) VALUES $rows" );
		}
		$ids = array_map( 'intval', $wpdb->get_col( "SELECT ID FROM $wpdb->users WHERE user_login LIKE '$prefix%' ORDER BY ID" ) );
		foreach ( array_chunk( $ids, 500 ) as $chunk ) {
			$role = serialize( array( 'subscriber' => true ) );
			$rows = implode( ',', array_map( static fn ( int $id ): string => "($id,'{$wpdb->prefix}capabilities','$role')", $chunk ) );
			$wpdb->query( "INSERT INTO $wpdb->usermeta (user_id,meta_key,meta_value) VALUES $rows" );
		}
		self::assertCount( $count, $ids );
		return $ids;
	}

	/**
	 * Does steps until nothing moves any more; no delivery runs.
	 */
	protected function steps(): void {
		while ( $this->plugin->backfill()->step( 1.0 ) ) {
			continue;
		}
	}

	/**
	 * Makes the preview.
	 *
	 * @param Options $options What the backfill is to do.
	 */
	protected function preview( Options $options = new Options() ): Backfill {
		$id = $this->plugin->backfill()->start( $this->site->id, $options )->id;
		$this->steps();
		$backfill = $this->backfills->get( $id );
		self::assertSame( 'ready', $backfill->state->value, $backfill->problem );
		return $backfill;
	}

	/**
	 * Works as the worker does: deliveries and steps in turn, until nothing moves.
	 */
	protected function work(): void {
		do {
			$delivered = $this->plugin->dispatcher()->run( Budget::request( 20.0 ) )->delivered;
			$more      = $this->plugin->backfill()->step( 1.0 );
		} while ( $more || $delivered > 0 || $this->plugin->dispatcher()->has_work() );
	}

	/**
	 * Carries a preview out to its end.
	 *
	 * @param Backfill $backfill The preview.
	 */
	protected function run_to_the_end( Backfill $backfill ): Backfill {
		$this->plugin->backfill()->run( $backfill->id );
		$this->work();
		return $this->backfills->get( $backfill->id );
	}

	/**
	 * How many people there are of each finding.
	 *
	 * @param Backfill $backfill The backfill.
	 * @return array<string, int>
	 */
	protected function findings( Backfill $backfill ): array {
		$found = array_map( 'array_sum', $this->items->counts( $backfill->id ) );
		unset( $found[''] );
		ksort( $found );
		return $found;
	}

	/**
	 * How many people there are.
	 *
	 * @param Backfill $backfill The backfill.
	 */
	protected function counts( Backfill $backfill ): Counts {
		return new Counts( $this->items->counts( $backfill->id ) );
	}

	/**
	 * What is written down about somebody; exactly one row.
	 *
	 * @param Backfill $backfill The backfill.
	 * @param int      $user_id  User here.
	 */
	protected function item( Backfill $backfill, int $user_id ): Item {
		$found = array_values( array_filter( $this->items->report( $backfill->id, 0, 10_000 ), static fn ( Item $item ): bool => $item->user_id === $user_id ) );
		self::assertCount( 1, $found, 'Somebody has no row, or several.' );
		return $found[0];
	}

	/**
	 * Finding and code of somebody, as `conflict:username_taken`.
	 *
	 * @param Backfill $backfill The backfill.
	 * @param int      $user_id  User here.
	 */
	protected function found( Backfill $backfill, int $user_id ): string {
		$item = $this->item( $backfill, $user_id );
		return rtrim( ( $item->finding->value ?? '' ) . ':' . $item->code, ':' );
	}

	/**
	 * Progress and code of somebody, as `failed:out_of_scope`.
	 *
	 * @param Backfill $backfill The backfill.
	 * @param int      $user_id  User here.
	 */
	protected function became( Backfill $backfill, int $user_id ): string {
		$item = $this->item( $backfill, $user_id );
		return rtrim( $item->progress->value . ':' . $item->code, ':' );
	}

	/**
	 * Who somebody is on the remote site, or 0.
	 *
	 * @param int $user_id User here.
	 */
	protected function linked( int $user_id ): int {
		return $this->plugin->links()->find( $this->site->id, $user_id )->remote_id ?? 0;
	}

	/**
	 * Links somebody.
	 *
	 * @param int    $user_id   User here.
	 * @param int    $remote_id Account there.
	 * @param string $login     Its username.
	 */
	protected function link( int $user_id, int $remote_id, string $login ): void {
		$this->plugin->links()->save( new Link( $this->site->id, $user_id, $remote_id, $login, false, 1 ) );
	}

	/**
	 * How many rows wait in the queue.
	 */
	protected function queued(): int {
		global $wpdb;
		return (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}tandem_outbox" );
	}

	/**
	 * Runs something whose process dies before the first query that fits.
	 *
	 * @param string            $pattern Regular expression of queries.
	 * @param callable(): mixed $what    What runs.
	 */
	protected function dying_at( string $pattern, callable $what ): void {
		$dies = static function ( string $query ) use ( $pattern ): string {
			if ( 1 === preg_match( $pattern, $query ) ) {
				throw new \Error( 'The process dies here.' );
			}
			return $query;
		};
		add_filter( 'query', $dies );
		try {
			$what();
			self::fail( 'The query never came.' );
		} catch ( \Error $death ) {
			self::assertSame( 'The process dies here.', $death->getMessage() );
		} finally {
			remove_filter( 'query', $dies );
		}
	}
}
